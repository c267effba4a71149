import {type SavedConsortium} from '../core/consortium.js';
import {type RunEvent} from '../core/events.js';
import {type BrokenAttempt, type RunResult} from '../core/result.js';
import {restoredCarry} from './carried-calls.js';
import {type Log} from './log.js';
import {
	parseJson,
	parseJsonOrNull,
	usageOf,
	type AttemptRow,
	type CallRow,
	type EventRow,
	type RunRow,
	type Streamed,
	type VerdictRow,
} from './rows.js';
import {assertRow} from './sound.js';
import {explained} from './store-error.js';
import {type EventOf} from './writing.js';

/**
The events of a logged run in their order, as they were but for one thing: text that streamed in many pieces comes in few, each at the place of its last. A run that was killed ends with the text that had been saved; a run that is not in the log has no events.

@throws UserError when the file is damaged, and other errors when what the rows hold is; `readRun` explains them.
*/
export function runEvents(log: Log, runId: string): RunEvent[] {
	const all = <Value extends object>(sql: string) => {
		const statement = log.prepare<[string], Value>(sql);
		const rows = statement.all(runId);
		const columns = statement.columns();

		for (const row of rows) {
			assertRow(columns, row);
		}

		return rows;
	};

	// Read in one transaction, so that a run that goes on meanwhile is seen at one moment.
	const read = log.transaction(() => {
		const runs = all<EndedRunRow>(
			`SELECT runs.*, responses.response_json AS result
			FROM consortium_runs AS runs
			LEFT JOIN responses ON responses.id = runs.id
			WHERE runs.id = ?`,
		);
		const calls = all<CallRow>(`${callsSql} WHERE calls.run_id = ?`);
		const carried = all<CallRow>(
			`${callsSql} WHERE calls.id IN (
				SELECT call_id FROM consortium_events
				WHERE run_id = ? AND type = 'call-carry'
			)`,
		);
		const attempts = all<AttemptRow>(
			'SELECT * FROM consortium_attempts WHERE run_id = ? ORDER BY seq',
		);
		const verdicts = all<VerdictRow>(
			'SELECT * FROM consortium_verdicts WHERE run_id = ?',
		);
		const others = all<EventRow>(
			'SELECT * FROM consortium_events WHERE run_id = ?',
		);
		const chunks = all<EventRow>(
			`SELECT run_id, seq, at, 'call-delta' AS type,
				json_object('callId', call_id, 'channel', channel, 'text', text) AS body
			FROM consortium_chunks WHERE run_id = ?`,
		);

		return [
			...runs.flatMap(run => eventsOfRun(run)),
			...calls.flatMap(call =>
				eventsOfCall(
					call,
					attempts.filter(attempt => attempt.call_id === call.id),
				),
			),
			...verdicts.map(verdict => verdictEvent(verdict)),
			...[...others, ...chunks].map(row =>
				restoredCarry(storedEvent(row), carried),
			),
		].toSorted((left, right) => left.seq - right.seq);
	});

	return explained(log.name, () => read());
}

const callsSql = `
	SELECT calls.*, texts.text AS system,
		responses.response AS text, responses.response_json AS native
	FROM consortium_calls AS calls
	LEFT JOIN consortium_texts AS texts ON texts.hash = calls.system_hash
	LEFT JOIN responses ON responses.id = calls.id`;

type EndedRunRow = RunRow & {readonly result: string | null};

function eventsOfRun(row: EndedRunRow): RunEvent[] {
	const start: EventOf<'run-start'> = {
		type: 'run-start',
		runId: row.id,
		seq: row.seq,
		t: row.started_at,
		conversationId: row.conversation_id,
		turn: row.turn,
		previousRunId: row.previous_run_id,
		kind: row.kind,
		derivedFrom: row.derived_from,
		prompt: row.prompt,
		consortium: withUntil(parseJson(row.config)),
		instances: parseJson<EventOf<'run-start'>['instances']>(row.instances).map(
			instance => ({...newKeysOfInstance, ...instance}),
		),
		arbiters: parseJson(row.arbiters),
		simulated: row.simulated === 1,
		seed: row.seed,
		templates: parseJson(row.templates),
	};

	return row.end_seq === null || row.result === null
		? [start]
		: [
				start,
				{
					type: 'run-end',
					runId: row.id,
					seq: row.end_seq,
					t: row.ended_at!,
					finalCallId: row.final_call_id,
					result: completed(parseJson(row.result)),
				},
			];
}

/**
A result with the keys that those of older logs do not have.
*/
function completed(result: RunResult): RunResult {
	return {
		...result,
		consortium: withUntil(result.consortium),
		iterations: result.iterations.map(iteration => ({
			...iteration,
			verdicts: iteration.verdicts.map(verdict => ({
				...newKeysOfVerdict,
				...verdict,
			})),
			instances: iteration.instances.map(instance => ({
				...newKeys,
				...instance,
			})),
		})),
	};
}

