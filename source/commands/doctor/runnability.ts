import {assertConsortium} from '../../core/assert-consortium.js';
import {type SavedConsortium} from '../../core/consortium.js';
import {nestedIn, type Consortiums} from '../../core/nesting.js';
import {UserError} from '../../core/user-error.js';

/**
What keeps a saved consortium from being run, whatever is asked: strategies and parameters that are not known, and consortiums that cannot stand inside one another.
*/
export function runnability(
	consortium: SavedConsortium,
	saved: Consortiums,
): Array<readonly [string, string, string]> {
	const remedy = `Correct it: consortium-tui edit ${consortium.name}`;

	try {
		assertConsortium(consortium);
		nestedIn(consortium, saved);
		return [];
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		const {message, hint} = error;
		return [
			[
				consortium.name,
				`cannot be run: ${message}`,
				hint === '' ? remedy : `${hint} ${remedy}`,
			],
		];
	}
}
