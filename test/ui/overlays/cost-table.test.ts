import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {createConversation} from '../../../source/core/conversation.js';
import {type RunEvent} from '../../../source/core/events.js';
import {type RunState} from '../../../source/core/run-state.js';
import {openLog} from '../../../source/store/database.js';
import {latestConversation, readChain} from '../../../source/store/chains.js';
import {cacheStates} from '../../../source/ui/overlays/cache-state.js';
import {
	costTable,
	type CostRow,
	type Use,
} from '../../../source/ui/overlays/cost-table.js';
import {pictureOf} from '../../helpers/derived.js';
import {fakeModel, failure} from '../../helpers/fake-model.js';
import {fillLog} from '../../helpers/filled-log.js';
import {play, verdictText} from '../../helpers/play.js';
import {pricedModel} from '../../helpers/priced.js';
import {emptyFolder} from '../../helpers/program.js';
import {stillWorld} from '../../helpers/world.js';

const tableOf = (
	pictures: readonly RunState[],
	liveRunId: string | null = null,
) => costTable({pictures, liveRunId});

/**
What is known of each sum, rounded as dollars are; a star where more is not.
*/
const known = (use: Use) =>
	Object.fromEntries(
		Object.entries(use).map(([key, {known: sum, isWhole}]) => [
			key,
			`${sum === null ? '?' : Number(sum.toFixed(6))}${isWhole ? '' : '*'}`,
		]),
	) as Record<keyof Use, string>;

/**
Input, cached, written, output, reasoning, dollars.
*/
const figures = ({label, use, broken}: CostRow) => [
	label,
	Object.values(known(use)).join(' '),
	broken,
];

const sure = [verdictText()];
const unsure = [verdictText({confidence: 0.1, needsIteration: true})];

/**
Two members and an arbiter, two questions. Dollars a token, so that the sums can be done by hand.
*/
const ledger = () => ({
	opus: pricedModel(
		[['Yes.'], ['Still yes.']],
		[
			// 200 fresh = 0.2, 800 written = 1, 100 out = 0.5
			{
				inputTokens: 1000,
				cachedTokens: 0,
				cacheWriteTokens: 800,
				outputTokens: 100,
				reasoningTokens: 40,
			},
			// 100 fresh = 0.1, 800 cached = 0.08, 600 written = 0.75, 200 out = 1
			{
				inputTokens: 1500,
				cachedTokens: 800,
				cacheWriteTokens: 600,
				outputTokens: 200,
				reasoningTokens: 50,
			},
		],
		{price: {input: 0.001, cached: 0.0001, written: 0.00125, output: 0.005}},
	),
	// Its first attempt breaks, it thinks in secret, and nobody knows its price.
	luna: pricedModel(
		[['N', {failure: failure({retryable: true})}], ['No.'], ['Still no.']],
		[
			{},
			{inputTokens: 900, cachedTokens: 0, outputTokens: 60},
			{inputTokens: 1200, cachedTokens: 900, outputTokens: 70},
		],
	),
	arbiter: pricedModel(
		[sure, sure],
		[
			// 2,000 fresh = 4, 300 out = 3
			{
				inputTokens: 2000,
				cachedTokens: 0,
				cacheWriteTokens: 0,
				outputTokens: 300,
				reasoningTokens: 200,
			},
			// 500 fresh = 1, 2,000 cached = 0.4, 400 out = 4
			{
				inputTokens: 2500,
				cachedTokens: 2000,
				cacheWriteTokens: 0,
				outputTokens: 400,
				reasoningTokens: 100,
			},
		],
		{price: {input: 0.002, cached: 0.0002, written: 0, output: 0.01}},
	),
});

async function playLedger(): Promise<RunEvent[][]> {
	const still = stillWorld();
	const world = {
		...still,
		// Before it tries again it waits for no time, but the run has all of its own.
		async sleep(delayMs: number, signal: AbortSignal) {
			if (delayMs > 10_000) {
				await still.sleep(delayMs, signal);
			}
		},
	};
	const conversation = createConversation(world);
	const content = ledger();
	const first = await play(content, {prompt: 'Is it?', world, conversation});
	const second = await play(content, {prompt: 'Still?', world, conversation});
	return [first.events, second.events];
}

test('a conversation of two questions adds up as it does by hand', async () => {
	const [first, second] = await playLedger();
	const {runs, speakers, models, total} = tableOf(
		[first!, second!].map(events => pictureOf(events)),
	);

	assert.deepEqual(
		runs.flatMap(({calls}) => calls.map(call => figures(call))),
		[
			['opus#1', '1000 0 800 100 40 1.7', 0],
			['luna#1', '900* 0* ?* 60* ?* ?*', 1],
			['arbiter#1', '2000 0 0 300 200 7', 0],
			['opus#1', '1500 800 600 200 50 1.93', 0],
			['luna#1', '1200 900 ?* 70 ?* ?*', 0],
			['arbiter#1', '2500 2000 0 400 100 5.4', 0],
		],
	);
	assert.deepEqual(
		runs.map(run => [run.turn, run.kind, run.state, ...figures(run)]),
		[
			[1, 'ask', 'converged', 'Is it?', '3900* 0* 800* 460* 240* 8.7*', 1],
			[2, 'ask', 'converged', 'Still?', '5200 3700 600* 670 150* 7.33*', 0],
		],
	);
	assert.deepEqual(
		speakers.map(row => figures(row)),
		[
			['opus#1', '2500 800 1400 300 90 3.63', 0],
			['luna#1', '2100* 900* ?* 130* ?* ?*', 1],
			['arbiter#1', '4500 2000 0 700 300 12.4', 0],
		],
	);
	assert.deepEqual(
		models.map(row => figures(row)),
		[
			['opus', '2500 800 1400 300 90 3.63', 0],
			['luna', '2100* 900* ?* 130* ?* ?*', 1],
			['arbiter', '4500 2000 0 700 300 12.4', 0],
		],
	);
	assert.deepEqual(figures(total), [
		'total',
		'9100* 3700* 1400* 1130* 390* 16.03*',
		1,
	]);
});

