import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {createConversation} from '../../source/core/conversation.js';
import {forecastRun} from '../../source/core/forecast.js';
import {type ForecastSum} from '../../source/core/forecast-sum.js';
import {textOf} from '../../source/core/forecast-cache.js';
import {
	spreadOf,
	type History,
	type OutputHistory,
} from '../../source/core/history.js';
import {type SavedConsortium} from '../../source/core/consortium.js';
import {
	type Model,
	type PromptCache,
	type Usage,
} from '../../source/core/model.js';
import {UserError} from '../../source/core/user-error.js';
import {fakeModel, type FakeModel} from '../helpers/fake-model.js';
import {consortiumOf, play, templates, verdictText} from '../helpers/play.js';
import {stillWorld} from '../helpers/world.js';

const marked: PromptCache = {
	kind: 'marker',
	minimumTokens: 10,
	lifetimeMs: 300_000,
	isShared: true,
};
const chancy: PromptCache = {...marked, kind: 'implicit', lifetimeMs: null};

/**
Dollars for a million tokens: 10 read, 1 from the cache, 12.5 written to it, 50 said.
*/
const priceOf = ({
	inputTokens,
	cachedTokens,
	cacheWriteTokens,
	outputTokens,
}: Usage) => {
	const [read, written] = [cachedTokens ?? 0, cacheWriteTokens ?? 0];
	return (
		((inputTokens! - read - written) * 10 +
			read +
			written * 12.5 +
			outputTokens! * 50) /
		1e6
	);
};

const priced = (changes: Partial<Model> = {}): FakeModel => ({
	...fakeModel([['x']]),
	costOf: priceOf,
	...changes,
});

type Cast = Readonly<Record<string, Model>>;

const cast = (changes: Partial<Model> = {}) => ({
	a: priced(changes),
	b: priced(changes),
	arbiter: priced(changes),
});

const forecast = async (
	models: Cast,
	changes: Partial<SavedConsortium> = {},
	options: Partial<Parameters<typeof forecastRun>[2]> = {},
) =>
	forecastRun(consortiumOf(models, changes), 'Why?', {
		models: new Map(Object.entries(models)),
		templates,
		world: stillWorld(),
		...options,
	});

const outputOf = (
	model: string,
	[low, likely, high]: readonly [number, number, number],
	purpose: OutputHistory['purpose'] = 'answer',
): OutputHistory => ({
	model,
	purpose,
	calls: 42,
	tokens: {low, likely, high},
	characters: {low: low * 2, likely: likely * 2, high: high * 2},
});

const history: History = {
	outputs: [
		outputOf('a', [100, 500, 3000]),
		outputOf('arbiter', [200, 400, 800], 'synthesis'),
	],
	iterations: [1, 1, 2, 2, 2, 2, 2, 3, 2, 2],
};

test('percentiles are by nearest rank', () => {
	const hundred = Array.from({length: 100}, (_, index) => 100 - index);

	assert.deepEqual(spreadOf(hundred), {low: 10, likely: 50, high: 90});
	assert.deepEqual(spreadOf([9, 1, 5]), {low: 1, likely: 5, high: 9});
	assert.deepEqual(spreadOf([7]), {low: 7, likely: 7, high: 7});
});

test('without a history, answers and iterations are assumed, and it says so', async () => {
	const {low, likely, high, basis} = await forecast(cast());

	assert.deepEqual(
		[low, likely, high].map(sum => [
			sum.iterations,
			sum.calls,
			sum.outputTokens,
		]),
		[
			[1, 3, 3000],
			[2, 6, 6000],
			[3, 9, 9000],
		],
	);
	assert.deepEqual(
		basis.outputs.map(({model, purpose, calls, tokens}) => [
			model,
			purpose,
			calls,
			tokens.likely,
		]),
		[
			['a', 'answer', 0, 1000],
			['b', 'answer', 0, 1000],
			['arbiter', 'synthesis', 0, 1000],
		],
	);
	assert.deepEqual(basis.iterations, {
		low: 1,
		likely: 2,
		high: 3,
		runs: 0,
		shares: [],
	});
});

