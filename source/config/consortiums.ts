import {closest} from '../core/closest.js';
import {type SavedConsortium} from '../core/consortium.js';
import {assertSayable} from '../core/consortium-name.js';
import {UserError} from '../core/user-error.js';
import {type Config} from './config.js';
import {demo} from './demo.js';

/**
All consortiums there are, by name, the built-in one last.
*/
export function consortiumsOf({consortiums}: Config): SavedConsortium[] {
	const saved = Object.entries(consortiums)
		.filter(([name]) => name !== demo.name)
		// The key is what the person named it by, also in a file edited by hand.
		.map(([name, consortium]) => ({
			...consortium,
			// Those that were saved before there were conditions have none.
			until: consortium.until ?? [],
			name,
		}))
		.toSorted(({name: left}, {name: right}) => (left < right ? -1 : 1));

	return [...saved, demo];
}

/**
@throws UserError when there is no consortium of that name.
*/
export function findConsortium(config: Config, name: string): SavedConsortium {
	const all = consortiumsOf(config);
	const found = all.find(consortium => consortium.name === name);

	if (!found) {
		const names = all.map(each => each.name);
		throw new UserError(
			`There is no consortium called "${name}".`,
			`Known: ${names.join(', ')}.${closest(name, names)}`,
		);
	}

	return found;
}

/**
@throws UserError for the name of the built-in consortium, which cannot be changed.
*/
export function assertNotReserved(
	name: string,
	hint = 'Choose another name.',
): void {
	if (name === demo.name) {
		throw new UserError(
			`The consortium "${name}" is built in and cannot be changed.`,
			hint,
		);
	}
}

/**
@throws UserError for a name that is reserved, or that could not be told from a model.
*/
export function assertGoodName(name: string): void {
	assertNotReserved(name);
	assertSayable(name);
}
