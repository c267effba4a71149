import {addUsage, unknownUsage, type Usage} from '../core/model.js';
import {type CostGrouping} from './cost-groupings.js';
import {idAt} from './id-at.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';

/**
The columns that make a group.
*/
const groupings = {
	day: {day: `date(calls.started_at / 1000, 'unixepoch', 'localtime')`},
	model: {model: 'calls.model'},
	conversation: {conversation: 'runs.conversation_id'},
	consortium: {consortium: 'runs.consortium'},
	instance: {
		consortium: 'runs.consortium',
		speaker: 'calls.speaker',
		model: 'calls.model',
	},
	run: {run: 'calls.run_id', consortium: 'runs.consortium'},
	call: {
		call: 'calls.id',
		run: 'calls.run_id',
		speaker: 'calls.speaker',
		model: 'calls.model',
	},
} as const satisfies Record<CostGrouping, Readonly<Record<string, string>>>;

/**
A span of time in milliseconds since the Unix epoch, without its end; null where it is open.
*/
export type CostSpan = {
	readonly since: number | null;
	readonly until: number | null;
};

export type CostGroup = {
	/**
	What its calls have in common, by the name of the column.
	*/
	readonly group: Readonly<Record<string, string>>;
	readonly calls: number;

	/**
	Sums of what is known; null when nothing is.
	*/
	readonly usage: Usage;

	/**
	US dollars.
	*/
	readonly costUsd: number | null;

	/**
	In how many calls each figure is not known, or not all of it: where there are any, the sum is that much or more. Of an attempt that broke nobody says what it took.
	*/
	readonly unknown: Readonly<Record<keyof Usage | 'costUsd', number>>;
};

export type CostReport = {
	/**
	In the order of their first call.
	*/
	readonly groups: readonly CostGroup[];
	readonly total: CostGroup;

	/**
	How many calls of the span were left out because their run was simulated.
	*/
	readonly simulatedCalls: number;

	/**
	How often answers were compared by an embedding model, and for how many US dollars, which is in no group: that much or more where `unknown` of them did not say, null when none did. What one inside of another run cost is in the call that was answered by that.
	*/
	readonly embeddings: {
		readonly requests: number;
		readonly costUsd: number | null;
		readonly unknown: number;
	};
};

const figures = {
	inputTokens: 'input_tokens',
	cachedTokens: 'cached_tokens',
	cacheWriteTokens: 'cache_write_tokens',
	outputTokens: 'output_tokens',
	reasoningTokens: 'reasoning_tokens',
	costUsd: 'cost_usd',
} as const satisfies Record<keyof Usage | 'costUsd', string>;

const keys = Object.keys(figures) as Array<keyof typeof figures>;

/**
A call that never left took nothing, whatever it could not tell.
*/
const hasLeft = `(
	calls.sent_at IS NOT NULL OR calls.cost_usd IS NULL AND calls.state IS NOT NULL
)`;

const sums = keys
	.map(
		key => `
			sum(calls.${figures[key]}) AS ${key},
			sum(${hasLeft} AND calls.${figures[key]} IS NULL OR broken.call_id IS NOT NULL) AS ${key}Unknown`,
	)
	.join(',');

/**
A bound by id lets SQLite skip what is older, since ids begin with the time they were made; the exact bound is that of the call's start.
*/
const from = `
	FROM consortium_calls AS calls
	JOIN consortium_runs AS runs ON runs.id = calls.run_id
	LEFT JOIN (
		SELECT DISTINCT call_id FROM consortium_attempts WHERE kind = 'broken'
	) AS broken ON broken.call_id = calls.id
	WHERE calls.id >= @sinceId AND calls.started_at >= @since
		AND calls.id < @untilId AND calls.started_at < @until`;

