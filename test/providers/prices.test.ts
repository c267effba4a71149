import assert from 'node:assert/strict';
import {test} from 'node:test';
import {unknownUsage, type Usage} from '../../source/core/model.js';
import {
	createPrices,
	type PricedTarget,
} from '../../source/providers/prices.js';
import {createModels} from '../../source/providers/resolve.js';
import {usageOf} from '../../source/providers/usage.js';
import {heard, modelPlaying} from '../helpers/providers.js';
import {chatText, responsesText} from '../helpers/scenes.js';
import {startWirePlayer} from '../helpers/wire-player.js';

const million: Usage = {
	...unknownUsage,
	inputTokens: 200_000,
	outputTokens: 100_000,
};
const openAi = (model: string): PricedTarget => ({
	provider: 'openai',
	model,
	baseUrl: 'https://api.openai.com/v1',
	seller: 'openai',
	key: null,
});
const at = (
	baseUrl: string,
	model: string,
	key: string | null = null,
): PricedTarget => ({
	provider: 'box',
	model,
	baseUrl,
	seller: null,
	key,
});

const dollars = (cost: number | null) =>
	cost === null ? null : Math.round(cost * 1e6) / 1e6;

const prices = createPrices({
	'box/house-model': {input: 1, output: 2},
	'gpt-4o-mini': {input: 10, output: 20, cacheRead: 1},
});
await prices.load();

test('a known model costs what the price list says, its dated editions too', () => {
	assert.equal(dollars(prices.costOf(million, openAi('gpt-6-luna'))), 0.07);
	assert.equal(
		dollars(prices.costOf(million, openAi('gpt-6-luna-2026-09-30'))),
		0.07,
	);
});

test('cached input is cheaper', () => {
	const usage = {...million, cachedTokens: 100_000};

	assert.equal(dollars(prices.costOf(usage, openAi('gpt-6-luna'))), 0.061);
});

test('a model missing from the list is in the table of ours, by its exact name', () => {
	const cost = (model: string) =>
		dollars(prices.costOf(million, openAi(model)));

	assert.equal(cost('gpt-6.1-sol'), 1.4);
	assert.equal(cost('gpt-6.1-sol-next'), null);
});

test('a price is not guessed beyond the size it is known for', () => {
	const usage = {...million, inputTokens: 300_000};

	assert.equal(prices.costOf(usage, openAi('gpt-6.1-sol')), null);
});

test('a model does not inherit the price of one whose name begins the same', () => {
	const anthropic = (model: string) =>
		prices.costOf(million, at('https://api.anthropic.com', model));

	assert.ok((anthropic('claude-sonnet-5') ?? 0) > 0);
	assert.ok((anthropic('claude-sonnet-5-20260301') ?? 0) > 0);
	assert.equal(anthropic('claude-sonnet-5-5'), null);
});

test('an unknown model or server has no price', () => {
	assert.equal(prices.costOf(million, openAi('gpt-99')), null);
	assert.equal(
		prices.costOf(million, at('https://box.example/v1', 'gpt-4o')),
		null,
	);
});

test('a known server is found by its address', () => {
	const groq = at('https://api.groq.com/openai/v1', 'llama-3.3-70b-versatile');

	assert.equal(dollars(prices.costOf(million, groq)), 0.197);
});

test('a server on this machine costs nothing, whatever it reports', () => {
	for (const baseUrl of [
		'http://localhost:11434/v1',
		'http://127.0.0.1:8000/v1',
		'http://[::1]:1234/v1',
	]) {
		assert.equal(prices.costOf(unknownUsage, at(baseUrl, 'llama')), 0);
	}

	assert.equal(
		prices.costOf(million, at('http://192.168.1.5:11434/v1', 'llama')),
		null,
	);
});

test('a server on this machine that is given a key may pass a bill on', () => {
	const proxied = at('http://localhost:4000/v1', 'llama', 'sk-proxy');
	assert.equal(prices.costOf(million, proxied), null);
	assert.equal(prices.priceOf(proxied), null);
});

test('OpenAI bills its models also behind a proxy on this machine', () => {
	const proxied = {
		...openAi('gpt-6-luna'),
		baseUrl: 'http://localhost:4000/v1',
	};

	assert.equal(dollars(prices.costOf(million, proxied)), 0.07);
});

test('a price that changes on a day changes on that day', t => {
	const argon: PricedTarget = {
		...openAi('gemini-4-argon'),
		provider: 'gemini',
		baseUrl: 'https://generativelanguage.googleapis.com',
		seller: null,
	};
	t.mock.timers.enable({apis: ['Date'], now: Date.parse('2026-11-30')});
	assert.equal(dollars(prices.costOf(million, argon)), 1.4);
	t.mock.timers.setTime(Date.parse('2026-12-01'));
	assert.equal(dollars(prices.costOf(million, argon)), 2.8);
});

