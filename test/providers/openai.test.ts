import assert from 'node:assert/strict';
import {test} from 'node:test';
import {unknownUsage, type Message} from '../../source/core/model.js';
import {startMockServer} from '../helpers/mock-server.js';
import {heard, modelPlaying, request, user} from '../helpers/providers.js';
import {
	responsesEvents,
	responsesText,
	status,
	type ResponsesOptions,
} from '../helpers/scenes.js';
import {createModels} from '../../source/providers/resolve.js';

test('a reply streams its text and ends with what the server said about it', async t => {
	const {model} = await modelPlaying(t, 'responses', {
		...responsesText('Paris is the capital.', {
			model: 'mock-2026-11-01',
			usage: {input: 30, cached: 20, cacheWritten: 4, output: 9, reasoning: 5},
		}),
		headers: {'x-request-id': 'req_1'},
	});
	const {parts, text, end} = await heard(model);

	assert.deepEqual(parts[0], {type: 'send'});
	assert.equal(text, 'Paris is the capital.');
	assert.ok(parts.filter(({type}) => type === 'text').length > 1);
	assert.deepEqual(parts.at(-1), end);
	assert.equal(end?.stop, 'done');
	assert.equal(end?.resolvedModel, 'mock-2026-11-01');
	assert.equal(end?.requestId, 'req_1');
	assert.deepEqual(end?.usage, {
		inputTokens: 30,
		cachedTokens: 20,
		cacheWriteTokens: 4,
		outputTokens: 9,
		reasoningTokens: 5,
	});
});

test('a summary of the reasoning is thinking, apart from the answer', async t => {
	const {model} = await modelPlaying(
		t,
		'responses',
		responsesText('Four.', {thinking: 'Two and two.'}),
	);
	const {text, thinking} = await heard(model);

	assert.equal(text, 'Four.');
	assert.equal(thinking, 'Two and two.');
});

test('open reasoning is thinking, and its paragraphs stay apart', async t => {
	const done = {type: 'response.completed', response: {status: 'completed'}};
	const summary = {
		type: 'response.reasoning_summary_text.delta',
		item_id: 'rs',
		output_index: 0,
	};
	const {model} = await modelPlaying(
		t,
		'responses',
		responsesEvents(
			{...summary, summary_index: 0, delta: 'First'},
			{...summary, summary_index: 0, delta: ' thing.'},
			{...summary, summary_index: 1, delta: 'Second.'},
			{
				type: 'response.reasoning_text.delta',
				item_id: 'rs',
				output_index: 1,
				content_index: 0,
				delta: 'Third.',
			},
			{
				...done,
				response: {...done.response, output: [], model: 'mock', usage: null},
			},
		),
	);
	const {thinking, end} = await heard(model);

	assert.equal(thinking, 'First thing.\n\nSecond.\n\nThird.');
	assert.deepEqual(end?.usage, unknownUsage);
});

const endings: ReadonlyArray<
	[title: string, stop: string, options: ResponsesOptions]
> = [
	['a completed reply is done', 'done', {}],
	[
		'a reply at the token limit is cut by length',
		'length',
		{
			end: {
				status: 'incomplete',
				incomplete_details: {reason: 'max_output_tokens'},
			},
		},
	],
	[
		'a filtered reply is blocked',
		'blocked',
		{
			end: {
				status: 'incomplete',
				incomplete_details: {reason: 'content_filter'},
			},
		},
	],
	[
		'a refusal is blocked and its words are the text',
		'blocked',
		{isRefusal: true},
	],
];

for (const [title, stop, options] of endings) {
	test(title, async t => {
		const {model} = await modelPlaying(
			t,
			'responses',
			responsesText('I say this much.', options),
		);
		const {text, end} = await heard(model);

		assert.equal(end?.stop, stop);
		assert.equal(text, 'I say this much.');
	});
}

