import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createConversation} from '../../source/core/conversation.js';
import {type RunEvent} from '../../source/core/events.js';
import {createRunControl} from '../../source/core/run-control.js';
import {
	failure,
	fakeModel,
	type Beat,
	type FakeModel,
} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, verdictText, type Played} from '../helpers/play.js';
import {stillWorld} from '../helpers/world.js';

const unsure = verdictText({confidence: 0.5, needsIteration: true});

const said = (model: FakeModel, call: number) =>
	model.heard[call]!.messages.map(message =>
		message.role === 'user' ? message.parts.join('') : message.text,
	);

const briefOf = (arbiter: FakeModel, call = 0) => said(arbiter, call)[0]!;

const eventsOf = <Type extends RunEvent['type']>(
	events: readonly RunEvent[],
	type: Type,
) =>
	events.filter(
		(event): event is Extract<RunEvent, {type: Type}> => event.type === type,
	);

const answersOf = ({result}: Played, iteration = 0) =>
	result.iterations[iteration]!.instances.map(({id, answer}) => [id, answer]);

/**
Play, and do something once, at the first event that is the one.
*/
async function playUntil(
	cast: Parameters<typeof play>[0],
	isIt: (event: RunEvent) => boolean,
	act: (control: ReturnType<typeof createRunControl>, event: RunEvent) => void,
	options: Parameters<typeof play>[1] = {},
) {
	const control = createRunControl();
	let isDone = false;
	const played = await play(cast, {
		control,
		...options,
		onEvent(event) {
			options.onEvent?.(event);

			if (!isDone && isIt(event)) {
				isDone = true;
				act(control, event);
			}
		},
	});
	assert.ok(isDone, 'the moment came');
	assert.deepEqual(brokenRules(played.events), []);
	return played;
}

const endOf =
	(speaker: string, iteration = 1) =>
	(event: RunEvent) =>
		event.type === 'call-end' &&
		event.speaker === speaker &&
		event.iteration === iteration;

test('an instance that failed is asked again beside one that still speaks', async () => {
	const cast = {
		a: fakeModel([[{failure: failure()}], ['better a']]),
		b: fakeModel([['one', 'two', 'three', 'four', 'five', 'six']]),
		arbiter: fakeModel([[verdictText()]]),
	};
	const played = await playUntil(cast, endOf('a#1'), control => {
		assert.equal(control.retry('a#1'), true);
		assert.equal(control.retry('a#1'), false, 'it is about to begin');
	});
	const {events, result} = played;
	const again = events.findLastIndex(
		event => event.type === 'call-start' && event.speaker === 'a#1',
	);

	assert.ok(again < events.findIndex(endOf('b#1')), 'it did not wait');
	assert.equal(result.status, 'converged', 'a failure that was made good');
	assert.match(briefOf(cast.arbiter), /better a/);
	assert.deepEqual(
		result.iterations[0]!.instances.map(({id, state}) => [id, state]),
		[
			['a#1', 'failed'],
			['b#1', 'answered'],
			['a#1', 'answered'],
		],
	);
	assert.deepEqual(
		eventsOf(events, 'control').map(({verb, by, refusal}) => [
			verb,
			by,
			refusal,
		]),
		[['retry', 'person', null]],
	);
});

test('the last one that was waited for can be asked again a moment after it ended', async () => {
	const cast = {
		a: fakeModel([['first a'], ['second a']]),
		arbiter: fakeModel([[verdictText()]]),
	};

	for (const moment of [
		endOf('a#1'),
		(event: RunEvent) => event.type === 'decision' && event.action === 'judge',
	]) {
		cast.a.heard.length = 0;
		cast.arbiter.heard.length = 0;
		const played = await playUntil(cast, moment, control => {
			assert.equal(control.retry('a#1'), true);
		});

		assert.equal(cast.arbiter.heard.length, 1);
		assert.match(briefOf(cast.arbiter), /second a/);
		assert.doesNotMatch(briefOf(cast.arbiter), /first a/);
		assert.deepEqual(answersOf(played), [
			['a#1', 'first a'],
			['a#1', 'second a'],
		]);
	}
});

