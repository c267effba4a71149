import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Abort} from '../../source/core/abort.js';
import {type RunEvent} from '../../source/core/events.js';
import {createRunControl} from '../../source/core/run-control.js';
import {createTable, pictureOf} from '../helpers/derived.js';
import {failure, fakeModel, type FakeModel} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {verdictText} from '../helpers/play.js';

const unsure = verdictText({
	confidence: 0.6,
	needsIteration: true,
	synthesis: 'Perhaps.',
});
const sure = verdictText({synthesis: 'Surely.'});

const said = (model: FakeModel, call: number) =>
	model.heard[call]!.messages.map(message =>
		message.role === 'user' ? message.parts.join('') : message.text,
	);

const startsOf = (events: readonly RunEvent[]) =>
	events.flatMap(event => (event.type === 'call-start' ? [event] : []));

const carriedIn = (events: readonly RunEvent[]) =>
	events.flatMap(event => (event.type === 'call-carry' ? [event] : []));

const startOf = ([event]: readonly RunEvent[]) =>
	event as RunEvent & {type: 'run-start'};

test('judging again calls the arbiter alone, once, and its verdict is the answer', async () => {
	const cast = {
		a: fakeModel([['one a'], ['two a']]),
		b: fakeModel([['one b'], ['two b']]),
		arbiter: fakeModel([
			[unsure],
			[sure],
			[
				verdictText({
					confidence: 0.4,
					needsIteration: true,
					synthesis: 'Otherwise.',
				}),
			],
		]),
	};
	const table = createTable(cast);
	const first = await table.ask();
	const {events, result} = await table.derive('rearbitrate', first.events);

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(
		startsOf(events).map(({speaker, iteration}) => [speaker, iteration]),
		[['arbiter#1', 2]],
	);
	assert.equal(cast.a.heard.length, 2);
	assert.equal(result.answer, 'Otherwise.');
	assert.equal(result.status, 'unconverged');
	assert.match(result.reasons[0]!, /judged again/);
	assert.match(said(cast.arbiter, 2)[0]!, /two a/);
	assert.match(
		said(cast.arbiter, 2)[0]!,
		/Iteration 1: confidence 0\.6/,
		'earlier verdicts are known',
	);
	assert.deepEqual(
		[startOf(events).kind, startOf(events).derivedFrom, startOf(events).turn],
		['rearbitrate', first.result.runId, 1],
	);
	assert.equal(table.conversation.turn, 1);
	assert.deepEqual(table.conversation.thread, [
		{turn: 1, question: 'Why?', answer: 'Otherwise.'},
	]);
});

test('a verdict that satisfies converges, though the limits forbid another iteration or want one', async () => {
	for (const limits of [
		{maxIterations: 1},
		{minIterations: 2, maxIterations: 2},
	]) {
		const cast = {
			a: fakeModel([['x']]),
			arbiter: fakeModel([[unsure], [sure]]),
		};
		const table = createTable(cast);
		const controller = new AbortController();
		const first = await table.ask({
			consortium: limits,
			signal: controller.signal,
			onEvent(event) {
				if (event.type === 'verdict') {
					controller.abort(new Abort('person'));
				}
			},
		});
		const {result} = await table.derive('rearbitrate', first.events, {
			consortium: limits,
		});

		assert.equal(result.status, 'converged');
		assert.equal(result.answer, 'Surely.');
	}
});

test('what is carried is told in full, listed as carried, and costs nothing again', async () => {
	const cast = {
		a: fakeModel([['one a'], ['two a']], {costUsd: 0.25}),
		arbiter: fakeModel([[unsure], [sure]], {costUsd: 0.5}),
	};
	const table = createTable(cast);
	const first = await table.ask();
	const again = await table.derive('rearbitrate', first.events, {
		consortium: {limits: {budgetUsd: 1, timeoutSeconds: 60}},
	});
	const third = await table.derive('rearbitrate', again.events);
	const before = pictureOf(first.events);

	for (const {events, result} of [again, third]) {
		assert.deepEqual(brokenRules(events), []);
		assert.equal(result.costUsd, 0.5, 'the arbiter alone');
		assert.equal(result.costIsComplete, true);
		assert.equal(result.usage.inputTokens, 10);
		assert.deepEqual(
			result.iterations.map(({instances}) =>
				instances.map(({answer, carriedFrom}) => [answer, carriedFrom]),
			),
			[[['one a', first.result.runId]], [['two a', first.result.runId]]],
			'the run that made them is named, also two runs later',
		);
		assert.equal(result.iterations[0]!.verdicts[0]!.synthesis, 'Perhaps.');

		for (const {callId, start, outcome} of carriedIn(events)) {
			assert.deepEqual(start, before.calls.get(callId)!.start);
			assert.deepEqual(outcome, before.calls.get(callId)!.outcome);
		}
	}
});