test('read back from the log, the table and the caches are those of the conversation as it was', async () => {
	const runs = await playLedger();
	const live = runs.map(events => pictureOf(events));
	const home = emptyFolder();
	fillLog(home, runs);
	const log = openLog(path.join(home, 'log.db'));
	const restored = await readChain(log, latestConversation(log)!);
	log.close();

	const told = (pictures: readonly RunState[]) => {
		const {runs: rows, speakers, models, total} = tableOf(pictures);
		return {
			runs: rows.map(({calls, ...run}) => ({
				...run,
				calls: calls.map(call => figures(call)),
			})),
			speakers,
			models,
			total,
			caches: cacheStates(pictures).map(({call, ...state}) => ({
				...state,
				callId: call.start.callId,
			})),
		};
	};

	assert.equal(restored.length, 2);
	assert.deepEqual(told(restored), told(live));
});

const cast = ({luna = 0.02}: {readonly luna?: number | null} = {}) => ({
	opus: fakeModel([['Yes.'], ['Still ', 'yes.']], {costUsd: 0.01}),
	luna: fakeModel([['No.'], [{failure: failure()}]], {costUsd: luna}),
	arbiter: fakeModel([unsure, sure], {costUsd: 0.005}),
});

const costs = (rows: readonly CostRow[]) =>
	rows.map(({label, use}) => [label, known(use).costUsd]);

test('settled and still running, the same calls add up to the same', async () => {
	for (const luna of [0.02, null]) {
		const {events} = await play(cast({luna}), {prompt: 'Is it?'});
		const running = pictureOf(events.filter(({type}) => type !== 'run-end'));
		const [before, after] = [
			tableOf([running], running.runId),
			tableOf([pictureOf(events)]),
		] as const;
		assert.deepEqual(known(before.total.use), known(after.total.use));
		assert.deepEqual(costs(before.speakers), costs(after.speakers));
		assert.equal(before.runs[0]!.state, 'running');
		assert.equal(before.runs[0]!.durationMs, null);
		assert.equal(after.runs[0]!.state, 'degraded');
		assert.equal(after.runs[0]!.iterations, 2);
	}
});

test('calls that are not over make the sums open', async () => {
	const {events} = await play(cast());
	const end = events.findIndex(({type}) => type === 'call-end');
	const {total} = tableOf([pictureOf(events.slice(0, end + 1))]);
	assert.equal(known(total.use).costUsd, '0.01*');
});

test('of a run that was killed what had ended is known', async () => {
	const {events} = await play(cast());
	const judging = events.findIndex(
		event => event.type === 'call-start' && event.purpose === 'synthesis',
	);
	const {runs, speakers} = tableOf([pictureOf(events.slice(0, judging + 1))]);
	assert.equal(runs[0]!.state, 'broken off');
	assert.deepEqual(costs(speakers), [
		['opus#1', '0.01'],
		['luna#1', '0.02'],
		['arbiter#1', '?*'],
	]);
});

test('a call that never left took nothing', async () => {
	const {events} = await play(cast());
	const picture = pictureOf(events);
	const [first] = picture.calls.values();
	first!.sentAt = null;
	first!.outcome = {
		...first!.outcome!,
		usage: {...first!.outcome!.usage, inputTokens: null},
		costUsd: 0,
	};
	const [run] = tableOf([picture]).runs;
	assert.equal(known(run!.calls[0]!.use).inputTokens, '?');
	assert.equal(known(run!.calls[0]!.use).costUsd, '0');
});

test('a run that was made from another is about the same question, and counts only what it took itself', async () => {
	const world = stillWorld();
	const conversation = createConversation(world);
	const earlier = await play(cast(), {prompt: 'Is it?', world, conversation});
	const picture = pictureOf(earlier.events);
	const {events} = await play(
		{...cast(), arbiter: fakeModel([sure], {costUsd: 0.005})},
		{
			prompt: 'Is it?',
			world,
			conversation,
			from: {
				kind: 'retry',
				run: picture,
				redo: [{instance: 'luna#1', model: null}],
			},
		},
	);
	const {runs, speakers, total} = tableOf([picture, pictureOf(events)]);
	assert.deepEqual(
		runs.map(({turn, kind}) => [turn, kind]),
		[
			[1, 'ask'],
			[1, 'retry'],
		],
	);
	assert.deepEqual(costs(runs[1]!.calls), [
		['luna#1', '0.02'],
		['arbiter#1', '0.005'],
	]);
	assert.deepEqual(costs(speakers), [
		['opus#1', '0.02'],
		['luna#1', '0.06'],
		['arbiter#1', '0.015'],
	]);
	assert.equal(known(total.use).costUsd, '0.095');
});

test('runs of before a fork are told apart', async () => {
	const {events} = await play(cast());
	const before = pictureOf(events);
	const own = pictureOf(
		events.map(event =>
			event.type === 'run-start'
				? {...event, runId: 'r2', conversationId: 'fork'}
				: event,
		),
	);
	assert.deepEqual(
		tableOf([before, own]).runs.map(({isBeforeFork}) => isBeforeFork),
		[true, false],
	);
});
