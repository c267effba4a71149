import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ModelError} from '../../source/core/failure.js';
import {unknownUsage, type Message} from '../../source/core/model.js';
import {createModels} from '../../source/providers/resolve.js';
import {
	anthropicEvents,
	anthropicText,
	blockEvents,
} from '../helpers/anthropic-scenes.js';
import {startMockServer} from '../helpers/mock-server.js';
import {
	heard,
	modelPlaying,
	request,
	testKey,
	user,
} from '../helpers/providers.js';
import {errorIn, halfIn} from '../helpers/protocols.js';
import {stall, status, withPiece} from '../helpers/scenes.js';

const patient = {settings: {afterFinishMs: 50, maxRetries: 0}};
const started = {
	type: 'message_start',
	message: {
		id: 'msg_1',
		type: 'message',
		role: 'assistant',
		model: 'mock',
		content: [],
		stop_reason: null,
		usage: {input_tokens: 5, output_tokens: 1},
	},
};
const stopped = (reason: string | null) => [
	{
		type: 'message_delta',
		delta: {stop_reason: reason, stop_sequence: null},
		usage: {output_tokens: 2},
	},
	{type: 'message_stop'},
];

test('a reply streams its text and ends with what Anthropic said about it', async t => {
	const {model, player} = await modelPlaying(
		t,
		'anthropic',
		anthropicText('Paris is the capital.', {
			model: 'mock-20261101',
			usage: {
				input: 130,
				cached: 100,
				cacheWritten: 20,
				output: 9,
				reasoning: 5,
			},
		}),
	);
	const {parts, text, end} = await heard(
		model,
		request('Which?', {system: 'Be brief.'}),
	);
	const [seen] = player.seen;

	assert.deepEqual(parts[0], {type: 'send'});
	assert.equal(text, 'Paris is the capital.');
	assert.ok(parts.filter(({type}) => type === 'text').length > 1);
	assert.deepEqual(parts.at(-1), end);
	assert.equal(end?.stop, 'done');
	assert.equal(end?.resolvedModel, 'mock-20261101');
	assert.equal(end?.requestId, 'req_anthropic');
	assert.deepEqual(end?.usage, {
		inputTokens: 130,
		cachedTokens: 100,
		cacheWriteTokens: 20,
		outputTokens: 9,
		reasoningTokens: 5,
	});
	assert.equal(seen!.path, '/v1/messages');
	assert.equal(seen!.headers['authorization'], `Bearer ${testKey}`);
	assert.deepEqual(seen!.json, {
		max_tokens: 32_000,
		model: 'mock',
		system: 'Be brief.',
		messages: [{role: 'user', content: [{type: 'text', text: 'Which?'}]}],
		stream: true,
	});
});

test('thinking is apart from the answer and goes back with its signature', async t => {
	const {model, player} = await modelPlaying(t, 'anthropic', [
		anthropicText('Four.', {thinking: 'Two and two.', signature: 'SIG=='}),
		anthropicText('Five.'),
	]);
	const first = await heard(model);
	const reply: Message = {
		role: 'assistant',
		text: first.text,
		native: first.end!.native,
	};
	await heard(
		model,
		request('', {messages: [user('Hello?'), reply, user('a', 'b')]}),
	);

	assert.equal(first.text, 'Four.');
	assert.equal(first.thinking, 'Two and two.');
	assert.deepEqual(player.seen[1]!.json['messages'], [
		{role: 'user', content: [{type: 'text', text: 'Hello?'}]},
		{
			role: 'assistant',
			content: [
				{type: 'thinking', thinking: 'Two and two.', signature: 'SIG=='},
				{type: 'text', text: 'Four.'},
			],
		},
		{
			role: 'user',
			content: [
				{type: 'text', text: 'a'},
				{type: 'text', text: 'b'},
			],
		},
	]);
});

test('blocks of any kind go back as they came, but for texts that hold nothing', async t => {
	const sealed = {type: 'redacted_thinking', data: 'sealed'};
	const found = {
		type: 'web_search_tool_result',
		tool_use_id: 'srv_1',
		content: [
			{type: 'web_search_result', url: 'https://a.example', title: 'A'},
		],
	};
	const {model, player} = await modelPlaying(
		t,
		'anthropic',
		anthropicEvents(
			started,
			...blockEvents(0, sealed, []),
			...blockEvents(1, {type: 'text', text: ''}, []),
			...blockEvents(
				2,
				{type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: {}},
				[
					{type: 'input_json_delta', partial_json: '{"query":'},
					{type: 'input_json_delta', partial_json: '"x"}'},
				],
			),
			...blockEvents(3, found, []),
			...blockEvents(4, {type: 'text', text: ''}, [
				{type: 'text_delta', text: 'It'},
			]),
			...blockEvents(5, {type: 'text', text: ''}, [
				{type: 'text_delta', text: ' is.'},
			]),
			...stopped('end_turn'),
		),
	);
	const {text, end} = await heard(model);
	const reply: Message = {role: 'assistant', text, native: end!.native};
	await heard(model, request('', {messages: [user('?'), reply, user('!')]}));
	const [, sent] = player.seen[1]!.json['messages'] as Array<{
		content: unknown;
	}>;

	assert.equal(text, 'It is.');
	assert.deepEqual(sent!.content, [
		sealed,
		{
			type: 'server_tool_use',
			id: 'srv_1',
			name: 'web_search',
			input: {query: 'x'},
		},
		found,
		{type: 'text', text: 'It'},
		{type: 'text', text: ' is.'},
	]);
});

