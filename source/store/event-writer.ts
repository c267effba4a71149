import {createHash} from 'node:crypto';
import {type RunEvent} from '../core/events.js';
import {unreachable} from '../core/unreachable.js';
import {storedCarry} from './carried-calls.js';
import {foldChunks} from './chunks.js';
import {endCall, endRun} from './end-writer.js';
import {type Log} from './log.js';
import {thisProcess, type Owner} from './owner.js';
import {createStatements, type Statements} from './statements.js';
import {bringBack} from './trash-undo.js';
import {type EventOf, type Writing} from './writing.js';

/**
A function that turns one event into rows. It opens no transaction, and throws what the database throws.
*/
export function createEventWriter(
	log: Log,
	json: (value: unknown) => string,
): (event: RunEvent) => void {
	const statements = createStatements(log);
	const jsonOrNull = (value: unknown) => (value === null ? null : json(value));
	const writing: Writing = {statements, json, jsonOrNull};

	return event => {
		if (event.type !== 'run-start' && event.type !== 'run-resume') {
			assertOwned(log, statements, event.runId);
		}

		switch (event.type) {
			case 'run-start': {
				keepEarlier(log, statements, event);
				startRun(writing, event);
				break;
			}

			case 'call-start': {
				startCall(writing, event);
				break;
			}

			case 'call-send': {
				const {callId, t} = event;
				statements.update('consortium_calls', callId, {sent_at: t});
				keepEvent(writing, event, callId);
				break;
			}

			case 'call-delta': {
				keepChunk(writing, event);
				break;
			}

			case 'call-retry': {
				keepAttempt(writing, event);
				break;
			}

			case 'call-end': {
				endCall(writing, event);
				break;
			}

			case 'verdict': {
				keepVerdict(writing, event);
				break;
			}

			case 'run-end': {
				endRun(writing, event);
				break;
			}

			case 'call-carry': {
				keepEvent(writing, storedCarry(writing, event), event.callId);
				break;
			}

			case 'answer-delta':
			case 'call-mark': {
				keepEvent(writing, event, event.callId);
				break;
			}

			case 'nested': {
				keepEvent(writing, event, event.parentCallId);
				break;
			}

			case 'run-resume': {
				resumeRun(writing, event);
				break;
			}

			case 'decision':
			case 'observation':
			case 'iteration-start':
			case 'control': {
				keepEvent(writing, event, null);
				break;
			}

			default: {
				unreachable(event);
			}
		}
	};
}

/**
Whoever goes on with a conversation that was deleted meanwhile wants it back.
*/
function keepEarlier(
	log: Log,
	statements: Statements,
	{previousRunId, derivedFrom}: EventOf<'run-start'>,
): void {
	for (const earlier of [previousRunId, derivedFrom]) {
		if (earlier !== null && !ownerOf(statements, earlier)) {
			bringBack(log, earlier);
		}
	}
}

function ownerOf(statements: Statements, runId: string): Owner | undefined {
	return statements.get(
		'SELECT pid, host FROM consortium_runs WHERE id = @runId',
		{runId},
	) as Owner | undefined;
}

/**
A run that somebody took for dead, and deleted, is brought back by what it says.

@throws Error when another process has gone on with the run since.
*/
function assertOwned(log: Log, statements: Statements, runId: string): void {
	const own = thisProcess();
	const owner = ownerOf(statements, runId);

	if (!owner) {
		bringBack(log, runId);
	}

	if (owner && (owner.pid !== own.pid || owner.host !== own.host)) {
		throw new Error(
			`The run goes on in process ${owner.pid} of ${owner.host}.`,
		);
	}
}

function startRun(
	{statements, json}: Writing,
	event: EventOf<'run-start'>,
): void {
	statements.insert('consortium_runs', {
		id: event.runId,
		conversation_id: event.conversationId,
		turn: event.turn,
		previous_run_id: event.previousRunId,
		kind: event.kind,
		derived_from: event.derivedFrom,
		consortium: event.consortium.name,
		config: json(event.consortium),
		prompt: event.prompt,
		instances: json(event.instances),
		arbiters: json(event.arbiters),
		simulated: Number(event.simulated),
		seed: event.seed,
		templates: json(event.templates),
		seq: event.seq,
		started_at: event.t,
		...thisProcess(),
		active_at: event.t,
	});
}

