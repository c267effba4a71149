import {drawsOf, normalQuantile, type Draws} from './draws.js';

/**
A member as it is made up. Two with one model are copies of each other.
*/
export type Kind = {
	readonly slot: string;
	readonly model: string;

	/**
	How often its first answer is right, 0 to 1.
	*/
	readonly skill: number;

	/**
	How much surer it says it is than it may be, in log odds; 0 is calibrated.
	*/
	readonly boast: number;

	/**
	The chance that it takes over a synthesis it is told of and does not share.
	*/
	readonly conformity: number;

	/**
	US dollars for a million tokens, read and written.
	*/
	readonly prices: readonly [number, number];
};

/**
What a simulated world is like.

Who is right is a Gaussian copula: member i is right where √b·G + √(w − b)·M + √(1 − w)·E < Φ⁻¹(skill), with G shared by all, M by the copies of a model and E its own. Whoever is wrong says the lure of the question with the chance `attraction`, else another wrong option.

@see L. Emrich and M. Piedmonte, A Method for Generating High-Dimensional Multivariate Binary Variates (1991).
*/
export type SimulatedWorld = {
	readonly name: string;
	readonly kinds: readonly Kind[];

	/**
	Options to choose from.
	*/
	readonly options: number;

	/**
	Latent correlation of two models (b), and of two copies of one model (w).
	*/
	readonly between: number;
	readonly within: number;
	readonly attraction: number;

	/**
	How far the arbiter tells a right answer from a wrong one (d′), before it has counted them.
	*/
	readonly discernment: number;

	/**
	Whether answers end in a value or are prose alone.
	*/
	readonly isProse: boolean;

	/**
	The share of calls that take ten times as long, and that fail.
	*/
	readonly stragglers: number;
	readonly failures: number;

	/**
	Members by slot, those that are asked first in the first tier.
	*/
	readonly tiers: ReadonlyArray<readonly string[]>;
};

/**
A question with everything that is certain of it before anybody is asked.
*/
export type SimulatedQuestion = {
	readonly world: SimulatedWorld;
	readonly index: number;
	readonly draws: Draws;
	readonly truth: number;

	/**
	The wrong option that looks right.
	*/
	readonly lure: number;

	/**
	How hard it is for everyone (G), with mean 0 and variance 1.
	*/
	readonly hardness: number;
};

export function questionOf(
	world: SimulatedWorld,
	index: number,
	seed: number,
): SimulatedQuestion {
	const draws = drawsOf(seed * 1_000_003 + index);
	const {options} = world;
	const truth = draws.below(options, 'truth');

	return {
		world,
		index,
		draws,
		truth,
		lure: (truth + 1 + draws.below(options - 1, 'lure')) % options,
		hardness: draws.normal('hardness'),
	};
}

/**
What a member says, and how sure it says it is, 0 to 1.
*/
export type Claim = {readonly option: number; readonly confidence: number};

/**
How much a stated confidence says: the weight of what it was before the question, in questions.
*/
const vagueness = 4;

/**
What a member says when it thinks for itself for the first time. Its confidence is calibrated before it boasts: that of a right answer has the distribution Beta(kp + 1, k(1 − p)), that of a wrong one Beta(kp, k(1 − p) + 1), so that of all that state c a share of c is right (Bayes' rule). A role makes a copy of a model as unlike the others as another model is, which is the most it could do for their independence.
*/
export function firstClaim(
	question: SimulatedQuestion,
	{slot, model, skill, boast}: Kind,
	role: string | null,
): Claim {
	const {world, draws, truth, hardness} = question;
	const {between, within, kinds} = world;
	const hasCopies = kinds.filter(each => each.model === model).length > 1;
	const source = hasCopies && role !== null ? `${model} as ${role}` : model;
	const latent =
		Math.sqrt(between) * hardness +
		Math.sqrt(within - between) * draws.normal(`model ${source}`) +
		Math.sqrt(1 - within) * draws.normal(`member ${slot}`);
	const isRight = latent < normalQuantile(skill);
	const certainty = draws.beta(
		vagueness * skill + Number(isRight),
		vagueness * (1 - skill) + Number(!isRight),
		`certainty ${slot}`,
	);

	return {
		option: isRight ? truth : wrongOption(question, slot),
		confidence: boasted(certainty, boast),
	};
}

function wrongOption(
	{world, draws, truth, lure}: SimulatedQuestion,
	slot: string,
): number {
	if (draws.uniform(`lured ${slot}`) < world.attraction) {
		return lure;
	}

	const others = Array.from(
		{length: world.options},
		(_, option) => option,
	).filter(option => option !== truth && option !== lure);
	return others[draws.below(others.length, `wrong ${slot}`)] ?? lure;
}

/**
A share that is moved by so much in log odds, from 0.01 to 0.99.
*/
export function boasted(share: number, boast: number): number {
	const odds = (share / (1 - share)) * Math.exp(boast);
	return Math.min(0.99, Math.max(0.01, odds / (1 + odds)));
}
