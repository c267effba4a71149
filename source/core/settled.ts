/**
How certain it is, from 0 to 1, that what most say so far is what most would say: `first` and `second` are the largest and the next largest count.

The chance that more than half of those who say one of the two say the first, 1 − I½(first + 1, second + 1), with any share equally likely beforehand. For whole numbers it is a sum over a fair coin's tosses.

@see P. Aggarwal et al., Let's Sample Step by Step: Adaptive-Consistency (2023).
*/
export function settled(first: number, second: number): number {
	const tosses = first + second + 1;
	let ways = 1;
	let sum = 0;

	for (let heads = 0; heads <= first; heads++) {
		sum += ways;
		ways = (ways * (tosses - heads)) / (heads + 1);
	}

	return sum / 2 ** tosses;
}
