import {listIn} from './checks.js';
import {readConsortium, type ConsortiumConfig} from './consortium-config.js';
import {type SavedConsortium} from './consortium.js';
import {type Consortiums} from './nesting.js';
import {UserError} from './user-error.js';

/**
Several consortiums as a program writes them, by their names.

@throws UserError for one that is not allowed, and for two of one name.
*/
export function readConsortiums(
	given: readonly ConsortiumConfig[],
): Consortiums {
	const consortiums = new Map<string, SavedConsortium>();

	for (const [index, each] of listIn(given, 'consortiums').entries()) {
		const consortium = readConsortium(each as ConsortiumConfig);

		if (consortiums.has(consortium.name)) {
			throw new UserError(
				`consortiums[${index}] has the name "${consortium.name}" of one before it.`,
				'Give each a name of its own.',
			);
		}

		consortiums.set(consortium.name, consortium);
	}

	return consortiums;
}