test('an answer that is made again extends what came before it, and is what the transcript goes on from', async () => {
	const cast = {
		a: fakeModel([['one'], ['bad two'], ['good two'], ['three']]),
		arbiter: fakeModel([[unsure], [unsure], [verdictText()]]),
	};
	const {events} = await playUntil(cast, endOf('a#1', 2), control => {
		assert.equal(control.retry('a#1'), true);
	});
	const starts = eventsOf(events, 'call-start').filter(
		({speaker}) => speaker === 'a#1',
	);

	assert.deepEqual(
		cast.a.heard[2]!.messages,
		cast.a.heard[1]!.messages,
		'it is told the same',
	);
	assert.equal(starts[2]!.extends, starts[1]!.extends);
	assert.equal(starts[3]!.extends, starts[2]!.callId);
	assert.equal(said(cast.a, 3)[3], 'good two');
	assert.ok(said(cast.a, 3).every(text => text !== 'bad two'));
});

for (const memory of ['reply', 'lean', 'rebuild'] as const) {
	test(`after an answer was made again, the next turn goes on from the new one (${memory})`, async () => {
		const cast = {
			a: fakeModel([['bad'], ['good'], ['next']]),
			arbiter: fakeModel([[verdictText({synthesis: 'Settled.'})]]),
		};
		const world = stillWorld();
		const conversation = createConversation(world);
		await playUntil(
			cast,
			endOf('a#1'),
			control => {
				control.retry('a#1');
			},
			{world, conversation, consortium: {memory}},
		);
		await play(cast, {
			world,
			conversation,
			consortium: {memory},
			prompt: 'And?',
		});

		assert.deepEqual(said(cast.a, 2).slice(0, 2), ['Why?', 'good']);
		assert.match(said(cast.a, 2)[2]!, /Settled\.[^]*And\?$/);
	});
}

test('one that still speaks is stopped before it is asked again', async () => {
	const cast = {
		a: fakeModel([['half', 'hang'], ['whole']]),
		arbiter: fakeModel([[verdictText()]]),
	};
	const {events, result} = await playUntil(
		cast,
		event => event.type === 'call-delta',
		control => {
			assert.equal(control.retry('a#1'), true);
		},
	);

	assert.deepEqual(
		result.iterations[0]!.instances.map(({state, answer}) => [state, answer]),
		[
			['stopped', 'half'],
			['answered', 'whole'],
		],
	);
	assert.equal(eventsOf(events, 'control').length, 1);
	assert.match(briefOf(cast.arbiter), /whole/);
	assert.doesNotMatch(briefOf(cast.arbiter), /half/);
	assert.equal(result.status, 'converged');
});

test('an answer counts on when asking again came to nothing, and the next request goes on from it', async () => {
	const cast = {
		a: fakeModel([
			['kept'],
			[{failure: failure({message: 'It is down.'})}],
			['two'],
		]),
		arbiter: fakeModel([[unsure], [verdictText()]]),
	};
	const {result} = await playUntil(
		cast,
		endOf('a#1'),
		control => {
			control.retry('a#1');
		},
		{consortium: {maxIterations: 2}},
	);

	assert.match(briefOf(cast.arbiter), /kept/);
	assert.deepEqual(said(cast.a, 2).slice(0, 2), ['Why?', 'kept']);
	assert.equal(said(cast.a, 2).length, 3);
	assert.equal(result.status, 'converged');
});

test('a run whose answer was asked again in vain says so and is not degraded', async () => {
	const {result} = await playUntil(
		{
			a: fakeModel([['kept'], [{failure: failure({message: 'It is down.'})}]]),
			arbiter: fakeModel([[verdictText()]]),
		},
		endOf('a#1'),
		control => {
			control.retry('a#1');
		},
	);

	assert.equal(result.status, 'converged');
	assert.ok(
		result.reasons.some(
			reason => reason.includes('in vain') && reason.includes('It is down.'),
		),
	);
});

