import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {hintsFor} from '../../source/core/caching.js';
import {
	type CachePosition,
	type Message,
	type ModelRequest,
	type PromptCache,
} from '../../source/core/model.js';
import {createModels} from '../../source/providers/resolve.js';
import {promptCacheOf} from '../../source/providers/prompt-cache.js';
import {anthropicText} from '../helpers/anthropic-scenes.js';
import {
	heard,
	modelPlaying,
	request,
	testKey,
	user,
	type ApiName,
} from '../helpers/providers.js';
import {apiNames, textIn} from '../helpers/protocols.js';
import {responsesText} from '../helpers/scenes.js';
import {startWirePlayer} from '../helpers/wire-player.js';

const minute = 60_000;

type Row = readonly [
	seller: string | null,
	api: ApiName,
	model: string,
	kind: PromptCache['kind'],
	minimumTokens: number | null,
	lifetimeMs: number | null,
];

const rows: readonly Row[] = [
	['anthropic', 'anthropic', 'claude-opus-5', 'marker', 512, 5 * minute],
	[
		'anthropic',
		'anthropic',
		'claude-opus-5-20260601',
		'marker',
		512,
		5 * minute,
	],
	['anthropic', 'anthropic', 'claude-opus-5-5', 'marker', 512, 5 * minute],
	['anthropic', 'anthropic', 'claude-sonnet-5-5', 'marker', 512, 5 * minute],
	['anthropic', 'anthropic', 'claude-haiku-5-5', 'marker', 512, 5 * minute],
	['anthropic', 'anthropic', 'claude-sonnet-5', 'marker', 1024, 5 * minute],
	[
		'anthropic',
		'anthropic',
		'claude-sonnet-5-20260301',
		'marker',
		1024,
		5 * minute,
	],
	['anthropic', 'anthropic', 'claude-haiku-4-5', 'marker', 4096, 5 * minute],
	['anthropic', 'anthropic', 'claude-opus-4-5', 'marker', 4096, 5 * minute],
	[
		'anthropic',
		'anthropic',
		'claude-opus-4-6-20260205',
		'marker',
		4096,
		5 * minute,
	],
	['anthropic', 'anthropic', 'claude-sonnet-4-5', 'marker', 1024, 5 * minute],
	[
		'anthropic',
		'anthropic',
		'claude-sonnet-4-20250514',
		'marker',
		1024,
		5 * minute,
	],
	['anthropic', 'anthropic', 'claude-opus-4-1', 'marker', 1024, 5 * minute],
	['anthropic', 'anthropic', 'claude-sonnet-5-6', 'marker', null, 5 * minute],
	['anthropic', 'anthropic', 'claude-sonnet-4-6', 'marker', null, 5 * minute],
	['anthropic', 'anthropic', 'claude-fable-5-2', 'marker', null, 5 * minute],
	['openai', 'responses', 'gpt-5.6-sol', 'key', 1024, 720 * minute],
	['openai', 'responses', 'gpt-5.10', 'key', 1024, 720 * minute],
	['openai', 'responses', 'gpt-6-luna', 'key', 1024, 720 * minute],
	['openai', 'responses', 'gpt-6.1-sol-2026-11-01', 'key', 1024, 720 * minute],
	['openai', 'responses', 'ft:gpt-6-luna:us::1', 'key', 1024, 720 * minute],
	['openai', 'chat', 'gpt-6-luna', 'implicit', 1024, 30 * minute],
	['openai', 'responses', 'gpt-5.5', 'key', 1024, null],
	['openai', 'responses', 'gpt-5', 'key', 1024, null],
	['openai', 'responses', 'gpt-5-codex', 'key', 1024, null],
	['openai', 'responses', 'gpt-4o-mini', 'key', 1024, null],
	['openai', 'responses', 'o4-mini', 'key', 1024, null],
	['google', 'gemini', 'gemini-2.5-pro', 'implicit', 2048, null],
	['google', 'gemini', 'models/gemini-2.5-flash', 'implicit', 2048, null],
	['google', 'gemini', 'gemini-3.8-flash', 'implicit', 4096, null],
	['google', 'gemini', 'gemini-4-argon', 'implicit', 4096, null],
	['google', 'gemini', 'gemini-2.0-flash', 'implicit', null, null],
	['google', 'gemini', 'gemini-flash-latest', 'implicit', null, null],
	[null, 'chat', 'deepseek-chat', 'implicit', null, null],
	[null, 'chat', 'anthropic/claude-opus-5-5', 'implicit', null, null],
	[null, 'responses', 'gpt-6-luna', 'implicit', null, null],
	[null, 'anthropic', 'claude-opus-5-5', 'marker', null, null],
	[null, 'gemini', 'gemini-2.5-pro', 'implicit', null, null],
];