const newKeys = {carriedFrom: null, isLeftOut: false, role: null};
const newKeysOfInstance = {role: null, roleText: null, weight: 1};
const newKeysOfVerdict = {method: 'synthesis', madeOf: []} as const;

function withUntil(consortium: SavedConsortium): SavedConsortium {
	return {...consortium, until: consortium.until ?? []};
}

function eventsOfCall(
	row: CallRow,
	attempts: readonly AttemptRow[],
): RunEvent[] {
	const {id: callId, run_id: runId, iteration, speaker, purpose} = row;
	const call = {runId, callId, iteration, speaker, purpose};
	const start: RunEvent = {
		...call,
		type: 'call-start',
		seq: row.seq,
		t: row.started_at,
		model: row.model,
		transcriptId: row.transcript_id,
		system: row.system,
		options: parseJson(row.options),
		templateHash: row.template_hash,
		message: parseJson(row.message),
		extends: row.extends,
		labels: parseJsonOrNull(row.labels),
		cache: parseJsonOrNull(row.cache),
		reservedUsd: row.reserved_usd,
	};
	const retries = attempts.flatMap(attempt => [
		...deltasOf({runId, callId}, attempt),
		retryEvent(attempt),
	]);

	return row.state === null
		? [start, ...retries]
		: [
				start,
				...retries,
				...deltasOf({runId, callId}, row),
				{
					...call,
					type: 'call-end',
					seq: row.end_seq!,
					t: row.ended_at!,
					committed: row.committed === 1,
					outcome: {
						state: row.state,
						text: row.text ?? '',
						thinking: row.thinking ?? '',
						final: row.final,
						confidence: row.confidence,
						failure: parseJsonOrNull(row.failure),
						abort: row.abort,
						stop: row.stop,
						resolvedModel: row.resolved_model,
						requestId: row.request_id,
						native: parseJsonOrNull(row.native),
						usage: usageOf(row),
						costUsd: row.cost_usd,
						firstTokenMs: row.first_token_ms,
						durationMs: row.duration_ms!,
						brokenAttempts: attempts
							.filter(({kind}) => kind === 'broken')
							.map(attempt => brokenAttempt(attempt)),
					},
				},
			];
}

/**
What streamed in one attempt, each channel in one piece.
*/
function deltasOf(
	ids: {readonly runId: string; readonly callId: string},
	row: Pick<CallRow | AttemptRow, 'streamed' | 'text' | 'thinking'>,
): RunEvent[] {
	return parseJson<Streamed[]>(row.streamed ?? '[]').map(
		({channel, seq, at}) => ({
			...ids,
			type: 'call-delta',
			channel,
			text: row[channel] ?? '',
			seq,
			t: at,
		}),
	);
}

function retryEvent(row: AttemptRow): RunEvent {
	return {
		type: 'call-retry',
		runId: row.run_id,
		seq: row.seq,
		t: row.at,
		callId: row.call_id,
		attempt: row.attempt,
		maxAttempts: row.max_attempts,
		delayMs: row.delay_ms,
		failure: parseJson(row.failure),
		startsOver: row.kind === 'broken',
	};
}

function brokenAttempt(row: AttemptRow): BrokenAttempt {
	const {attempt, text, thinking, failure} = row;
	return {attempt, text, thinking, failure: parseJson(failure)};
}

function verdictEvent(row: VerdictRow): RunEvent {
	return {
		type: 'verdict',
		runId: row.run_id,
		seq: row.seq,
		t: row.at,
		iteration: row.iteration,
		arbiter: row.arbiter,
		callId: row.call_id,
		labels: parseJson(row.labels),
		verdict: {
			method: row.method,
			madeOf: parseJson(row.made_of),
			synthesis: row.synthesis,
			confidence: row.confidence,
			needsIteration:
				row.needs_iteration === null ? null : row.needs_iteration === 1,
			analysis: row.analysis,
			dissent: parseJson(row.dissent),
			refinementAreas: parseJson(row.refinement_areas),
			ranking: parseJson(row.ranking),
			groups: parseJson(row.agreeing),
			agreement: row.agreement,
			problems: parseJson(row.problems),
			raw: row.raw,
		},
	};
}

/**
An event as this version tells it, whichever one wrote it.
*/
function withNewKeys(event: RunEvent): RunEvent {
	switch (event.type) {
		case 'control': {
			return {...event, refusal: event.refusal ?? null};
		}

		case 'decision': {
			return {...event, marks: event.marks ?? [], saved: event.saved ?? null};
		}

		case 'call-carry': {
			return {...event, isAskedAgain: event.isAskedAgain ?? false};
		}

		// A run that was resumed has ended before.
		case 'run-end': {
			return {...event, result: completed(event.result)};
		}

		default: {
			return event;
		}
	}
}

function storedEvent({run_id: runId, seq, at, type, body}: EventRow): RunEvent {
	const event: object = {
		...parseJson<object>(body),
		type,
		runId,
		seq,
		t: at,
	};
	return withNewKeys(event as RunEvent);
}
