import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Abort} from '../../source/core/abort.js';
import {failure, fakeModel} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {createTable, pictureOf} from '../helpers/derived.js';
import {play, verdictText} from '../helpers/play.js';
import {
	answerText,
	briefIn,
	decisionsIn,
	marksIn,
	membersSaying,
} from '../helpers/values.js';

const voting = (given: Readonly<Record<string, unknown>> = {}) => ({
	strategies: [{name: 'voting', params: given}],
});

const arbiter = () => fakeModel([[verdictText({synthesis: 'Weighed.'})]]);

async function vote(
	values: readonly string[],
	given: Readonly<Record<string, unknown>> = {},
	consortium: NonNullable<Parameters<typeof play>[1]>['consortium'] = {},
) {
	const cast = {...membersSaying(values), arbiter: arbiter()};
	const played = await play(cast, {
		consortium: {...voting(given), ...consortium},
	});
	assert.deepEqual(brokenRules(played.events), []);
	return {...played, cast};
}

test('equal values win, word for word, and no arbiter is asked', async () => {
	const cast = {
		a: fakeModel([[answerText('42', 0.6)]]),
		b: fakeModel([[answerText('43', 0.99)]]),
		c: fakeModel([
			['It is forty-two.\n<final>42.0</final><confidence>0.8</confidence>'],
		]),
		arbiter: arbiter(),
	};
	const {events, result} = await play(cast, {consortium: voting()});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(cast.arbiter.heard.length, 0);
	assert.equal(
		result.answer,
		'It is forty-two.\n\n42.0',
		'the most confident of them',
	);
	assert.equal(result.status, 'converged');
	assert.equal(result.exitCode, 0);
	assert.equal(result.confidence, null, 'nobody states one of a vote');
	assert.deepEqual(result.reasons, [
		'2 of 3 say 42, which wins the vote (majority above 50%); that this is what most would say is 69% certain.',
	]);

	const [verdict] = result.iterations[0]!.verdicts;
	const calls = Object.fromEntries(
		result.iterations[0]!.instances.map(({id, callId}) => [id, callId]),
	);
	assert.partialDeepStrictEqual(verdict, {
		arbiter: 'vote',
		method: 'vote',
		callId: calls['c#1'],
		madeOf: [calls['a#1'], calls['c#1']],
		groups: [['a#1', 'c#1'], ['b#1']],
		agreement: 2 / 3,
		dissent: [{text: '43', who: ['b#1']}],
		needsIteration: false,
	});
	assert.deepEqual(
		marksIn(events, 'winner').map(({instance}) => instance),
		['a#1', 'c#1'],
	);
	assert.deepEqual(marksIn(events, 'minority'), [
		{
			instance: 'b#1',
			mark: 'minority',
			text: '"42" won the vote of iteration 1 against it.',
		},
	]);
	assert.ok(decisionsIn(events).every(({saved}) => saved === null));
	const end = events.at(-1)!;
	assert.equal(end.type === 'run-end' && end.finalCallId, null);
});

test('of those who are equally confident the first in the configuration gives the answer', async () => {
	const {result} = await vote(['2', '1', '1', '1']);
	const {instances, verdicts} = result.iterations[0]!;
	assert.equal(
		verdicts[0]!.callId,
		instances.find(({id}) => id === 'b#1')!.callId,
	);
});

test('a tie and a vote where all differ go to the arbiter, with the groups and without a word of the answers', async () => {
	const tie = await vote(['Paris', 'Lyon', 'Lyon', 'Paris']);
	assert.equal(tie.result.answer, 'Weighed.');
	const brief = briefIn(tie.cast.arbiter);
	const note = brief.split('\n').find(line => line.startsWith('The values'))!;
	assert.match(
		note,
		/^The values .* compared: equal are [A-D], [A-D]; [A-D], [A-D]\. No answer wins the vote\./v,
	);
	assert.doesNotMatch(note, /Paris|Lyon|#/v);
	assert.match(tie.result.reasons[0]!, /The vote is open: it is a tie/v);

	const all = await vote(['1', '2', '3']);
	assert.equal(all.result.answer, 'Weighed.');
	assert.match(briefIn(all.cast.arbiter), /compared: no two are equal\./v);
	assert.match(all.result.reasons[0]!, /no two say the same/v);
});

test('prose is weighed by the arbiter, whose groups are the vote', async () => {
	const cast = {
		a: fakeModel([['Because of the wind.']]),
		b: fakeModel([['The wind.']]),
		c: fakeModel([['The rain.']]),
		arbiter: fakeModel([[verdictText({groups: 'A, B | C'})]]),
	};
	const {events, result} = await play(cast, {consortium: voting()});
	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.answer, 'Because.');
	assert.match(
		result.reasons[0]!,
		/2 of 3 say the same, as the arbiter groups them, which would win a vote/v,
	);
	assert.equal(marksIn(events, 'winner').length, 2);
	assert.equal(marksIn(events, 'minority').length, 1);
	assert.doesNotMatch(briefIn(cast.arbiter), /were compared/v);
});

