import {canonicalFinal} from './reading/canonical.js';
import {type CallPicture} from './run-state.js';

/**
The one-line answer of an instance; null for none.
*/
export type Final = {readonly id: string; readonly final: string | null};

/**
What tells who says the same: the value in which every answer ends, the arbiter, or no more than how the answers are worded, which is not agreement.
*/
export type Basis = 'value' | 'arbiter' | 'wording';

export function finalsOf(answers: readonly CallPicture[]): Final[] {
	return answers.map(({start, outcome}) => ({
		id: start.speaker,
		final: outcome?.final ?? null,
	}));
}

/**
Values (numbers, choices, yes or no, JSON) speak for themselves when every answer ends in one: equal ones agree and others do not, whatever the arbiter says. For prose the arbiter's groups count, since equal wording is not equal meaning. A few words, as a name, are a value while no arbiter has named groups.
*/
export function basisOf(
	finals: readonly Final[],
	named: ReadonlyArray<readonly string[]>,
): Basis {
	const all = (is: (canonical: string) => boolean) =>
		finals.every(({final}) => final !== null && is(canonicalFinal(final)));

	return all(isValue)
		? 'value'
		: named.length > 0
			? 'arbiter'
			: all(canonical => isValue(canonical) || isName(canonical))
				? 'value'
				: 'wording';
}

const isValue = (canonical: string) => !canonical.startsWith('text:');
const isName = (canonical: string) =>
	canonical.length <= 45 && canonical.split(' ').length <= 4;

/**
A one-line answer as it stands in a sentence about it: a model's words, so that they are kept short and on their line.
*/
export function quoted(final: string): string {
	const characters = [...final.replaceAll(/[\p{C}\p{Z}]+/gv, ' ').trim()];

	return characters.length > 40
		? `${characters.slice(0, 39).join('')}…`
		: characters.join('');
}

/**
Instances whose one-line answers mean the same, the largest group first; an instance without such an answer is in none. The order of arrival does not matter.
*/
export function groupFinals(finals: readonly Final[]): string[][] {
	const groups = new Map<string, string[]>();

	for (const {id, final} of finals.toSorted((left, right) =>
		compare(left.id, right.id),
	)) {
		if (final !== null) {
			const key = canonicalFinal(final);
			groups.set(key, [...(groups.get(key) ?? []), id]);
		}
	}

	return groups
		.values()
		.toArray()
		.toSorted((left, right) =>
			left.length === right.length
				? compare(left[0]!, right[0]!)
				: right.length - left.length,
		);
}

/**
The order of two texts by their code units, which is the same everywhere.
*/
export function compare(left: string, right: string): number {
	return left < right ? -1 : left > right ? 1 : 0;
}

/**
The share of the largest group among all that answered, 0 to 1. Who is in no group counts as alone. Null when there are no groups, or fewer than two answered: nothing then tells who agrees.
*/
export function agreementOf(
	groups: ReadonlyArray<readonly string[]>,
	answered: readonly string[],
): number | null {
	const ids = new Set(answered);

	if (groups.length === 0 || ids.size < 2) {
		return null;
	}

	const sizes = groups.map(
		group => [...new Set(group)].filter(id => ids.has(id)).length,
	);
	return Math.max(1, ...sizes) / ids.size;
}
