/**
A share with its 95% interval, all from 0 to 1.

@see E. Wilson, Probable Inference, the Law of Succession, and Statistical Inference (1927).
*/
export function wilson(
	hits: number,
	count: number,
): {readonly share: number; readonly low: number; readonly high: number} {
	const z = 1.959964;
	const share = hits / count;
	const middle = (share + z ** 2 / (2 * count)) / (1 + z ** 2 / count);
	const half =
		(z / (1 + z ** 2 / count)) *
		Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));

	return {share, low: middle - half, high: middle + half};
}

/**
How much more often one is right than another on the same questions, with half the width of its 95% interval (Wald's, of the discordant pairs that McNemar's test counts).

@see A. Agresti, Categorical Data Analysis (2002), section 10.1.
*/
export function pairedDifference(
	one: readonly boolean[],
	other: readonly boolean[],
): {readonly difference: number; readonly margin: number} {
	const {length} = one;
	const won = one.filter(
		(isRight, index) => isRight && other[index] === false,
	).length;
	const lost = other.filter(
		(isRight, index) => isRight && one[index] === false,
	).length;
	const difference = (won - lost) / length;

	return {
		difference,
		margin:
			1.959964 *
			Math.sqrt(Math.max(0, (won + lost) / length - difference ** 2) / length),
	};
}

/**
A confidence that was stated, and whether it was justified.
*/
export type Stated = {readonly confidence: number; readonly isRight: boolean};

/**
How well confidences are calibrated: the mean square of their errors (Brier), and their mean distance from how often they are right in ten bins of equal width (ECE). Null without any.
*/
export function calibrationOf(
	stated: readonly Stated[],
): {readonly brier: number; readonly ece: number} | null {
	if (stated.length === 0) {
		return null;
	}

	const bins = Map.groupBy(stated, ({confidence}) =>
		Math.min(9, Math.floor(confidence * 10)),
	);
	const sum = (numbers: readonly number[]) =>
		numbers.reduce((total, each) => total + each, 0);

	return {
		brier:
			sum(
				stated.map(
					({confidence, isRight}) => (confidence - Number(isRight)) ** 2,
				),
			) / stated.length,
		ece:
			sum(
				bins
					.values()
					.map(bin =>
						Math.abs(
							sum(
								bin.map(
									({confidence, isRight}) => confidence - Number(isRight),
								),
							),
						),
					)
					.toArray(),
			) / stated.length,
	};
}
