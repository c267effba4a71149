/**
Groups in which everyone is at least `threshold` alike with everyone else, as indices into the matrix of likenesses; the largest first. The two groups whose least alike members are most alike become one, while that is enough.

Unlike single linkage it makes no chains, in which the ends have nothing in common.

@see Complete-linkage clustering; T. Sørensen (1948).
*/
export function completeLinkage(
	likeness: ReadonlyArray<readonly number[]>,
	threshold: number,
): number[][] {
	const groups = likeness.map((_, index) => [index]);
	let nearest = nearestOf(groups, likeness);

	while (nearest && nearest.least >= threshold) {
		const {left, right} = nearest;
		groups[left] = [...groups[left]!, ...groups[right]!];
		groups.splice(right, 1);
		nearest = nearestOf(groups, likeness);
	}

	return largestFirst(groups);
}

/**
Groups that are connected through members who have at least `minPoints` within `eps`, themselves included; a distance is 1 less the likeness. Whoever has fewer joins the group of the first such member nearby, else is alone. For two points these are the connected parts of the graph, which make chains.

@see M. Ester et al., DBSCAN (1996).
*/
export function densityGroups(
	likeness: ReadonlyArray<readonly number[]>,
	{eps, minPoints}: {readonly eps: number; readonly minPoints: number},
): number[][] {
	const near = likeness.map((row, index) =>
		row.flatMap((each, other) =>
			other === index || each >= 1 - eps ? other : [],
		),
	);
	const isCore = (index: number) => near[index]!.length >= minPoints;
	const open = new Set(near.keys());
	const groups: number[][] = [];

	for (const start of near.keys().filter(index => isCore(index))) {
		if (!open.delete(start)) {
			continue;
		}

		const group: number[] = [];
		let reached = [start];

		while (reached.length > 0) {
			group.push(...reached);
			reached = reached
				.filter(member => isCore(member))
				.flatMap(member => near[member]!)
				.filter(other => open.delete(other));
		}

		groups.push(group);
	}

	return largestFirst([...groups, ...open.keys().map(index => [index])]);
}

function largestFirst(groups: ReadonlyArray<readonly number[]>): number[][] {
	return groups
		.map(group => group.toSorted((left, right) => left - right))
		.toSorted((left, right) =>
			right.length === left.length
				? left[0]! - right[0]!
				: right.length - left.length,
		);
}

function nearestOf(
	groups: ReadonlyArray<readonly number[]>,
	likeness: ReadonlyArray<readonly number[]>,
): {left: number; right: number; least: number} | null {
	let nearest = null;

	for (const [left, some] of groups.entries()) {
		for (const [offset, others] of groups.slice(left + 1).entries()) {
			const least = Math.min(
				...some.flatMap(each => others.map(other => likeness[each]![other]!)),
			);

			if (nearest === null || least > nearest.least) {
				nearest = {left, right: left + 1 + offset, least};
			}
		}
	}

	return nearest;
}