test('an answer that was left out after the end is not weighed when the answers are judged again, nor are all before it', async () => {
	const cast = {
		a: fakeModel([['from a']]),
		b: fakeModel([['from b']]),
		arbiter: fakeModel([[sure]]),
	};
	const table = createTable(cast);
	const first = await table.ask();
	const picture = pictureOf(first.events);
	const {events, result} = await table.derive('rearbitrate', [
		...first.events,
		{
			type: 'call-mark',
			callId: picture.iterations[0]!.calls[1]!.start.callId,
			mark: 'left-out',
			reason: 'A person wanted it.',
			runId: first.result.runId,
			seq: first.events.length,
			t: 0,
		},
	]);

	assert.deepEqual(brokenRules(events), []);
	assert.match(said(cast.arbiter, 1)[0]!, /from a/);
	assert.doesNotMatch(said(cast.arbiter, 1)[0]!, /from b/);
	assert.deepEqual(
		result.iterations[0]!.instances.map(({isLeftOut}) => isLeftOut),
		[false, true],
	);
	assert.equal(result.status, 'converged');
});

test('asking again goes on from what was said before the last iteration, and the run goes on', async () => {
	const cast = {
		a: fakeModel([['one a'], ['two a'], ['again a'], ['three a']]),
		b: fakeModel([['one b'], ['two b'], ['three b']]),
		arbiter: fakeModel([[unsure], [sure], [unsure], [sure]]),
	};
	const table = createTable(cast);
	const first = await table.ask();
	const {events, result} = await table.derive('retry', first.events, {
		redo: {'a#1': null},
	});

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(
		cast.a.heard[2]!.messages,
		cast.a.heard[1]!.messages,
		'it is told what it was told then, byte for byte',
	);
	assert.match(said(cast.arbiter, 2)[0]!, /again a/);
	assert.match(said(cast.arbiter, 2)[0]!, /two b/);
	assert.equal(result.iterations.length, 3, 'it was not content');
	assert.equal(said(cast.a, 3)[3], 'again a');
	assert.equal(said(cast.b, 2)[3], 'two b');
	assert.equal(result.status, 'converged');
	assert.deepEqual(
		startsOf(events).map(({speaker}) => speaker),
		['a#1', 'arbiter#1', 'a#1', 'b#1', 'arbiter#1'],
	);
	assert.equal(startOf(events).kind, 'retry');
});

test('a model that is put in the place of another after the end is told the whole question', async () => {
	const other = fakeModel([['other']]);
	const cast = {
		a: fakeModel([['one a'], ['two a']]),
		b: fakeModel([['one b'], ['two b']]),
		arbiter: fakeModel([[unsure], [sure]]),
	};
	const table = createTable(cast);
	const first = await table.ask();
	const {events, result} = await table.derive('retry', first.events, {
		redo: {'a#1': 'new/other'},
		findModel: async () => other,
	});
	const [start] = startsOf(events);

	assert.deepEqual(brokenRules(events), []);
	assert.match(said(other, 0).join('|'), /^Why\?\n\nThe answers of all/);
	assert.equal(start!.model, 'new/other');
	assert.ok(
		events.some(
			event =>
				event.type === 'call-mark' &&
				event.callId === start!.callId &&
				event.mark === 'swapped-in',
		),
	);
	assert.equal(startOf(events).instances[0]!.model, 'new/other');
	assert.equal(result.consortium.members[0]!.model, 'a', 'as configured');
	assert.equal(result.iterations[1]!.instances.at(-1)!.model, 'new/other');
});

test('a run in which nobody answered can be tried again', async () => {
	const cast = {
		a: fakeModel([[{failure: failure()}], ['a']]),
		b: fakeModel([[{failure: failure()}], ['b']]),
		arbiter: fakeModel([[sure]]),
	};
	const table = createTable(cast);
	const first = await table.ask();
	assert.equal(first.result.status, 'unanswered');
	const {events, result} = await table.derive('retry', first.events, {
		redo: {'a#1': null, 'b#1': null},
	});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'converged');
	assert.deepEqual(said(cast.a, 1), ['Why?']);
	assert.deepEqual(table.conversation.thread, [
		{turn: 1, question: 'Why?', answer: 'Surely.'},
	]);
});

