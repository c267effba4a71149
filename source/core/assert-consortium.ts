import {type SavedConsortium} from './consortium.js';
import {assertStrategies} from './strategies/known.js';
import {untilIn} from './until.js';
import {UserError} from './user-error.js';

/**
What must be true of a consortium as a whole.

@throws UserError for strategies that are unknown or do not go together, parameters that are not allowed, conditions that cannot be read, and several arbiters where only one is asked.
*/
export function assertConsortium(consortium: SavedConsortium): void {
	const {arbiters, judging, until} = consortium;
	assertStrategies(consortium);

	for (const each of until) {
		untilIn(each);
	}

	if (arbiters.length > 1 && judging !== 'panel') {
		throw new UserError(
			`${arbiters.length} arbiters sit in a panel only, and the answers are weighed by ${judging}.`,
			'Use --judging panel, or name one arbiter.',
		);
	}
}
