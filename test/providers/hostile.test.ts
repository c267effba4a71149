import assert from 'node:assert/strict';
import {test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {startWirePlayer, type Scene} from '../helpers/wire-player.js';
import {
	heard,
	modelPlaying,
	testKey,
	type ApiName,
} from '../helpers/providers.js';
import {anthropicEvents} from '../helpers/anthropic-scenes.js';
import {geminiChunks} from '../helpers/gemini-scenes.js';
import {apiNames, calledIn, textIn} from '../helpers/protocols.js';
import {
	chatChunks,
	chatText,
	responsesEvents,
	responsesText,
	stall,
	status,
	withPiece,
} from '../helpers/scenes.js';

const patient = {settings: {afterFinishMs: 50, maxRetries: 0}};
const nonsenseIn: Readonly<Record<ApiName, Scene>> = {
	chat: chatChunks({choices: [null]}),
	responses: {
		body: ['data: null\n\n', 'data: {"type":"response.completed"}\n\n'],
	},
	anthropic: anthropicEvents(
		{type: 'message_start', message: null},
		{type: 'content_block_start', index: 0, content_block: null},
		{type: 'content_block_delta', index: 0, delta: null},
	),
	gemini: geminiChunks(null, 7, {candidates: 3}, {candidates: [null]}),
};
const json = (value: unknown): Scene =>
	status(200, {body: JSON.stringify(value)});

for (const api of apiNames) {
	// Gemini alone names the request in the body of its answer.
	const bodyId = api === 'gemini' ? 'resp_gemini' : null;

	test(`a key that comes back as the name of a request or a model is not kept (${api})`, async t => {
		const echo = {'x-request-id': `req-${testKey}`};
		const scene = textIn[api]('Hi.', {model: testKey});
		const {model} = await modelPlaying(t, api, {...scene, headers: echo});
		const {end, text: said} = await heard(model);
		assert.equal(said, 'Hi.');
		assert.equal(end!.requestId, bodyId);
		assert.equal(end!.resolvedModel, null);

		const refused = await modelPlaying(t, api, status(401, {headers: echo}));
		const {failure} = await heard(refused.model);
		assert.equal(failure!.requestId, null);
	});

	test(`an error without an end is read only in its beginning (${api})`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			{
				status: 400,
				headers: {'content-type': 'text/plain'},
				body: ['No. ', 'x'.repeat(1024 * 1024)],
				ending: 'stall',
			},
			patient,
		);
		const {failure} = await heard(model);
		assert.equal(failure!.kind, 'bad-request');
		assert.match(failure!.message, /No/);
		assert.equal(await player.seen[0]!.leftEarly, true);
	});

	test(`an endless line is left and not asked for again (${api})`, async t => {
		const megabyte = 'x'.repeat(1024 * 1024);
		const {model, player} = await modelPlaying(t, api, {
			body: ['data: ', ...Array.from({length: 24}, () => megabyte)],
		});
		const {failure} = await heard(model);
		assert.equal(failure!.kind, 'bad-request');
		assert.equal(failure!.retryable, false);
		assert.match(failure!.message, /more than any answer can hold/);
		assert.equal(player.seen.length, 1);
	});

	test(`a flood that is small on the wire is left (${api})`, async t => {
		const line = `: ${'x'.repeat(1_000_000)}\n`;
		const packed = gzipSync(line.repeat(16)).toString('base64');
		const {model, player} = await modelPlaying(t, api, {
			headers: {'content-encoding': 'gzip'},
			encoding: 'base64',
			body: Array.from({length: 17}, () => packed),
			ending: 'stall',
		});
		const {failure} = await heard(model);
		assert.equal(failure?.kind, 'bad-request');
		assert.match(failure.message, /more than any answer can hold/);
		assert.equal(await player.seen[0]!.leftEarly, true);
	});

	test(`the name of a request is kept when it is one (${api})`, async t => {
		const names = [
			`req_${'0123456789abcdef'.repeat(2)}`,
			'two words',
			'sk-a1b2c3',
		];
		const {model} = await modelPlaying(
			t,
			api,
			names.map(name => ({
				...textIn[api]('Hi.'),
				headers: {'x-request-id': name},
			})),
		);
		const kept = [];

		for (const _ of names) {
			const {end} = await heard(model);
			kept.push(end?.requestId);
		}

		assert.deepEqual(kept, [names[0], bodyId, bodyId]);
	});

	test(`a name of a model that is no name is not kept (${api})`, async t => {
		for (const name of ['two\nlines', 'x'.repeat(201)]) {
			const {model} = await modelPlaying(
				t,
				api,
				textIn[api]('Hi.', {model: name}),
			);
			const {end} = await heard(model);
			assert.equal(end?.resolvedModel, null);
		}
	});

	test(`a stream that is only called JSON is read as it comes (${api})`, async t => {
		const {model} = await modelPlaying(t, api, {
			...textIn[api]('All of it.'),
			headers: {'content-type': 'application/json'},
		});
		const {text: said, parts} = await heard(model);
		assert.equal(said, 'All of it.');
		assert.ok(parts.filter(({type}) => type === 'text').length > 1);
	});

	test(`a type of content that holds the key does not show it (${api})`, async t => {
		const {model} = await modelPlaying(
			t,
			api,
			{headers: {'content-type': 'text/html;house.key/7'}, body: ['<p>']},
			{keys: {[calledIn[api].provider]: 'house.key/7'}},
		);
		const {failure} = await heard(model);
		assert.match(failure!.message, /text\/html;\[key\] in place/);
	});

	test(`an error under a status of success tells what the server said (${api})`, async t => {
		const {model} = await modelPlaying(
			t,
			api,
			json({error: {message: 'No credit left.', code: 'insufficient_quota'}}),
		);
		const {failure} = await heard(model);
		assert.equal(failure!.kind, 'quota');
		assert.match(failure!.message, /No credit left/);
	});

	test(`JSON that is neither an answer nor an error points at the base URL (${api})`, async t => {
		const {model} = await modelPlaying(t, api, json({hello: 'world'}));
		const {failure} = await heard(model);
		assert.equal(failure!.kind, 'bad-request');
		assert.match(failure!.message, /application\/json in place of a stream/);
	});

	test(`no failure is told in the words of JavaScript (${api})`, async t => {
		const nonsense = nonsenseIn[api];

		for (const scene of [nonsense, {status: 204, body: []}]) {
			const {model} = await modelPlaying(t, api, scene, patient);
			const {failure} = await heard(model);
			assert.equal(failure?.kind, 'cut-off');
			assert.match(
				failure.message,
				/^\w+ (?:sent a reply that cannot be read|ended the reply before it was complete)\.$/,
			);
			assert.equal(failure.retryable, true);
		}
	});

	test(`a status that does not exist is one of a broken gateway (${api})`, async t => {
		const scene = {status: 799, body: ['x']};
		const {model} = await modelPlaying(t, api, scene, patient);
		const {failure} = await heard(model);
		assert.equal(failure?.kind, 'overloaded');
		assert.equal(failure.status, 502);
	});

	test(`an absurd wait is not waited for and not told in figures (${api})`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			status(429, {headers: {'retry-after': '9'.repeat(4000)}}),
		);
		const {failure} = await heard(model);
		assert.equal(failure!.kind, 'rate');
		assert.doesNotMatch(failure!.message, /Infinity|\d{9}/);
		assert.equal(player.seen.length, 1);
	});

	test(`what is meant for a terminal does not stay behind in a failure (${api})`, async t => {
		const {model} = await modelPlaying(
			t,
			api,
			status(400, {
				error: {
					message:
						'Bad \u001B]0;owned\u0007\u001B[31mthing\u001BPtmux;owned\u001B\\ is\u009D8;;owned\u009C here.\u001B]0;owned',
				},
			}),
		);
		const {failure} = await heard(model);
		assert.match(failure!.message, /: Bad thing is here\.$/);
	});

	test(`no question and no key follows a redirect (${api})`, async t => {
		const other = await startWirePlayer(() => textIn[api]('Stolen.'));
		t.after(other.close);
		const {model} = await modelPlaying(t, api, ({path}) => ({
			status: 307,
			headers: {location: new URL(path, other.url).href},
			body: [],
		}));
		const {failure} = await heard(model);
		assert.equal(other.seen.length, 0);
		assert.equal(failure?.kind, 'bad-request');
		assert.match(
			failure.message,
			/another address \(307\); check its base URL/,
		);
	});
}