test('wording is never called agreement, and marks nobody', async () => {
	const ending = (text: string) => fakeModel([[`So.\n<final>${text}</final>`]]);
	const {events, result} = await play(
		{
			a: ending('Use a B-tree index, since it keeps lookups shallow.'),
			b: ending('Use a B-tree index since it keeps the lookups shallow.'),
			c: ending('Use a hash table for everything that is looked up.'),
			arbiter: arbiter(),
		},
		{consortium: voting()},
	);
	assert.match(
		result.reasons[0]!,
		/By wording alone, which is no agreement, 2 of 3 end alike/v,
	);
	assert.equal(result.iterations[0]!.verdicts[0]!.agreement, 1 / 3);
	assert.deepEqual(marksIn(events, 'winner'), []);
});

test('one answer in prose takes the vote from all', async () => {
	const cast = {
		...membersSaying(['42', '42', '42']),
		d: fakeModel([['I would rather not say.']]),
		arbiter: arbiter(),
	};
	const {result} = await play(cast, {consortium: voting()});
	assert.equal(result.answer, 'Weighed.');
});

test('a majority is more than the threshold', async () => {
	const majority = (threshold?: number) => ({
		rule: 'majority',
		...(threshold !== undefined && {threshold}),
	});
	const isDecided = async (values: readonly string[], threshold?: number) => {
		const {cast} = await vote(values, majority(threshold));
		return cast.arbiter.heard.length === 0;
	};

	assert.equal(await isDecided(['1', '1', '2', '3']), false, 'just half');
	assert.equal(await isDecided(['1', '1', '1', '3']), true);
	assert.equal(await isDecided(['1', '1', '1', '3'], 0.8), false);
	assert.equal(await isDecided(['1', '1', '1'], 1), true);
});

test('by confidence, two who are sure outvote three who are not', async () => {
	const say = (value: string, confidence: number) =>
		fakeModel([[answerText(value, confidence)]]);
	const cast = {
		a: say('1', 0.1),
		b: say('1', 0.1),
		c: say('1', 0.1),
		d: say('2', 0.95),
		e: say('2', 0.95),
		arbiter: arbiter(),
	};
	const weighed = await play(cast, {consortium: voting({rule: 'confidence'})});
	assert.equal(weighed.result.answer, 'I found 2.');
	const counted = await play(cast, {consortium: voting()});
	assert.equal(counted.result.answer, 'I found 1.');
});

test('the arbiter can be asked always, and is told what the vote was', async () => {
	const {cast, result} = await vote(['1', '1', '2'], {arbiter: 'always'});
	assert.equal(result.answer, 'Weighed.');
	assert.match(
		briefIn(cast.arbiter),
		/equal are [A-C], [A-C]\. The vote is won by [A-C], [A-C]\./v,
	);
});

test('who failed, refused, said nothing or was left out does not vote', async () => {
	const cast = {
		a: fakeModel([[answerText('1')]]),
		b: fakeModel([[answerText('1')]]),
		c: fakeModel([[answerText('2'), {failure: failure()}]]),
		d: fakeModel([[answerText('2'), {stop: 'blocked'}]]),
		e: fakeModel([[]]),
		arbiter: arbiter(),
	};
	const {events, result} = await play(cast, {consortium: voting()});
	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.answer, 'I found 1.');
	assert.equal(result.status, 'degraded');
	const [verdict] = result.iterations[0]!.verdicts;
	assert.deepEqual(verdict!.dissent, []);
	assert.equal(verdict!.agreement, 1);
});

test('one instance alone is no vote, and nobody ends as without a strategy', async () => {
	const alone = await vote(['42']);
	assert.equal(alone.result.answer, 'Weighed.');
	const cast = {
		a: fakeModel([[{failure: failure()}]]),
		b: fakeModel([[{failure: failure()}]]),
		arbiter: arbiter(),
	};
	const {events, result} = await play(cast, {consortium: voting()});
	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'unanswered');
	assert.equal(cast.arbiter.heard.length, 0);
});

test('before the fewest iterations a vote is feedback like any verdict', async () => {
	const cast = {
		a: fakeModel([[answerText('1')], [answerText('2')]]),
		b: fakeModel([[answerText('1')], [answerText('2')]]),
		c: fakeModel([[answerText('2')]]),
		arbiter: arbiter(),
	};
	for (const judging of ['synthesis', 'rank', 'panel', 'peer'] as const) {
		for (const model of Object.values(cast)) {
			model.heard.length = 0;
		}

		const {events, result} = await play(cast, {
			consortium: {...voting(), judging, minIterations: 2, stop: 'both'},
		});
		assert.deepEqual(brokenRules(events), []);
		assert.equal(cast.arbiter.heard.length, 0, judging);
		assert.equal(result.iterations.length, 2);
		assert.equal(result.answer, 'I found 2.');
		assert.equal(result.status, 'converged');
		const feedback = briefIn(cast.c, 1);
		assert.match(feedback, /I found 1\./v);
		assert.match(feedback, /- 2\n/v, 'who differed is passed on');
	}
});

