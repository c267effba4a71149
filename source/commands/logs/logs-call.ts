import {type FlagValues, type Place} from '../command.js';
import {changingFlags} from './changing-flags.js';
import {listingFlags} from './listing-flags.js';

export const logsFlags = {...listingFlags, ...changingFlags} as const;

/**
What a verb of `logs` is called with.
*/
export type LogsCall = {
	readonly input: readonly string[];
	readonly flags: FlagValues<typeof logsFlags>;
	readonly place: Place;

	/**
	How the verb is used, for the sentence about a mistake.
	*/
	readonly usage: string;
};