test('a chat answer that came in one piece, from a server that does not stream, is an answer', async t => {
	const {model} = await modelPlaying(
		t,
		'chat',
		json({
			model: 'whole',
			choices: [
				{
					message: {role: 'assistant', content: 'All at once.'},
					finish_reason: 'stop',
				},
			],
			usage: {prompt_tokens: 5, completion_tokens: 3, total_tokens: 8},
		}),
	);
	const {text: said, end} = await heard(model);
	assert.equal(said, 'All at once.');
	assert.equal(end!.usage.outputTokens, 3);
});

test('a whole response in one piece is an answer, and items that are nothing are passed over', async t => {
	const {model} = await modelPlaying(
		t,
		'responses',
		json({
			id: 'resp_1',
			object: 'response',
			model: 'whole',
			status: 'completed',
			output: [
				null,
				{
					type: 'message',
					content: [{type: 'output_text', text: 'All at once.'}],
				},
			],
		}),
	);
	const {text: said, failure} = await heard(model);
	assert.equal(failure, null);
	assert.equal(said, 'All at once.');
});

test('an answer that has given its reason to finish is not held by what keeps the connection alive', async t => {
	const finished = chatText('Done.', {usage: null});
	const {model} = await modelPlaying(
		t,
		'chat',
		stall(
			{
				...finished,
				body: [...finished.body.slice(0, -1), ': keep\n\n', ': keep\n\n'],
			},
			finished.body.length + 1,
		),
		patient,
	);
	const {text: said, end} = await heard(model);
	assert.equal(said, 'Done.');
	assert.equal(end!.stop, 'done');
});

