import {type SavedConsortium} from '../core/consortium.js';
import {type History} from '../core/history.js';
import {type Consortiums} from '../core/nesting.js';
import {UserError} from '../core/user-error.js';
import {type Place} from './command.js';
import {withLog} from './with-log.js';

/**
What the log tells of earlier runs; null where there is none.

@throws UserError when the log cannot be read.
*/
export async function loggedHistory(
	consortium: SavedConsortium,
	place: Place,
	consortiums?: Consortiums,
): Promise<History | null> {
	return withLog(place, async log => {
		const {usageHistory} = await import('../store/usage-history.js');
		return usageHistory(log, consortium, consortiums);
	});
}

/**
The same where a forecast must not fail for it: why it does without, in a sentence, is a warning.
*/
export async function historyOrWarning(
	read: () => Promise<History | null>,
): Promise<{
	readonly history: History | null;
	readonly warnings: readonly string[];
}> {
	try {
		return {history: await read(), warnings: []};
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		return {
			history: null,
			warnings: [`${error.message} The forecast does without it.`],
		};
	}
}