test('a run that was cancelled in the middle of an iteration can be tried again', async () => {
	const cast = {
		a: fakeModel([['one a'], ['two a']]),
		b: fakeModel([['one b'], ['half', 'hang'], ['two b']]),
		arbiter: fakeModel([[unsure], [sure]]),
	};
	const table = createTable(cast);
	const controller = new AbortController();
	const first = await table.ask({
		signal: controller.signal,
		onEvent(event) {
			if (
				event.type === 'call-end' &&
				event.iteration === 2 &&
				event.speaker === 'a#1'
			) {
				controller.abort(new Abort('person'));
			}
		},
	});
	assert.equal(first.result.status, 'cancelled');
	const {events, result} = await table.derive('retry', first.events, {
		redo: {'b#1': null},
	});

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(cast.b.heard[2]!.messages, cast.b.heard[1]!.messages);
	assert.match(said(cast.arbiter, 1)[0]!, /two a/);
	assert.equal(result.status, 'converged');
});

test('a run that was cancelled before anybody was asked begins as any other', async () => {
	const cast = {a: fakeModel([['x']]), arbiter: fakeModel([[sure]])};
	const table = createTable(cast);
	const first = await table.ask({signal: AbortSignal.abort()});
	const {events, result} = await table.derive('retry', first.events);

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'converged');
});

test('a run that a limit ended has its limits anew', async () => {
	const cast = {
		a: fakeModel([['x']], {costUsd: 0.4}),
		arbiter: fakeModel([[unsure], [sure]], {costUsd: 0.4}),
	};
	const consortium = {limits: {budgetUsd: 1, timeoutSeconds: 60}};
	const table = createTable(cast);
	const first = await table.ask({consortium});
	assert.equal(first.result.status, 'limited');
	const {result} = await table.derive('retry', first.events, {
		consortium,
		redo: {'a#1': null},
	});

	assert.equal(result.status, 'converged');
});

test('asking again in vain leaves the answer that was there, in this run and in the next turn', async () => {
	const cast = {
		a: fakeModel([['kept'], [{failure: failure()}], ['next']]),
		arbiter: fakeModel([[sure]]),
	};
	const table = createTable(cast);
	const first = await table.ask();
	const {events, result} = await table.derive('retry', first.events, {
		redo: {'a#1': null},
	});
	await table.ask({prompt: 'And?'});

	assert.deepEqual(brokenRules(events), []);
	assert.match(said(cast.arbiter, 1)[0]!, /kept/);
	assert.equal(result.status, 'converged');
	assert.deepEqual(said(cast.a, 2).slice(0, 2), ['Why?', 'kept']);
});

test('the next turn is told the answer that took the place of the first, and has the next number', async () => {
	const cast = {
		a: fakeModel([['first'], ['second'], ['third']]),
		arbiter: fakeModel([
			[verdictText({synthesis: 'Old.'})],
			[verdictText({synthesis: 'New.'})],
			[sure],
		]),
	};
	const table = createTable(cast);
	const first = await table.ask();
	const second = await table.derive('retry', first.events, {
		redo: {'a#1': null},
	});
	const {events} = await table.ask({prompt: 'And?'});
	const told = said(cast.a, 2).join('|');

	assert.match(told, /^Why\?\|second\|/);
	assert.match(told, /New\./);
	assert.doesNotMatch(told, /Old\./);
	assert.equal(startOf(events).turn, 2);
	assert.equal(startOf(events).previousRunId, second.result.runId);
});

test('a run that was made again and cancelled takes no answer away', async () => {
	const cast = {
		a: fakeModel([['one'], ['two'], ['hang']]),
		arbiter: fakeModel([[unsure], [sure]]),
	};
	const table = createTable(cast);
	const first = await table.ask();
	const controller = new AbortController();
	const {events, result} = await table.derive('retry', first.events, {
		redo: {'a#1': null},
		signal: controller.signal,
		onEvent(event) {
			if (event.type === 'call-start') {
				controller.abort(new Abort('person'));
			}
		},
	});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'cancelled');
	assert.equal(table.conversation.thread[0]!.answer, 'Surely.');
});

