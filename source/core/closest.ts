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
Levenshtein's edit distance, in characters.
*/
function distance(left: string, right: string): number {
	let row = Array.from({length: right.length + 1}, (_, index) => index);

	for (const [at, letter] of [...left].entries()) {
		const next = [at + 1];

		for (const [index, other] of [...right].entries()) {
			next.push(
				Math.min(
					next[index]! + 1,
					row[index + 1]! + 1,
					row[index]! + (letter === other ? 0 : 1),
				),
			);
		}

		row = next;
	}

	return row.at(-1)!;
}