test('a price of the person wins over every other', () => {
	const local = at('http://localhost:11434/v1', 'house-model');

	assert.equal(dollars(prices.costOf(million, local)), 0.4);
	assert.equal(dollars(prices.costOf(million, openAi('gpt-4o-mini'))), 4);
	assert.equal(
		dollars(
			prices.costOf({...million, cachedTokens: 100_000}, openAi('gpt-4o-mini')),
		),
		3.1,
	);
});

test('unknown or impossible use has no cost', () => {
	const model = openAi('gpt-6-luna');

	assert.equal(prices.costOf(unknownUsage, model), null);
	assert.equal(prices.costOf({...million, outputTokens: null}, model), null);
	assert.equal(prices.costOf({...million, cachedTokens: 900_000}, model), null);
});

test('the price of a million tokens is the one that calls are counted with', () => {
	for (const model of ['gpt-6-luna', 'gpt-6.1-sol', 'gpt-4o-mini']) {
		const target = openAi(model);
		const price = prices.priceOf(target)!;

		assert.equal(
			dollars(prices.costOf({...million, cachedTokens: 100_000}, target)),
			dollars(
				(price.input + price.cacheRead! + price.output) * (100_000 / 1e6),
			),
		);
	}
});

test('a price is told with the size of the input it holds up to', () => {
	assert.deepEqual(
		['gpt-6-luna', 'gpt-6.1-sol'].map(
			model => prices.priceOf(openAi(model))?.maxInputTokens,
		),
		[272_000, 272_000],
	);
	assert.equal(
		prices.priceOf({...openAi('claude-opus-5-5'), seller: 'anthropic'})
			?.maxInputTokens,
		undefined,
	);
});

test('a server knows its own price better than the price data, and a person better than both', () => {
	const listed = {input: 7, output: 8};
	const openRouter = at('https://openrouter.ai/api/v1', 'openai/gpt-4o');

	assert.deepEqual(prices.priceOf(openRouter, listed), listed);
	assert.equal(prices.priceOf(openRouter)?.input, 2.5);
	assert.equal(prices.priceOf(openAi('gpt-4o-mini'), listed)?.input, 10);
});

test('a price that is not known is none, and on this machine it is nothing', () => {
	assert.equal(prices.priceOf(openAi('gpt-99')), null);
	assert.equal(
		prices.priceOf({...openAi('claude-sonnet-5-5'), seller: 'anthropic'}),
		null,
	);
	assert.deepEqual(prices.priceOf(at('http://localhost:11434/v1', 'llama')), {
		input: 0,
		output: 0,
	});
	assert.equal(createPrices().priceOf(openAi('gpt-6-luna')), null);
});

test('nothing has a price before the price data is loaded', () => {
	assert.equal(createPrices().costOf(million, openAi('gpt-6-luna')), null);
});

test('a call that has ended can be priced at once', async t => {
	const {model} = await modelPlaying(t, 'responses', responsesText('Yes.'), {
		prices: {mock: {input: 1_000_000, output: 0}},
	});
	const {end} = await heard(model);

	assert.equal(model.costOf(end!.usage), 12);
});

test('a call to this machine that needs no key is free', async t => {
	const play = await startWirePlayer(() => chatText('Yes.', {usage: null}));
	t.after(play.close);
	const models = createModels({
		random: () => 0,
		endpoints: [{name: 'box', baseUrl: play.url, keyEnv: null, api: 'chat'}],
	});
	const model = await models.resolve('box/mock');
	const {end} = await heard(model);

	assert.equal(model.costOf(end!.usage), 0);
});

const chatAt = (baseUrl: string) => ({api: 'chat', baseUrl}) as const;

test('use is read the way the server counts', async () => {
	const raw = {
		prompt_tokens: 10,
		completion_tokens: 5,
		completion_tokens_details: {reasoning_tokens: 3},
	};
	const xai = await usageOf(raw, chatAt('https://api.x.ai/v1'));
	const other = await usageOf(raw, chatAt('https://box.example/v1'));

	assert.equal(xai.outputTokens, 8);
	assert.equal(other.outputTokens, 5);
	assert.equal(other.cachedTokens, null);
});

test('use that cannot be read is unknown', async () => {
	for (const raw of [
		null,
		undefined,
		'many',
		{},
		{prompt_tokens: 'ten', completion_tokens: 5},
		{prompt_tokens: 4},
	]) {
		assert.deepEqual(
			await usageOf(raw, chatAt('https://box.example/v1')),
			unknownUsage,
		);
	}

	assert.deepEqual(
		await usageOf(
			{prompt_tokens: -1, completion_tokens: 2.5},
			chatAt('https://box.example/v1'),
		),
		unknownUsage,
	);
});