test('a reply that is incomplete for another reason is cut off', async t => {
	const {model} = await modelPlaying(
		t,
		'responses',
		responsesText('Half', {
			end: {status: 'incomplete', incomplete_details: {reason: 'steered'}},
		}),
	);
	const {failure, end} = await heard(model);

	assert.equal(end, null);
	assert.equal(failure?.kind, 'cut-off');
	assert.match(failure.message, /steered/);
	assert.equal(failure.retryable, true);
});

test('the status of a reply counts, not the name of its last event', async t => {
	const whole = responsesText('Half', {end: {status: 'in_progress'}});
	const {model} = await modelPlaying(t, 'responses', {
		...whole,
		body: whole.body.map(piece =>
			piece.replaceAll(
				'"type":"response.in_progress"',
				'"type":"response.completed"',
			),
		),
	});
	const {failure} = await heard(model);

	assert.equal(failure?.kind, 'cut-off');
});

test('a reply that failed says why, and another attempt may help', async t => {
	const {model} = await modelPlaying(
		t,
		'responses',
		responsesText('Half', {
			end: {
				status: 'failed',
				error: {code: 'server_error', message: 'The model had a bad day.'},
			},
		}),
	);
	const {failure} = await heard(model);

	assert.equal(failure?.kind, 'overloaded');
	assert.match(failure.message, /The model had a bad day\.$/);
	assert.equal(failure.retryable, true);
});

test('text that came without deltas is still said', async t => {
	const whole = responsesText('All at once.');
	const {model} = await modelPlaying(t, 'responses', {
		body: whole.body.filter(piece => !piece.includes('delta')),
	});
	const {text} = await heard(model);

	assert.equal(text, 'All at once.');
});

test('nothing is stored, and the options have their names in this protocol', async t => {
	const {model, player} = await modelPlaying(
		t,
		'responses',
		responsesText('Yes.'),
	);
	await heard(
		model,
		request('Well?', {
			system: 'Be brief.',
			options: {
				effort: 'high',
				maxTokens: 99,
				topP: 0.5,
				temperature: null,
				service_tier: 'flex',
				store: true,
			},
		}),
	);

	assert.equal(player.seen[0]?.path, '/v1/responses');
	assert.deepEqual(player.seen[0]?.json, {
		reasoning: {effort: 'high', summary: 'auto'},
		max_output_tokens: 99,
		top_p: 0.5,
		service_tier: 'flex',
		store: false,
		model: 'mock',
		instructions: 'Be brief.',
		input: [{role: 'user', content: 'Well?'}],
		stream: true,
	});
});

test('a summary of the reasoning is not asked for without an effort', async t => {
	const {model, player} = await modelPlaying(
		t,
		'responses',
		responsesText('Yes.'),
	);
	await heard(model);

	assert.equal(player.seen[0]?.json['reasoning'], undefined);
});

test('a reply goes back as it came, sealed reasoning and phase included', async t => {
	const {model, player} = await modelPlaying(
		t,
		'responses',
		responsesText('Four.', {thinking: 'Two and two.'}),
	);
	const {end, text} = await heard(model);
	const transcript: Message[] = [
		user('Hello?'),
		{role: 'assistant', text, native: end?.native ?? null},
		user('The question.', 'The feedback.'),
	];
	await heard(model, request('', {messages: transcript}));

	assert.deepEqual(player.seen[1]?.json['input'], [
		{role: 'user', content: 'Hello?'},
		{
			id: 'rs_1',
			type: 'reasoning',
			summary: [{type: 'summary_text', text: 'Two and two.'}],
			encrypted_content: 'gAAAA-sealed',
		},
		{
			id: 'msg_1',
			type: 'message',
			role: 'assistant',
			phase: 'final_answer',
			status: 'completed',
			content: [{type: 'output_text', text: 'Four.', annotations: []}],
		},
		{
			role: 'user',
			content: [
				{type: 'input_text', text: 'The question.'},
				{type: 'input_text', text: 'The feedback.'},
			],
		},
	]);
});

