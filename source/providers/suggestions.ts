/**
Up to three of the `known` names that look most like a name that is not among them.
*/
export function closestTo(name: string, known: readonly string[]): string[] {
	const wanted = pairsOf(name);

	return known
		.map(candidate => ({
			candidate,
			score: likeness(wanted, pairsOf(candidate.split('/').at(-1) ?? '')),
		}))
		.filter(({score}) => score > 0.4)
		.toSorted((left, right) => right.score - left.score)
		.slice(0, 3)
		.map(({candidate}) => candidate);
}

/**
@see L. R. Dice, Measures of the Amount of Ecologic Association Between Species (1945).
*/
function likeness(
	left: ReadonlySet<string>,
	right: ReadonlySet<string>,
): number {
	return (
		(2 * [...left].filter(pair => right.has(pair)).length) /
		(left.size + right.size)
	);
}

function pairsOf(text: string): Set<string> {
	return new Set(
		Array.from(
			text.toLowerCase().slice(1),
			(letter, index) => (text[index] ?? '').toLowerCase() + letter,
		),
	);
}