test('with a history, replies are as long and iterations as many as they were', async () => {
	const {low, likely, high, basis, calls} = await forecast(
		cast(),
		{maxIterations: 5},
		{history},
	);

	// The other one has never answered: 1,000 tokens.
	assert.deepEqual(
		[low, likely, high].map(sum => [sum.iterations, sum.outputTokens]),
		[
			[1, 100 + 1000 + 200],
			[2, 2 * (500 + 1000 + 400)],
			[5, 5 * (3000 + 1000 + 800)],
		],
	);
	assert.deepEqual(basis.iterations, {
		low: 1,
		likely: 2,
		high: 5,
		runs: 10,
		shares: [0.2, 0.7, 0.1],
	});
	assert.deepEqual(
		basis.outputs.map(each => each.calls),
		[42, 0, 42],
	);
	assert.equal(calls.length, 15, 'every call there can be is listed');

	// The next request of a holds its answer, of two characters a token, and the feedback.
	const [first, second] = calls.filter(({speaker}) => speaker === 'a#1');
	const [, other] = calls.filter(({speaker}) => speaker === 'b#1');
	assert.equal(first!.outputTokens, 500);
	assert.equal(other!.inputCharacters - second!.inputCharacters, 4000 - 1000);
});

test('iterations are no fewer and no more than the consortium allows', async () => {
	const earlier = {...history, iterations: [1, 1, 7]};
	const {low, likely, high} = await forecast(
		cast(),
		{minIterations: 2, maxIterations: 4},
		{history: earlier},
	);
	const long = await forecast(
		cast(),
		{},
		{history: {...history, iterations: [9, 9]}},
	);

	assert.deepEqual(
		[low, likely, high].map(({iterations}) => iterations),
		[2, 2, 4],
	);
	assert.deepEqual(
		[long.low, long.likely].map(({iterations}) => iterations),
		[1, 3],
		'what always took long may be short the next time',
	);
});

test('no answer is expected to be longer than it may be', async () => {
	const {calls} = await forecast(
		cast(),
		{
			members: [
				{slot: 'a', model: 'a', count: 1, options: {maxTokens: 120}},
				{slot: 'b', model: 'b', count: 1, options: {maxTokens: 120}},
			],
		},
		{history},
	);

	assert.deepEqual(
		calls.slice(0, 3).map(({outputTokens}) => outputTokens),
		[120, 120, 400],
	);
});

/**
A cast that says what is assumed where there is no history.
*/
const wordy = (changes: Partial<Model> = {}) => ({
	a: {...fakeModel([['x'.repeat(4000)]]), ...changes},
	b: {...fakeModel([['x'.repeat(4000)]]), ...changes},
	arbiter: {
		...fakeModel([
			[
				`<confidence>0</confidence><needs_iteration>true</needs_iteration><synthesis>${'x'.repeat(4000)}`.slice(
					0,
					4000 - 12,
				) + '</synthesis>',
			],
		]),
		...changes,
	},
});

const sizesIn = ({heard}: FakeModel) =>
	heard.map(request => textOf(request).length);

test('what prompt caches serve and keep is what follows from the requests of a real run', async () => {
	const real = wordy({promptCache: marked});
	await play(real);
	const [first, second, third] = sizesIn(real.a).map(size =>
		Math.ceil(size / 4),
	) as [number, number, number];
	const {calls, likely} = await forecast(cast({promptCache: marked}));
	const ofA = calls.filter(({speaker}) => speaker === 'a#1');

	assert.deepEqual(
		ofA.map(call => [
			call.inputTokens,
			call.cachedTokens,
			call.cacheWriteTokens,
		]),
		[
			[first, 0, first],
			[second, first, second - first],
			// Nobody reads what the last one says: it is not marked.
			[third, second, 0],
		],
	);
	assert.deepEqual(
		ofA.map(({costUsd}) => costUsd!.toFixed(9)),
		[
			first * 12.5 + 50_000,
			first + (second - first) * 12.5 + 50_000,
			second + (third - second) * 10 + 50_000,
		].map(cost => (cost / 1e6).toFixed(9)),
	);
	assert.equal(
		likely.cachedTokens,
		2 * first +
			calls.find(({speaker}) => speaker === 'arbiter#1')!.cacheWriteTokens,
	);
});

test('without markers nothing is counted on', async () => {
	const {calls} = await forecast(
		cast({promptCache: marked}),
		{},
		{caching: {hasMarkers: false}},
	);
	assert.ok(
		calls.every(
			({cachedTokens, cacheWriteTokens}) =>
				cachedTokens + cacheWriteTokens === 0,
		),
	);
});

test('a cache that promises nothing is counted on usually and not at most', async () => {
	const {likely, high} = await forecast(cast({promptCache: chancy}), {
		minIterations: 3,
	});

	assert.equal(high.inputTokens, likely.inputTokens);
	assert.ok(likely.cachedTokens > 0);
	// The costs differ by what was not served, 9 dollars a million, and by a few words on who agrees.
	assert.equal(
		(high.costUsd! - likely.costUsd!).toFixed(4),
		((likely.cachedTokens * 9) / 1e6).toFixed(4),
	);
});

