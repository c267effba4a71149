import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setImmediate as immediate} from 'node:timers/promises';
import fc from 'fast-check';
import {createProgressLines} from '../../../source/output/progress-lines.js';
import {type SavedConsortium} from '../../../source/core/consortium.js';
import {type RunEvent} from '../../../source/core/events.js';
import {assertStrategies} from '../../../source/core/strategies/known.js';
import {quorumOf} from '../../../source/core/strategies/quorum.js';
import {fakeModel, failure, type FakeModel} from '../../helpers/fake-model.js';
import {brokenRules} from '../../helpers/grammar.js';
import {consortiumOf, play, verdictText} from '../../helpers/play.js';
import {answersIn, modelThat, resumedAfter} from '../../helpers/readers.js';
import {stillWorld, whilePassing} from '../../helpers/world.js';

test('enough are 60% of those asked, and two at least', () => {
	assert.deepEqual(
		[1, 2, 3, 4, 5, 6, 10, 64].map(count => quorumOf(count)),
		[2, 2, 2, 3, 3, 4, 6, 39],
	);
	fc.assert(
		fc.property(fc.integer({min: 2, max: 256}), count => {
			const enough = quorumOf(count);
			assert.ok(enough >= 2);
			assert.ok(enough <= count);
			assert.ok(enough >= 0.6 * count - 1e-9);
		}),
	);
});

const patient = (
	parameters: Record<string, unknown> = {},
	more: Partial<SavedConsortium> = {},
): Partial<SavedConsortium> => ({
	strategies: [{name: 'quorum', params: parameters}],
	...more,
});

const ends = (events: readonly RunEvent[]) =>
	events.flatMap(event =>
		event.type === 'call-end' && event.purpose === 'answer'
			? [`${event.speaker} ${event.outcome.state}`]
			: [],
	);

const done = () => fakeModel([['done']]);
const slow = () => fakeModel([['half an answer', 'hang']]);

/**
Let time pass when this many have answered.
*/
function passingAfter(count: number, durationMs: number) {
	const world = stillWorld();
	let answered = 0;

	return {
		world,
		onEvent(event: RunEvent) {
			answered += Number(event.type === 'call-end');

			if (event.type === 'call-end' && answered === count) {
				setImmediate(() => {
					setImmediate(() => {
						void world.pass(durationMs);
					});
				});
			}
		},
	};
}

test('when enough have answered the rest are let go after the grace, with what they said, and the run is not degraded', async () => {
	const arbiter = fakeModel([[verdictText()]]);
	const {events, result} = await play(
		{
			a: done(),
			b: done(),
			c: done(),
			d: slow(),
			e: fakeModel([['hang']]),
			arbiter,
		},
		{consortium: patient(), ...passingAfter(3, 5000)},
	);

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(ends(events).slice(3), ['d#1 stopped', 'e#1 stopped']);
	assert.equal(result.status, 'converged');
	assert.equal(result.exitCode, 0);
	assert.equal(result.iterations[0]!.instances[3]!.answer, 'half an answer');
	assert.equal(answersIn(arbiter.heard[0]!).size, 4);
	assert.deepEqual(
		events.flatMap(event =>
			event.type === 'decision' && event.action === 'judge'
				? event.marks.map(
						({instance, mark, text}) => `${instance} ${mark} ${text}`,
					)
				: [],
		),
		[
			'd#1 late Let go, since enough had answered: what it had said until then is kept.',
			'e#1 late Let go, since enough had answered: it had said nothing yet.',
		],
	);
	assert.deepEqual(
		events.flatMap(event =>
			event.type === 'control' ? [`${event.verb} by ${event.by}`] : [],
		),
		['answer-now by strategy'],
	);
	const lines: string[] = [];
	const {listen} = createProgressLines(line => {
		lines.push(line);
	});

	for (const event of events) {
		listen(event);
	}

	assert.ok(
		lines.includes('  ■ quorum: 3 of 5 answered, grace over; d#1, e#1 let go'),
	);
});

test('nobody is let go before the grace is over', async () => {
	const waiting = new AbortController();
	const world = stillWorld();

	const almost = async () => {
		await immediate();
		await world.pass(6999);
		await world.pass(0);
		waiting.abort();
	};

	const {result} = await play(
		{
			a: done(),
			b: done(),
			c: fakeModel([['hang']]),
			arbiter: fakeModel([[verdictText()]]),
		},
		{
			consortium: patient({grace: 7}),
			world,
			signal: waiting.signal,
			onEvent(event) {
				if (event.type === 'call-end' && event.speaker === 'b#1') {
					void almost();
				}
			},
		},
	);

	assert.equal(result.status, 'cancelled');
	assert.equal(result.iterations[0]!.instances[2]!.state, 'cancelled');
});

test('after a long wait the grace is a share of it', async () => {
	const world = stillWorld();
	const stopped: number[] = [];
	const thinking = modelThat(() => ['hang']);

	const inTwoSteps = async () => {
		await immediate();
		await world.pass(9999);
		stopped.push(0);
		await world.pass(1);
	};

	await play(
		{
			a: done(),
			b: modelThat(() => 'later'),
			c: thinking,
			arbiter: fakeModel([[verdictText()]]),
		},
		{
			consortium: patient({grace: 5, graceShare: 0.5}),
			world,
			onEvent(event) {
				if (event.type === 'call-end' && event.speaker === 'a#1') {
					void world.pass(20_000);
				}

				if (event.type === 'call-end' && event.speaker === 'b#1') {
					void inTwoSteps();
				}

				if (event.type === 'control') {
					stopped.push(world.now());
				}
			},
		},
	);

	assert.deepEqual(stopped, [0, 1_000_000 + 30_000]);
});

