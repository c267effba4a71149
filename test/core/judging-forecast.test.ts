import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type SavedConsortium} from '../../source/core/consortium.js';
import {forecastRun} from '../../source/core/forecast.js';
import {fakeModel} from '../helpers/fake-model.js';
import {consortiumOf, play, templates, verdictText} from '../helpers/play.js';
import {stillWorld} from '../helpers/world.js';

const three = () => ({
	a: fakeModel([['x']]),
	b: fakeModel([['x']]),
	c: fakeModel([['x']]),
	arbiter: fakeModel([['x']]),
});

/**
How often who is called for what in one iteration, usually and at most.
*/
async function callsOf(changes: Partial<SavedConsortium>) {
	const cast = three();
	const {calls, high} = await forecastRun(
		consortiumOf(cast, {maxIterations: 1, ...changes}),
		'Why?',
		{models: new Map(Object.entries(cast)), templates, world: stillWorld()},
	);
	const usual = calls
		.filter(({purpose}) => purpose !== 'answer')
		.map(({speaker, purpose}) => `${speaker} ${purpose}`);

	return {usual, most: high.calls};
}

test('a ranking is forecast as one call, and at most as one for each order', async () => {
	for (const judging of ['rank', 'pick'] as const) {
		assert.deepEqual(await callsOf({judging}), {
			usual: ['arbiter#1 rank'],
			most: 5,
		});
	}
});

test('every arbiter of a panel is forecast', async () => {
	const arbiters = [{model: 'arbiter'}, {model: 'a'}, {model: 'b'}];
	const {usual, most} = await callsOf({judging: 'panel', arbiters});
	assert.deepEqual(usual.toSorted(), [
		'arbiter#1 synthesis',
		'arbiter#2 synthesis',
		'arbiter#3 synthesis',
	]);
	assert.equal(most, 6);
});

test('the reviews of all who answer are forecast, then the arbiter', async () => {
	const {usual, most} = await callsOf({judging: 'peer'});
	assert.deepEqual(usual.slice(0, 3).toSorted(), [
		'a#1 review',
		'b#1 review',
		'c#1 review',
	]);
	assert.deepEqual(usual.slice(3), ['arbiter#1 synthesis']);
	assert.equal(most, 7);
});

test('at most, values contradict each other, so that nobody is spared', async () => {
	const both = {maxIterations: 2};
	const tiers = {name: 'tiered', params: {tiers: [['a', 'b'], ['c']]}};
	const voting = {name: 'voting', params: {}};

	// All three are asked in the first iteration, and hear of it in the second.
	for (const strategies of [[tiers], [tiers, voting]]) {
		assert.equal((await callsOf({...both, strategies})).most, 2 * (3 + 1));
	}

	const first = {name: 'adaptive', params: {first: 2}};
	assert.equal(
		(await callsOf({...both, strategies: [first, voting]})).most,
		2 * (3 + 1),
	);
});

test('reviews alone are no verdict: without the arbiter a member’s answer is returned and marked', async () => {
	const answer = (text: string) => [
		`${text}\n<confidence>0.6</confidence>`,
		verdictText({ranking: 'A > B'}),
	];
	const {result} = await play(
		{
			a: fakeModel([[answer('Alpha.')[0]!], [answer('')[1]!]]),
			b: fakeModel([[answer('Beta.')[0]!], [answer('')[1]!]]),
			c: fakeModel([[answer('Gamma.')[0]!], [answer('')[1]!]]),
			arbiter: fakeModel([[''], ['']]),
		},
		{consortium: {judging: 'peer', maxIterations: 1}},
	);
	assert.equal(result.status, 'degraded');
	assert.match(result.answer!, /^(?:Alpha|Beta|Gamma)\./v);
	assert.ok(
		result.reasons.some(reason => reason.includes('There is no verdict')),
	);
});
