import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import {createProgressLines} from '../../source/output/progress-lines.js';
import {Abort} from '../../source/core/abort.js';
import {type SavedConsortium} from '../../source/core/consortium.js';
import {type RunEvent} from '../../source/core/events.js';
import {type Model} from '../../source/core/model.js';
import {runConsortium} from '../../source/core/run-consortium.js';
import {createRunControl} from '../../source/core/run-control.js';
import {failure, fakeModel, type Beat} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {consortiumOf, optionsFor, play, verdictText} from '../helpers/play.js';
import {answersIn, modelThat, resumedAfter} from '../helpers/readers.js';
import {stillWorld, whilePassing, type StillWorld} from '../helpers/world.js';

const hedging = (
	more: Partial<SavedConsortium> = {},
): Partial<SavedConsortium> => ({
	strategies: [{name: 'quorum', params: {hedge: 10}}],
	...more,
});

/**
A run of one instance whose calls follow these scripts, the first call's first.
*/
async function hedged(
	scripts: ReadonlyArray<readonly Beat[]>,
	{
		consortium,
		world = stillWorld(),
		...options
	}: Omit<NonNullable<Parameters<typeof play>[1]>, 'world'> & {
		readonly world?: StillWorld;
	} = {},
	slow: Model = fakeModel(scripts),
) {
	const played = await whilePassing(
		world,
		1000,
		play(
			{slow, arbiter: fakeModel([[verdictText()]])},
			{consortium: hedging(consortium), world, ...options},
		),
	);

	return {...played, slow, world};
}

const instancesOf = ({result}: Awaited<ReturnType<typeof play>>) =>
	result.iterations[0]!.instances.map(
		({state, answer}) => `${state}: ${answer}`,
	);

const hedgesIn = (events: readonly RunEvent[]) =>
	events.flatMap(event =>
		event.type === 'decision' ? event.marks.map(({mark}) => mark) : [],
	);

test('an instance that says nothing is asked a second time, and the second call stays when it speaks first', async () => {
	const {events, result, slow} = await hedged([['hang'], ['I am here.']]);

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(instancesOf({events, result}), [
		'stopped: ',
		'answered: I am here.',
	]);
	assert.equal(result.status, 'converged');
	assert.equal(result.reasons.length, 2);
	assert.match(
		result.reasons[1]!,
		/It was asked twice: the first call was stopped \(.+\), the second call answered \(.+\)\.$/v,
	);
	const lines: string[] = [];
	const {listen} = createProgressLines(line => {
		lines.push(line);
	});

	for (const event of events) {
		listen(event);
	}

	assert.ok(lines.some(line => line.includes(' (first) stopped in ')));
	assert.ok(lines.some(line => line.includes(' (second) answered in ')));
	assert.deepEqual(hedgesIn(events), ['hedged']);
	const [first, second] = (slow as ReturnType<typeof fakeModel>).heard;
	assert.deepEqual(second, first, 'both are sent the same');
	const sent = events.findIndex(event => event.type === 'call-send');
	const twin = events.findLastIndex(
		event => event.type === 'call-start' && event.purpose === 'answer',
	);
	assert.ok(events[twin]!.t - events[sent]!.t >= 10_000);
});

function gate() {
	const {promise, resolve} = Promise.withResolvers<void>();
	return {promise, open: resolve};
}

/**
Let a minute pass, then open it.
*/
async function passing(
	world: StillWorld,
	{open}: ReturnType<typeof gate>,
): Promise<void> {
	await setImmediate();
	await world.pass(60_000);
	await world.pass(0);
	open();
}

