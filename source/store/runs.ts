import {type RunEvent, type RunKind} from '../core/events.js';
import {type RunStatus} from '../core/result.js';
import {type Usage} from '../core/model.js';
import {emptyRun, foldRun, type RunState} from '../core/run-state.js';
import {findId} from './find-id.js';
import {type Log} from './log.js';
import {ratingsOf, type Rating} from './ratings.js';
import {isAlive} from './owner.js';
import {parseJson, usageOf, type RunRow} from './rows.js';
import {runEvents} from './run-events.js';
import {explained} from './store-error.js';

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
};

export type LoggedRun = {
	readonly summary: RunSummary;

	/**
	Iterations, calls with their text as far as it was saved, broken attempts, verdicts and decisions.
	*/
	readonly picture: RunState;
	readonly events: readonly RunEvent[];
	readonly ratings: readonly Rating[];
};

/**
Runs, newest first. `beforeId` is the last id of the page before.

@throws UserError when the log is damaged.
*/
export function listRuns(
	log: Log,
	{
		limit,
		beforeId = null,
	}: {readonly limit: number; readonly beforeId?: string | null},
): RunSummary[] {
	return explained(log.name, () =>
		log
			.prepare<{limit: number; beforeId: string | null}, RunRow>(
				`SELECT * FROM consortium_runs
				WHERE @beforeId IS NULL OR id < @beforeId
				ORDER BY id DESC LIMIT @limit`,
			)
			.all({limit, beforeId})
			.map(row => summaryOf(row)),
	);
}

/**
A run with all that happened in it.

@throws UserError when no run, or more than one, has an id that begins like this, or when the log is damaged.
*/
export function showRun(log: Log, idOrPrefix: string): LoggedRun {
	return explained(log.name, () => {
		const id = findId(log, 'consortium_runs', idOrPrefix);
		const row = log
			.prepare<[string], RunRow>('SELECT * FROM consortium_runs WHERE id = ?')
			.get(id);
		const events = runEvents(log, id);
		const picture = emptyRun();

		for (const event of events) {
			foldRun(picture, event);
		}

		return {
			summary: summaryOf(row!),
			picture,
			events,
			ratings: ratingsOf(log, id),
		};
	});
}

function summaryOf(row: RunRow): RunSummary {
	return {
		id: row.id,
		conversationId: row.conversation_id,
		turn: row.turn,
		kind: row.kind,
		derivedFrom: row.derived_from,
		consortium: row.consortium,
		prompt: row.prompt,
		simulated: row.simulated === 1,
		status: row.status ?? (isAlive(row) === false ? 'interrupted' : 'running'),
		exitCode: row.exit_code,
		reasons: parseJson(row.reasons ?? '[]'),
		answer: row.answer,
		confidence: row.confidence,
		usage: usageOf(row),
		costUsd: row.cost_usd,
		costIsComplete: row.cost_is_complete === 1,
		startedAt: row.started_at,
		durationMs: row.duration_ms,
	};
}