const unsure = verdictText({confidence: 0, needsIteration: true});

for (const memory of ['reply', 'lean', 'rebuild'] as const) {
	test(`in a conversation, with memory ${memory}, the first requests are what a real run sends, and the conversation stays as it was`, async () => {
		const world = stillWorld();
		const conversation = createConversation(world);
		const models = {
			a: fakeModel([['Yes.'], ['No.']]),
			b: fakeModel([['Perhaps.']]),
			arbiter: fakeModel([[unsure], [verdictText()]]),
		};
		const consortium = {memory};
		await play(models, {conversation, world, consortium});
		const seen = () =>
			JSON.stringify([
				conversation,
				['a', 'b'].map(model =>
					conversation.transcriptOf({
						id: `${model}#1`,
						model,
						system: models.a.heard[0]!.system,
					}),
				),
			]);
		const before = seen();
		const {calls} = await forecast(models, consortium, {conversation, world});

		assert.equal(seen(), before);
		assert.match(before, /Perhaps/);
		const heardBefore = models.a.heard.length;
		await play(models, {conversation, world, consortium});
		assert.deepEqual(
			calls.slice(0, 2).map(({inputCharacters}) => inputCharacters),
			[models.a, models.b].map(model => sizesIn(model)[heardBefore]),
		);
	});
}

test('what a provider still keeps of a conversation is read, and not once it is cold', async () => {
	const world = stillWorld();
	const conversation = createConversation(world);
	const real = wordy({promptCache: marked});
	await play(real, {
		conversation,
		world,
		consortium: {maxIterations: 1},
		caching: {isFollowUpLikely: true},
	});
	const firstCall = async () => {
		const {calls} = await forecast(real, {}, {conversation, world});
		return calls[0]!;
	};

	const kept = Math.ceil(sizesIn(real.a)[0]! / 4);
	const warm = await firstCall();
	assert.deepEqual(
		[warm.cachedTokens, warm.cacheWriteTokens],
		[kept, warm.inputTokens - kept],
	);
	await world.pass(300_000);
	const cold = await firstCall();
	assert.deepEqual(
		[cold.cachedTokens, cold.cacheWriteTokens],
		[0, cold.inputTokens],
	);
});

test('the cheapest memory mode is named with what it saves', async () => {
	const {memory} = await forecast(cast());
	const {modes} = memory!;

	assert.deepEqual(
		[memory!.chosen, memory!.cheapest, memory!.iterations],
		['reply', 'lean', 2],
	);
	assert.equal(
		memory!.savedUsd?.toFixed(5),
		(modes.reply.costUsd! - modes.lean.costUsd!).toFixed(5),
	);
	// Two members are not sent their own answer of 1,000 tokens, but their question once more.
	const questions = (2 * 'Why?'.length) / 4;
	assert.equal(
		memory!.savedInputTokens,
		modes.reply.inputTokens - modes.lean.inputTokens,
	);
	assert.ok(
		Math.abs(memory!.savedInputTokens - (2000 - questions)) <= 4,
		String(memory!.savedInputTokens),
	);
});

test('where the chosen mode is as cheap as any, it is the cheapest', async () => {
	const {memory} = await forecast(cast(), {memory: 'lean'});
	assert.deepEqual(
		[memory!.cheapest, memory!.savedUsd, memory!.savedInputTokens],
		['lean', 0, 0],
	);
});

test('with one iteration at most the modes do not differ; with more likely, at least two are compared', async () => {
	const {memory: none} = await forecast(cast(), {maxIterations: 1});
	const once = {...history, iterations: [1]};
	const {memory: two} = await forecast(cast(), {}, {history: once});
	const thrice = {...history, iterations: [3]};
	const {memory: three} = await forecast(cast(), {}, {history: thrice});

	assert.equal(none, null);
	assert.equal(two!.iterations, 2);
	assert.equal(three!.iterations, 3);
});

test('a budget does not disturb the comparison of modes', async () => {
	const {memory, limit} = await forecast(cast(), {
		limits: {budgetUsd: 0.25, timeoutSeconds: 600},
	});
	const {memory: unlimited} = await forecast(cast());

	assert.match(limit!, /^The budget of \$0\.25 would be exceeded/);
	assert.deepEqual(memory, unlimited);
});

