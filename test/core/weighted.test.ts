import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type SavedConsortium} from '../../source/core/consortium.js';
import {assertStrategies} from '../../source/core/strategies/known.js';
import {UserError} from '../../source/core/user-error.js';
import {fakeModel} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {consortiumOf, play, verdictText} from '../helpers/play.js';
import {
	briefIn,
	decisionsIn,
	marksIn,
	membersSaying,
} from '../helpers/values.js';

const weighted = (
	weights: Readonly<Record<string, number>> = {},
	accuracy: Readonly<Record<string, number>> = {},
): SavedConsortium['strategies'][number] => ({
	name: 'weighted',
	params: {weights, accuracy},
});

const voting = {name: 'voting', params: {}};
const arbiter = () => fakeModel([[verdictText({synthesis: 'Weighed.'})]]);

test('the arbiter is told by label what each counts for, and the marks tell a person', async () => {
	const cast = {
		a: fakeModel([['the first']]),
		b: fakeModel([['the second']]),
		c: fakeModel([['the third']]),
		arbiter: arbiter(),
	};
	const {events} = await play(cast, {
		consortium: {
			strategies: [weighted({a: 2, 'b#1': 0.25})],
			members: ['a', 'b', 'c'].map(slot => ({
				slot,
				model: slot,
				count: 1,
				weight: 3,
			})),
		},
	});
	assert.deepEqual(brokenRules(events), []);

	const verdict = events.find(event => event.type === 'verdict')!;
	const labelOf = (instance: string) =>
		Object.entries(verdict.labels).find(([, id]) => id === instance)![0];
	const brief = briefIn(cast.arbiter);
	const note = brief.split('\n').find(line => line.includes('do not count'))!;

	for (const part of [
		`${labelOf('a#1')} 2`,
		`${labelOf('b#1')} 0.25`,
		`${labelOf('c#1')} 3`,
	]) {
		assert.ok(note.includes(part), `${part}: ${note}`);
	}

	assert.doesNotMatch(note, /#1/v);
	assert.deepEqual(
		marksIn(events, 'weight').map(({instance, text}) => [instance, text]),
		[
			['a#1', 'Its word counts 2.'],
			['b#1', 'Its word counts 0.25.'],
			['c#1', 'Its word counts 3.'],
		],
	);
	const start = events.find(event => event.type === 'run-start')!;
	assert.deepEqual(
		start.instances.map(({weight}) => weight),
		[2, 0.25, 3],
	);
});

test('weights decide votes, also those of the members themselves', async () => {
	const cast = {
		...membersSaying(['1', '1', '2', '2', '2']),
		arbiter: arbiter(),
	};
	const heavy = await play(cast, {
		consortium: {strategies: [weighted({a: 3}), voting]},
	});
	assert.equal(heavy.result.answer, 'I found 1.');
	assert.equal(cast.arbiter.heard.length, 0);

	const members = ['a', 'b', 'c', 'd', 'e'].map(slot => ({
		slot,
		model: slot,
		count: 1,
		...(slot === 'b' && {weight: 3}),
	}));
	const own = await play(cast, {consortium: {strategies: [voting], members}});
	assert.equal(own.result.answer, 'I found 1.');

	const equal = await play(cast, {consortium: {strategies: [voting]}});
	assert.equal(equal.result.answer, 'I found 2.');
});

test('weights are made of how often each is right', async () => {
	const cast = {...membersSaying(['1', '2', '2']), arbiter: arbiter()};
	const {events} = await play(cast, {
		consortium: {
			strategies: [weighted({c: 1.3}, {a: 0.8, b: 0.6, c: 0.9})],
		},
	});
	assert.deepEqual(
		marksIn(events, 'weight').map(({text}) => text),
		['Its word counts 2.48.', 'Its word counts 1.5.', 'Its word counts 1.3.'],
		'a weight that is given counts before it',
	);
});

test('equal weights are not worth a word', async () => {
	const cast = {...membersSaying(['1', '2']), arbiter: arbiter()};
	const {events} = await play(cast, {
		consortium: {strategies: [weighted({a: 1})]},
	});
	assert.doesNotMatch(briefIn(cast.arbiter), /do not count/v);
	assert.deepEqual(marksIn(events, 'weight'), []);
});

test('marks are told once, and the arbiter in every iteration', async () => {
	const cast = {
		...membersSaying(['1', '2']),
		arbiter: fakeModel([
			[verdictText({confidence: 0.2, needsIteration: true})],
			[verdictText()],
		]),
	};
	const {events} = await play(cast, {
		consortium: {strategies: [weighted({a: 2})]},
	});
	assert.equal(marksIn(events, 'weight').length, 2);
	assert.match(briefIn(cast.arbiter, 0), /do not count/v);
	assert.match(briefIn(cast.arbiter, 1), /do not count/v);
	assert.equal(decisionsIn(events)[0]!.strategy, 'weighted');
});

test('names that nobody has and weights that make no sense are refused', () => {
	const check = (strategy: SavedConsortium['strategies'][number]) => {
		assertStrategies(
			consortiumOf(
				{mistral: arbiter(), arbiter: arbiter()},
				{strategies: [strategy]},
			),
		);
	};

	check(weighted({'mistral#1': 1}));
	assert.throws(
		() => {
			check(weighted({mistrl: 2}));
		},
		error =>
			error instanceof UserError &&
			error.message.includes('"mistrl"') &&
			error.hint.endsWith('Did you mean "mistral"?'),
	);
	assert.throws(() => {
		check(weighted({}, {gpt: 0.5}));
	}, /"gpt"/v);
	assert.throws(() => {
		check(weighted({mistral: 0}));
	}, /All weights are 0/v);
	assert.throws(() => {
		check(weighted({mistral: -1}));
	}, /weighted\.weights\.mistral/v);
	assert.throws(() => {
		check(weighted({}, {mistral: 1.5}));
	}, /weighted\.accuracy\.mistral/v);
});

test('without any weight it is a mistake', () => {
	const cast = {mistral: arbiter(), arbiter: arbiter()};
	const strategies = [weighted()];

	assert.throws(() => {
		assertStrategies(consortiumOf(cast, {strategies}));
	}, /"weighted" has no weights/v);
	assertStrategies(
		consortiumOf(cast, {
			strategies,
			members: [{slot: 'a', model: 'mistral', count: 1, weight: 2}],
		}),
	);
});
