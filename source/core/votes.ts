import {compare} from './agreement.js';

/**
Whose answer is counted. `weight` is what its word counts for, 1 being normal.
*/
export type Voter = {
	readonly id: string;
	readonly model: string;
	readonly weight: number;
};

/**
Those who say the same, and what their votes come to.
*/
export type Party = {readonly voters: readonly Voter[]; readonly score: number};

/**
How far what one copy of a model says is what another says: their votes are not independent.
*/
const sameModelCorrelation = 0.5;

/**
What the votes of those who say the same come to: the sum of their weights where every voter is another model; n copies of one model count n/(1 + (n − 1)/2), which is never more than two. Of copies with different weights the heaviest counts whole, so that nobody's joining makes it less.

@see The design effect of clustered samples; L. Kish, Survey Sampling (1965).
*/
export function scoreOf(voters: readonly Voter[]): number {
	return voters
		.toSorted((one, other) => other.weight - one.weight)
		.reduce((sum, {model, weight}, index, sorted) => {
			const before = sorted
				.slice(0, index)
				.filter(each => each.model === model).length;
			return sum + weight * (effective(before + 1) - effective(before));
		}, 0);
}

/**
How many independent votes some copies of one model are worth.
*/
function effective(copies: number): number {
	return copies / (1 + (copies - 1) * sameModelCorrelation);
}

/**
The votes counted, the heaviest party first. Everyone votes once: whoever is in several groups is in the first of them, whoever is in none stands alone.
*/
export function countVotes(
	groups: ReadonlyArray<readonly string[]>,
	voters: readonly Voter[],
): Party[] {
	const left = new Map(voters.map(voter => [voter.id, voter]));

	return [...groups, ...voters.map(({id}) => [id])]
		.map(group =>
			group.flatMap(id => {
				const voter = left.get(id);
				left.delete(id);
				return voter ?? [];
			}),
		)
		.filter(party => party.length > 0)
		.map(party => ({voters: party, score: scoreOf(party)}))
		.toSorted((one, other) =>
			isHeavier(one.score, other.score)
				? -1
				: isHeavier(other.score, one.score)
					? 1
					: compare(one.voters[0]!.id, other.voters[0]!.id),
		);
}

/**
The party that wins: heavier than any other, of at least two, and with more than `threshold` of all the weight, or all of it. Null when the vote is open.
*/
export function winnerOf(
	parties: readonly Party[],
	threshold: number,
): Party | null {
	const [first, second] = parties;
	const all = parties.reduce((sum, {score}) => sum + score, 0);

	return first &&
		first.voters.length > 1 &&
		isHeavier(first.score, second?.score ?? 0) &&
		(isHeavier(first.score, threshold * all) || !isHeavier(all, first.score))
		? first
		: null;
}

/**
Whether the first party wins whatever the rest say, who have not voted: also when all of them join one of the others, or found one, and, since copies count less, when each says something of its own. `threshold` as for `winnerOf`.
*/
export function isUnbeatable(
	[first, ...others]: readonly Party[],
	rest: readonly Voter[],
	threshold: number,
): boolean {
	const all = [first, ...others].reduce(
		(sum, party) => sum + (party?.score ?? 0),
		rest.reduce((sum, voter) => sum + scoreOf([voter]), 0),
	);

	return (
		first !== undefined &&
		first.voters.length > 1 &&
		(isHeavier(first.score, threshold * all) || !isHeavier(all, first.score)) &&
		[...others.map(({voters}) => voters), []].every(voters =>
			isHeavier(first.score, scoreOf([...voters, ...rest])),
		)
	);
}

/**
Sums of fractions are not exact.
*/
function isHeavier(one: number, other: number): boolean {
	return one > other + 1e-9;
}

/**
How much less than another confidence counts one that is lower by this: its share is 1/e of the other's.
*/
const confidenceScale = 0.5;

/**
What the word of each counts for by the confidence it stated (0 to 1): softmax(confidence / 0.5), times their number, so that 1 is normal. Who stated none has the mean of the others. Self-reports are poor, so that even certainty counts no more than e² times as much as none.
*/
export function confidenceWeights(
	confidences: ReadonlyArray<number | null>,
): number[] {
	const stated = confidences.filter(each => each !== null);
	const mean = stated.reduce((sum, each) => sum + each, 0) / stated.length;
	const powers = confidences.map(each =>
		stated.length === 0 ? 1 : Math.exp((each ?? mean) / confidenceScale),
	);
	const all = powers.reduce((sum, each) => sum + each, 0);

	return powers.map(each => (each * confidences.length) / all);
}

/**
What the word of someone counts for who is right that often (0 to 1) when there are four plausible answers: ln(3p/(1 − p)), and nothing when guessing were better.

@see The naive Bayes weights of a plurality vote; S. Nitzan and J. Paroush (1982).
*/
export function accuracyWeight(accuracy: number): number {
	const share = Math.min(0.99, Math.max(0.01, accuracy));
	return Math.max(0, Math.log((3 * share) / (1 - share)));
}