test('the reply of another server is sent as its text', async t => {
	const {model, player} = await modelPlaying(
		t,
		'anthropic',
		anthropicText('B'),
	);
	const reply: Message = {
		role: 'assistant',
		text: 'A',
		native: {protocol: 'anthropic:elsewhere', items: [{type: 'thinking'}]},
	};
	await heard(model, request('', {messages: [user('?'), reply, user('!')]}));

	assert.deepEqual((player.seen[0]!.json['messages'] as unknown[])[1], {
		role: 'assistant',
		content: 'A',
	});
});

test('texts with thinking between them are two paragraphs', async t => {
	const {model} = await modelPlaying(
		t,
		'anthropic',
		anthropicEvents(
			started,
			...blockEvents(0, {type: 'text', text: ''}, [
				{type: 'text_delta', text: 'One.'},
			]),
			...blockEvents(1, {type: 'thinking', thinking: '', signature: ''}, [
				{type: 'thinking_delta', thinking: 'Hm.'},
			]),
			...blockEvents(2, {type: 'text', text: ''}, [
				{type: 'text_delta', text: 'Two.'},
			]),
			...stopped('end_turn'),
		),
	);

	assert.equal((await heard(model)).text, 'One.\n\nTwo.');
});

test('a refusal without words gives its explanation', async t => {
	const {model} = await modelPlaying(
		t,
		'anthropic',
		anthropicText('', {
			stop: 'refusal',
			stopDetails: {
				type: 'refusal',
				category: 'bio',
				explanation: 'That is not for me.',
			},
		}),
	);
	const {text, end} = await heard(model);

	assert.equal(end?.stop, 'blocked');
	assert.equal(text, 'That is not for me.');
});

test('a refusal after some words keeps to them', async t => {
	const {model} = await modelPlaying(
		t,
		'anthropic',
		anthropicText('Well,', {
			stop: 'refusal',
			stopDetails: {type: 'refusal', category: null, explanation: 'No.'},
		}),
	);
	const {text, end} = await heard(model);

	assert.equal(end?.stop, 'blocked');
	assert.equal(text, 'Well,');
});

test('a reply that pauses is sent back and goes on, and counts as one', async t => {
	const {model, player} = await modelPlaying(t, 'anthropic', [
		anthropicText('One,', {stop: 'pause_turn', thinking: 'Long.'}),
		anthropicText(' two.', {usage: {input: 30, output: 4}}),
	]);
	const {parts, text, end} = await heard(model);
	const [first, second] = player.seen.map(({json}) => json['messages']) as [
		unknown[],
		unknown[],
	];

	assert.equal(text, 'One, two.');
	assert.equal(parts.filter(({type}) => type === 'send').length, 1);
	assert.equal(end?.stop, 'done');
	assert.equal(end.usage.inputTokens, 42);
	assert.equal(end.usage.outputTokens, 11);
	assert.equal(end.native!.items.length, 3);
	assert.deepEqual(second.slice(0, 1), first);
	assert.deepEqual(second.slice(1), [
		{role: 'assistant', content: end.native!.items.slice(0, 2)},
	]);
});

test('a reply that never stops pausing is kept, as one cut by a limit', async t => {
	const {model, player} = await modelPlaying(
		t,
		'anthropic',
		anthropicText('Again. ', {stop: 'pause_turn'}),
	);
	const {text, end} = await heard(model);

	assert.equal(text, 'Again. '.repeat(9));
	assert.equal(end?.stop, 'length');
	assert.equal(player.seen.length, 9);
});

test('a model with a lower limit is asked within it, then and later', async t => {
	const {model, player} = await modelPlaying(t, 'anthropic', [
		status(400, {
			error: {
				type: 'invalid_request_error',
				message:
					'max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens for mock',
			},
		}),
		anthropicText('Yes.'),
	]);

	assert.equal((await heard(model)).text, 'Yes.');
	await heard(model);
	assert.deepEqual(
		player.seen.map(({json}) => json['max_tokens']),
		[32_000, 8192, 8192],
	);
});

