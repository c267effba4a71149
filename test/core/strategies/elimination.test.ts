import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	instancesOf,
	type SavedConsortium,
} from '../../../source/core/consortium.js';
import {type RunEvent} from '../../../source/core/events.js';
import {
	standingsOf,
	survivors,
} from '../../../source/core/strategies/elimination.js';
import {pictureOf} from '../../helpers/derived.js';
import {failure, fakeModel, type Beat} from '../../helpers/fake-model.js';
import {brokenRules} from '../../helpers/grammar.js';
import {consortiumOf, play, verdictText} from '../../helpers/play.js';
import {
	answersIn,
	modelThat,
	resumedAfter,
	saidBefore,
} from '../../helpers/readers.js';
import {essence} from '../../helpers/resumed.js';
import {vectors} from '../../helpers/vectors.js';
import {stillWorld} from '../../helpers/world.js';

type Samples = {
	readonly survivors: ReadonlyArray<{
		readonly from: number;
		readonly rounds: number;
		readonly keep: number;
		readonly minimum: number;
		readonly asked: readonly number[];
		readonly calls: number;
	}>;
};

test('as many go on as the share that is kept says, and never fewer than the minimum', () => {
	const samples = vectors<Samples>('patience').survivors;
	assert.equal(samples.length, 3);

	for (const {from, rounds, keep, minimum, asked, calls} of samples) {
		const counts = [from];

		while (counts.length < rounds) {
			counts.push(survivors(counts.at(-1)!, {keep, minimum}));
		}

		assert.deepEqual(counts, asked);
		assert.equal(
			counts.reduce((sum, each) => sum + each, 0),
			calls,
		);
	}

	assert.equal(survivors(100, {keep: 0.07, minimum: 2}), 7);
});

test('the number of those that go on stays between the minimum and all', () => {
	fc.assert(
		fc.property(
			fc.integer({min: 1, max: 256}),
			fc.double({min: 0.001, max: 1, noNaN: true}),
			fc.integer({min: 1, max: 300}),
			(count, keep, minimum) => {
				const left = survivors(count, {keep, minimum});
				assert.ok(left >= Math.min(count, minimum));
				assert.ok(left <= count);
			},
		),
	);
});

const eliminating = (
	parameters: Record<string, unknown> = {},
	more: Partial<SavedConsortium> = {},
): Partial<SavedConsortium> => ({
	strategies: [{name: 'elimination', params: parameters}],
	...more,
});

const speaker = (name: string) =>
	modelThat(request => `${name} ${saidBefore(request) + 1}`);

/**
Puts answers in the order in which their first words stand in `order`, the others last; `form` writes the labels.
*/
const ranking = (
	order: readonly string[],
	form: (labels: readonly string[]) => string = labels => labels.join(' > '),
) =>
	modelThat(request => {
		const labels = [...answersIn(request)]
			.toSorted(
				([, left], [, right]) =>
					order.indexOf(left.split(' ', 1)[0]!) -
					order.indexOf(right.split(' ', 1)[0]!),
			)
			.map(([label]) => label);

		return verdictText({
			confidence: 0.5,
			needsIteration: true,
			ranking: form(labels),
		});
	});

const askedIn = (events: readonly RunEvent[]) =>
	events.flatMap(event =>
		event.type === 'iteration-start' ? [event.instances] : [],
	);

const decisionsIn = (events: readonly RunEvent[]) =>
	events.flatMap(event => (event.type === 'decision' ? [event] : []));

const marksIn = (events: readonly RunEvent[]) =>
	decisionsIn(events).flatMap(({marks}) =>
		marks.map(({instance, mark}) => `${instance} ${mark}`),
	);

const names = ['a', 'b', 'c', 'd'];
const castOfFour = () =>
	Object.fromEntries(names.map(name => [name, speaker(name)]));

for (const judging of ['synthesis', 'rank', 'pick', 'panel', 'peer'] as const) {
	test(`the best half goes on when answers are weighed by ${judging}`, async () => {
		const cast = {
			...castOfFour(),
			arbiter: ranking(['d', 'b', 'a', 'c'], labels =>
				judging === 'pick' ? labels[0]! : labels.join(' > '),
			),
		};
		const {events} = await play(cast, {
			consortium: eliminating(
				{},
				{
					judging,
					maxIterations: 2,
					...(judging === 'panel' && {
						arbiters: [{model: 'arbiter'}, {model: 'arbiter'}],
					}),
				},
			),
		});

		assert.deepEqual(brokenRules(events), []);
		const [first, second] = askedIn(events);
		assert.equal(first!.length, 4);
		assert.ok(second!.includes('d#1'), 'the winner goes on');
		assert.equal(second!.length, 2);
		assert.equal(
			marksIn(events).filter(each => each.endsWith('eliminated')).length,
			2,
		);
		assert.equal(
			decisionsIn(events).find(({saved}) => saved !== null)!.saved!.calls,
			2,
		);
	});
}