test('reasoning that is only a reference is not sent back, for it is not stored', async t => {
	const {model, player} = await modelPlaying(t, 'responses', responsesText(''));
	const messages: Message[] = [
		user('Hello?'),
		{
			role: 'assistant',
			text: 'Four.',
			native: {
				protocol: 'responses:openai',
				items: [
					{id: 'rs_1', type: 'reasoning', summary: []},
					{
						id: 'rs_2',
						type: 'reasoning',
						summary: [],
						content: [{type: 'reasoning_text', text: 'Two and two.'}],
					},
					{
						id: 'msg_1',
						type: 'message',
						role: 'assistant',
						status: 'completed',
						content: [{type: 'output_text', text: 'Four.', annotations: []}],
					},
				],
			},
		},
		user('Sure?'),
	];
	await heard(model, request('', {messages}));
	const input = player.seen[0]!.json['input'] as Array<{id?: string}>;

	assert.deepEqual(
		input.map(({id}) => id),
		[undefined, 'rs_2', 'msg_1', undefined],
	);
});

test('an item that is not found is not taken for a missing model', async t => {
	const {model} = await modelPlaying(
		t,
		'responses',
		status(404, {
			error: {message: "Item with id 'rs_1' not found.", code: null},
		}),
	);
	const {failure} = await heard(model);
	assert.match(failure!.message, /refused the request .*rs_1/);
	assert.doesNotMatch(failure!.message, /does not have the model/);
});

test('a reply is kept from its finished items, which its last event may lack', async t => {
	const {model} = await modelPlaying(
		t,
		'responses',
		responsesText('Four.', {thinking: 'Two and two.', end: {output: []}}),
	);
	const {end} = await heard(model);

	assert.equal(end?.native?.protocol, 'responses:openai');
	assert.deepEqual(
		end?.native?.items.map(item => (item as {type: string}).type),
		['reasoning', 'message'],
	);
});

test('a request extends the one before it byte for byte', async t => {
	const {model, player} = await modelPlaying(
		t,
		'responses',
		responsesText('Four.', {thinking: 'Two and two.'}),
	);
	const first = [user('Hello?', 'There?')];
	const {end, text} = await heard(model, request('', {messages: first}));
	await heard(
		model,
		request('', {
			messages: [
				...first,
				{role: 'assistant', text, native: end?.native ?? null},
				user('And?'),
			],
		}),
	);

	const [before, after] = player.seen.map(({json}) =>
		JSON.stringify(json['input']),
	);
	assert.ok(after!.startsWith(before!.slice(0, -1) + ','));
});

test('a reply of another protocol goes back as text', async t => {
	const {model, player} = await modelPlaying(
		t,
		'responses',
		responsesText('Yes.'),
	);
	await heard(
		model,
		request('', {
			messages: [
				user('Hello?'),
				{
					role: 'assistant',
					text: 'Good day.',
					native: {protocol: 'another', items: [{type: 'thought'}]},
				},
				user('And?'),
			],
		}),
	);

	assert.deepEqual((player.seen[0]?.json['input'] as unknown[])[1], {
		role: 'assistant',
		content: 'Good day.',
	});
});

test('an independent mock of the server is understood, in either protocol', async t => {
	const {url, mock, close} = await startMockServer();
	t.after(close);
	mock.onMessage('Hello?', {
		content: 'Hello yourself.',
		reasoning: 'A greeting.',
	});
	const models = createModels({
		random: () => 0,
		keys: {openai: 'sk-test'},
		baseUrls: {openai: url},
		endpoints: [{name: 'server', baseUrl: url, keyEnv: null, api: 'chat'}],
	});

	for (const id of ['openai/gpt-6-luna', 'server/llama']) {
		const {text, thinking, end, failure} = await heard(
			await models.resolve(id),
		);

		assert.equal(failure, null);
		assert.equal(text, 'Hello yourself.');
		assert.equal(thinking, 'A greeting.');
		assert.equal(end?.stop, 'done');
	}
});