test('verbs reach into a derived run, also to those whose answers were carried', async () => {
	const cast = {
		a: fakeModel([['one a'], ['two a']]),
		b: fakeModel([['one b'], ['two b']]),
		arbiter: fakeModel([[sure]]),
	};
	const table = createTable(cast);
	const first = await table.ask();
	const control = createRunControl();
	const {events} = await table.derive('retry', first.events, {
		redo: {'a#1': null},
		control,
		onEvent(event) {
			if (event.type === 'call-start' && event.speaker === 'a#1') {
				assert.equal(control.retry('b#1'), true);
			}
		},
	});

	assert.deepEqual(brokenRules(events), []);
	assert.match(said(cast.arbiter, 1)[0]!, /two a/);
	assert.match(said(cast.arbiter, 1)[0]!, /two b/);
	assert.deepEqual(said(cast.b, 1), ['Why?']);
});

test('everyone who is asked again is asked as the strategy would, though the limits were lowered since', async () => {
	const cast = {
		a: fakeModel([['one'], ['two'], ['again']]),
		arbiter: fakeModel([[unsure], [sure]]),
	};
	const table = createTable(cast);
	const first = await table.ask();
	await table.derive('retry', first.events, {
		redo: {'a#1': null},
		consortium: {maxIterations: 1, confidenceThreshold: 0.1},
	});

	assert.deepEqual(cast.a.heard[2]!.messages, cast.a.heard[1]!.messages);
});

test('what cannot be made again is refused before anything is called or changed', async () => {
	const cast = {a: fakeModel([['x']]), arbiter: fakeModel([[sure]])};
	const table = createTable(cast);
	const first = await table.ask();
	const second = await table.ask({prompt: 'And?'});
	const calls = cast.a.heard.length + cast.arbiter.heard.length;
	const elsewhere = createTable(cast);

	await assert.rejects(
		table.derive('rearbitrate', first.events),
		/Only the latest run/,
	);
	await assert.rejects(
		elsewhere.derive('rearbitrate', second.events, {prompt: 'And?'}),
		/Only the latest run/,
	);
	await assert.rejects(
		table.derive('rearbitrate', second.events, {prompt: 'Or?'}),
		/its own question/,
	);
	await assert.rejects(
		table.derive('retry', second.events, {
			prompt: 'And?',
			redo: {'z#1': null},
		}),
		/no instance z#1/,
	);
	await assert.rejects(
		table.derive('retry', second.events, {
			prompt: 'And?',
			redo: {'a#1': 'new/other'},
		}),
		/not part of this consortium/,
	);
	assert.equal(cast.a.heard.length + cast.arbiter.heard.length, calls);
	assert.equal(table.conversation.turn, 2);
	const {result} = await table.derive('rearbitrate', second.events, {
		prompt: 'And?',
	});
	assert.equal(result.status, 'converged');
});

test('where nobody answered there is nothing to be judged again', async () => {
	const table = createTable({
		a: fakeModel([[{failure: failure()}]]),
		arbiter: fakeModel([[sure]]),
	});
	const first = await table.ask();
	await assert.rejects(
		table.derive('rearbitrate', first.events),
		/no answer to be judged/,
	);
});

test('the iteration that is judged again is the last with an answer, and what came after it is forgotten', async () => {
	const cast = {
		a: fakeModel([['one a'], ['two a'], ['next a']]),
		b: fakeModel([['one b'], ['two', 'hang'], ['next b']]),
		arbiter: fakeModel([[unsure], [sure], [sure]]),
	};
	const table = createTable(cast);
	const control = createRunControl();
	const controller = new AbortController();
	const first = await table.ask({
		control,
		signal: controller.signal,
		onEvent(event) {
			if (
				event.type === 'call-end' &&
				event.iteration === 2 &&
				event.speaker === 'a#1'
			) {
				control.leaveOut(event.callId);
			}

			if (event.type === 'call-mark') {
				controller.abort(new Abort('person'));
			}
		},
	});
	const {events, result} = await table.derive('rearbitrate', first.events);
	await table.ask({prompt: 'And?'});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.iterations.length, 1);
	assert.match(said(cast.arbiter, 1)[0]!, /one b/);
	assert.deepEqual(said(cast.a, 2).slice(0, 2), ['Why?', 'one a']);
	assert.equal(said(cast.a, 2).length, 3);
});