test('an answer that has given its reason to finish is not held by an endless chatter', async t => {
	for (const chatter of [': keep\n\n', 'data: {"choices": []}\n\n']) {
		const finished = chatText('Done.', {usage: null});
		const {model, player} = await modelPlaying(
			t,
			'chat',
			{
				body: [
					...finished.body.slice(0, -1),
					...Array.from({length: 100_000}, () => chatter),
				],
				betweenMs: 5,
			},
			patient,
		);
		const {text: said, end} = await heard(model);
		assert.equal(said, 'Done.');
		assert.equal(end!.stop, 'done');
		assert.equal(await player.seen[0]!.leftEarly, true);
	}
});

test('events and items that are nothing do not cost an answer', async t => {
	const whole = responsesText('Paid for.');
	const nothing = responsesEvents(
		{type: 'response.output_item.done', item: null},
		{type: 'response.output_text.delta', delta: {text: 'x'}},
		{type: 'response.reasoning_text.delta', delta: null},
	);
	const {model} = await modelPlaying(
		t,
		'responses',
		withPiece(whole, 2, `data: null\n\n${nothing.body.join('')}`),
	);
	const {text: said, thinking, end, failure} = await heard(model);
	assert.equal(failure, null);
	assert.equal(said, 'Paid for.');
	assert.equal(thinking, '');
	assert.equal(end!.native!.items.length, 1);
});

for (const output of [
	null,
	'x',
	[null, {type: 'message', content: null}],
	[{type: 'message', content: [null, {type: 'output_text', text: {}}]}],
]) {
	test(`a completed response may have ${JSON.stringify(output)} for its output`, async t => {
		const {model} = await modelPlaying(
			t,
			'responses',
			responsesEvents(
				{type: 'response.output_text.delta', output_index: 0, delta: 'Yes.'},
				{
					type: 'response.completed',
					response: {status: 'completed', output, model: 'mock', usage: 7},
				},
			),
		);
		const {text: said, failure} = await heard(model);
		assert.equal(failure, null);
		assert.equal(said, 'Yes.');
	});
}

test('a whole response that failed says why', async t => {
	const {model} = await modelPlaying(
		t,
		'responses',
		json({
			object: 'response',
			status: 'failed',
			error: {code: 'rate_limit_exceeded', message: 'Slow down.'},
			output: [],
		}),
	);
	const {failure} = await heard(model);
	assert.equal(failure?.kind, 'rate');
	assert.match(failure.message, /Slow down\.$/);
});