/**
A model whose calls wait for the gate of their number before they speak.
*/
function gated(texts: ReadonlyArray<readonly string[]>) {
	const gates = texts.map(() => gate());
	const base = fakeModel([]);
	let calls = 0;

	return {
		gates,
		model: {
			...base,
			async *call(_request, signal) {
				const number = calls++;
				const gone = Promise.withResolvers<void>();
				signal.addEventListener('abort', () => {
					gone.resolve();
				});
				yield {type: 'send'};
				await Promise.race([gates[number]!.promise, gone.promise]);

				for (const text of texts[number]!) {
					yield {type: 'text', text};
				}

				yield* fakeModel([[]]).call(_request, signal);
			},
		} satisfies Model,
	};
}

test('the first call stays when it speaks first after all', async () => {
	const {gates, model} = gated([['slow', ' but sure'], ['never']]);
	let sent = 0;
	const {events, result} = await hedged(
		[],
		{
			onEvent(event) {
				if (event.type === 'call-send' && ++sent === 2) {
					gates[0]!.open();
				}
			},
		},
		model,
	);

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(instancesOf({events, result}), [
		'answered: slow but sure',
		'stopped: ',
	]);
	assert.match(
		result.reasons.slice(1).join('\n'),
		/: It was asked twice: the first call answered \(\$0\.0100\), the second call was stopped \(\$0\.0100\)\.$/v,
		'nothing else went wrong',
	);
	assert.equal(
		events.find(event => event.type === 'verdict')?.labels['A'],
		'slow#1',
	);
});

for (const first of [0, 1]) {
	test(`when both speak while a listener is slow, the ${first === 0 ? 'first' : 'second'} call before the other, one complete answer counts`, async () => {
		const {gates, model} = gated([
			['one', ' whole'],
			['other', ' whole'],
		]);
		const world = stillWorld();
		const cast = {slow: model, arbiter: fakeModel([[verdictText()]])};
		const events: RunEvent[] = [];
		let sent = 0;

		const listen = async () => {
			for await (const event of runConsortium(
				consortiumOf(cast, hedging()),
				'Why?',
				optionsFor(cast, {world}),
			)) {
				events.push(event);
				sent += Number(event.type === 'call-send');

				if (event.type === 'call-send' && sent === 2) {
					gates[first]!.open();
				}

				if (event.type === 'call-delta' && sent === 2) {
					gates[1 - first]!.open();
					await setImmediate();
				}
			}
		};

		await whilePassing(world, 1000, listen());
		assert.deepEqual(brokenRules(events), []);
		const states = events.flatMap(event =>
			event.type === 'call-end' && event.purpose === 'answer'
				? [`${event.outcome.state}: ${event.outcome.text}`]
				: [],
		);
		const whole = ['one whole', 'other whole'][first]!;
		assert.deepEqual(
			states.toSorted(),
			[`answered: ${whole}`, `stopped: ${['other', 'one'][first]!}`],
			'the other had said a word too',
		);
		const [brief] = cast.arbiter.heard;
		assert.deepEqual(answersIn(brief!).values().toArray(), [whole]);
		assert.equal(
			events.filter(
				event =>
					event.type === 'call-end' &&
					event.purpose === 'answer' &&
					event.committed,
			).length,
			1,
			'one of them is in the transcript',
		);
	});
}

test('a consortium whose members speak is not silent', async () => {
	const world = stillWorld();
	const inner = gate();
	const model: Model = {
		...fakeModel([]),
		async *call(request, signal) {
			yield {type: 'send'};
			yield {
				type: 'nested',
				event: {
					type: 'answer-delta',
					callId: 'x',
					text: '',
					runId: 'r',
					seq: 0,
					t: 0,
				},
			};
			await inner.promise;
			yield* fakeModel([['of all']]).call(request, signal);
		},
	};
	const {events} = await hedged(
		[],
		{
			world,
			onEvent(event) {
				if (event.type === 'nested') {
					void passing(world, inner);
				}
			},
		},
		model,
	);

	assert.deepEqual(hedgesIn(events), []);
});

test('when both fail the instance has failed, once', async () => {
	const {events, result} = await whileBothFail();

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'degraded');
	assert.equal(
		result.reasons.filter(reason => reason.startsWith('slow#1')).length,
		1,
	);
});

