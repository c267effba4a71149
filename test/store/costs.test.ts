import assert from 'node:assert/strict';
import {join} from 'node:path';
import process from 'node:process';
import {after, test} from 'node:test';
import {ulid} from 'ulid';
import {type RunEvent, type RunEventBody} from '../../source/core/events.js';
import {type Usage} from '../../source/core/model.js';
import {type CallOutcome} from '../../source/core/result.js';
import {costGroupings} from '../../source/store/cost-groupings.js';
import {costsOf, type CostGroup} from '../../source/store/costs.js';
import {openLog} from '../../source/store/database.js';
import {createRunLog} from '../../source/store/run-log.js';
import {
	consortium,
	failure,
	outcome,
	runStart,
	stamped,
	unknownOutcome,
} from '../helpers/events.js';
import {emptyFolder} from '../helpers/program.js';

// The day here changes while the one in UTC does not.
process.env['TZ'] = 'Pacific/Auckland';

const folder = emptyFolder();
const log = openLog(join(folder, 'log.db'));
const evening = new Date(2026, 10, 20, 23, 59, 30).getTime();
const morning = new Date(2026, 10, 21, 0, 0, 30).getTime();

const idAt = (at: number) => ulid(at).toLowerCase();
const usageOf = (
	...[inputTokens, cachedTokens, cacheWriteTokens, outputTokens, rest]: Array<
		number | null
	>
): Usage => ({
	inputTokens: inputTokens!,
	cachedTokens: cachedTokens!,
	cacheWriteTokens: cacheWriteTokens!,
	outputTokens: outputTokens!,
	reasoningTokens: rest!,
});

type Made = {
	readonly speaker: string;
	readonly model: string;
	readonly isSent?: boolean;

	/**
	Null while it goes on.
	*/
	readonly outcome: Partial<CallOutcome> | null;
};

const idsOf = (at: number, count: number) =>
	Array.from({length: count}, (_, index) => idAt(at + index));

function runAt(
	at: number,
	name: string,
	made: readonly Made[],
	changes: Partial<Extract<RunEventBody, {type: 'run-start'}>> = {},
): {events: RunEvent[]; runId: string; callIds: string[]} {
	const runId = idAt(at);
	const callIds = idsOf(at, made.length);
	const start = runStart(runId, 'Why?') as Extract<
		RunEventBody,
		{type: 'run-start'}
	>;
	const calls = made.flatMap(
		({speaker, model, isSent = true, outcome: ending}, index) => {
			const call = {
				callId: callIds[index]!,
				iteration: 1,
				speaker,
				purpose: speaker === 'arbiter#1' ? 'synthesis' : 'answer',
			} as const;

			return [
				{
					...call,
					type: 'call-start',
					model,
					transcriptId: `${name}-${speaker}`,
					system: null,
					options: {},
					templateHash: null,
					message: ['Why?'],
					extends: null,
					labels: null,
					cache: null,
					reservedUsd: null,
				},
				...(isSent
					? [{type: 'call-send', callId: call.callId, attempt: 1} as const]
					: []),
				...(ending?.brokenAttempts ?? []).map(
					({attempt, failure: why}) =>
						({
							type: 'call-retry',
							callId: call.callId,
							attempt,
							maxAttempts: 3,
							delayMs: 500,
							failure: why,
							startsOver: true,
						}) as const,
				),
				...(ending
					? [
							{
								...call,
								type: 'call-end',
								committed: true,
								outcome: outcome(ending),
							} as const,
						]
					: []),
			] satisfies RunEventBody[];
		},
	);

	return {
		runId,
		callIds,
		events: stamped(
			runId,
			[
				{...start, consortium: {...consortium, name}, ...changes},
				{type: 'iteration-start', iteration: 1, instances: ['opus#1']},
				...calls,
			],
			at,
		),
	};
}

const [opus, luna, arbiter] = ['opus#1', 'luna#1', 'arbiter#1'];
const [claude, gpt, gemini] = ['anthropic/opus', 'openai/luna', 'google/flash'];