test('a reason to stop is enough, whatever goes wrong after it', async t => {
	const whole = anthropicText('All of it.');
	const {model} = await modelPlaying(
		t,
		'anthropic',
		{...whole, body: whole.body.slice(0, -1), ending: 'cut'},
		patient,
	);
	const {text, end} = await heard(model);

	assert.equal(text, 'All of it.');
	assert.equal(end?.stop, 'done');
	assert.equal(end.usage.outputTokens, 7);
});

test('an error inside a stream is not lost on a reader who is busy when it comes', async t => {
	const error = errorIn.anthropic({type: 'billing_error', message: 'Pay.'});
	const broken = withPiece(
		anthropicText('The whole answer.'),
		halfIn.anthropic,
		error,
	);
	const {model, player} = await modelPlaying(
		t,
		'anthropic',
		stall(broken, halfIn.anthropic + 1),
	);

	await assert.rejects(
		async () => {
			for await (const {type} of model.call(
				request('Hello?'),
				new AbortController().signal,
			)) {
				if (type === 'text') {
					assert.equal(await player.seen[0]!.leftEarly, true);
				}
			}
		},
		(thrown: unknown) => {
			assert.ok(thrown instanceof ModelError);
			assert.equal(thrown.failure.kind, 'quota');
			assert.equal(thrown.failure.retryable, false);
			return true;
		},
	);
});

test('a server that does not end a complete reply is left', async t => {
	const whole = anthropicText('All of it.');
	const {model, player} = await modelPlaying(
		t,
		'anthropic',
		{...whole, ending: 'stall'},
		patient,
	);
	const {end} = await heard(model);

	assert.equal(end?.stop, 'done');
	assert.equal(await player.seen[0]!.leftEarly, true);
});

test('a message in one piece, from a server that does not stream, is an answer', async t => {
	const {model} = await modelPlaying(
		t,
		'anthropic',
		status(200, {
			body: JSON.stringify({
				type: 'message',
				id: 'msg_1',
				role: 'assistant',
				model: 'mock',
				content: [{type: 'text', text: 'Whole.'}],
				stop_reason: 'end_turn',
				usage: {input_tokens: 3, output_tokens: 2},
			}),
		}),
	);
	const {text, end} = await heard(model);

	assert.equal(text, 'Whole.');
	assert.equal(end?.stop, 'done');
	assert.equal(end.usage.inputTokens, 3);
	assert.equal(end.native!.items.length, 1);
});

test('events, blocks and deltas nobody knows are passed over', async t => {
	const {model} = await modelPlaying(
		t,
		'anthropic',
		anthropicEvents(
			started,
			{type: 'weather', is: 'fine'},
			...blockEvents(0, {type: 'hologram', light: 1}, [
				{type: 'hologram_delta', light: 2},
			]),
			...blockEvents(1, {type: 'text', text: ''}, [
				{type: 'text_delta', text: 'Yes.'},
				{type: 'text_delta', text: {odd: true}},
			]),
			...stopped('end_turn'),
		),
	);
	const {text, end, failure} = await heard(model);

	assert.equal(failure, null);
	assert.equal(text, 'Yes.');
	assert.equal(
		end!.native,
		null,
		'the client puts what is no text into the text',
	);
});

test('use that is not reported is unknown, not nothing', async t => {
	const {model} = await modelPlaying(
		t,
		'anthropic',
		status(200, {
			body: JSON.stringify({
				type: 'message',
				content: [{type: 'text', text: 'Whole.'}],
				stop_reason: 'end_turn',
			}),
		}),
	);

	assert.deepEqual((await heard(model)).end?.usage, unknownUsage);
});

test('an address that ends in a version is the same address', async t => {
	const {model, player} = await modelPlaying(
		t,
		'anthropic',
		anthropicText('Yes.'),
	);
	const models = createModels({
		random: () => 0,
		keys: {anthropic: testKey},
		baseUrls: {anthropic: player.url},
	});
	await heard(model);
	await heard(await models.resolve('claude-mock'));

	assert.deepEqual(
		player.seen.map(({path}) => path),
		['/v1/messages', '/v1/messages'],
	);
});

test('a mock of others is understood', async t => {
	const {url, mock, close} = await startMockServer();
	t.after(close);
	mock.onMessage('Which?', {
		content: 'Paris.',
		reasoning: 'Think of France.',
	});
	const models = createModels({
		random: () => 0,
		keys: {anthropic: testKey},
		baseUrls: {anthropic: url},
	});
	const {text, thinking, end} = await heard(
		await models.resolve('claude-opus-5-5'),
		request('Which?'),
	);

	assert.equal(text, 'Paris.');
	assert.equal(thinking, 'Think of France.');
	assert.equal(end?.stop, 'done');
});