test('a model that is swapped in is told the whole question in a transcript of its own, and keeps the place', async () => {
	const other = fakeModel([['other two'], ['other three']]);
	const cast = {
		a: fakeModel([['one a'], ['two a']]),
		b: fakeModel([['one b'], ['two b'], ['three b']]),
		arbiter: fakeModel([[unsure], [unsure], [verdictText()]]),
	};
	const {events, result} = await playUntil(
		cast,
		endOf('a#1', 2),
		control => {
			assert.equal(control.swap('a#1', 'new/other'), true);
		},
		{findModel: async () => other},
	);
	const starts = eventsOf(events, 'call-start').filter(
		({speaker}) => speaker === 'a#1',
	);

	assert.deepEqual(
		starts.map(({model}) => model),
		['a', 'a', 'new/other', 'new/other'],
	);
	assert.notEqual(starts[2]!.transcriptId, starts[1]!.transcriptId);
	assert.equal(starts[2]!.extends, null);
	assert.match(said(other, 0).join('|'), /^Why\?\n\nThe answers of all/);
	assert.deepEqual(said(other, 1).slice(0, 2), [
		said(other, 0)[0],
		'other two',
	]);
	assert.deepEqual(
		eventsOf(events, 'call-mark').map(({callId, mark}) => [callId, mark]),
		[[starts[2]!.callId, 'swapped-in']],
	);
	assert.equal(result.consortium.members[0]!.model, 'a', 'as configured');
	assert.equal(result.iterations[2]!.instances[0]!.model, 'new/other');
	assert.equal(result.status, 'converged');
});

test('the name of a model that was swapped in is hidden from the arbiter', async () => {
	const cast = {
		a: fakeModel([['x']]),
		arbiter: fakeModel([[verdictText()]]),
	};
	await playUntil(
		cast,
		endOf('a#1'),
		control => {
			control.swap('a#1', 'new/secret-model');
		},
		{findModel: async () => fakeModel([['I am secret-model.']])},
	);

	assert.match(briefOf(cast.arbiter), /I am \[model\]\./);
});

const refusals: ReadonlyArray<
	readonly [string, Parameters<typeof play>[1], RegExp]
> = [
	[
		'nobody knows it',
		{
			async findModel() {
				throw new Error('There is no such model.');
			},
		},
		/There is no such model\./,
	],
	['nobody can find it', {}, /not part of this consortium/],
	[
		'it refuses the options of the place',
		{
			findModel: async () => ({
				...fakeModel([]),
				refusalOf: () => 'It takes no temperature.',
			}),
		},
		/It takes no temperature\./,
	],
	[
		'its price is unknown where there is a budget',
		{
			findModel: async () => fakeModel([], {costUsd: null}),
			consortium: {limits: {budgetUsd: 1, timeoutSeconds: 60}},
		},
		/price of new\/model is unknown/,
	],
	[
		'its price is unknown where there is a daily limit',
		{
			findModel: async () => fakeModel([], {costUsd: null}),
			purse: {reserve: () => null, settle() {}},
		},
		/daily limit cannot be kept: the price of new\/model is unknown/,
	],
	[
		'it would exceed the budget',
		{
			findModel: async () => fakeModel([], {costUsd: 5}),
			consortium: {limits: {budgetUsd: 1, timeoutSeconds: 60}},
		},
		/budget of \$1 would be exceeded/,
	],
	[
		'it is simulated and nobody else is',
		{findModel: async () => ({...fakeModel([]), isSimulated: true})},
		/simulated/,
	],
];

