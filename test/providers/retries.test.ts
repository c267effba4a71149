import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ModelError} from '../../source/core/failure.js';
import {type ModelPart} from '../../source/core/model.js';
import {createModels} from '../../source/providers/resolve.js';
import {closedUrl, heard, modelPlaying, request} from '../helpers/providers.js';
import {apiNames, textIn} from '../helpers/protocols.js';
import {cut, status} from '../helpers/scenes.js';

/**
Time for everything that does not wait for a timer.
*/
const settled = async () => {
	await new Promise(resolve => {
		setImmediate(resolve);
	});
};

const whole = {
	chat: textIn.chat('Yes.'),
	responses: textIn.responses('Yes.'),
	anthropic: textIn.anthropic('Yes.'),
	gemini: textIn.gemini('Yes.'),
};

for (const api of apiNames) {
	test(`${api}: the wait a server asks for is kept and shown`, async t => {
		const {model, player} = await modelPlaying(t, api, [
			status(429, {retryAfterMs: 40, error: {message: 'Slow down.'}}),
			whole[api],
		]);
		const {waits, text, parts} = await heard(model);

		assert.equal(text, 'Yes.');
		assert.equal(player.seen.length, 2);
		assert.equal(parts.filter(({type}) => type === 'send').length, 1);
		assert.equal(waits.length, 1);
		assert.equal(waits[0]!.attempt, 1);
		assert.equal(waits[0]!.maxAttempts, 3);
		assert.equal(waits[0]!.delayMs, 40);
		assert.equal(waits[0]!.failure.kind, 'rate');
		assert.equal(waits[0]!.failure.status, 429);
	});

	test(`${api}: a server that asks for more than a minute is not asked again`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			status(429, {retryAfter: 61}),
		);
		const {waits, failure} = await heard(model);

		assert.equal(player.seen.length, 1);
		assert.deepEqual(waits, []);
		assert.equal(failure?.kind, 'rate');
		assert.match(failure.message, /to wait 61 s/);
		assert.equal(failure.retryable, false);
	});

	test(`${api}: a used-up quota is not asked for again`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			status(429, {
				retryAfter: 1,
				error: {code: 'insufficient_quota', message: 'Pay.'},
			}),
		);

		assert.equal((await heard(model)).failure?.kind, 'quota');
		assert.equal(player.seen.length, 1);
	});

	test(`${api}: a server that says not to try again is believed`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			status(503, {headers: {'x-should-retry': 'false'}}),
		);

		assert.equal((await heard(model)).failure?.kind, 'overloaded');
		assert.equal(player.seen.length, 1);
	});

	test(`${api}: what the client has tried often enough is not worth an attempt of ours`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			status(500, {retryAfterMs: 1}),
		);
		const {waits, failure} = await heard(model);

		assert.equal(player.seen.length, 3);
		assert.deepEqual(
			waits.map(({attempt}) => attempt),
			[1, 2],
		);
		assert.equal(failure?.kind, 'overloaded');
		assert.equal(failure.retryable, false);
	});

	test(`${api}: a connection that breaks before the reply is waited for and tried again`, async t => {
		const {model} = await modelPlaying(
			t,
			api,
			[cut(status(500), 0), whole[api]],
			{random: () => 1},
		);
		const {waits, text} = await heard(model);

		assert.equal(text, 'Yes.');
		assert.equal(waits.length, 1);
		assert.equal(waits[0]!.failure.kind, 'network');
		assert.equal(waits[0]!.delayMs, 375);
	});

	test(`${api}: what is not worth a retry is tried once`, async t => {
		const {model, player} = await modelPlaying(t, api, status(400));
		await heard(model);

		assert.equal(player.seen.length, 1);
	});
}

test('a wait in seconds counts as well as one in milliseconds', async t => {
	const {model} = await modelPlaying(t, 'chat', [
		status(503, {retryAfter: 0.05}),
		whole.chat,
	]);
	const {waits} = await heard(model);

	assert.equal(waits[0]?.delayMs, 50);
});

test('the longest wait can be set', async t => {
	const {model, player} = await modelPlaying(
		t,
		'chat',
		status(503, {retryAfterMs: 30}),
		{settings: {longestWaitMs: 20}},
	);
	await heard(model);

	assert.equal(player.seen.length, 1);
});

test('a server that gives no wait is given half a second, doubled each time', async t => {
	const {model} = await modelPlaying(t, 'chat', [
		status(503),
		status(503),
		whole.chat,
	]);
	const {waits} = await heard(model);

	assert.deepEqual(
		waits.map(({delayMs}) => delayMs),
		[500, 1000],
	);
});

test('an abort ends a wait at once with its own reason', async t => {
	const {model, player} = await modelPlaying(
		t,
		'chat',
		status(429, {retryAfter: 30}),
	);
	const reason = new Error('Enough.');
	const abort = new AbortController();
	const seen: string[] = [];

	await assert.rejects(async () => {
		for await (const {type} of model.call(request('Hello?'), abort.signal)) {
			seen.push(type);

			if (type === 'wait') {
				abort.abort(reason);
			}
		}
	}, reason);
	assert.deepEqual(seen, ['send', 'wait']);
	assert.equal(player.seen.length, 1);
});

test('a connection that is refused to the end says so once the retries are spent', async () => {
	const url = await closedUrl();
	const models = createModels({
		random: () => 1,
		settings: {maxRetries: 1},
		endpoints: [
			{
				name: 'box',
				baseUrl: url,
				keyEnv: null,
				api: 'chat',
			},
		],
	});
	const {waits, failure} = await heard(await models.resolve('box/llama'));

	assert.equal(waits.length, 1);
	assert.equal(
		failure?.message,
		`No server answers at ${url}: is the server running?`,
	);
	assert.equal(failure.retryable, false);
});

test('leaving the stream during a wait ends the retries', async t => {
	let requests = 0;
	const {model} = await modelPlaying(t, 'chat', [], {
		async fetch() {
			requests++;
			return new Response(null, {status: 503, headers: {'retry-after': '30'}});
		},
	});
	t.mock.timers.enable({apis: ['setTimeout']});

	for await (const {type} of model.call(
		request('Hello?'),
		new AbortController().signal,
	)) {
		if (type === 'wait') {
			break;
		}
	}

	t.mock.timers.tick(60_000);
	await settled();
	assert.equal(requests, 1);
});

test('the wait is exactly as long as it is said to be', async t => {
	let requests = 0;
	const {model} = await modelPlaying(t, 'chat', [], {
		async fetch() {
			requests++;
			return new Response(null, {status: 429, headers: {'retry-after': '20'}});
		},
		settings: {maxRetries: 1},
	});
	t.mock.timers.enable({apis: ['setTimeout']});
	const reply = model.call(request('Hello?'), new AbortController().signal);
	const parts = reply[Symbol.asyncIterator]() as AsyncGenerator<
		ModelPart,
		null
	>;
	await parts.next();
	const {value} = await parts.next();
	const failing = assert.rejects(parts.next(), ModelError);
	await settled();

	assert.equal(value?.type === 'wait' && value.delayMs, 20_000);
	t.mock.timers.tick(19_999);
	await settled();
	assert.equal(requests, 1);
	t.mock.timers.tick(1);
	await settled();
	assert.equal(requests, 2);
	await failing;
});
