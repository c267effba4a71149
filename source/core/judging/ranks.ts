/**
The mean place of everyone who is ranked, 1 being the best; those on one level share the mean of their places. Who is missing in a ranking has no place in it.
*/
export function meanRanks(
	rankings: ReadonlyArray<ReadonlyArray<readonly string[]>>,
): Map<string, number> {
	const places = new Map<string, number[]>();

	for (const ranking of rankings) {
		let above = 0;

		for (const level of ranking) {
			const place = above + (level.length + 1) / 2;
			above += level.length;

			for (const instance of level) {
				places.set(instance, [...(places.get(instance) ?? []), place]);
			}
		}
	}

	return new Map(
		places
			.entries()
			.map(([instance, all]) => [
				instance,
				all.reduce((sum, place) => sum + place, 0) / all.length,
			]),
	);
}

/**
Several rankings as one, by mean rank; equal ones share a level.
*/
export function mergedRanking(
	rankings: ReadonlyArray<ReadonlyArray<readonly string[]>>,
): string[][] {
	const levels = new Map<number, string[]>();

	for (const [instance, rank] of meanRanks(rankings)) {
		// Means of halves and thirds are not exact.
		const key = Math.round(rank * 1e9);
		levels.set(key, [...(levels.get(key) ?? []), instance]);
	}

	return levels
		.entries()
		.toArray()
		.toSorted(([left], [right]) => left - right)
		.map(([, level]) => level.toSorted());
}
