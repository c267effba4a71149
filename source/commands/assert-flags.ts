import {UserError} from '../core/user-error.js';
import {type Flags, type FlagValues} from './command.js';
import {commonFlags, flagName} from './common-flags.js';

/**
For commands with verbs, which share one list of flags.

@throws UserError for a flag that was given and means nothing to the verb.
*/
export function assertFlags<Known extends Flags>(
	flags: FlagValues<Known>,
	{
		meant,
		what,
		usage,
	}: {
		readonly meant: ReadonlyArray<keyof Known>;

		/**
		The command with its verb: `logs list`.
		*/
		readonly what: string;
		readonly usage: string;
	},
): void {
	for (const [name, value] of Object.entries(flags)) {
		const isGiven = Array.isArray(value)
			? value.length > 0
			: value !== undefined && value !== false;

		if (isGiven && !Object.hasOwn(commonFlags, name) && !meant.includes(name)) {
			throw new UserError(
				`${flagName(name)} means nothing to "${what}".`,
				`Usage: consortium-tui ${usage}`,
			);
		}
	}
}