test('where a price is unknown the modes are compared by what they send, and costs are lower bounds', async () => {
	const {likely, memory, calls} = await forecast({
		...cast(),
		b: priced({costOf: () => null}),
	});

	assert.equal(likely.costIsComplete, false);
	assert.deepEqual(
		calls.filter(({speaker}) => speaker === 'b#1').map(({costUsd}) => costUsd),
		[null, null, null],
	);
	assert.equal(
		likely.costUsd,
		calls
			.filter(({iteration}) => iteration <= 2)
			.reduce((sum, {costUsd}) => sum + (costUsd ?? 0), 0),
	);
	assert.deepEqual([memory!.cheapest, memory!.savedUsd], ['lean', null]);
	const {high} = await forecast(cast({costOf: () => null}));
	assert.deepEqual([high.costUsd, high.costIsComplete], [null, false]);
});

test('what is free costs nothing, and modes that cost the same are compared by what they send', async () => {
	const {high, memory} = await forecast(cast({costOf: () => 0}));

	assert.deepEqual([high.costUsd, high.costIsComplete], [0, true]);
	assert.deepEqual([memory!.cheapest, memory!.savedUsd], ['lean', 0]);
});

test('a limit that only long replies would reach is told as such', async () => {
	const {limit, likely, high} = await forecast(
		cast(),
		{limits: {budgetUsd: 0.6, timeoutSeconds: 600}, maxIterations: 2},
		{history: {outputs: [outputOf('a', [100, 500, 9000])], iterations: []}},
	);

	assert.equal(likely.iterations, 2);
	assert.match(limit!, /^With long replies: .*budget of \$0\.6/);
	assert.ok(high.costUsd! <= 0.6);
});

test('of a reply that the budget breaks off, what was thought for it and said of it counts', async () => {
	// The text takes 4,500 of the tokens: the others are hidden.
	const outputs = [outputOf('a', [100, 500, 9000])];
	const {high, likely, limit} = await forecast(
		cast(),
		{limits: {budgetUsd: 0.2, timeoutSeconds: 600}, maxIterations: 1},
		{history: {outputs, iterations: []}},
	);

	assert.equal(
		limit,
		'With long replies: The budget of $0.2 would end in the middle of what a#1 says in iteration 1.',
	);
	assert.equal(likely.outputTokens, 500 + 1000 + 1000);
	// Set aside are 0.05 for a thousand tokens: the third thousand is not paid for any more.
	assert.equal(high.outputTokens, 4500 + 3000 + 1000 + 1000);
});

test('a budget over unknown prices forbids the forecast as it forbids the run', async () => {
	await assert.rejects(
		forecast(cast({costOf: () => null}), {
			limits: {budgetUsd: 1, timeoutSeconds: 600},
		}),
		UserError,
	);
});

test('low is never above likely, and likely never above high', async () => {
	const spread = fc
		.array(fc.integer({min: 1, max: 6000}), {minLength: 1, maxLength: 5})
		.map(values => spreadOf(values));
	const output = (model: string, purpose: OutputHistory['purpose']) =>
		fc.record({
			model: fc.constant(model),
			purpose: fc.constant(purpose),
			calls: fc.constant(5),
			tokens: spread,
			characters: spread,
		});
	const figures = [
		'iterations',
		'calls',
		'inputTokens',
		'cachedTokens',
		'cacheWriteTokens',
		'outputTokens',
		'costUsd',
	] as const satisfies ReadonlyArray<keyof ForecastSum>;

	await fc.assert(
		fc.asyncProperty(
			fc.record({
				outputs: fc.tuple(
					output('a', 'answer'),
					output('b', 'answer'),
					output('arbiter', 'synthesis'),
				),
				iterations: fc.array(fc.integer({min: 1, max: 6}), {maxLength: 5}),
			}),
			fc.record({
				memory: fc.constantFrom('reply', 'lean', 'rebuild'),
				least: fc.integer({min: 1, max: 3}),
				more: fc.integer({min: 0, max: 2}),
				budgetUsd: fc.option(fc.double({min: 0.05, max: 2, noNaN: true})),
				kind: fc.constantFrom('marker', 'key', 'implicit'),
				minimumTokens: fc.constantFrom(null, 10, 1000, 3000),
			}),
			async (
				earlier,
				{memory, least, more, budgetUsd, kind, minimumTokens},
			) => {
				const {low, likely, high} = await forecast(
					cast({promptCache: {...marked, kind, minimumTokens}}),
					{
						memory,
						minIterations: least,
						maxIterations: least + more,
						limits: {budgetUsd, timeoutSeconds: 600},
					},
					{history: earlier},
				);

				for (const figure of figures) {
					assert.ok((low[figure] ?? 0) <= (likely[figure] ?? 0), figure);
					assert.ok(
						(likely[figure] ?? 0) <= (high[figure] ?? Infinity),
						figure,
					);
				}
			},
		),
		{numRuns: 60},
	);
});
