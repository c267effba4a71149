import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {type Model} from '../../source/core/model.js';
import {mulberry32} from '../../source/core/random.js';
import {quorumOf} from '../../source/core/strategies/quorum.js';
import {fakeModel} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, verdictText} from '../helpers/play.js';
import {vectors} from '../helpers/vectors.js';
import {stillWorld, whilePassing, type StillWorld} from '../helpers/world.js';

const {waits, hedging} = vectors<{
	waits: {
		readonly of: number;
		readonly exponential: readonly number[];
		readonly lognormal: readonly number[];
	};
	hedging: {readonly sigma: number};
}>('patience');

/**
Time passes in steps of so many milliseconds; what happens within a few of them happens at once.
*/
const stepMs = 10;
const toleranceMs = 5 * stepMs;

/**
A model whose calls take these times, one after the other, before they say a word.
*/
function late(world: StillWorld, delaysMs: readonly number[]): Model {
	let calls = 0;

	return {
		...fakeModel([]),
		async *call(request, signal) {
			const delayMs = delaysMs[calls++]!;
			yield {type: 'send'};
			await world.sleep(delayMs, signal);
			signal.throwIfAborted();
			yield* fakeModel([['Because.']]).call(request, signal);
		},
	};
}

/**
How long after the question the arbiter is asked.
*/
async function weighedAfter(
	delays: ReadonlyArray<readonly number[]>,
	given: Readonly<Record<string, unknown>>,
): Promise<{readonly ms: number; readonly calls: number}> {
	const world = stillWorld();
	const {events} = await whilePassing(
		world,
		stepMs,
		play(
			{
				...Object.fromEntries(
					delays.map((each, index) => [`m${index}`, late(world, each)]),
				),
				arbiter: fakeModel([[verdictText()]]),
			},
			{world, consortium: {strategies: [{name: 'quorum', params: given}]}},
		),
	);
	assert.deepEqual(brokenRules(events), []);
	const starts = events.filter(event => event.type === 'call-start');
	const arbiter = starts.find(({purpose}) => purpose === 'synthesis')!;

	return {
		ms: arbiter.t - events[0]!.t,
		calls: starts.filter(({purpose}) => purpose === 'answer').length,
	};
}

const delay = fc.integer({min: 1, max: 40}).map(steps => steps * 10 * stepMs);

test('without a grace the answers are weighed when as many as are enough have come', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(delay, {minLength: waits.of, maxLength: waits.of}),
			async delays => {
				const {ms} = await weighedAfter(
					delays.map(each => [each]),
					{grace: 0, graceShare: 0},
				);
				const sorted = delays.toSorted((left, right) => left - right);
				const expected = sorted[quorumOf(waits.of) - 1]!;
				assert.ok(Math.abs(ms - expected) <= toleranceMs, `${ms} ${expected}`);
			},
		),
		{numRuns: 20},
	);
});

test('the grace is the longer of its time and its share, and ends with the last answer', async () => {
	const delays = [[1000], [2000], [9000]];
	const near = (ms: number, expected: number) => {
		assert.ok(Math.abs(ms - expected) <= toleranceMs, `${ms} ${expected}`);
	};

	near(
		(await weighedAfter(delays, {quorum: 2, grace: 1, graceShare: 2})).ms,
		6000,
	);
	near(
		(await weighedAfter(delays, {quorum: 2, grace: 5, graceShare: 2})).ms,
		7000,
	);
	near((await weighedAfter(delays, {quorum: 2, grace: 60})).ms, 9000);
});

test('who is asked twice answers when the first of both does', async () => {
	const hedgeMs = 1000;

	await fc.assert(
		fc.asyncProperty(delay, delay, async (first, second) => {
			const {ms, calls} = await weighedAfter([[first, second]], {
				quorum: 1,
				hedge: hedgeMs / 1000,
			});
			const expected = Math.min(first, hedgeMs + second);
			assert.ok(Math.abs(ms - expected) <= toleranceMs, `${ms} ${expected}`);

			if (Math.abs(first - hedgeMs) > toleranceMs) {
				assert.equal(calls, first > hedgeMs ? 2 : 1);
			}
		}),
		{numRuns: 20},
	);
});

const exponential = (share: number) => -Math.log(1 - share);

/**
Of a log-normal distribution with the median 1.
*/
function logNormal(random: () => number, sigma: number): number {
	const radius = Math.sqrt(-2 * Math.log(1 - random()));
	return Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
}

test('the wait for enough of five is that of the samples, for either kind of slowness', () => {
	const enough = quorumOf(waits.of) - 1;
	const random = mulberry32(7);

	for (const [expected, draw] of [
		[waits.exponential[enough]!, () => exponential(random())],
		[waits.lognormal[enough]!, () => logNormal(random, hedging.sigma)],
	] as const) {
		const rounds = 50_000;
		let sum = 0;

		for (let round = 0; round < rounds; round++) {
			sum += Array.from({length: waits.of}, draw).toSorted(
				(left, right) => left - right,
			)[enough]!;
		}

		assert.ok(Math.abs(sum / rounds - expected) < 0.01, `${sum / rounds}`);
	}
});
