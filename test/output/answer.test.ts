import assert from 'node:assert/strict';
import {PassThrough} from 'node:stream';
import {test} from 'node:test';
import {type RunEventBody} from '../../source/core/events.js';
import {type RunResult} from '../../source/core/result.js';
import {createRunControl} from '../../source/core/run-control.js';
import {createAnswerWriter} from '../../source/output/answer.js';
import {plain} from '../../source/text/plain.js';
import {failure, fakeModel} from '../helpers/fake-model.js';
import {play, verdictText} from '../helpers/play.js';

async function written(
	bodies: readonly RunEventBody[],
	result: Pick<RunResult, 'answer' | 'status'>,
	options: Partial<Parameters<typeof createAnswerWriter>[1]> = {},
): Promise<{text: string; repeats: number}> {
	const stream = new PassThrough();
	let repeats = 0;
	const writer = createAnswerWriter(stream, {
		withMembers: false,
		clean: text => text,
		onStart() {},
		onRepeat() {
			repeats++;
		},
		...options,
	});

	for (const [seq, body] of bodies.entries()) {
		writer.listen({...body, runId: 'r', seq, t: 0});
	}

	writer.finish(result as RunResult);
	stream.end();
	return {text: (await stream.toArray()).join(''), repeats};
}

const delta = (text: string): RunEventBody => ({
	type: 'answer-delta',
	callId: 'c',
	text,
});
const startsOver: RunEventBody = {
	type: 'call-retry',
	callId: 'c',
	attempt: 1,
	maxAttempts: 3,
	delayMs: 0,
	failure: failure(),
	startsOver: true,
};

test('a streamed answer is written once and ends its line', async () => {
	assert.deepEqual(
		await written([delta('It '), delta('is.')], {
			answer: 'It is.',
			status: 'converged',
		}),
		{text: 'It is.\n', repeats: 0},
	);
});

test('an answer that never streamed is written at the end', async () => {
	const {text} = await written([], {answer: 'Late.', status: 'degraded'});
	assert.equal(text, 'Late.\n');
});

test('what streamed before a break and comes again the same is not repeated', async () => {
	const {text, repeats} = await written(
		[delta('It is '), startsOver, delta('It '), delta('is so.')],
		{answer: 'It is so.', status: 'converged'},
	);
	assert.equal(text, 'It is so.\n');
	assert.equal(repeats, 0);
});

test('an answer that comes back in other words follows whole, and that is said', async () => {
	const {text, repeats} = await written(
		[delta('It is '), startsOver, delta('No, '), delta('it is not.')],
		{answer: 'No, it is not.', status: 'converged'},
	);
	assert.equal(text, 'It is \n\nNo, it is not.\n');
	assert.equal(repeats, 1);
});

test('an answer that is only the beginning of what streamed follows whole, and that is said', async () => {
	assert.deepEqual(
		await written([delta('42 apples'), startsOver, delta('42')], {
			answer: '42',
			status: 'converged',
		}),
		{text: '42 apples\n\n42\n', repeats: 1},
	);
	assert.deepEqual(
		await written([delta('It is.\n')], {answer: 'It is.', status: 'converged'}),
		{text: 'It is.\n\n', repeats: 0},
	);
});

test('no answer writes nothing, and neither does a cancelled run', async () => {
	assert.equal(
		(await written([], {answer: null, status: 'unanswered'})).text,
		'',
	);
	assert.equal(
		(await written([], {answer: 'Earlier.', status: 'cancelled'})).text,
		'',
	);
});

test("the members' answers go first, each under its name, in the order of the configuration", async () => {
	const {events, result} = await play({
		zed: fakeModel([['From zed.']]),
		abe: fakeModel([['From abe.']]),
		mute: fakeModel([[{failure: failure()}]]),
		arbiter: fakeModel([[verdictText({synthesis: 'Both.'})]]),
	});
	const {text} = await written(events, result, {withMembers: true});
	assert.equal(
		text,
		'## zed#1\n\nFrom zed.\n\n## abe#1\n\nFrom abe.\n\n## mute#1\n\n(no answer)\n\n## Answer\n\nBoth.\n',
	);
});

test('what a second call of a member says in vain does not take the place of its answer', async () => {
	const control = createRunControl();
	const {events, result} = await play(
		{
			a: fakeModel([['Whole.'], ['Half', {failure: failure()}]]),
			b: fakeModel([['Slow', ' but', ' very,', ' very', ' sure.']]),
			arbiter: fakeModel([[verdictText({synthesis: 'Both.'})]]),
		},
		{
			control,
			onEvent(event) {
				if (event.type === 'call-end' && event.outcome.text === 'Whole.') {
					assert.equal(control.retry('a#1'), true);
				}
			},
		},
	);
	assert.ok(
		events.some(
			event => event.type === 'call-end' && event.outcome.text === 'Half',
		),
	);
	const {text} = await written(events, result, {withMembers: true});
	assert.match(
		text,
		/^## a#1\n\nWhole\.\n\n## b#1\n\nSlow but very, very sure\.\n/v,
	);
});

test('escape codes in an answer never reach a terminal', async () => {
	const {text} = await written(
		[delta('\u001B[31mred\u001B'), delta(']0;title\u0007 \u202Eback')],
		{answer: null, status: 'cancelled'},
		{clean: plain},
	);
	assert.doesNotMatch(text, /[\u001B\u0007\u202E]/v);
});
