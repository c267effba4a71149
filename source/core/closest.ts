/**
A suggestion to put behind an error about an unknown name, such as ` Did you mean "ollama"?`; empty when nothing is near.
*/
export function closest(name: string, known: readonly string[]): string {
	const best = known
		.map(each => ({
			each,
			distance: distance(name.toLowerCase(), each.toLowerCase()),
		}))
		.toSorted((left, right) => left.distance - right.distance)[0];

	return best && best.distance <= Math.max(1, Math.floor(name.length / 3))
		? ` Did you mean "${best.each}"?`
		: '';
}

/**
The edit distance in characters, where two that changed places count as one edit.

@see The optimal string alignment distance; F. Damerau, A Technique for Computer Detection and Correction of Spelling Errors (1964).
*/
function distance(left: string, right: string): number {
	const from = [...left];
	const to = [...right];
	let before: number[] = [];
	let row = Array.from({length: to.length + 1}, (_, index) => index);

	for (const [at, letter] of from.entries()) {
		const next = [at + 1];

		for (const [index, other] of to.entries()) {
			const hasSwapped =
				index > 0 && letter === to[index - 1] && from[at - 1] === other;
			next.push(
				Math.min(
					next[index]! + 1,
					row[index + 1]! + 1,
					row[index]! + (letter === other ? 0 : 1),
					hasSwapped ? before[index - 1]! + 1 : Infinity,
				),
			);
		}

		before = row;
		row = next;
	}

	return row.at(-1)!;
}
