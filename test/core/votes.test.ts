import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {settled} from '../../source/core/settled.js';
import {
	accuracyWeight,
	confidenceWeights,
	countVotes,
	isUnbeatable,
	scoreOf,
	winnerOf,
	type Voter,
} from '../../source/core/votes.js';
import {vectors} from '../helpers/vectors.js';

const known = vectors<{
	adaptive_beta: {table: Array<[number, number, number]>};
	agreement_from_clusters: Array<{sizes: number[]; beta_settled: number}>;
	weighted_vote: {
		accuracy: Record<string, number>;
		weights: Record<string, number>;
		votes: Record<string, string>;
		score: Record<string, number>;
		same_model_discount: Array<{n: number; rho: number; n_eff: number}>;
	};
}>('votes');

const isNear = (actual: number, expected: number) => {
	assert.ok(Math.abs(actual - expected) < 2e-5, `${actual} is ${expected}`);
};

const voter = (id: string, weight = 1, model = id): Voter => ({
	id,
	model,
	weight,
});

test('a lead is as certain as the Beta rule says', () => {
	for (const [first, second, expected] of known.adaptive_beta.table) {
		isNear(settled(first, second), expected);
	}

	for (const {sizes, beta_settled: expected} of known.agreement_from_clusters) {
		isNear(settled(sizes[0]!, sizes[1] ?? 0), expected);
	}

	assert.ok(settled(64, 0) <= 1);
	assert.ok(settled(64, 63) > 0.5);
});

test('votes are weighed by how often each is right', () => {
	const {accuracy, weights, votes, score} = known.weighted_vote;

	for (const [name, share] of Object.entries(accuracy)) {
		isNear(accuracyWeight(share), weights[name]!);
	}

	assert.equal(accuracyWeight(0.1), 0, 'worse than a guess counts nothing');
	assert.ok(Number.isFinite(accuracyWeight(1)));

	const groups = ['x', 'y'].map(answer =>
		Object.keys(votes).filter(name => votes[name] === answer),
	);
	const parties = countVotes(
		groups,
		Object.keys(votes).map(name => voter(name, weights[name])),
	);
	assert.deepEqual(
		parties.map(({voters}) => voters.map(({id}) => id)),
		[['B', 'C'], ['A']],
		'two weaker ones outweigh a stronger one',
	);
	isNear(parties[0]!.score, score['y']!);
	isNear(parties[1]!.score, score['x']!);
});

test('copies of one model count less than as many models', () => {
	for (const {n, rho, n_eff: expected} of known.weighted_vote
		.same_model_discount) {
		if (rho === 0.5) {
			isNear(
				scoreOf(
					Array.from({length: n}, (_, index) => voter(`m#${index}`, 1, 'm')),
				),
				expected,
			);
		}
	}

	assert.equal(scoreOf([voter('a'), voter('b'), voter('c')]), 3);
	assert.equal(scoreOf([voter('a', 2, 'm'), voter('b', 0, 'm')]), 2);
});

test('nobody makes a party lighter by joining it, and none is heavier than its weights', () => {
	const voters = fc.array(
		fc.record({
			id: fc.uuid(),
			model: fc.constantFrom('m', 'n', 'o'),
			weight: fc.double({min: 0, max: 10, noNaN: true}),
		}),
		{minLength: 1, maxLength: 10},
	);
	fc.assert(
		fc.property(voters, ([first, ...rest]) => {
			const score = scoreOf([first!, ...rest]);
			assert.ok(score >= scoreOf(rest) - 1e-9);
			assert.ok(
				score <=
					[first!, ...rest].reduce((sum, {weight}) => sum + weight, 0) + 1e-9,
			);
		}),
	);
});

test('everyone votes once, also who is named twice or not at all', () => {
	const parties = countVotes(
		[['a', 'b', 'gone'], ['b', 'c'], []],
		['a', 'b', 'c', 'd'].map(id => voter(id)),
	);
	assert.deepEqual(
		parties.map(({voters}) => voters.map(({id}) => id)),
		[['a', 'b'], ['c'], ['d']],
	);
});

test('a party wins that is heavier than any other and heavy enough', () => {
	const winner = (sizes: readonly number[], threshold = 0) => {
		const groups = sizes.map((size, group) =>
			Array.from({length: size}, (_, index) => `${group}#${index}`),
		);
		const parties = countVotes(
			groups,
			groups.flat().map(id => voter(id)),
		);
		return winnerOf(parties, threshold)?.voters[0]!.id ?? null;
	};

	assert.equal(winner([2, 1, 1]), '0#0');
	assert.equal(winner([1, 3]), '1#0');
	assert.equal(winner([2, 2, 1]), null, 'a tie');
	assert.equal(winner([1, 1, 1]), null, 'all different');
	assert.equal(winner([1]), null, 'one is no party');
	assert.equal(winner([2, 1, 1], 0.5), null, 'half is not more than half');
	assert.equal(winner([3, 2], 0.5), '0#0');
	assert.equal(winner([3, 2], 0.7), null);
	assert.equal(winner([3], 1), '0#0', 'everyone is enough for 1');
	assert.equal(winner([9, 1], 1), null);
	assert.equal(winner([]), null);
});

test('weights of nothing elect nobody', () => {
	const parties = countVotes(
		[['a', 'b'], ['c']],
		['a', 'b', 'c'].map(id => voter(id, 0)),
	);
	assert.equal(winnerOf(parties, 0), null);
});

test('whoever cannot be beaten wins whatever the rest say', () => {
	const few = fc.array(
		fc.record({
			answer: fc.nat(2),
			model: fc.constantFrom('m', 'n', 'o', 'p'),
			weight: fc.constantFrom(0, 0.5, 1, 1, 1, 3),
		}),
		{minLength: 2, maxLength: 7},
	);
	let decided = 0;
	fc.assert(
		fc.property(
			few,
			fc.nat(3),
			fc.array(fc.nat(3)),
			fc.constantFrom(0, 0.5, 0.6),
			(answers, open, says, threshold) => {
				const voters = answers.map(({model, weight}, index) =>
					voter(`i${index}`, weight, model),
				);
				const count = voters.length - Math.min(open, voters.length - 1);
				const partiesOf = (said: readonly number[]) =>
					countVotes(
						[0, 1, 2, 3].map(answer =>
							said.flatMap((each, index) =>
								each === answer ? [`i${index}`] : [],
							),
						),
						voters.slice(0, said.length),
					);
				const before = answers.slice(0, count).map(({answer}) => answer);
				const early = partiesOf(before);

				if (isUnbeatable(early, voters.slice(count), threshold)) {
					decided++;
					const all = answers.map(({answer}, index) =>
						index < count ? answer : (says[index] ?? 3),
					);
					const first = winnerOf(partiesOf(all), threshold);
					assert.ok(
						early[0]!.voters.every(({id}) =>
							first!.voters.some(each => each.id === id),
						),
					);
				}
			},
		),
		{numRuns: 500},
	);
	assert.ok(decided > 20);
});

test('confidences weigh, and who states none counts as the others do', () => {
	assert.deepEqual(confidenceWeights([null, null]), [1, 1]);
	assert.deepEqual(confidenceWeights([0.7, null]), [1, 1]);
	assert.deepEqual(confidenceWeights([]), []);

	const [high, none, low] = confidenceWeights([0.9, null, 0.5]);
	assert.ok(high! > none!);
	assert.ok(none! > low!);
	isNear(high! + none! + low!, 3);
	isNear(high! / low!, Math.exp(0.8));
});
