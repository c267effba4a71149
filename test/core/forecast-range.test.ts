import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {virtualWorld} from '../../bench/virtual-world.js';
import {type SavedConsortium} from '../../source/core/consortium.js';
import {type RunEvent} from '../../source/core/events.js';
import {forecastRun, type Forecast} from '../../source/core/forecast.js';
import {type Model} from '../../source/core/model.js';
import {type Observer} from '../../source/core/observation.js';
import {mulberry32, fnv1a32} from '../../source/core/random.js';
import {runConsortium} from '../../source/core/run-consortium.js';
import {type World} from '../../source/core/world.js';
import {fakeModel} from '../helpers/fake-model.js';
import {consortiumOf, templates, verdictText} from '../helpers/play.js';

const names = ['a', 'b', 'c', 'd', 'e'];
const labels = /^\[[\da-f]{32} answer ([A-Z]+)/gmv;

/**
A model that says what a seed makes it say, sooner or later: a value or prose as a member, a whole verdict as a judge.
*/
function seeded(name: string, seed: number, world: World): Model {
	const plain = fakeModel([[]]);
	let calls = 0;

	return {
		...plain,
		async *call(request, signal) {
			const random = mulberry32(fnv1a32(`${name} ${seed} ${calls++}`));
			const oneOf = <Value>(values: readonly Value[]) =>
				values[Math.floor(random() * values.length)]!;
			yield {type: 'send'};
			await world.sleep(oneOf([10, 10, 3000, 9000]), signal);
			signal.throwIfAborted();
			const said = request.messages
				.flatMap(each => ('parts' in each ? each.parts : []))
				.join('\n');
			const found = said
				.matchAll(labels)
				.map(([, label]) => label!)
				.toArray();
			const ranking = found.toSorted(() => random() - 0.5).join(' > ');
			yield {
				type: 'text',
				text:
					request.purpose === 'answer'
						? oneOf([
								'It is so.\n<final>1</final>',
								'It is not.\n<final>2</final>',
								`Prose of ${name}, in words of its own.`,
							])
						: `${verdictText({
								confidence: oneOf([0.1, 0.9]),
								needsIteration: oneOf([true, false]),
								ranking,
							})}<margin>${oneOf([0, 1])}</margin>`,
			};
			yield {
				type: 'end',
				stop: 'done',
				usage: {
					inputTokens: 1,
					cachedTokens: null,
					cacheWriteTokens: null,
					outputTokens: 1,
					reasoningTokens: null,
				},
				native: null,
				resolvedModel: null,
				requestId: null,
			};
		},
	};
}

/**
Compares by chance, and accepts one answer of two.
*/
const observerOf = (seed: number): Observer => {
	let asked = 0;
	const random = () => mulberry32(fnv1a32(`${seed} ${asked++}`))();

	return {
		priceOf: async () => 0.001,
		async observe(request) {
			if (request.kind === 'command') {
				const {kind, command} = request;
				const isMet = random() < 0.5;
				return {kind, command, isMet, detail: '', problem: null};
			}

			if (request.kind === 'regex') {
				const {kind, pattern} = request;
				return {kind, pattern, isMet: random() < 0.5, problem: null};
			}

			const {kind, model, answers} = request;
			const likeness = answers.map(() => random());
			return {
				kind,
				model,
				instances: answers.map(({instance}) => instance),
				calls: answers.map(({callId}) => callId),
				matrix: answers.map((_, row) =>
					answers.map((_each, column) =>
						row === column ? 1 : likeness[Math.max(row, column)]!,
					),
				),
				costUsd: 0.001,
				problem: null,
			};
		},
	};
};

/**
What was called in a run and inside of it, and compared.
*/
function countIn(events: readonly RunEvent[]): number {
	const parents = new Set(
		events.flatMap(each => (each.type === 'nested' ? each.parentCallId : [])),
	);
	const inner = Map.groupBy(
		events.filter(each => each.type === 'nested'),
		({parentCallId}) => parentCallId,
	);

	return (
		events.filter(
			each =>
				(each.type === 'call-start' && !parents.has(each.callId)) ||
				(each.type === 'observation' && each.observation.kind === 'similarity'),
		).length +
		inner
			.values()
			.reduce((sum, nested) => sum + countIn(nested.map(({event}) => event)), 0)
	);
}

const strategy = fc.tuple(
	fc.constantFrom('none', 'tiered', 'adaptive', 'elimination'),
	fc.constantFrom('none', 'majority', 'plurality', 'confidence', 'always'),
	fc.constantFrom('none', 'wording', 'embedding'),
	fc.constantFrom('none', 'patient', 'hedged'),
	fc.integer({min: 1, max: 4}),
);

const strategiesOf = (
	[asked, vote, heard, patience, number]: readonly [
		string,
		string,
		string,
		string,
		number,
	],
	slots: readonly string[],
): SavedConsortium['strategies'] => {
	const all: SavedConsortium['strategies'] = [
		{
			name: asked,
			params: {
				none: {},
				tiered: {
					tiers: [slots.slice(0, 2), ...slots.slice(2).map(each => [each])],
				},
				adaptive: {first: number},
				elimination: {keep: number / 4, minimum: 1 + (number % 2)},
			}[asked]!,
		},
		{
			name: vote === 'none' ? 'none' : 'voting',
			params: vote === 'always' ? {arbiter: vote} : {rule: vote},
		},
		{
			name: heard === 'none' ? 'none' : 'semantic',
			params: heard === 'embedding' ? {embedding: 'x/embed'} : {},
		},
		{
			name: patience === 'none' ? 'none' : 'quorum',
			params: {grace: 1, ...(patience === 'hedged' && {hedge: 2})},
		},
	];

	return all.filter(({name}) => name !== 'none');
};

const consortium = (name: string, slots: readonly string[]) =>
	fc
		.record({
			size: fc.integer({min: 3, max: slots.length}),
			strategy,
			judging: fc.constantFrom('synthesis', 'rank', 'pick', 'panel', 'peer'),
			memory: fc.constantFrom('reply', 'lean', 'rebuild'),
			least: fc.integer({min: 1, max: 3}),
			more: fc.integer({min: 0, max: 2}),
			until: fc.constantFrom([], ['command:true'], ['regex:o'], ['contains:Z']),
		})
		.map(
			({size, strategy: chosen, judging, memory, least, more, until}) =>
				({
					...consortiumOf({}),
					name,
					members: slots
						.slice(0, size)
						.map(model => ({slot: model, model, count: 1})),
					arbiters: (judging === 'panel' ? ['x', 'y', 'z'] : ['x']).map(
						model => ({model}),
					),
					strategies: strategiesOf(chosen, slots.slice(0, size)),
					judging,
					memory,
					minIterations: least,
					maxIterations: Math.max(least + more, size),
					until,
					limits: {budgetUsd: null, timeoutSeconds: 1e5},
				}) satisfies SavedConsortium as SavedConsortium,
		);

/**
What a run is forecast to call, and what it then calls, as the seed has it.
*/
async function played(
	outer: SavedConsortium,
	consortiums: ReadonlyMap<string, SavedConsortium>,
	seed: number,
): Promise<{readonly forecast: Forecast; readonly calls: number}> {
	const world = virtualWorld(`w${seed}`);
	const models = new Map(
		[...names, 'x', 'y', 'z'].map(name => [name, seeded(name, seed, world)]),
	);
	const observer = observerOf(seed);
	const common = {models, templates, world, consortiums, observer};
	const forecast = await forecastRun(outer, 'Why?', common);
	const events: RunEvent[] = [];

	const run = async () => {
		for await (const event of runConsortium(outer, 'Why?', {
			...common,
			signal: new AbortController().signal,
		})) {
			events.push(event);
		}
	};

	await world.passing(run());
	return {forecast, calls: countIn(events)};
}

test('no run calls less than at least or more than at most, whatever its strategies, judging, memory and members', async () => {
	await fc.assert(
		fc.asyncProperty(
			consortium('outer', ['a', 'b', 'inner', 'c', 'd']),
			consortium('plain', names),
			consortium('inner', ['d', 'e', 'a', 'b']),
			fc.boolean(),
			fc.integer(),
			async (outer, plain, inner, isNested, seed) => {
				const {forecast, calls} = await played(
					isNested ? outer : plain,
					new Map([['inner', inner]]),
					seed,
				);
				const {low, high, isComplete} = forecast;
				assert.ok(calls >= low.calls, `${calls} of at least ${low.calls}`);
				assert.ok(
					calls <= high.calls || !isComplete,
					`${calls} of at most ${high.calls}`,
				);
			},
		),
		{numRuns: 40, seed: 7},
	);
});

const cast = (): Map<string, Model> =>
	new Map([...names, 'x'].map(name => [name, fakeModel([['x']])]));

async function rangeOf(
	changes: Partial<SavedConsortium>,
	options: Partial<Parameters<typeof forecastRun>[2]> = {},
) {
	const {low, likely, high, calls} = await forecastRun(
		consortiumOf(
			{a: fakeModel([]), b: fakeModel([]), c: fakeModel([])},
			{arbiters: [{model: 'x'}], ...changes},
		),
		'Why?',
		{models: cast(), templates, world: virtualWorld('f'), ...options},
	);
	return {low, likely, high, calls, range: [low.calls, high.calls]};
}

test('a vote may spare the arbiter, and its calls say that they depend on it', async () => {
	const {range, calls} = await rangeOf({
		strategies: [{name: 'voting', params: {}}],
	});

	assert.deepEqual(range, [3, 12]);
	assert.deepEqual(
		calls.slice(0, 4).map(({condition}) => condition),
		[null, null, null, 'only while the vote is open'],
	);
});

test('elimination asks no more than can still be asked', async () => {
	const strategies = [{name: 'elimination', params: {}}];
	assert.deepEqual((await rangeOf({strategies})).range, [4, 4 + 3 + 3]);
});

test('where few are asked of many, at least and at most are those that cost the least and the most', async () => {
	const models = cast();
	models.set('b', fakeModel([['x']], {costUsd: 5}));
	const {low, high} = await rangeOf(
		{
			strategies: [{name: 'adaptive', params: {first: 1}}],
			maxIterations: 1,
		},
		{models},
	);
	assert.deepEqual(
		[low.costUsd?.toFixed(2), high.costUsd?.toFixed(2)],
		['0.02', '5.03'],
	);

	const narrow = await rangeOf(
		{strategies: [{name: 'elimination', params: {minimum: 1, keep: 0.1}}]},
		{models},
	);
	assert.equal(narrow.high.costUsd?.toFixed(2), '15.05');
});

test('whoever can be asked a second time is counted twice at most, also inside of another', async () => {
	const strategies = [{name: 'quorum', params: {hedge: 30}}];
	const inner = consortiumOf(
		{d: fakeModel([]), e: fakeModel([])},
		{name: 'inner', arbiters: [{model: 'x'}], strategies, maxIterations: 1},
	);
	const {range} = await rangeOf({strategies, maxIterations: 1});
	const nested = await rangeOf(
		{
			maxIterations: 1,
			members: [{slot: 'inner', model: 'inner', count: 1}],
		},
		{consortiums: new Map([['inner', inner]])},
	);

	assert.deepEqual(range, [4, 7]);
	assert.equal(nested.high.calls, 2 * 2 + 1 + 1);
	assert.deepEqual(
		nested.calls.map(({innerIterations}) => innerIterations),
		[[1], [1], [1], []],
	);
});

test('comparing by an embedding model is a call that costs, and an unknown price is told', async () => {
	const strategies = [{name: 'semantic', params: {embedding: 'x/embed'}}];
	const price = (usd: number | null) => ({
		observer: {priceOf: async () => usd},
	});
	const known = await rangeOf({strategies, maxIterations: 1}, price(0.5));
	const unknown = await rangeOf({strategies, maxIterations: 1}, price(null));

	assert.deepEqual(known.range, [5, 5]);
	assert.deepEqual(
		known.calls
			.filter(({purpose}) => purpose === 'embedding')
			.map(({model, costUsd}) => [model, costUsd]),
		[['x/embed', 0.5]],
	);
	assert.equal(known.high.costUsd?.toFixed(2), '0.54');
	assert.equal(unknown.high.costIsComplete, false);
});

test('conditions of the person end nothing before the last iteration', async () => {
	for (const condition of [
		'command:true',
		'regex:x',
		'contains:x',
		'agreement>=0.1',
	]) {
		const {range} = await rangeOf({until: [condition]});
		assert.deepEqual(range, [4, 12]);
	}
});
