import {UserError} from '../core/user-error.js';
import {type Flags, type FlagValues} from './command.js';
import {flagName} from './common-flags.js';

/**
Flags whose names are taken and which this version does not have.
*/
export const laterFlags = {
	continue: {
		type: 'boolean',
		short: 'c',
		meaning: 'Not in this version yet: continue the latest conversation.',
	},
	cid: {
		type: 'string',
		value: 'ID',
		meaning: 'Not in this version yet: continue a conversation.',
	},
	noCacheMarkers: {
		type: 'boolean',
		meaning: 'Not in this version yet: send no cache markers.',
	},
} as const satisfies Flags;

/**
@throws UserError for a flag of a later version.
*/
export function assertNotLater(flags: FlagValues<typeof laterFlags>): void {
	for (const [name, value] of Object.entries(flags)) {
		if (
			Object.hasOwn(laterFlags, name) &&
			value !== undefined &&
			value !== false
		) {
			throw new UserError(
				`The flag ${flagName(name)} is not in this version yet.`,
			);
		}
	}
}
