import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Abort} from '../../source/core/abort.js';
import {createWatchdog} from '../../source/providers/watchdog.js';
import {heard, modelPlaying, request} from '../helpers/providers.js';
import {apiNames, halfIn, textIn} from '../helpers/protocols.js';
import {stall, status} from '../helpers/scenes.js';

const whole = {
	chat: textIn.chat('The whole answer.'),
	responses: textIn.responses('The whole answer.'),
	anthropic: textIn.anthropic('The whole answer.'),
	gemini: textIn.gemini('The whole answer.'),
};

for (const api of apiNames) {
	test(`${api}: a reply that falls silent is stalled, and the server is left`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			stall(whole[api], halfIn[api]),
			{settings: {idleMs: 50}},
		);
		const {failure, text} = await heard(model);

		assert.notEqual(text, '');
		assert.equal(failure?.kind, 'stalled');
		assert.equal(failure.retryable, true);
		assert.match(failure.message, /sent nothing for 0\.1 s\.$/);
		assert.equal(await player.seen[0]!.leftEarly, true);
	});

	test(`${api}: a server that sends headers and nothing else is stalled`, async t => {
		const {model, player} = await modelPlaying(t, api, stall(whole[api], 0), {
			settings: {firstMs: 100},
		});
		const {failure, waits} = await heard(model);

		assert.equal(failure?.kind, 'stalled');
		assert.equal(failure.retryable, true);
		assert.equal(player.seen.length, 1);
		assert.deepEqual(waits, []);
	});

	test(`${api}: a server that does not even send headers is stalled`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			{...whole[api], latencyMs: 10_000},
			{settings: {firstMs: 100}},
		);
		const {failure, waits} = await heard(model);

		assert.equal(failure?.kind, 'stalled');
		assert.equal(player.seen.length, 1);
		assert.deepEqual(waits, []);
	});

	test(`${api}: an error whose body never ends is stalled`, async t => {
		const {model} = await modelPlaying(t, api, stall(status(500), 0), {
			settings: {firstMs: 100},
		});

		assert.equal((await heard(model)).failure?.kind, 'stalled');
	});

	test(`${api}: an abort in the middle has its own reason, and the server notices`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			stall(whole[api], halfIn[api]),
		);
		const abort = new AbortController();
		const reason = new Abort('person');
		const seen: string[] = [];

		await assert.rejects(async () => {
			for await (const {type} of model.call(request('Hello?'), abort.signal)) {
				seen.push(type);

				if (type === 'text') {
					abort.abort(reason);
				}
			}
		}, reason);
		assert.ok(!seen.includes('end'));
		assert.equal(await player.seen[0]!.leftEarly, true);
	});

	test(`${api}: leaving the stream closes the connection`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			stall(whole[api], halfIn[api]),
		);

		for await (const {type} of model.call(
			request('Hello?'),
			new AbortController().signal,
		)) {
			if (type === 'text') {
				break;
			}
		}

		assert.equal(await player.seen[0]!.leftEarly, true);
	});

	test(`${api}: nothing is sent for a signal that has aborted before`, async t => {
		const {model, player} = await modelPlaying(t, api, whole[api]);
		const reason = new Abort('time');
		const {parts, thrown} = await heard(
			model,
			request('Hello?'),
			AbortSignal.abort(reason),
		);

		assert.deepEqual(parts, []);
		assert.equal(thrown, reason);
		assert.equal(player.seen.length, 0);
	});
}

test('comments that keep the connection alive break the silence', async t => {
	const comments = Array.from({length: 12}, () => ': still here\n\n');
	const {model} = await modelPlaying(
		t,
		'chat',
		{body: [...comments, ...whole.chat.body], betweenMs: 40},
		{settings: {firstMs: 5000, idleMs: 300}},
	);

	assert.equal((await heard(model)).text, 'The whole answer.');
});

test('the wait in the queue is not silence, and is not sent', async t => {
	const {model, player} = await modelPlaying(
		t,
		'chat',
		{...whole.chat, betweenMs: 100},
		{settings: {firstMs: 400, idleMs: 400, callsInFlight: 1}},
	);
	const order: string[] = [];
	const listen = async (name: string) => {
		for await (const {type} of model.call(
			request(name),
			new AbortController().signal,
		)) {
			order.push(`${name} ${type}`);
		}
	};

	await Promise.all([listen('first'), listen('second')]);

	assert.ok(order.indexOf('second send') > order.indexOf('first end'));
	assert.equal(order.at(-1), 'second end');
	assert.equal(player.seen.length, 2);
});

test('a call that fails leaves its place to the next', async t => {
	const {model} = await modelPlaying(t, 'chat', [status(400), whole.chat], {
		settings: {callsInFlight: 1},
	});
	const [first, second] = await Promise.all([heard(model), heard(model)]);

	assert.equal(first.failure?.kind, 'bad-request');
	assert.equal(second.text, 'The whole answer.');
});

test('an answer that is there when a suspended process wakes up is in time', async t => {
	t.mock.timers.enable({apis: ['setTimeout']});
	const stalls: number[] = [];
	const answer = Promise.withResolvers<Response>();
	const watchdog = createWatchdog({firstMs: 100, idleMs: 100}, () => {
		stalls.push(1);
	});
	const answered = watchdog.request(async () => answer.promise);
	t.mock.timers.tick(100);
	answer.resolve(new Response());
	await answered;
	await new Promise(resolve => {
		setImmediate(resolve);
	});

	assert.deepEqual(stalls, []);
	assert.equal(watchdog.silenceMs(), null);
});