/**
A run that is resumed is this process's from now on. That it had ended before is kept as an event.
*/
function resumeRun(writing: Writing, event: EventOf<'run-resume'>): void {
	const {statements} = writing;
	const {runId} = event;
	statements.run(
		`INSERT OR IGNORE INTO consortium_events (run_id, seq, at, type, call_id, body)
		SELECT runs.id, end_seq, ended_at, 'run-end', NULL,
			json_object('finalCallId', final_call_id, 'result', json(response_json))
		FROM consortium_runs AS runs JOIN responses ON responses.id = runs.id
		WHERE runs.id = @runId AND end_seq IS NOT NULL`,
		{runId},
	);
	statements.update('consortium_runs', runId, {
		status: null,
		end_seq: null,
		ended_at: null,
		...thisProcess(),
		active_at: event.t,
	});
	keepEvent(writing, event, null);
}

function startCall(
	{statements, json, jsonOrNull}: Writing,
	event: EventOf<'call-start'>,
): void {
	statements.insert('consortium_calls', {
		id: event.callId,
		run_id: event.runId,
		iteration: event.iteration,
		speaker: event.speaker,
		purpose: event.purpose,
		model: event.model,
		transcript_id: event.transcriptId,
		extends: event.extends,
		system_hash:
			event.system === null ? null : keepText(statements, event.system),
		options: json(event.options),
		template_hash: event.templateHash,
		message: json(event.message),
		labels: jsonOrNull(event.labels),
		cache: jsonOrNull(event.cache),
		reserved_usd: event.reservedUsd,
		seq: event.seq,
		started_at: event.t,
	});
}

/**
System prompts are many times the same.
*/
function keepText(statements: Statements, text: string): string {
	const hash = createHash('sha256').update(text).digest('hex');
	statements.insert('consortium_texts', {hash, text}, 'ON CONFLICT DO NOTHING');
	return hash;
}

function keepChunk({statements}: Writing, event: EventOf<'call-delta'>): void {
	statements.insert('consortium_chunks', {
		run_id: event.runId,
		call_id: event.callId,
		channel: event.channel,
		text: event.text,
		seq: event.seq,
		at: event.t,
	});
}

function keepAttempt(
	{statements, json}: Writing,
	event: EventOf<'call-retry'>,
): void {
	const streamed = event.startsOver
		? foldChunks(statements, event.callId)
		: {text: '', thinking: '', streamed: '[]'};

	statements.insert('consortium_attempts', {
		run_id: event.runId,
		call_id: event.callId,
		attempt: event.attempt,
		max_attempts: event.maxAttempts,
		kind: event.startsOver ? 'broken' : 'wait',
		delay_ms: event.delayMs,
		failure: json(event.failure),
		...streamed,
		seq: event.seq,
		at: event.t,
	});
}

function keepVerdict(
	{statements, json}: Writing,
	event: EventOf<'verdict'>,
): void {
	const {verdict} = event;

	statements.insert('consortium_verdicts', {
		run_id: event.runId,
		iteration: event.iteration,
		arbiter: event.arbiter,
		call_id: event.callId,
		labels: json(event.labels),
		method: verdict.method,
		made_of: json(verdict.madeOf),
		synthesis: verdict.synthesis,
		confidence: verdict.confidence,
		needs_iteration:
			verdict.needsIteration === null ? null : Number(verdict.needsIteration),
		analysis: verdict.analysis,
		dissent: json(verdict.dissent),
		refinement_areas: json(verdict.refinementAreas),
		ranking: json(verdict.ranking),
		agreeing: json(verdict.groups),
		agreement: verdict.agreement,
		problems: json(verdict.problems),
		raw: verdict.raw,
		seq: event.seq,
		at: event.t,
	});
}

/**
Events that have no table of their own are kept as they are, `callId` being the call they are about.
*/
function keepEvent(
	{statements, json}: Writing,
	event: RunEvent,
	callId: string | null,
): void {
	const {runId, seq, t, type, ...body} = event;

	statements.insert('consortium_events', {
		run_id: runId,
		seq,
		at: t,
		type,
		call_id: callId,
		body: json(body),
	});
}
