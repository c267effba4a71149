import {closest} from '../closest.js';
import {type SavedConsortium} from '../consortium.js';
import {type StrategyKind} from '../strategy.js';
import {UserError} from '../user-error.js';
import {defaultStrategy} from './default.js';

/**
Every strategy there is, in the order they are listed.
*/
export const strategies: readonly StrategyKind[] = [defaultStrategy];

/**
The strategy a consortium names.

@throws UserError for an unknown name or parameter, and for more than one strategy.
*/
export function strategyOf({
	strategies: named,
}: Pick<SavedConsortium, 'strategies'>): StrategyKind {
	const [first, second] = named;

	if (!first || second) {
		throw new UserError(
			`A consortium has one strategy in this version, not ${named.length}.`,
			'Name one with --strategy.',
		);
	}

	const kind = strategies.find(({name}) => name === first.name);

	if (!kind) {
		const names = strategies.map(({name}) => name);
		throw new UserError(
			`There is no strategy called "${first.name}" in this version.`,
			`Known: ${names.join(', ')}.${closest(first.name, names)}`,
		);
	}

	const known = kind.parameters.map(({name}) => name);
	const unknown = Object.keys(first.params).find(name => !known.includes(name));

	if (unknown !== undefined) {
		throw new UserError(
			`The strategy "${kind.name}" has no parameter "${unknown}".`,
			known.length === 0
				? 'It takes none.'
				: `Known: ${known.join(', ')}.${closest(unknown, known)}`,
		);
	}

	return kind;
}