test('who fails is no answer: the others are waited for', async () => {
	const {events, result} = await play(
		{
			a: done(),
			b: fakeModel([[{failure: failure()}]]),
			c: fakeModel([['x', 'y', 'z', 'done']]),
			arbiter: fakeModel([[verdictText()]]),
		},
		{consortium: patient()},
	);

	assert.ok(ends(events).includes('c#1 answered'));
	assert.equal(result.status, 'degraded');
});

test('with one of each, the only one of its provider is waited for, unless it fails', async () => {
	const cast = (last: FakeModel) => ({
		a: fakeModel([['done']], {id: 'one/a'}),
		b: fakeModel([['done']], {id: 'one/b'}),
		c: fakeModel([['hang']], {id: 'one/c'}),
		d: last,
		arbiter: fakeModel([[verdictText()]]),
	});
	const consortium = patient({quorum: 2, grace: 0, oneOfEach: true});
	const beats = Array.from({length: 40}, () => 'word ');
	const patientWith = async (last: FakeModel, oneOfEach: boolean) => {
		const world = stillWorld();
		const {events} = await whilePassing(
			world,
			1,
			play(cast(last), {
				consortium: oneOfEach ? consortium : patient({quorum: 2, grace: 0}),
				world,
			}),
		);
		return ends(events).slice(2);
	};

	assert.deepEqual(await patientWith(fakeModel([beats], {id: 'two/d'}), true), [
		'd#1 answered',
		'c#1 stopped',
	]);
	assert.deepEqual(
		(await patientWith(fakeModel([beats], {id: 'two/d'}), false)).toSorted(),
		['c#1 stopped', 'd#1 stopped'],
	);
	assert.deepEqual(
		await patientWith(
			fakeModel([['1', '2', '3', '4', {failure: failure()}]], {id: 'two/d'}),
			true,
		),
		['d#1 failed', 'c#1 stopped'],
	);
});

test('what is enough follows those who are asked, wherever the strategy is named', async () => {
	for (const names of [
		['quorum', 'elimination'],
		['elimination', 'quorum'],
	]) {
		const arbiter = modelThat(request =>
			verdictText({
				confidence: 0.5,
				needsIteration: true,
				ranking: [...answersIn(request)]
					.toSorted(([, left], [, right]) => (left < right ? -1 : 1))
					.map(([label]) => label)
					.join(' > '),
			}),
		);
		const {events, result} = await play(
			{
				...Object.fromEntries(
					['a', 'b', 'c', 'd', 'e', 'f'].map(name => [
						name,
						modelThat(() => name),
					]),
				),
				arbiter,
			},
			{
				consortium: {
					strategies: names.map(name => ({name, params: {}})),
					maxIterations: 2,
				},
			},
		);

		assert.deepEqual(brokenRules(events), []);
		assert.deepEqual(
			result.iterations[1]!.instances.map(({id, state}) => `${id} ${state}`),
			['a#1 answered', 'b#1 answered', 'c#1 answered'],
		);
		assert.equal(
			events.find(event => event.type === 'decision')?.strategy,
			names.join(','),
		);
	}
});

test('a quorum of more than there are is refused', () => {
	assert.throws(() => {
		assertStrategies(consortiumOf({a: done()}, patient({quorum: 2})));
	}, /A quorum of 2 is more than the 1 instance there are\./v);
	assert.throws(() => {
		assertStrategies(consortiumOf({a: done()}, patient({hedge: 0})));
	}, /quorum\.hedge/v);
});

test('a run that waits and is broken off anywhere ends the same', async () => {
	const cast = () => ({
		a: modelThat(() => 'a'),
		b: modelThat(() => 'b'),
		c: modelThat(() => ['half', 'hang']),
		arbiter: modelThat(request =>
			verdictText({synthesis: `Of ${answersIn(request).size}.`}),
		),
	});
	const world = stillWorld();
	const consortium = patient({grace: 1});
	const whole = await whilePassing(
		world,
		100,
		play(cast(), {consortium, world}),
	);
	assert.equal(whole.result.answer, 'Of 3.');

	for (let count = 1; count < whole.events.length; count++) {
		const {events, result} = await whilePassing(
			world,
			100,
			resumedAfter(count, whole, {cast: cast(), consortium, world}),
		);
		assert.deepEqual(brokenRules(events), [], `after ${count}`);
		assert.equal(result.answer, 'Of 3.', `after ${count}`);
		assert.equal(result.status, 'converged', `after ${count}`);
	}
});

test('who is let go in a resumed run before it says a word is not said to have answered before', async () => {
	const world = stillWorld();
	const cast = () => ({
		a: modelThat(() => 'a'),
		b: modelThat(() => 'b'),
		c: modelThat(() => ['hang']),
		arbiter: modelThat(() => verdictText()),
	});
	const consortium = patient();
	const whole = await whilePassing(
		world,
		1000,
		play(cast(), {world, consortium}),
	);
	const judged = whole.events.findIndex(
		event => event.type === 'call-end' && event.speaker === 'c#1',
	);
	const {events, result} = await whilePassing(
		world,
		1000,
		resumedAfter(judged, whole, {cast: cast(), consortium, world}),
	);

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(
		result.reasons.filter(reason => reason.startsWith('c#1')),
		['c#1 (c): It was stopped before it had finished.'],
	);
});
