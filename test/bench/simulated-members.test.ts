import assert from 'node:assert/strict';
import {test} from 'node:test';
import {drawsOf, normalQuantile, normalShare} from '../../bench/draws.js';
import {
	firstClaim,
	questionOf,
	type Claim,
	type Kind,
	type SimulatedWorld,
} from '../../bench/simulated-questions.js';
import {simulatedWorlds} from '../../bench/simulated-worlds.js';

const [equal] = simulatedWorlds;
const count = 4000;

const kind = (slot: string, overrides: Partial<Kind> = {}): Kind => ({
	slot,
	model: slot,
	skill: 0.6,
	boast: 0,
	conformity: 0,
	prices: [1, 1],
	...overrides,
});

const kinds = [
	kind('a'),
	kind('b', {skill: 0.8, boast: 2}),
	kind('c', {model: 'copied'}),
	kind('d', {model: 'copied'}),
];
const world: SimulatedWorld = {...equal!, kinds, between: 0.2, within: 0.7};

/**
What each of the four claims first, for many questions.
*/
const claimed = Array.from({length: count}, (_, index) => {
	const question = questionOf(world, index, 5);
	return {
		question,
		claims: kinds.map(each => firstClaim(question, each, null)),
		inRoles: kinds.map((each, place) =>
			firstClaim(question, each, `role ${place}`),
		),
	};
});

const isRight = (place: number, which: 'claims' | 'inRoles' = 'claims') =>
	claimed.map(
		({question, ...said}) => said[which][place]!.option === question.truth,
	);
const shareOf = (hits: readonly boolean[]) =>
	hits.filter(Boolean).length / hits.length;

/**
Within five standard errors of a share.
*/
function isShare(found: number, expected: number, of: number, about: string) {
	const error = Math.sqrt((expected * (1 - expected)) / of);
	assert.ok(
		Math.abs(found - expected) < 5 * error,
		`${about}: ${found} is not ${expected} ± ${error}`,
	);
}

/**
The chance that two are right at once whose latent correlation this is, by the integral over what they share.
*/
function bothRight(one: number, other: number, correlation: number): number {
	const step = 0.01;
	let sum = 0;

	for (let shared = -8; shared < 8; shared += step) {
		const chance = (skill: number) =>
			normalShare(
				(normalQuantile(skill) - Math.sqrt(correlation) * shared) /
					Math.sqrt(1 - correlation),
			);
		sum +=
			(Math.exp((-shared * shared) / 2) / Math.sqrt(2 * Math.PI)) *
			chance(one) *
			chance(other) *
			step;
	}

	return sum;
}

test('simulated members are right as often as their skill says', () => {
	for (const [place, {slot, skill}] of kinds.entries()) {
		isShare(shareOf(isRight(place)), skill, count, slot);
	}
});

test('two models are right together as their correlation says, and copies of one as theirs does', () => {
	for (const [one, other, correlation] of [
		[0, 1, 0.2],
		[0, 2, 0.2],
		[2, 3, 0.7],
	] as const) {
		const [left, right] = [isRight(one), isRight(other)];
		const both = left.map((hit, index) => hit && right[index]!);
		isShare(
			shareOf(both),
			bothRight(kinds[one]!.skill, kinds[other]!.skill, correlation),
			count,
			`${one} and ${other}`,
		);
	}

	// Five standard errors tell the two correlations apart.
	assert.ok(bothRight(0.6, 0.6, 0.7) - bothRight(0.6, 0.6, 0.2) > 0.08);
});

test('in roles of their own, copies are as unlike each other as other models', () => {
	const [left, right] = [isRight(2, 'inRoles'), isRight(3, 'inRoles')];
	isShare(
		shareOf(left.map((hit, index) => hit && right[index]!)),
		bothRight(0.6, 0.6, 0.2),
		count,
		'roles',
	);
	assert.deepEqual(isRight(0, 'inRoles'), isRight(0));
});

test('whoever is wrong is lured as often as the world says, and never right', () => {
	const wrong = claimed.flatMap(({question, claims}) =>
		claims
			.slice(0, 1)
			.filter(({option}) => option !== question.truth)
			.map(({option}) => option === question.lure),
	);
	isShare(shareOf(wrong), world.attraction, wrong.length, 'lured');
	assert.ok(
		claimed.every(
			({question, claims}) =>
				question.lure !== question.truth &&
				claims.every(({option}) => option >= 0 && option < world.options),
		),
	);
});

test('a confidence without boasting is as often justified as it says, and one with boasting is not', () => {
	const binsOf = (place: number) =>
		Map.groupBy(
			claimed.map(({question, claims}) => {
				const {option, confidence}: Claim = claims[place]!;
				return {confidence, isRight: option === question.truth};
			}),
			({confidence}) => Math.min(9, Math.floor(confidence * 10)),
		)
			.values()
			.filter(bin => bin.length > 100)
			.toArray();
	const stated = (bin: ReadonlyArray<{confidence: number}>) =>
		bin.reduce((sum, {confidence}) => sum + confidence, 0) / bin.length;

	const calibrated = binsOf(0);
	assert.ok(calibrated.length > 4);

	for (const bin of calibrated) {
		isShare(
			shareOf(bin.map(each => each.isRight)),
			stated(bin),
			bin.length,
			'stated',
		);
	}

	const boasting = binsOf(1).flat();
	assert.ok(
		stated(boasting) > shareOf(boasting.map(each => each.isRight)) + 0.1,
	);
});

test('a draw depends on its name and its seed, and on nothing that was drawn before', () => {
	const draws = drawsOf(1);
	const first = draws.normal('x');
	draws.uniform('y');
	assert.equal(draws.normal('x'), first);
	assert.equal(drawsOf(1).normal('x'), first);
	assert.notEqual(drawsOf(2).normal('x'), first);

	const many = Array.from({length: 4000}, (_, index) =>
		draws.normal(`n${index}`),
	);
	const mean = many.reduce((sum, each) => sum + each, 0) / many.length;
	const variance =
		many.reduce((sum, each) => sum + (each - mean) ** 2, 0) / many.length;
	assert.ok(Math.abs(mean) < 0.08, `mean ${mean}`);
	assert.ok(Math.abs(variance - 1) < 0.12, `variance ${variance}`);
	assert.ok(Math.abs(normalShare(normalQuantile(0.3)) - 0.3) < 1e-6);
});