const first = runAt(evening, 'trio', [
	{
		speaker: opus,
		model: claude,
		outcome: {usage: usageOf(1000, 600, 300, 200, 0), costUsd: 0.5},
	},
	{
		speaker: luna,
		model: gpt,
		outcome: {usage: usageOf(900, 0, null, 400, 256), costUsd: 0.25},
	},
	{
		speaker: arbiter,
		model: gemini,
		outcome: {usage: usageOf(3000, null, null, 500, 100), costUsd: null},
	},
	// It was cancelled in the queue: nothing went out.
	{
		speaker: luna,
		model: gpt,
		isSent: false,
		outcome: {...unknownOutcome, state: 'cancelled', costUsd: 0},
	},
]);
const second = runAt(
	morning,
	'duo',
	[
		{
			speaker: opus,
			model: claude,
			outcome: {
				usage: usageOf(2000, 1500, 100, 300, 0),
				costUsd: 0.125,
				brokenAttempts: [
					{attempt: 1, text: 'Be', thinking: '', failure: failure('Cut.')},
				],
			},
		},
		// Its process was killed.
		{speaker: luna, model: gpt, outcome: null},
	],
	{kind: 'retry', derivedFrom: first.runId},
);
const carry: RunEventBody = {
	type: 'call-carry',
	callId: first.callIds[0]!,
	iteration: 1,
	carriedFrom: first.runId,
	start: first.events[2] as Extract<RunEvent, {type: 'call-start'}>,
	outcome: outcome({costUsd: 0.5}),
	isLeftOut: false,
	isAskedAgain: false,
};
const simulated = runAt(
	morning + 1000,
	'demo',
	[
		{
			speaker: opus,
			model: 'demo/optimist',
			outcome: {usage: usageOf(7, 0, 0, 7, 0), costUsd: 0},
		},
	],
	{simulated: true},
);

const compared = (
	runId: string,
	t: number,
	costUsd: number | null,
): RunEvent => ({
	type: 'observation',
	iteration: 1,
	observation: {
		kind: 'similarity',
		model: 'openai/embedding',
		instances: [opus, luna],
		calls: [],
		matrix: [],
		costUsd,
		problem: null,
	},
	runId,
	// No event of a run has the number of another.
	seq: 100 + (t % 1000),
	t,
});

const write = createRunLog(log);

for (const event of [
	...first.events,
	...second.events,
	...simulated.events,
	{...carry, runId: second.runId, seq: 99, t: morning},
	compared(first.runId, evening, 0.0625),
	compared(first.runId, evening + 1, 0),
	compared(second.runId, morning + 2, 0.125),
	compared(second.runId, morning + 3, null),
	compared(simulated.runId, morning + 4, 0.25),
]) {
	write(event);
}

write.close();
after(() => {
	log.close();
});

const always = {since: null, until: null};

/**
A `+` stands behind what is that much or more.
*/
const rowOf = ({group, calls, usage, costUsd, unknown}: CostGroup) => {
	const sums = {...usage, costUsd};

	return [
		...Object.values(group),
		calls,
		...Object.entries(unknown).map(
			([key, count]) =>
				`${sums[key as keyof typeof sums]}${count > 0 ? '+' : ''}`,
		),
	];
};

const rowsBy = (by: (typeof costGroupings)[number], span = always) =>
	costsOf(log, span, by).groups.map(group => rowOf(group));

test('costs are put together by model as by hand', () => {
	const {total, simulatedCalls} = costsOf(log, always, 'model');

	// Model, calls, read, of that cached, written to the cache, written, of that reasoning, dollars.
	assert.deepEqual(rowsBy('model'), [
		[claude, 2, '3000+', '2100+', '400+', '500+', '0+', '0.625+'],
		[gpt, 3, '900+', '0+', 'null+', '400+', '256+', '0.25+'],
		[gemini, 1, '3000', 'null+', 'null+', '500', '100', 'null+'],
	]);
	assert.deepEqual(rowOf(total), [
		6,
		'6900+',
		'2100+',
		'400+',
		'1400+',
		'356+',
		'0.875+',
	]);
	assert.equal(simulatedCalls, 1);
});

