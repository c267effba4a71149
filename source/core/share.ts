/**
A part of the whole, 0 to 1.

@minimum 0
@maximum 1
*/
export type Share = number;

/**
A share as a person reads it, in percent: with as many decimals as it takes to see on which side of `limit` it is.
*/
export function percentText(share: number, limit = share): string {
	const rounded = [0, 1, 2, 3].map(digits =>
		Number((100 * share).toFixed(digits)),
	);

	return `${
		rounded.find(
			(each, digits) =>
				Math.sign(each - Number((100 * limit).toFixed(digits))) ===
				Math.sign(share - limit),
		) ?? 100 * share
	}%`;
}
