import {canonicalFinal} from './reading/final.js';

/**
Instances whose one-line answers mean the same, the largest group first; an instance without such an answer is in none. The order of arrival does not matter.
*/
export function groupFinals(
	finals: ReadonlyArray<{readonly id: string; readonly final: string | null}>,
): string[][] {
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

function compare(left: string, right: string): number {
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