test('one bad rank does not end it for an instance that was good before', async () => {
	const arbiter = modelThat(request => {
		const labels = answersIn(request);
		const order = labels.values().some(text => text.endsWith(' 1'))
			? ['a', 'b', 'c', 'd']
			: ['d', 'b', 'c', 'a'];

		return verdictText({
			confidence: 0.5,
			needsIteration: true,
			ranking: [...labels]
				.toSorted(
					([, left], [, right]) =>
						order.indexOf(left[0]!) - order.indexOf(right[0]!),
				)
				.map(([label]) => label)
				.join(' > '),
		});
	});
	const {events} = await play(
		{...castOfFour(), arbiter},
		{consortium: eliminating({keep: 0.75, minimum: 1}, {maxIterations: 3})},
	);

	// After the first: a 1, b 2, c 3, d out. After the second a is last of three: a 2, b 1.5, c 2.5.
	assert.deepEqual(askedIn(events), [
		['a#1', 'b#1', 'c#1', 'd#1'],
		['a#1', 'b#1', 'c#1'],
		['a#1', 'b#1', 'c#1'],
	]);
	const narrower = await play(
		{...castOfFour(), arbiter},
		{
			consortium: eliminating({keep: 0.6, minimum: 1}, {maxIterations: 3}),
		},
	);
	assert.deepEqual(askedIn(narrower.events).at(-1), ['a#1', 'b#1']);
});

test('siblings are eliminated one by one', async () => {
	const twin = modelThat(request =>
		request.transcriptId === first ? 'good 1' : 'bad 1',
	);
	let first = '';
	const {events} = await play(
		{
			twin,
			other: speaker('middling'),
			arbiter: ranking(['good', 'middling', 'bad']),
		},
		{
			consortium: eliminating(
				{},
				{
					maxIterations: 2,
					members: [
						{slot: 'twin', model: 'twin', count: 2},
						{slot: 'other', model: 'other', count: 1},
					],
				},
			),
			onEvent(event) {
				if (event.type === 'run-start') {
					first = event.instances[0]!.transcriptId;
				}
			},
		},
	);

	assert.deepEqual(askedIn(events)[1], ['twin#1', 'other#1']);
});

test('nobody is eliminated where nobody is ranked, and the decision says so', async () => {
	const {events} = await play(
		{
			...castOfFour(),
			arbiter: modelThat(() =>
				verdictText({confidence: 0.5, needsIteration: true}),
			),
		},
		{consortium: eliminating({}, {maxIterations: 2})},
	);

	assert.equal(askedIn(events)[1]!.length, 4);
	assert.ok(
		decisionsIn(events).some(({reason}) =>
			reason.includes('Nobody was ranked, so nobody is eliminated.'),
		),
	);
	assert.deepEqual(marksIn(events), []);
});

const failing = (rounds: readonly number[]): Beat[][] =>
	[1, 2, 3].map(round => [
		rounds.includes(round) ? {failure: failure()} : `b ${round}`,
	]);

test('who failed once counts as last and goes on if there is room; who failed twice running does not', async () => {
	const play3 = async (rounds: readonly number[], keep: number) => {
		const scripts = failing(rounds);
		let call = 0;
		const {events} = await play(
			{
				a: speaker('a'),
				b: modelThat(() => scripts[call++]!),
				c: speaker('c'),
				arbiter: ranking(['a', 'c', 'b']),
			},
			{consortium: eliminating({keep, minimum: 1}, {maxIterations: 3})},
		);
		return askedIn(events).map(asked => asked.join(' '));
	};

	assert.deepEqual(await play3([1], 1), [
		'a#1 b#1 c#1',
		'a#1 b#1 c#1',
		'a#1 b#1 c#1',
	]);
	assert.deepEqual(await play3([1], 0.6), [
		'a#1 b#1 c#1',
		'a#1 c#1',
		'a#1 c#1',
	]);
	assert.deepEqual(await play3([1, 2], 1), [
		'a#1 b#1 c#1',
		'a#1 b#1 c#1',
		'a#1 c#1',
	]);
});

test('of equal ranks the more confident goes on, then the cheaper, then the first', async () => {
	const arbiter = modelThat(request =>
		verdictText({
			confidence: 0.5,
			needsIteration: true,
			ranking: answersIn(request).keys().toArray().join(' = '),
		}),
	);
	const say = (text: string, costUsd: number | null) =>
		modelThat(() => text, {costUsd});
	const second = async (cast: Parameters<typeof play>[0]) =>
		askedIn(
			(
				await play(
					{...cast, arbiter},
					{
						consortium: eliminating(
							{minimum: 1, keep: 0.3},
							{maxIterations: 2},
						),
					},
				)
			).events,
		)[1];

	assert.deepEqual(
		await second({
			a: say('x', 0.01),
			b: say('x\n<confidence>0.4</confidence>', 0.05),
			c: say('x\n<confidence>0.7</confidence>', 0.09),
		}),
		['c#1'],
	);
	assert.deepEqual(
		await second({a: say('x', null), b: say('x', 0.05), c: say('x', 0.02)}),
		['c#1'],
	);
	assert.deepEqual(
		await second({a: say('x', 0.01), b: say('x', 0.01), c: say('x', 0.01)}),
		['a#1'],
	);
});

