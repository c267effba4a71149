import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createConversation} from '../../source/core/conversation.js';
import {type PromptCache} from '../../source/core/model.js';
import {type RunEvent} from '../../source/core/events.js';
import {
	fakeModel,
	type FakeModel,
	type FakeOptions,
} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, verdictText} from '../helpers/play.js';
import {stillWorld} from '../helpers/world.js';

const marked: PromptCache = {
	kind: 'marker',
	minimumTokens: 10,
	lifetimeMs: 300_000,
	isShared: true,
};

const speaking = (...texts: readonly string[]) =>
	fakeModel(
		texts.map(text => [text]),
		{promptCache: marked},
	);

const unsure = verdictText({confidence: 0.1, needsIteration: true});
const cast = () => ({
	a: speaking('one', 'two', 'three', 'four'),
	arbiter: speaking(unsure),
});

const prefixesOf = ({heard}: FakeModel) =>
	heard.map(({cache}) => cache?.through ?? null);

test('a reply is kept to its end while another may follow, and the last request reads what was kept', async () => {
	const {a, arbiter} = cast();
	await play({a, arbiter});

	assert.deepEqual(prefixesOf(a), [
		{message: 0, part: 0},
		{message: 2, part: 0},
		{message: 2, part: 0},
	]);
	assert.deepEqual(
		prefixesOf(arbiter),
		[0, 1, 2].map(() => ({message: 0, part: 0})),
	);
});

test('where a follow-up is likely the last request is kept too', async () => {
	const {a, arbiter} = cast();
	await play({a, arbiter}, {caching: {isFollowUpLikely: true}});
	assert.deepEqual(prefixesOf(a).at(-1), {message: 4, part: 0});
});

test('a single request that nobody follows keeps nothing', async () => {
	const {a, arbiter} = cast();
	const {events} = await play({a, arbiter}, {consortium: {maxIterations: 1}});

	assert.deepEqual(prefixesOf(a), [null]);
	assert.deepEqual(prefixesOf(arbiter), [null]);
	assert.deepEqual(
		startsOf(events).map(({cache}) => [cache?.isRequested, cache?.isSent]),
		[
			[false, false],
			[false, false],
		],
	);
});

test('lean memory keeps the question, whatever follows it', async () => {
	const {a, arbiter} = cast();
	await play({a, arbiter}, {consortium: {memory: 'lean'}});
	assert.deepEqual(
		prefixesOf(a),
		[0, 1, 2].map(() => ({message: 0, part: 0})),
	);
});

test('rebuilt requests keep nothing', async () => {
	const {a, arbiter} = cast();
	await play({a, arbiter}, {consortium: {memory: 'rebuild'}});
	assert.deepEqual(prefixesOf(a), [null, null, null]);
});

test('what has gone cold is not read again', async () => {
	const world = stillWorld();
	const {a, arbiter} = cast();
	let iterations = 0;
	await play(
		{a, arbiter},
		{
			world,
			consortium: {limits: {budgetUsd: null, timeoutSeconds: 10_000}},
			onEvent({type}) {
				if (type === 'verdict' && ++iterations === 2) {
					void world.pass(300_000);
				}
			},
		},
	);

	assert.equal(prefixesOf(a).at(-1), null);
	assert.equal(prefixesOf(arbiter).at(-1), null);
});

test('a follow-up reads what the turn before had kept', async () => {
	const world = stillWorld();
	const conversation = createConversation(world);
	const {a, arbiter} = cast();
	const shared = {world, conversation};
	await play(
		{a, arbiter},
		{...shared, consortium: {maxIterations: 2}, prompt: 'First?'},
	);
	await play(
		{a, arbiter},
		{...shared, consortium: {maxIterations: 1}, prompt: 'Second?'},
	);

	assert.deepEqual(prefixesOf(a), [
		{message: 0, part: 0},
		{message: 0, part: 0},
		{message: 0, part: 0},
	]);
});

test('without markers nothing is sent, and it is told that nothing was', async () => {
	const {a, arbiter} = cast();
	const {events} = await play({a, arbiter}, {caching: {hasMarkers: false}});

	assert.deepEqual(
		a.heard.map(({cache}) => cache),
		[null, null, null],
	);
	assert.deepEqual(startsOf(events)[0]!.cache, {
		isRequested: true,
		isSent: false,
		keptPart: 0,
		minimumTokens: 10,
		lifetimeMs: 300_000,
	});
});

test('the key of a request is its transcript, in every iteration', async () => {
	const {a, arbiter} = cast();
	const {events} = await play({a, arbiter});

	assert.deepEqual(
		startsOf(events)
			.filter(({speaker}) => speaker === 'a#1')
			.map(({transcriptId}) => transcriptId),
		a.heard.map(({cache}) => cache!.key),
	);
});