/**
What the calls of a span took, put together. A call is counted where it was made: runs that took it over do not count it again. Days are those of the local time zone.

@throws UserError when the log is damaged.
*/
export function costsOf(
	log: Log,
	{since, until}: CostSpan,
	by: CostGrouping,
): CostReport {
	const span = {
		since: since ?? -Number.MAX_SAFE_INTEGER,
		until: until ?? Number.MAX_SAFE_INTEGER,
		sinceId: since === null ? '' : idAt(since - dayMs),
		untilId: until === null ? '\u{10FFFF}' : idAt(until + dayMs),
	};
	const columns = Object.entries(groupings[by]);
	const names = columns.map(([name]) => name);

	// The calls are gone through once, which takes the longest where there are many.
	const rows = explained(log.name, () =>
		log
			.prepare<[typeof span], Row>(
				`SELECT ${columns.map(([name, sql]) => `${sql} AS "${name}"`).join(', ')},
					runs.simulated, count(*) AS calls, ${sums}
				${from}
				GROUP BY runs.simulated, ${columns.map(([, sql]) => sql).join(', ')}
				ORDER BY min(calls.started_at), min(calls.id)`,
			)
			.all(span),
	);
	const groups = rows
		.filter(row => row['simulated'] === 0)
		.map(row => groupOf(row, names));

	return {
		groups,
		total: groups.reduce((total, group) => together(total, group), nothing),
		simulatedCalls: rows
			.filter(row => row['simulated'] === 1)
			.reduce((calls, row) => calls + Number(row['calls']), 0),
		embeddings: embeddingsOf(log, span),
	};
}

function embeddingsOf(
	log: Log,
	{since, until}: {readonly since: number; readonly until: number},
): CostReport['embeddings'] {
	return explained(log.name, () =>
		log
			.prepare<{since: number; until: number}, CostReport['embeddings']>(
				`SELECT count(*) AS requests, sum(usd) AS costUsd,
						coalesce(sum(usd IS NULL), 0) AS unknown
					FROM (
						SELECT json_extract(body, '$.observation.costUsd') AS usd
						FROM consortium_events AS events
						JOIN consortium_runs AS runs ON runs.id = events.run_id
						WHERE type = 'observation' AND at >= @since AND at < @until
							AND json_extract(body, '$.observation.kind') = 'similarity'
							AND NOT runs.simulated
					) WHERE usd IS NULL OR usd > 0`,
			)
			.get({since, until})!,
	);
}

type Row = Readonly<Record<string, string | number | null>>;

function groupOf(row: Row, names: readonly string[]): CostGroup {
	const sumOf = (key: keyof typeof figures) => row[key] as number | null;

	return {
		group: Object.fromEntries(names.map(name => [name, String(row[name])])),
		calls: Number(row['calls']),
		usage: {
			inputTokens: sumOf('inputTokens'),
			cachedTokens: sumOf('cachedTokens'),
			cacheWriteTokens: sumOf('cacheWriteTokens'),
			outputTokens: sumOf('outputTokens'),
			reasoningTokens: sumOf('reasoningTokens'),
		},
		costUsd: sumOf('costUsd'),
		unknown: Object.fromEntries(
			keys.map(key => [key, Number(row[`${key}Unknown`] ?? 0)]),
		) as CostGroup['unknown'],
	};
}

const nothing: CostGroup = {
	group: {},
	calls: 0,
	usage: unknownUsage,
	costUsd: null,
	unknown: Object.fromEntries(
		keys.map(key => [key, 0]),
	) as CostGroup['unknown'],
};

function together(left: CostGroup, right: CostGroup): CostGroup {
	return {
		group: {},
		calls: left.calls + right.calls,
		usage: addUsage(left.usage, right.usage),
		costUsd:
			left.costUsd === null
				? right.costUsd
				: left.costUsd + (right.costUsd ?? 0),
		unknown: Object.fromEntries(
			keys.map(key => [key, left.unknown[key] + right.unknown[key]]),
		) as CostGroup['unknown'],
	};
}

/**
More than lies between the making of an id and the start of its call, also when a clock is put right in between.
*/
const dayMs = 86_400_000;