test('what comparing by embeddings cost is told beside the calls', () => {
	const told = (span: typeof always | {since: number; until: number}) =>
		costsOf(log, span, 'day').embeddings;

	assert.deepEqual(told(always), {requests: 3, costUsd: 0.1875, unknown: 1});
	assert.deepEqual(told({since: evening, until: morning}), {
		requests: 1,
		costUsd: 0.0625,
		unknown: 0,
	});
	assert.deepEqual(told({since: 0, until: evening}), {
		requests: 0,
		costUsd: null,
		unknown: 0,
	});
});

test('a day is one of the local time zone', () => {
	assert.deepEqual(rowsBy('day'), [
		['2026-11-20', 4, '4900', '600+', '300+', '1100', '356', '0.75+'],
		['2026-11-21', 2, '2000+', '1500+', '100+', '300+', '0+', '0.125+'],
	]);
});

test('an unknown part is counted in the calls that do not tell it', () => {
	const [day] = costsOf(log, always, 'day').groups;

	assert.deepEqual(day?.unknown, {
		inputTokens: 0,
		cachedTokens: 1,
		cacheWriteTokens: 2,
		outputTokens: 0,
		reasoningTokens: 0,
		costUsd: 1,
	});
});

test('a call is counted in the run that made it, not in one that took it over', () => {
	assert.deepEqual(
		costsOf(log, always, 'run').groups.map(({group, calls}) => [group, calls]),
		[
			[{run: first.runId, consortium: 'trio'}, 4],
			[{run: second.runId, consortium: 'duo'}, 2],
		],
	);
	assert.deepEqual(
		costsOf(log, always, 'call').groups.map(({group}) => group['call']),
		[...first.callIds, ...second.callIds],
	);
});

test('instances of the same name in two consortiums are two', () => {
	assert.deepEqual(
		rowsBy('instance').map(row => row.slice(0, 4)),
		[
			['trio', opus, claude, 1],
			['trio', luna, gpt, 2],
			['trio', arbiter, gemini, 1],
			['duo', opus, claude, 1],
			['duo', luna, gpt, 1],
		],
	);
	assert.deepEqual(
		rowsBy('consortium').map(row => row.slice(0, 2)),
		[
			['trio', 4],
			['duo', 2],
		],
	);
	assert.equal(rowsBy('conversation').length, 2);
});

test('every grouping has the same total', () => {
	for (const by of costGroupings) {
		const {groups, total} = costsOf(log, always, by);
		const calls = groups.reduce((sum, group) => sum + group.calls, 0);
		const costUsd = groups.reduce((sum, each) => sum + (each.costUsd ?? 0), 0);

		assert.deepEqual([calls, costUsd], [6, 0.875], by);
		assert.deepEqual([total.calls, total.costUsd], [6, 0.875], by);
	}
});

test('a span begins with its first millisecond and ends before its last', () => {
	const lastAt = second.events[2]!.t;
	const daysIn = (since: number | null, until: number | null) =>
		costsOf(log, {since, until}, 'call').groups.length;

	assert.equal(daysIn(lastAt, null), 2);
	assert.equal(daysIn(lastAt + 1, null), 1);
	assert.equal(daysIn(null, lastAt), 4);
	assert.equal(daysIn(null, lastAt + 1), 5);
	assert.equal(daysIn(morning + 90_000_000, null), 0);
	assert.deepEqual(costsOf(log, {since: 0, until: 1}, 'day'), {
		groups: [],
		embeddings: {requests: 0, costUsd: null, unknown: 0},
		simulatedCalls: 0,
		total: {
			group: {},
			calls: 0,
			usage: usageOf(null, null, null, null, null),
			costUsd: null,
			unknown: {
				inputTokens: 0,
				cachedTokens: 0,
				cacheWriteTokens: 0,
				outputTokens: 0,
				reasoningTokens: 0,
				costUsd: 0,
			},
		},
	});
});