async function whileBothFail() {
	const world = stillWorld();
	const {gates, model} = failingAtGates();
	let sent = 0;

	return whilePassing(
		world,
		1000,
		play(
			{
				slow: model,
				quick: fakeModel([['I answer.']]),
				arbiter: fakeModel([[verdictText()]]),
			},
			{
				consortium: {strategies: [{name: 'quorum', params: {hedge: 10}}]},
				world,
				onEvent(event) {
					if (event.type === 'call-send' && ++sent === 3) {
						for (const each of gates) {
							each.open();
						}
					}
				},
			},
		),
	);
}

function failingAtGates() {
	const gates = [gate(), gate()];
	let calls = 0;

	return {
		gates,
		model: {
			...fakeModel([]),
			async *call(request, signal) {
				const number = calls++;
				yield {type: 'send'};
				await gates[number]!.promise;
				yield* fakeModel([[{failure: failure()}]]).call(request, signal);
			},
		} satisfies Model,
	};
}

test('the second call may fail while the first goes on', async () => {
	let calls = 0;
	const late = gate();
	const model: Model = {
		...fakeModel([]),
		async *call(request, signal) {
			yield {type: 'send'};

			if (calls++ === 0) {
				await late.promise;
				yield* fakeModel([['at last']]).call(request, signal);
			} else {
				yield* fakeModel([[{failure: failure()}]]).call(request, signal);
			}
		},
	};
	const {events, result} = await hedged(
		[],
		{
			onEvent(event) {
				if (event.type === 'call-end' && event.outcome.state === 'failed') {
					late.open();
				}
			},
		},
		model,
	);

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(instancesOf({events, result}), [
		'answered: at last',
		'failed: ',
	]);
	assert.notEqual(result.status, 'degraded');
});

test('a budget that does not allow a second call leaves it at one', async () => {
	const control = createRunControl();
	const {events, result} = await hedged([['hang'], ['never']], {
		control,
		consortium: {limits: {budgetUsd: 0.015, timeoutSeconds: 60}},
	});

	assert.deepEqual(hedgesIn(events), []);
	assert.equal(
		events.filter(
			event => event.type === 'call-start' && event.purpose === 'answer',
		).length,
		1,
	);
	assert.equal(result.status, 'limited');
});

test('both calls are paid for, and no more than both', async () => {
	const limited = async (budgetUsd: number) =>
		(
			await hedged([['hang'], ['here']], {
				consortium: {limits: {budgetUsd, timeoutSeconds: 60}},
			})
		).result;

	const enough = await limited(0.03);
	assert.equal(enough.status, 'converged');
	assert.ok(Math.abs(enough.costUsd! - 0.03) < 1e-9);
	assert.equal((await limited(0.025)).status, 'limited');
});

test('who stops one of two calls stops both', async () => {
	const control = createRunControl();
	let starts = 0;
	const {events, result} = await hedged([['hang'], ['hang']], {
		control,
		onEvent(event) {
			if (event.type === 'call-send' && ++starts === 2) {
				control.stop(event.callId);
			}
		},
	});

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(instancesOf({events, result}), ['stopped: ', 'stopped: ']);
	assert.equal(result.status, 'unanswered');
});

test('who wants the answer now, in the moment an instance is asked again, gets no second call', async () => {
	const control = createRunControl();
	const {events} = await hedged([['hang'], ['hang']], {
		control,
		onEvent(event) {
			if (event.type === 'decision' && event.marks.length > 0) {
				control.answerNow();
			}
		},
	});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(events.filter(event => event.type === 'call-start').length, 1);
});

test('a run that is cancelled takes both calls with it', async () => {
	const leaving = new AbortController();
	let sent = 0;
	const {events, result} = await hedged([['hang'], ['hang']], {
		signal: leaving.signal,
		onEvent(event) {
			if (event.type === 'call-send' && ++sent === 2) {
				leaving.abort(new Abort('person'));
			}
		},
	});

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(instancesOf({events, result}), [
		'cancelled: ',
		'cancelled: ',
	]);
});