for (const [why, options, sentence] of refusals) {
	test(`a model is not swapped in when ${why}, and the one that speaks goes on`, async () => {
		const played = await playUntil(
			{
				a: fakeModel([['one', ' two', ' three', ' four', ' five']]),
				arbiter: fakeModel([[verdictText()]]),
			},
			event => event.type === 'call-delta',
			control => {
				assert.equal(control.swap('a#1', 'new/model'), true);
			},
			options,
		);
		const [control] = eventsOf(played.events, 'control');

		assert.equal(control?.verb, 'swap');
		assert.match(control?.refusal ?? '', sentence);
		assert.deepEqual(answersOf(played), [['a#1', 'one two three four five']]);
	});
}

test('“answer now” does not wait for a model that is still looked for', async () => {
	const played = await playUntil(
		{
			a: fakeModel([['done']]),
			b: fakeModel([['half', 'hang']]),
			arbiter: fakeModel([[verdictText()]]),
		},
		endOf('a#1'),
		control => {
			assert.equal(control.swap('a#1', 'new/model'), true);
			assert.equal(control.answerNow(), true);
		},
		{findModel: async () => new Promise(() => {})},
	);

	assert.equal(played.result.status, 'converged');
	assert.deepEqual(
		eventsOf(played.events, 'control').map(({verb, refusal}) => [
			verb,
			refusal === null,
		]),
		[
			['answer-now', true],
			['swap', false],
		],
	);
});

test('cancelling does not wait for a model that is still looked for', async () => {
	const controller = new AbortController();
	const {result} = await playUntil(
		{a: fakeModel([['done']]), arbiter: fakeModel([[verdictText()]])},
		endOf('a#1'),
		control => {
			control.swap('a#1', 'new/model');
			controller.abort();
			assert.equal(control.retry('a#1'), false);
		},
		{
			signal: controller.signal,
			findModel: async () => new Promise(() => {}),
		},
	);

	assert.equal(result.status, 'cancelled');
});

test('an answer that is left out is in no brief, is listed, and does not degrade the run', async () => {
	const cast = {
		a: fakeModel([['<final>1</final>']]),
		b: fakeModel([['<final>2</final>']]),
		c: fakeModel([[{failure: failure()}]]),
		arbiter: fakeModel([[verdictText()]]),
	};
	const control = createRunControl();
	const {events, result} = await play(cast, {
		control,
		onEvent(event) {
			if (event.type === 'call-start' && event.purpose === 'answer') {
				assert.equal(control.leaveOut(event.callId), true);
				assert.equal(control.leaveOut(event.callId), false, 'it is left out');

				if (event.speaker === 'a#1') {
					assert.equal(control.putBack(event.callId), true);
					assert.equal(control.putBack(event.callId), false);
				}
			}
		},
	});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'converged');
	assert.match(briefOf(cast.arbiter), /<final>1/);
	assert.doesNotMatch(briefOf(cast.arbiter), /<final>2/);
	assert.equal(result.iterations[0]!.verdicts[0]!.agreement, null, 'of one');
	assert.deepEqual(
		result.iterations[0]!.instances.map(({id, isLeftOut}) => [id, isLeftOut]),
		[
			['a#1', false],
			['b#1', true],
			['c#1', true],
		],
	);
	assert.equal(
		result.reasons.filter(reason => reason.includes('left its answer out'))
			.length,
		2,
	);
});

test('an answer that is left out while the arbiter speaks was weighed, and the run says so', async () => {
	const cast = {
		a: fakeModel([['<final>1</final>']]),
		b: fakeModel([['<final>1</final>']]),
		arbiter: fakeModel([[verdictText()]]),
	};
	let answerId = '';
	const {result} = await playUntil(
		cast,
		event => event.type === 'call-delta' && event.text.includes('analysis'),
		(control, event) => {
			assert.equal(control.retry('a#1'), false, 'the arbiter speaks');
			assert.equal(control.swap('a#1', 'b'), false);
			assert.equal(control.answerNow(), false);
			assert.equal(
				control.leaveOut(event.type === 'call-delta' ? event.callId : ''),
				false,
				'a verdict is no answer',
			);
			assert.equal(control.leaveOut(answerId), true);
		},
		{
			onEvent(event) {
				if (endOf('b#1')(event) && event.type === 'call-end') {
					answerId = event.callId;
				}
			},
		},
	);

	assert.equal(result.iterations[0]!.verdicts[0]!.agreement, 1);
	assert.ok(
		result.reasons.some(reason => reason.includes('been weighed already')),
	);
});