const long = 'word '.repeat(100);

/**
Ten dollars for a thousand tokens, a tenth of it for those that are read from a cache.
*/
const priced = (options: FakeOptions = {}): FakeModel => ({
	...fakeModel([['one', ' two']], {promptCache: marked, ...options}),
	costOf: ({inputTokens, cachedTokens, cacheWriteTokens}) =>
		((inputTokens ?? 0) -
			0.9 * (cachedTokens ?? 0) +
			0.25 * (cacheWriteTokens ?? 0)) /
		100,
});

const warm = {caching: {isWarmed: true}, prompt: long} as const;
const three = {
	members: [{slot: 'a', model: 'a', count: 3}],
	maxIterations: 1,
} as const;

test('one of several that are sent the same goes first, and the others follow its first word', async () => {
	const {events} = await play(
		{a: priced(), arbiter: speaking(verdictText())},
		{...warm, consortium: three},
	);
	const order = events.flatMap(event =>
		event.type === 'call-start' || event.type === 'call-delta'
			? `${event.type} ${event.callId}`
			: [],
	);
	const [leader] = startsOf(events);

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(order.slice(0, 3), [
		`call-start ${leader!.callId}`,
		`call-delta ${leader!.callId}`,
		`call-start ${startsOf(events)[1]!.callId}`,
	]);
	assert.deepEqual(
		startsOf(events)
			.filter(({speaker}) => speaker.startsWith('a#'))
			.map(({cache}) => cache?.keptPart),
		[0, 0, 0],
		'all mark what they share, though no iteration follows',
	);
});

for (const [what, options, prompt] of [
	[
		'the prompt is below the minimum',
		{promptCache: {...marked, minimumTokens: 100_000}},
		long,
	],
	['a cache is not shared', {promptCache: {...marked, isShared: false}}, long],
] as const) {
	test(`nobody waits where ${what}`, async () => {
		const {events} = await play(
			{a: priced(options), arbiter: speaking(verdictText())},
			{...warm, prompt, consortium: three},
		);
		const before = events.slice(
			0,
			events.findIndex(({type}) => type === 'call-delta'),
		);

		assert.equal(startsOf(before).length, 3);
	});
}

test('nobody waits for what saves next to nothing', async () => {
	const free = {...priced(), costOf: () => 0};
	const {events} = await play(
		{a: free, arbiter: speaking(verdictText())},
		{...warm, consortium: three},
	);
	const before = events.slice(
		0,
		events.findIndex(({type}) => type === 'call-delta'),
	);

	assert.equal(startsOf(before).length, 3);
});

test('those who wait are asked when the first one fails', async () => {
	const {result, events} = await play(
		{
			a: {
				...priced(),
				...fakeModel([[{thinking: ''}], ['two']], {promptCache: marked}),
				costOf: priced().costOf,
			},
			arbiter: speaking(verdictText()),
		},
		{...warm, consortium: three},
	);

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(
		result.iterations[0]!.instances.map(({state}) => state),
		['empty', 'answered', 'answered'],
	);
});

test('whoever waits is not asked any more when the answer is wanted now', async () => {
	const {createRunControl} = await import('../../source/core/run-control.js');
	const control = createRunControl();
	const model = {
		...priced(),
		...fakeModel([['half', 'hang']], {promptCache: marked}),
		costOf: priced().costOf,
	};
	// The first word is what the others wait for, so that they are told before it.
	const {events, result} = await play(
		{
			a: {
				...model,
				async *call(request, signal) {
					yield {type: 'send'};
					control.answerNow();
					yield* model.call(request, signal);
				},
			},
			arbiter: speaking(verdictText()),
		},
		{...warm, control, consortium: three},
	);

	assert.deepEqual(brokenRules(events), []);
	assert.equal(model.heard.length <= 1, true);
	assert.equal(result.iterations[0]!.instances.length, 1);
});

test('a run that is cancelled does not wait for anybody', async () => {
	const controller = new AbortController();
	const {result} = await play(
		{
			a: {
				...priced(),
				...fakeModel([['hang']], {promptCache: marked}),
				costOf: priced().costOf,
			},
			arbiter: speaking(verdictText()),
		},
		{
			...warm,
			signal: controller.signal,
			consortium: three,
			onEvent({type}) {
				if (type === 'call-send') {
					controller.abort();
				}
			},
		},
	);

	assert.equal(result.status, 'cancelled');
	assert.equal(result.iterations[0]!.instances.length, 1);
});

function startsOf(events: readonly RunEvent[]) {
	return events.filter(event => event.type === 'call-start');
}