for (const [seller, api, model, kind, minimumTokens, lifetimeMs] of rows) {
	test(`the cache of ${model} at ${seller ?? 'somebody else'} by ${api} is ${kind}, from ${minimumTokens ?? 'unknown'} tokens, for ${lifetimeMs ?? 'unknown'} ms`, () => {
		const {isShared, ...known} = promptCacheOf({seller, api, model});

		assert.deepEqual(known, {kind, minimumTokens, lifetimeMs});
		assert.equal(
			isShared,
			['anthropic', 'gemini'].includes(api) &&
				!(seller === null && api === 'gemini'),
		);
	});
}

const key = '01jd0000000000000000000009';
const reply = (text: string): Message => ({
	role: 'assistant',
	text,
	native: null,
});
const asking = (
	messages: readonly Message[],
	through: CachePosition | null,
	more: Partial<ModelRequest> = {},
) => request('', {messages, cache: {key, through}, ...more});
const block = (text: string) => ({type: 'text', text});
const marked = (text: string) => ({
	...block(text),
	cache_control: {type: 'ephemeral'},
});

/**
What Anthropic is sent of a request.
*/
async function sentToAnthropic(t: TestContext, asked: ModelRequest) {
	const {model, player} = await modelPlaying(t, 'anthropic', [
		anthropicText('Yes.'),
	]);
	await heard(model, asked);
	return player.seen[0]!.json;
}

test('a prefix that is all of a request is marked once, above the messages', async t => {
	const json = await sentToAnthropic(
		t,
		asking([user('a'), reply('b'), user('c', 'd')], {message: 2, part: 1}),
	);

	assert.deepEqual(json['cache_control'], {type: 'ephemeral'});
	assert.deepEqual(json['messages'], [
		{role: 'user', content: [block('a')]},
		{role: 'assistant', content: 'b'},
		{role: 'user', content: [block('c'), block('d')]},
	]);
});

test('a prefix that ends before the request does is marked at its last text', async t => {
	const first = await sentToAnthropic(
		t,
		asking([user('a', 'b')], {message: 0, part: 0}),
	);
	const earlier = await sentToAnthropic(
		t,
		asking([user('a'), reply('b'), user('c')], {message: 0, part: 0}),
	);

	assert.ok(!('cache_control' in first));
	assert.deepEqual(first['messages'], [
		{role: 'user', content: [marked('a'), block('b')]},
	]);
	assert.ok(!('cache_control' in earlier));
	assert.deepEqual(earlier['messages'], [
		{role: 'user', content: [marked('a')]},
		{role: 'assistant', content: 'b'},
		{role: 'user', content: [block('c')]},
	]);
});