test('without all that was left out there is no answer, and the run says why', async () => {
	const {result} = await playUntil(
		{a: fakeModel([['x']]), arbiter: fakeModel([[verdictText()]])},
		endOf('a#1'),
		(control, event) => {
			control.leaveOut(event.type === 'call-end' ? event.callId : '');
		},
	);

	assert.equal(result.status, 'unanswered');
	assert.match(result.reasons[0]!, /Without what was left out/);
});

test('an answer is left out at once, though everyone is silent', async () => {
	const control = createRunControl();
	const beats: Beat[] = ['half', 'hang'];
	const {events, result} = await play(
		{
			a: fakeModel([['done']]),
			b: fakeModel([beats]),
			arbiter: fakeModel([[verdictText()]]),
		},
		{
			control,
			onEvent(event) {
				if (event.type === 'call-delta' && event.text === 'half') {
					const {callId} = event;
					setImmediate(() => {
						control.leaveOut(callId);
					});
				}

				if (event.type === 'call-mark') {
					control.answerNow();
				}
			},
		},
	);

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'converged');
});

test('an answer that is left out is not one of those a strategy waits for', async () => {
	const world = stillWorld();
	const control = createRunControl();
	const {events} = await play(
		{
			a: fakeModel([['done']]),
			b: fakeModel([['also', ' done']]),
			c: fakeModel([['hang']]),
			arbiter: fakeModel([[verdictText()]]),
		},
		{
			world,
			control,
			strategy: {
				name: 'hasty',
				next: run =>
					run.iterations.length > 0
						? {type: 'stop', stop: 'exhausted', reason: 'Enough.'}
						: {
								type: 'ask',
								ask: ['a#1', 'b#1', 'c#1'].map(instance => ({
									instance,
									message: {question: 'Why?', feedback: null},
									templateHash: null,
									system: null,
								})),
								until: {quorum: 1, graceMs: 5000},
								reason: 'All.',
							},
			},
			onEvent(event) {
				if (event.type === 'call-start' && event.speaker === 'a#1') {
					control.leaveOut(event.callId);
				} else if (event.type === 'call-end') {
					setImmediate(() => {
						void world.pass(5000);
					});
				}
			},
		},
	);
	const letGo = events.findIndex(
		event => event.type === 'control' && event.verb === 'answer-now',
	);

	assert.deepEqual(brokenRules(events), []);
	assert.ok(letGo > events.findIndex(endOf('b#1')), 'it waited for b');
});

test('no verb takes effect before or after a run, nor for what is not there', async () => {
	const control = createRunControl();
	const tried = () => [
		control.stop('id-0003'),
		control.answerNow(),
		control.retry('a#1'),
		control.swap('a#1', 'b'),
		control.leaveOut('id-0003'),
		control.putBack('id-0003'),
	];
	const nothing = Array.from({length: 6}, () => false);
	assert.deepEqual(tried(), nothing);
	await play(
		{a: fakeModel([['x']]), arbiter: fakeModel([[verdictText()]])},
		{
			control,
			onEvent(event) {
				if (
					event.type === 'run-start' ||
					event.type === 'run-end' ||
					(event.type === 'decision' && event.action === 'stop')
				) {
					assert.deepEqual(tried(), nothing, event.type);
				}

				if (event.type === 'call-delta') {
					assert.equal(control.retry('nobody#1'), false);
					assert.equal(control.stop('nothing'), false);
					assert.equal(control.putBack(event.callId), false);
				}
			},
		},
	);
	assert.deepEqual(tried(), nothing);
});
