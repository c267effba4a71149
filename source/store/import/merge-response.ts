import {type ForeignResponse} from './foreign-response.js';
import {fieldOf, parsed} from './values.js';

export type Columns = ForeignResponse['columns'];

type Version = {
	readonly generation: number;
	readonly columns: Columns;
	readonly extra: string | null;
};

const isBlank = (value: unknown) =>
	[null, '', '{}'].includes(value as string | null);

/**
Make one of two versions of a response. That of the newer generation tells more and wins, else the one that was there; what the winner does not say comes from the other.
*/
export function merged(before: Version, incoming: Version): Version {
	const [winner, other] =
		incoming.generation > before.generation
			? [incoming, before]
			: [before, incoming];
	const columns = Object.fromEntries(
		Object.entries(winner.columns).map(([name, value]) => {
			const instead = fieldOf(other.columns, name);
			return [name, isBlank(value) && !isBlank(instead) ? instead : value];
		}),
	) as Columns;

	return {
		generation: winner.generation,
		columns,
		extra: mergedExtra(winner.extra, other.extra),
	};
}

/**
Whether two versions of a response say different things.
*/
export function areDifferent(one: Columns, other: Columns): boolean {
	return Object.entries(one).some(([name, value]) => {
		const instead = fieldOf(other, name);
		return !isBlank(value) && !isBlank(instead) && value !== instead;
	});
}

function mergedExtra(
	winner: string | null,
	other: string | null,
): string | null {
	if (winner === null || other === null || winner === other) {
		return winner ?? other;
	}

	const entries = Object.entries({
		...(parsed(other) as object),
		...(parsed(winner) as object),
	});
	return JSON.stringify(
		Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))),
	);
}
