import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {type RunEvent} from '../../source/core/events.js';
import {createModels} from '../../source/providers/resolve.js';
import {createPrices} from '../../source/providers/prices.js';
import {usageOf} from '../../source/providers/usage.js';
import {anthropicText} from '../helpers/anthropic-scenes.js';
import {geminiText} from '../helpers/gemini-scenes.js';
import {play, verdictText} from '../helpers/play.js';
import {testKey} from '../helpers/providers.js';
import {responsesText, type Counts} from '../helpers/scenes.js';
import {startWirePlayer} from '../helpers/wire-player.js';

const microDollars = (cost: number | null) =>
	cost === null ? null : Math.round(cost * 1e7) / 10;

/**
What each call reports, and what it costs by hand in millionths of a dollar, from dollars per million tokens: fresh input + read + written + output.
*/
const luna = [
	{
		usage: {input: 2000, cacheWritten: 1500, output: 400, reasoning: 150},
		// 500 × 0.10 + 1500 × 0.125 + 400 × 0.50
		cost: 437.5,
	},
	{
		usage: {
			input: 5000,
			cached: 1500,
			cacheWritten: 3000,
			output: 600,
			reasoning: 200,
		},
		// 500 × 0.10 + 1500 × 0.01 + 3000 × 0.125 + 600 × 0.50
		cost: 740,
	},
] as const;

const opus = [
	{
		usage: {input: 1200, cacheWritten: 1100, output: 500, reasoning: 120},
		// 100 × 4 + 1100 × 5 + 500 × 20
		cost: 15_900,
	},
	{
		usage: {input: 3000, cached: 1100, output: 700, reasoning: 300},
		// 1900 × 4 + 1100 × 0.20 + 700 × 20
		cost: 21_820,
	},
] as const;

const flash = [
	{
		usage: {input: 3000, output: 800, reasoning: 300},
		// 3000 × 0.75 + 800 × 3.75
		cost: 5250,
	},
	{
		usage: {input: 6000, cached: 4096, output: 1000, reasoning: 400},
		// 1904 × 0.75 + 4096 × 0.075 + 1000 × 3.75
		cost: 5485.2,
	},
] as const;

async function runOverTheWire(t: TestContext) {
	const counts = {luna: 0, opus: 0, flash: 0};
	const usageIn = (
		rows: ReadonlyArray<{readonly usage: Counts}>,
		index: number,
	) => rows[index]!.usage;
	const player = await startWirePlayer(({model}) =>
		model === 'gpt-6-luna'
			? responsesText('Luna.', {
					thinking: 'Hm.',
					usage: usageIn(luna, counts.luna++),
				})
			: model === 'claude-opus-5-5'
				? anthropicText('Opus.', {
						thinking: 'Hm.',
						usage: usageIn(opus, counts.opus++),
					})
				: geminiText(verdictText({confidence: 0.1, needsIteration: true}), {
						thinking: 'Hm.',
						usage: usageIn(flash, counts.flash++),
					}),
	);
	t.after(player.close);
	const address = player.url.replace(/\/v1$/, '');
	const models = createModels({
		random: () => 0,
		keys: {openai: testKey, anthropic: testKey, gemini: testKey},
		baseUrls: {openai: player.url, anthropic: address, gemini: address},
	});
	const events: RunEvent[] = [];
	const {result} = await play(
		{
			luna: await models.resolve('openai/gpt-6-luna'),
			opus: await models.resolve('anthropic/claude-opus-5-5'),
			arbiter: await models.resolve('gemini/gemini-3.8-flash'),
		},
		{
			consortium: {maxIterations: 2},
			onEvent(event) {
				events.push(event);
			},
		},
	);
	const costsOf = (speaker: string) =>
		events
			.filter(event => event.type === 'call-end')
			.filter(event => event.speaker === speaker)
			.map(({outcome}) => outcome.costUsd);

	return {result, costsOf};
}

test('calls, instances and a run cost what the tokens they read, wrote and thought come to', async t => {
	const {result, costsOf} = await runOverTheWire(t);
	const sumOf = (speaker: string) =>
		costsOf(speaker).reduce<number>((sum, cost) => sum + cost!, 0);

	for (const [speaker, rows] of [
		['luna#1', luna],
		['opus#1', opus],
		['arbiter#1', flash],
	] as const) {
		assert.deepEqual(
			costsOf(speaker).map(cost => microDollars(cost)),
			rows.map(({cost}) => cost),
		);
	}

	assert.equal(microDollars(sumOf('luna#1')), 1177.5);
	assert.equal(microDollars(sumOf('opus#1')), 37_720);
	assert.equal(microDollars(sumOf('arbiter#1')), 10_735.2);
	assert.equal(microDollars(result.costUsd), 49_632.7);
	assert.equal(result.costIsComplete, true);
	assert.deepEqual(result.usage, {
		inputTokens: 20_200,
		cachedTokens: 6696,
		cacheWriteTokens: 5600,
		outputTokens: 4000,
		reasoningTokens: 1470,
	});
});

const sellers = {
	anthropic: 'anthropic',
	openai: 'openai',
	gemini: 'google',
} as const;

/**
10,000 fresh tokens, 40,000 read and 50,000 written, in millionths of a dollar.
*/
const written: ReadonlyArray<
	readonly [provider: keyof typeof sellers, model: string, cost: number]
> = [
	// 10,000 × 4 + 40,000 × 0.20 + 50,000 × 5
	['anthropic', 'claude-opus-5-5', 298_000],
	// 10,000 × 2 + 40,000 × 0.20 + 50,000 × 2.50
	['anthropic', 'claude-sonnet-5', 153_000],
	// 10,000 × 0.10 + 40,000 × 0.01 + 50,000 × 0.125
	['anthropic', 'claude-haiku-5-5', 7650],
	['openai', 'gpt-6-luna', 7650],
	// 10,000 × 2 + 40,000 × 0.10 + 50,000 × 2.50
	['openai', 'gpt-6.1-sol', 149_000],
	// It asks nothing for writing: 60,000 × 5 + 40,000 × 0.50
	['openai', 'gpt-5.5', 320_000],
	// 60,000 × 0.75 + 40,000 × 0.075
	['gemini', 'gemini-3.8-flash', 48_000],
];

const prices = createPrices();
await prices.load();

for (const [provider, model, cost] of written) {
	test(`what ${model} reads from its cache and writes to it has its price`, () => {
		const usage = {
			inputTokens: 100_000,
			cachedTokens: 40_000,
			cacheWriteTokens: 50_000,
			outputTokens: 0,
			reasoningTokens: null,
		};

		assert.equal(
			microDollars(
				prices.costOf(usage, {
					provider,
					model,
					baseUrl: 'https://elsewhere.example',
					seller: sellers[provider],
					key: null,
				}),
			),
			cost,
		);
	});
}

test('what Anthropic wrote counts once, for however long it is kept', async () => {
	const raw = {
		input_tokens: 10,
		cache_read_input_tokens: 100,
		cache_creation_input_tokens: 50,
		cache_creation: {
			ephemeral_5m_input_tokens: 20,
			ephemeral_1h_input_tokens: 30,
		},
		output_tokens: 7,
		output_tokens_details: {thinking_tokens: 3},
	};

	assert.deepEqual(
		await usageOf(raw, {
			api: 'anthropic',
			baseUrl: 'https://api.anthropic.com',
		}),
		{
			inputTokens: 160,
			cachedTokens: 100,
			cacheWriteTokens: 50,
			outputTokens: 7,
			reasoningTokens: 3,
		},
	);
});
