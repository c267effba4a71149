import assert from 'node:assert/strict';
import {test} from 'node:test';
import {unknownUsage, type Message} from '../../source/core/model.js';
import {heard, modelPlaying, request, user} from '../helpers/providers.js';
import {
	chatChunks,
	chatText,
	cut,
	endEarly,
	stall,
	status,
	withPiece,
} from '../helpers/scenes.js';

const words = (content: unknown, finish: unknown = null) => ({
	choices: [{delta: {content}, finish_reason: finish}],
});

test('a reply streams thinking, text and then its use', async t => {
	const {model} = await modelPlaying(
		t,
		'chat',
		chatText('Paris is the capital.', {
			thinking: 'France it is.',
			model: 'llama-3.3',
			usage: {input: 30, cached: 20, output: 9, reasoning: 5},
		}),
	);
	const {parts, text, thinking, end} = await heard(model);

	assert.deepEqual(parts[0], {type: 'send'});
	assert.equal(text, 'Paris is the capital.');
	assert.equal(thinking, 'France it is.');
	assert.ok(parts.filter(({type}) => type === 'text').length > 1);
	assert.deepEqual(parts.at(-1), {
		type: 'end',
		stop: 'done',
		usage: {
			inputTokens: 30,
			cachedTokens: 20,
			cacheWriteTokens: null,
			outputTokens: 9,
			reasoningTokens: 5,
		},
		native: null,
		resolvedModel: 'llama-3.3',
		requestId: null,
	});
	assert.equal(end?.stop, 'done');
});

const finishes: ReadonlyArray<[finish: string, stop: string]> = [
	['stop', 'done'],
	['eos', 'done'],
	['', 'done'],
	['tool_calls', 'done'],
	['length', 'length'],
	['content_filter', 'blocked'],
];

for (const [finish, stop] of finishes) {
	test(`a reply that finishes with '${finish}' is ${stop}`, async t => {
		const {model} = await modelPlaying(
			t,
			'chat',
			chatText('This much.', {finish}),
		);
		const {end, text} = await heard(model);

		assert.equal(end?.stop, stop);
		assert.equal(text, 'This much.');
	});
}

test('a refusal is blocked and its words are the text', async t => {
	const {model} = await modelPlaying(
		t,
		'chat',
		chatChunks(
			{choices: [{delta: {role: 'assistant', refusal: 'I will'}}]},
			{choices: [{delta: {refusal: ' not.'}, finish_reason: 'stop'}]},
		),
	);
	const {end, text} = await heard(model);

	assert.equal(end?.stop, 'blocked');
	assert.equal(text, 'I will not.');
});

for (const finish of ['error', 'abort']) {
	test(`a reply that finishes with '${finish}' is cut off`, async t => {
		const {model} = await modelPlaying(t, 'chat', chatText('Half', {finish}));
		const {end, failure} = await heard(model);

		assert.equal(end, null);
		assert.equal(failure?.kind, 'cut-off');
		assert.equal(failure.retryable, true);
	});
}

test('an empty reason on every chunk does not hide that the reply was cut off', async t => {
	const {model} = await modelPlaying(
		t,
		'chat',
		chatChunks(words('', ''), words('Half', ''), words(' a word', '')),
	);
	const {failure} = await heard(model);

	assert.equal(failure?.kind, 'cut-off');
});

test('content in parts is joined, and parts that think are thinking', async t => {
	const {model} = await modelPlaying(
		t,
		'chat',
		chatChunks(
			words([{type: 'thinking', thinking: [{type: 'text', text: 'Hm.'}]}]),
			words([
				{type: 'text', text: 'Good'},
				{type: 'text', text: ' day'},
			]),
			words('.', 'stop'),
		),
	);
	const {text, thinking} = await heard(model);

	assert.equal(text, 'Good day.');
	assert.equal(thinking, 'Hm.');
});

test('thinking under either name is heard once', async t => {
	const {model} = await modelPlaying(
		t,
		'chat',
		chatChunks(
			{choices: [{delta: {reasoning: 'One '}}]},
			{choices: [{delta: {reasoning: 'two.', reasoning_content: 'two.'}}]},
			words('Three.', 'stop'),
		),
	);
	const {text, thinking} = await heard(model);

	assert.equal(thinking, 'One two.');
	assert.equal(text, 'Three.');
});

test('thinking tags in the text stay in the text', async t => {
	const {model} = await modelPlaying(
		t,
		'chat',
		chatText('<think>Hm.</think> Yes.'),
	);
	const {text, thinking} = await heard(model);

	assert.equal(text, '<think>Hm.</think> Yes.');
	assert.equal(thinking, '');
});

for (const choices of [null, [], undefined]) {
	test(`a chunk with the use may have ${JSON.stringify(choices) ?? 'no'} choices`, async t => {
		const {model} = await modelPlaying(
			t,
			'chat',
			chatChunks(words('Yes.', 'stop'), {
				choices,
				usage: {prompt_tokens: 3, completion_tokens: 2},
			}),
		);
		const {end} = await heard(model);

		assert.equal(end?.usage.inputTokens, 3);
		assert.equal(end?.usage.outputTokens, 2);
		assert.equal(end?.usage.cachedTokens, null);
	});
}