test('conditions count for a vote too', async () => {
	const {result, cast} = await vote(
		['1', '1'],
		{},
		{
			until: ['contains:none'],
			maxIterations: 2,
		},
	);
	assert.equal(result.status, 'unconverged');
	assert.equal(result.iterations.length, 2);
	assert.equal(cast.arbiter.heard.length, 0);
	assert.equal(
		(await vote(['1', '1'], {}, {until: ['contains:found']})).result.status,
		'converged',
	);
});

test('answers that are judged again are judged', async () => {
	const cast = {...membersSaying(['1', '1', '2']), arbiter: arbiter()};
	const table = createTable(cast);
	const first = await table.ask({consortium: voting()});
	assert.equal(cast.arbiter.heard.length, 0);
	const second = await table.derive('rearbitrate', first.events, {
		consortium: voting(),
	});
	assert.equal(second.result.answer, 'Weighed.');
	assert.deepEqual(brokenRules(second.events), []);
});

test('sixty-four vote, and copies of one model do not outvote as many models', async () => {
	const values = Array.from({length: 64}, (_, index) =>
		index % 3 === 0 ? '7' : '8',
	);
	const {result} = await vote(values);
	assert.equal(result.answer, 'I found 8.');
	assert.equal(result.iterations[0]!.verdicts[0]!.dissent[0]!.who.length, 22);

	const cast = {
		m: fakeModel([[answerText('1')]]),
		b: fakeModel([[answerText('2')]]),
		c: fakeModel([[answerText('2')]]),
		arbiter: arbiter(),
	};
	const copies = await play(cast, {
		consortium: {
			...voting(),
			members: [
				{slot: 'm', model: 'm', count: 3},
				{slot: 'b', model: 'b', count: 1},
				{slot: 'c', model: 'c', count: 1},
			],
		},
	});
	assert.equal(copies.result.answer, 'I found 2.');
});

test('what models end their answers with stays short and on its line', async () => {
	for (const value of [`["${'x'.repeat(90)}"]`, 'xxx\u001B[31m\u202Eis']) {
		const {events} = await vote([value, value, '7']);
		const texts = decisionsIn(events).flatMap(({reason, marks}) => [
			reason,
			...marks.map(({text}) => text),
		]);
		assert.ok(texts.some(text => text.includes('xxx')));
		assert.ok(texts.every(text => !/\p{C}/v.test(text) && text.length < 200));
	}
});

test('a run that is cancelled while they speak votes on nothing', async () => {
	const controller = new AbortController();
	const cast = {
		...membersSaying(['1', '1']),
		c: fakeModel([['hang']]),
		arbiter: arbiter(),
	};
	const {events, result} = await play(cast, {
		consortium: voting(),
		signal: controller.signal,
		onEvent(event) {
			if (event.type === 'call-end') {
				controller.abort(new Abort('person'));
			}
		},
	});
	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'cancelled');
	assert.deepEqual(result.iterations[0]!.verdicts, []);
});

test('who won a vote is marked for its iteration only, and what lasts stays', async () => {
	const says = (...values: readonly string[]) =>
		fakeModel(values.map(value => [answerText(value)]));
	const {events} = await play(
		{
			a: says('1', '2'),
			b: says('1', '1'),
			c: says('2', '2'),
			arbiter: arbiter(),
		},
		{
			consortium: {
				strategies: [
					{name: 'voting', params: {}},
					{name: 'role', params: {roles: ['Be brief, always.']}},
				],
				minIterations: 2,
			},
		},
	);
	const marksAfter = (count: number) =>
		Object.fromEntries(
			[...pictureOf(events.slice(0, count)).marks].map(([instance, marks]) => [
				instance,
				marks.map(({mark}) => mark).join(' '),
			]),
		);
	const second = events.findIndex(
		event => event.type === 'iteration-start' && event.iteration === 2,
	);

	assert.deepEqual(marksAfter(second), {
		'a#1': 'role winner',
		'b#1': 'role winner',
		'c#1': 'role minority',
	});
	assert.deepEqual(marksAfter(second + 1), {
		'a#1': 'role',
		'b#1': 'role',
		'c#1': 'role',
	});
	assert.deepEqual(marksAfter(events.length), {
		'a#1': 'role winner',
		'b#1': 'role minority',
		'c#1': 'role winner',
	});
});

test('a vote is counted also where the answers cost more than there was', async () => {
	const dear = () => ({
		...fakeModel([[answerText('42')]]),
		// More than was set aside for it, as with hidden reasoning.
		costOf: ({inputTokens}: {readonly inputTokens: number | null}) =>
			inputTokens === 10 ? 0.03 : 0.01,
	});
	const {events, result} = await play(
		{a: dear(), b: dear(), c: dear(), arbiter: arbiter()},
		{
			consortium: {
				...voting(),
				limits: {budgetUsd: 0.05, timeoutSeconds: 600},
			},
		},
	);

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'converged');
	assert.equal(result.iterations[0]!.verdicts[0]?.method, 'vote');
});