test('nothing is marked where no prefix is worth it, where the text is empty, or where the person marks', async t => {
	for (const asked of [
		request('a'),
		asking([user('a')], null),
		asking([user('')], {message: 0, part: 0}),
		asking([user('', 'b')], {message: 0, part: 0}),
	]) {
		const json = await sentToAnthropic(t, asked);
		assert.ok(!JSON.stringify(json).includes('cache_control'));
	}

	const own = await sentToAnthropic(
		t,
		asking(
			[user('a', 'b')],
			{message: 0, part: 0},
			{
				options: {cache_control: {type: 'ephemeral', ttl: '1h'}},
			},
		),
	);
	assert.deepEqual(own['cache_control'], {type: 'ephemeral', ttl: '1h'});
	assert.deepEqual(own['messages'], [
		{role: 'user', content: [block('a'), block('b')]},
	]);
});

test('a marker never stands on what a model thought', async t => {
	const thought = {type: 'thinking', thinking: 'Hm.', signature: 'SIG=='};
	const json = await sentToAnthropic(
		t,
		asking(
			[
				user('a'),
				{
					role: 'assistant',
					text: 'b',
					native: {
						protocol: 'anthropic:anthropic',
						items: [thought, block('b')],
					},
				},
				user('c'),
			],
			{message: 1, part: 0},
		),
	);

	assert.ok(!JSON.stringify(json).includes('cache_control'));
});

test('a reply that pauses goes on behind the same prefix', async t => {
	const {model, player} = await modelPlaying(t, 'anthropic', [
		anthropicText('Half', {stop: 'pause_turn'}),
		anthropicText(' done.'),
	]);
	await heard(model, asking([user('a')], {message: 0, part: 0}));

	assert.deepEqual(player.seen[0]!.json['cache_control'], {
		type: 'ephemeral',
	});
	assert.ok(!('cache_control' in player.seen[1]!.json));
	assert.deepEqual(player.seen[1]!.json['messages'], [
		{role: 'user', content: [marked('a')]},
		{role: 'assistant', content: [block('Half')]},
	]);
});

/**
A model on somebody else's server of a protocol.
*/
async function elsewhere(t: TestContext, api: ApiName) {
	const player = await startWirePlayer(() => textIn[api]('Yes.'));
	t.after(player.close);
	const models = createModels({
		random: () => 0,
		keys: {house: testKey},
		endpoints: [{name: 'house', baseUrl: player.url, keyEnv: 'HOUSE_KEY', api}],
	});
	return {model: await models.resolve('house/mock'), player};
}

test('a server that copies the protocol of Anthropic is only sent markers it knows', async t => {
	const {model, player} = await elsewhere(t, 'anthropic');
	await heard(model, asking([user('a')], {message: 0, part: 0}));

	assert.ok(!('cache_control' in player.seen[0]!.json));
	assert.deepEqual(player.seen[0]!.json['messages'], [
		{role: 'user', content: [marked('a')]},
	]);
});

test('OpenAI is told the key of the transcript, and the person may name another', async t => {
	const {model, player} = await modelPlaying(
		t,
		'responses',
		responsesText('Yes.'),
	);
	await heard(model, asking([user('a')], null));
	await heard(
		model,
		asking([user('a')], null, {options: {prompt_cache_key: 'mine'}}),
	);
	await heard(model, request('a'));

	assert.deepEqual(
		player.seen.map(({json}) => json['prompt_cache_key']),
		[key, 'mine', undefined],
	);
});

for (const api of apiNames) {
	for (const isVendor of [true, false]) {
		test(`${isVendor ? 'the vendor' : 'another server'} that speaks ${api} is sent what the call tells of`, async t => {
			const {model, player} = isVendor
				? await modelPlaying(t, api, textIn[api]('Yes.'))
				: await elsewhere(t, api);
			const through = {message: 0, part: 0};
			const tellings = [through, null].map(prefix =>
				hintsFor(model.promptCache, prefix, {
					transcriptId: key,
					newMessage: 0,
					hasMarkers: true,
				}),
			);

			for (const {hints} of tellings) {
				await heard(model, request('a', {cache: hints}));
			}

			assert.deepEqual(
				player.seen.map(({raw}) => /cache_(?:control|key)/.test(raw)),
				tellings.map(({told}) => told.isSent),
			);
		});
	}
}