test('chunks without role, index, delta or anything at all do no harm', async t => {
	const {model} = await modelPlaying(
		t,
		'chat',
		chatChunks(
			null,
			{},
			{choices: [{}]},
			{choices: [{delta: null}]},
			words('Yes.'),
			{choices: [{delta: {}, finish_reason: 'stop'}]},
		),
	);
	const {end, text} = await heard(model);

	assert.equal(text, 'Yes.');
	assert.equal(end?.stop, 'done');
	assert.deepEqual(end?.usage, unknownUsage);
});

test('comments that keep the connection alive are not part of the reply', async t => {
	const {model} = await modelPlaying(
		t,
		'chat',
		withPiece(chatText('Good day.'), 2, ': keep-alive\n\n'),
	);

	assert.equal((await heard(model)).text, 'Good day.');
});

test('a connection that breaks behind the finish costs the use and not the answer', async t => {
	const whole = chatText('Yes.');
	const {model} = await modelPlaying(
		t,
		'chat',
		cut(whole, whole.body.length - 2),
	);
	const {end, text} = await heard(model);

	assert.equal(text, 'Yes.');
	assert.equal(end?.stop, 'done');
	assert.deepEqual(end?.usage, unknownUsage);
});

test('a server that never closes a finished stream costs the use and not the answer', async t => {
	const whole = chatText('Yes.');
	const {model} = await modelPlaying(
		t,
		'chat',
		stall(whole, whole.body.length - 2),
		{settings: {idleMs: 60}},
	);

	assert.equal((await heard(model)).end?.stop, 'done');
});

test('a reply without a finish is cut off', async t => {
	const {model} = await modelPlaying(
		t,
		'chat',
		endEarly(chatText('Half a word'), 3),
	);
	const {failure, text} = await heard(model);

	assert.equal(text, 'Half a');
	assert.equal(failure?.kind, 'cut-off');
	assert.equal(failure.retryable, true);
});

test('messages and options have their names in this protocol', async t => {
	const {model, player} = await modelPlaying(t, 'chat', chatText('Yes.'));
	const messages: Message[] = [
		user('The question.', 'The feedback.'),
		{role: 'assistant', text: 'Hm.', native: null},
		user('And?'),
	];
	await heard(
		model,
		request('', {
			system: 'Be brief.',
			messages,
			options: {
				temperature: 0.2,
				maxTokens: 99,
				effort: 'low',
				topP: 0.5,
				seed: 7,
				repetition_penalty: 1.1,
			},
		}),
	);

	assert.equal(player.seen[0]?.path, '/v1/chat/completions');
	assert.deepEqual(player.seen[0]?.json, {
		temperature: 0.2,
		max_tokens: 99,
		reasoning_effort: 'low',
		top_p: 0.5,
		seed: 7,
		repetition_penalty: 1.1,
		model: 'mock',
		messages: [
			{role: 'system', content: 'Be brief.'},
			{
				role: 'user',
				content: [
					{type: 'text', text: 'The question.'},
					{type: 'text', text: 'The feedback.'},
				],
			},
			{role: 'assistant', content: 'Hm.'},
			{role: 'user', content: 'And?'},
		],
		stream: true,
		stream_options: {include_usage: true},
	});
});

test('a request extends the one before it byte for byte', async t => {
	const {model, player} = await modelPlaying(t, 'chat', chatText('Yes.'));
	const first = [user('Hello?', 'There?')];
	const more: Message[] = [
		...first,
		{role: 'assistant', text: 'Yes.', native: null},
		user('And?'),
	];
	await heard(model, request('', {system: 'Be brief.', messages: first}));
	await heard(model, request('', {system: 'Be brief.', messages: more}));

	const [before, after] = player.seen.map(({json}) =>
		JSON.stringify(json['messages']),
	);
	assert.ok(after!.startsWith(before!.slice(0, -1) + ','));
});

test('a server that refuses to report the use is asked once more without', async t => {
	const refusal = status(400, {
		error: {message: 'Unknown field: stream_options'},
	});
	const {model, player} = await modelPlaying(t, 'chat', ({json}) =>
		'stream_options' in json ? refusal : chatText('Yes.', {usage: null}),
	);
	const first = await heard(model);
	await heard(model);

	assert.equal(first.text, 'Yes.');
	assert.deepEqual(first.end?.usage, unknownUsage);
	assert.equal(first.parts.filter(({type}) => type === 'send').length, 1);
	assert.deepEqual(
		player.seen.map(({json}) => 'stream_options' in json),
		[true, false, false],
	);
});

test('a server that refuses for another reason is not asked again', async t => {
	const {model, player} = await modelPlaying(t, 'chat', status(400));
	const {failure} = await heard(model);

	assert.equal(failure?.kind, 'bad-request');
	assert.equal(player.seen.length, 1);
});