test('what waits in the queue of its provider is not late', async () => {
	const queue = gate();
	const world = stillWorld();
	const model: Model = {
		...fakeModel([]),
		async *call(request, signal) {
			await queue.promise;
			yield* fakeModel([['my turn']]).call(request, signal);
		},
	};
	const {events} = await hedged(
		[],
		{
			world,
			onEvent(event) {
				if (event.type === 'call-start' && event.purpose === 'answer') {
					void passing(world, queue);
				}
			},
		},
		model,
	);

	assert.deepEqual(hedgesIn(events), []);
});

test('a thought is a word', async () => {
	const {gates, model} = gated([['done'], ['never']]);
	const thinking: Model = {
		...model,
		async *call(request, signal) {
			yield {type: 'send'};
			yield {type: 'thinking', text: 'Hm.'};
			await gates[0]!.promise;
			yield* fakeModel([['done']]).call(request, signal);
		},
	};
	const world = stillWorld();
	const {events} = await hedged(
		[],
		{
			world,
			onEvent(event) {
				if (event.type === 'call-delta' && event.channel === 'thinking') {
					void passing(world, gates[0]!);
				}
			},
		},
		thinking,
	);

	assert.deepEqual(hedgesIn(events), []);
});

test('a run that was broken off while both speak asks once more, and only what is missing', async () => {
	const world = stillWorld();
	const cast = (script: readonly Beat[]) => ({
		slow: modelThat(() => script),
		quick: modelThat(() => 'quick'),
		arbiter: modelThat(() => verdictText({synthesis: 'Both.'})),
	});
	const whole = await whilePassing(
		world,
		1000,
		play(
			{...cast([]), slow: fakeModel([['hang'], ['here', ' I', ' am']])},
			{world, consortium: hedging()},
		),
	);

	for (let count = 1; count < whole.events.length; count++) {
		const again = cast(['here', ' I', ' am']);
		const {events, result} = await whilePassing(
			world,
			1000,
			resumedAfter(count, whole, {
				cast: again,
				world,
				consortium: hedging(),
			}),
		);
		assert.deepEqual(brokenRules(events), [], `after ${count}`);
		assert.equal(result.answer, 'Both.', `after ${count}`);
		assert.ok(
			result.iterations[0]!.instances.some(
				({answer, state}) => answer === 'here I am' && state === 'answered',
			),
			`after ${count}`,
		);
	}
});

test('a run that was broken off while the first call goes on, after the second one failed, asks again', async () => {
	const world = stillWorld();
	const {gates, model} = gated([['first']]);
	let calls = 0;
	const slow: Model = {
		...model,
		call: (request, signal) =>
			calls++ === 0
				? model.call(request, signal)
				: fakeModel([[{failure: failure()}]]).call(request, signal),
	};
	const quick = modelThat(() => 'quick');
	const arbiter = modelThat(() => verdictText());
	const whole = await whilePassing(
		world,
		1000,
		play(
			{slow, quick, arbiter},
			{
				world,
				consortium: hedging(),
				onEvent(event) {
					if (event.type === 'call-end' && event.outcome.failure) {
						gates[0]!.open();
					}
				},
			},
		),
	);
	const failed = whole.events.findIndex(
		event => event.type === 'call-end' && event.outcome.failure !== null,
	);
	const {events, result} = await whilePassing(
		world,
		1000,
		resumedAfter(failed + 1, whole, {
			cast: {slow: modelThat(() => 'here I am'), quick, arbiter},
			world,
			consortium: hedging(),
		}),
	);

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'converged');
	assert.deepEqual(
		instancesOf({events, result})
			.filter(each => each.startsWith('answered'))
			.toSorted(),
		['answered: here I am', 'answered: quick'],
	);
});
