import {type ColumnDefinition} from 'better-sqlite3';
import {type CacheFacts} from '../core/cache-use.js';
import {type SavedConsortium} from '../core/consortium.js';
import {type RunEvent, type RunKind} from '../core/events.js';
import {type RunStatus} from '../core/result.js';
import {type Usage} from '../core/model.js';
import {type RunState} from '../core/run-state.js';
import {findId} from './find-id.js';
import {type Log} from './log.js';
import {ratingsOf, type Rating} from './ratings.js';
import {isAlive} from './owner.js';
import {readRun} from './pictures.js';
import {parseJson, usageOf, type RunRow, type UsageColumns} from './rows.js';
import {assertRow} from './sound.js';
import {explained, explainedRun} from './store-error.js';

/**
A run as a list shows it. What is not known before the end is null until then.
*/
export type RunSummary = {
	readonly id: string;
	readonly conversationId: string;
	readonly turn: number;
	readonly kind: RunKind;
	readonly derivedFrom: string | null;
	readonly consortium: string;
	readonly strategies: SavedConsortium['strategies'];
	readonly judging: SavedConsortium['judging'];
	readonly prompt: string;
	readonly simulated: boolean;

	/**
	`interrupted`: its process is gone and did not end it. On another machine that cannot be told, and it counts as running.
	*/
	readonly status: RunStatus | 'running' | 'interrupted';
	readonly exitCode: number | null;
	readonly reasons: readonly string[];
	readonly answer: string | null;
	readonly confidence: number | null;
	readonly usage: Usage;

	/**
	US dollars.
	*/
	readonly costUsd: number | null;
	readonly costIsComplete: boolean;

	/**
	Milliseconds since the Unix epoch.
	*/
	readonly startedAt: number;
	readonly durationMs: number | null;

	/**
	How often it was resumed.
	*/
	readonly timesResumed: number;
};

export type LoggedRun = {
	readonly summary: RunSummary;

	/**
	Iterations, calls with their text as far as it was saved, broken attempts, verdicts and decisions.
	*/
	readonly picture: RunState;
	readonly events: readonly RunEvent[];
	readonly ratings: readonly Rating[];

	/**
	The calls of other runs that those of this one go on from, by id.
	*/
	readonly earlier: ReadonlyMap<string, CacheFacts>;
};

/**
While a run goes on, and after it was killed, its own row says nothing of what it took.
*/
const rowsSql = `
	SELECT runs.*,
		iif(status IS NULL, (
			SELECT sum(cost_usd) FROM consortium_calls WHERE run_id = runs.id
		), cost_usd) AS cost_usd,
		iif(status IS NULL, 0, cost_is_complete) AS cost_is_complete,
		(
			SELECT count(*) FROM consortium_events
			WHERE run_id = runs.id AND type = 'run-resume'
		) AS timesResumed
	FROM consortium_runs AS runs`;

const ofConversation = `
	AND id IN (
		SELECT id FROM consortium_runs
		WHERE conversation_id >= @conversationId
			AND conversation_id < @conversationId || char(1114111)
	)`;

type SummaryRow = RunRow & {readonly timesResumed: number};

/**
Runs, newest first: those of the conversation whose id is, or begins with, `conversationId`, or all. `beforeId` is the last id of the page before. A run that cannot be read is left out, and `onDamaged` is told its id.

@throws UserError when the log is damaged.
*/
export function listRuns(
	log: Log,
	{
		limit,
		beforeId = null,
		conversationId = null,
		onDamaged = () => undefined,
	}: {
		readonly limit: number;
		readonly beforeId?: string | null;
		readonly conversationId?: string | null;
		readonly onDamaged?: (runId: string) => void;
	},
): RunSummary[] {
	return explained(log.name, () => {
		const select = log.prepare<
			{limit: number; beforeId: string; conversationId: string | null},
			SummaryRow
		>(
			`${rowsSql}
				WHERE id < @beforeId ${conversationId === null ? '' : ofConversation}
				ORDER BY id DESC LIMIT @limit`,
		);
		const page = {limit, beforeId: beforeId ?? '\u{10FFFF}', conversationId};

		return select.all(page).flatMap(row => {
			try {
				return summaryOf(select.columns(), row);
			} catch {
				onDamaged(row.id);
				return [];
			}
		});
	});
}

/**
A run with all that happened in it.

@throws UserError when no run, or more than one, has an id that begins like this, or when the log is damaged.
*/
export function showRun(log: Log, idOrPrefix: string): LoggedRun {
	return explained(log.name, () => {
		const id = findId(log, 'consortium_runs', idOrPrefix);
		const select = log.prepare<[string], SummaryRow>(`${rowsSql} WHERE id = ?`);

		return explainedRun(log.name, id, () => ({
			summary: summaryOf(select.columns(), select.get(id)!),
			...readRun(log, id),
			ratings: ratingsOf(log, id),
			earlier: earlierCalls(log, id),
		}));
	});
}

type EarlierRow = UsageColumns & {
	readonly id: string;
	readonly transcript_id: string;
};

function earlierCalls(log: Log, runId: string): Map<string, CacheFacts> {
	return new Map(
		log
			.prepare<{runId: string}, EarlierRow>(
				`SELECT * FROM consortium_calls WHERE run_id <> @runId AND id IN (
					SELECT extends FROM consortium_calls WHERE run_id = @runId
				)`,
			)
			.all({runId})
			.map(row => [
				row.id,
				{
					start: {
						callId: row.id,
						transcriptId: row.transcript_id,
						extends: null,
						cache: null,
					},
					outcome: {usage: usageOf(row)},
				},
			]),
	);
}

function summaryOf(
	columns: readonly ColumnDefinition[],
	saved: SummaryRow,
): RunSummary {
	assertRow(columns, saved);
	const row = saved.status === null ? {...saved, ...unended} : saved;
	const {strategies, judging} = parseJson<SavedConsortium>(row.config);

	return {
		id: row.id,
		conversationId: row.conversation_id,
		turn: row.turn,
		kind: row.kind,
		derivedFrom: row.derived_from,
		consortium: row.consortium,
		strategies,
		judging,
		prompt: row.prompt,
		simulated: row.simulated === 1,
		status: row.status ?? (isAlive(row) === false ? 'interrupted' : 'running'),
		exitCode: row.exit_code,
		reasons: parseJson<unknown[]>(row.reasons ?? '[]').map(String),
		answer: row.answer,
		confidence: row.confidence,
		usage: usageOf(row),
		costUsd: row.cost_usd,
		costIsComplete: row.cost_is_complete === 1,
		startedAt: row.started_at,
		durationMs: row.duration_ms,
		timesResumed: row.timesResumed,
	};
}

/**
What a run that was resumed had come to before.
*/
const unended = {
	exit_code: null,
	reasons: null,
	answer: null,
	confidence: null,
	input_tokens: null,
	cached_tokens: null,
	cache_write_tokens: null,
	output_tokens: null,
	reasoning_tokens: null,
	duration_ms: null,
} as const;
