export type FuzzyMatch<Item> = {
	readonly item: Item;

	/**
	The offsets in its text of the characters that were asked for.
	*/
	readonly positions: readonly number[];
};

/**
The items in whose text the characters of the query stand in this order, best first: matches at the beginning, at the beginning of words and in runs count more, and of equals the shorter text. Case and spaces of the query do not matter; an empty query finds everything, in the order it came.
*/
export function fuzzy<Item>(
	query: string,
	items: readonly Item[],
	textOf: (item: Item) => string,
): Array<FuzzyMatch<Item>> {
	const wanted = [...query.toLowerCase().replaceAll(/\s/g, '')];

	return items
		.flatMap(item => {
			const match = bestMatch(wanted, [...textOf(item)]);
			return match ? {item, ...match} : [];
		})
		.toSorted((one, other) => other.score - one.score)
		.map(({item, positions}) => ({item, positions}));
}

type Match = {readonly score: number; readonly positions: readonly number[]};

const [first, wordStart, run] = [8, 6, 8];
const nothing: Match = {score: 0, positions: []};

function bestMatch(
	wanted: readonly string[],
	characters: readonly string[],
): Match | null {
	if (wanted.length === 0) {
		return nothing;
	}

	const worth = characters.map((_, index) => worthOf(characters, index));
	let ways: ReadonlyArray<Match | null> = [];

	for (const [nth, character] of wanted.entries()) {
		const steps = characters.map((candidate, index) =>
			candidate.toLowerCase() === character ? worth[index]! : null,
		);
		ways = extended(ways, steps, nth === 0 ? nothing : null);
	}

	let best: Match | null = null;

	for (const way of ways) {
		best = betterOf(best, way);
	}

	return (
		best && {
			score: best.score - characters.length / 1000,
			positions: best.positions.map(
				index => characters.slice(0, index).join('').length,
			),
		}
	);
}

/**
For each character the best way to end there, given the best ways to end one step earlier; `steps` says what a character is worth where it is the wanted one.
*/
function extended(
	ways: ReadonlyArray<Match | null>,
	steps: ReadonlyArray<number | null>,
	start: Match | null,
): Array<Match | null> {
	let apart = start;

	return steps.map((worth, index) => {
		const adjacent = ways[index - 1] ?? null;
		apart = betterOf(apart, ways[index - 2] ?? null);
		const way = betterOf(
			apart,
			adjacent && {...adjacent, score: adjacent.score + run},
		);

		return worth !== null && way
			? {score: way.score + worth, positions: [...way.positions, index]}
			: null;
	});
}

const betterOf = (one: Match | null, other: Match | null) =>
	!one || (other && other.score > one.score) ? other : one;

function worthOf(characters: readonly string[], index: number): number {
	if (index === 0) {
		return 1 + first;
	}

	const [before, here] = [characters[index - 1]!, characters[index]!];
	const isStart =
		/[\p{L}\p{N}]/u.test(here) &&
		(/[^\p{L}\p{N}]/u.test(before) ||
			(/\p{Ll}/u.test(before) && /\p{Lu}/u.test(here)) ||
			(/\p{L}/u.test(before) && /\p{N}/u.test(here)));
	return isStart ? 1 + wordStart : 1;
}
