import {fnv1a32, mulberry32} from '../source/core/random.js';

/**
Chance by name: the same name has the same value wherever and whenever it is asked for, so that all strategies meet the same members.
*/
export type Draws = {
	/**
	Above 0 and below 1.
	*/
	readonly uniform: (name: string) => number;

	/**
	With mean 0 and variance 1.
	*/
	readonly normal: (name: string) => number;

	/**
	From 0 up to `count`, whole.
	*/
	readonly below: (count: number, name: string) => number;

	/**
	A share with the mean a/(a + b).
	*/
	readonly beta: (a: number, b: number, name: string) => number;
};

export function drawsOf(seed: number): Draws {
	const source = (name: string) => {
		const random = mulberry32(fnv1a32(`${seed}|${name}`));
		// The first number of neighbouring seeds is alike.
		random();
		return random;
	};

	const uniform = (name: string) =>
		Math.min(1 - 1e-12, Math.max(1e-12, source(name)()));

	const normal = (name: string) => normalFrom(source(name));

	return {
		uniform,
		normal,
		below: (count, name) => Math.floor(uniform(name) * count),
		beta(a, b, name) {
			const random = source(name);
			const [one, other] = [gamma(a, random), gamma(b, random)];
			return one / (one + other);
		},
	};
}

/**
@see G. Box and M. Muller, A Note on the Generation of Random Normal Deviates (1958).
*/
function normalFrom(random: () => number): number {
	return (
		Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
	);
}

/**
@see G. Marsaglia and W. Tsang, A Simple Method for Generating Gamma Variables (2000).
*/
function gamma(shape: number, random: () => number): number {
	if (shape < 1) {
		return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
	}

	const size = shape - 1 / 3;

	while (true) {
		const normal = normalFrom(random);
		const cube = (1 + normal / Math.sqrt(9 * size)) ** 3;

		if (
			cube > 0 &&
			Math.log(1 - random()) <
				normal ** 2 / 2 + size * (1 - cube + Math.log(cube))
		) {
			return size * cube;
		}
	}
}

/**
The chance that a standard normal variable is below `x`, within 1e-7.

@see M. Abramowitz and I. Stegun, Handbook of Mathematical Functions (1964), 26.2.17.
*/
export function normalShare(x: number): number {
	const t = 1 / (1 + 0.2316419 * Math.abs(x));
	const tail =
		(Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) *
		t *
		(0.31938153 +
			t *
				(-0.356563782 +
					t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));

	return x > 0 ? 1 - tail : tail;
}

/**
The value below which a standard normal variable is with this chance.
*/
export function normalQuantile(share: number): number {
	let [low, high] = [-8, 8];

	for (let round = 0; round < 50; round++) {
		const middle = (low + high) / 2;

		if (normalShare(middle) < share) {
			low = middle;
		} else {
			high = middle;
		}
	}

	return (low + high) / 2;
}