test('a run that was broken off anywhere eliminates the same', async () => {
	const world = stillWorld();
	const cast = () => ({
		...castOfFour(),
		arbiter: ranking(['d', 'b', 'a', 'c']),
	});
	const consortium = eliminating({keep: 0.6}, {maxIterations: 3});
	const whole = await play(cast(), {world, consortium});
	assert.deepEqual(
		askedIn(whole.events).map(({length}) => length),
		[4, 3, 2],
	);

	for (let count = 1; count < whole.events.length; count++) {
		const {events, result} = await resumedAfter(count, whole, {
			cast: cast(),
			consortium,
			world,
		});
		assert.deepEqual(brokenRules(events), [], `after ${count}`);
		assert.deepEqual(
			essence({result}),
			essence(whole),
			`after ${count} events`,
		);
	}
});

/**
Members that answer with their name, but for the iterations (from 0) in which they fail.
*/
const failingIn = (fails: Readonly<Record<string, readonly number[]>>) =>
	Object.fromEntries(
		Object.entries(fails).map(([name, iterations]) => [
			name,
			fakeModel(
				Array.from({length: 5}, (_, index) => [
					iterations.includes(index) ? {failure: failure()} : name,
				]),
			),
		]),
	);

/**
Ranks the answers by these orders, one an iteration; who is in none of them is not ranked.
*/
const rankingBy = (orders: ReadonlyArray<readonly string[]>) => {
	const arbiter = modelThat(request => {
		const order = orders[arbiter.heard.length - 1] ?? [];
		const labels = new Map(
			[...answersIn(request)].map(([label, name]) => [name, label]),
		);

		return verdictText({
			confidence: 0.5,
			needsIteration: true,
			ranking: order.flatMap(name => labels.get(name) ?? []).join(' > '),
		});
	});
	return arbiter;
};

test('in each iteration who answered and was not ranked comes behind the ranked, and who failed behind those', async () => {
	const cast = {
		...failingIn({a: [], b: [], c: [], d: [1]}),
		arbiter: rankingBy([
			['d', 'a', 'b', 'c'],
			['a', 'b'],
		]),
	};
	const consortium = eliminating({keep: 1}, {maxIterations: 2});
	const {events} = await play(cast, {consortium});
	const instances = instancesOf(consortiumOf(cast, consortium));
	const ids = instances.map(({id}) => id);

	assert.deepEqual(
		Object.fromEntries(
			standingsOf(pictureOf(events), instances, ids).map(({instance, rank}) => [
				instance,
				rank,
			]),
		),
		{'a#1': 1.5, 'b#1': 2.5, 'c#1': 3.5, 'd#1': 2.5},
	);
});

test('who goes is told with its mean rank, and of equals what decided', async () => {
	const cast = {
		...failingIn({a: [], b: [], c: [], d: []}),
		arbiter: rankingBy([['a'], ['a', 'b']]),
	};
	const {events} = await play(cast, {
		consortium: eliminating({keep: 0.75}, {maxIterations: 2}),
	});
	const told = events.flatMap(event =>
		event.type === 'decision' && event.marks.length > 0 ? [event] : [],
	);

	assert.equal(
		told[0]!.reason,
		'The best 3 of 4 go on, by mean rank so far: a#1 1.0, b#1 3.0, c#1 3.0. d#1 goes: its mean rank is 3.0, equal with c#1, and it stands later in the consortium.',
	);
	assert.equal(
		told[0]!.marks[0]!.text,
		'Eliminated after iteration 1: its mean rank is 3.0, equal with c#1, and it stands later in the consortium, and the best 3 go on.',
	);
});

test('however they are ranked and whoever fails, never fewer than the minimum go on, and who was let go stays away', async () => {
	const everyone = ['a', 'b', 'c', 'd', 'e'];
	const iterations = fc.subarray([0, 1, 2, 3, 4]);
	let narrowed = 0;

	await fc.assert(
		fc.asyncProperty(
			fc.tuple(...everyone.map(() => iterations)),
			fc.array(fc.shuffledSubarray(everyone), {minLength: 4, maxLength: 4}),
			fc.constantFrom(0.1, 0.34, 0.5, 0.75, 1),
			fc.integer({min: 1, max: 6}),
			async (fails, orders, keep, minimum) => {
				const {events} = await play(
					{
						...failingIn(
							Object.fromEntries(
								everyone.map((name, index) => [name, fails[index]!]),
							),
						),
						arbiter: rankingBy(orders),
					},
					{consortium: eliminating({keep, minimum}, {maxIterations: 4})},
				);
				assert.deepEqual(brokenRules(events), []);
				const asked = askedIn(events);

				for (const [index, next] of asked.entries()) {
					const before = asked[index - 1] ?? next;
					narrowed += Number(next.length < before.length);
					assert.ok(next.length >= Math.min(minimum, before.length));
					assert.ok(next.every(id => before.includes(id)));
				}
			},
		),
		{numRuns: 60},
	);
	assert.ok(narrowed > 20, `only ${narrowed} were eliminated`);
});
