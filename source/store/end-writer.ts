import {type RunResult} from '../core/result.js';
import {type Usage} from '../core/model.js';
import {foldChunks} from './chunks.js';
import {conversationName, llmTime, tokenDetails} from './llm-form.js';
import {type Statements} from './statements.js';
import {type EventOf, type Writing} from './writing.js';

/**
What llm calls 0, 1 and 2 in `is_arbiter_response`.
*/
const memberOrFinal = 0;
const finalArbiter = 1;
const otherArbiter = 2;

type StartedCall = {
	readonly model: string;
	readonly speaker: string;
	readonly transcript_id: string;
	readonly options: string;
	readonly message: string;
	readonly started_at: number;
	readonly system: string | null;
	readonly question: string;
};

/**
Complete a call, and give its text the row in `responses` where llm looks for it.

@throws Error when the call never started.
*/
export function endCall(
	{statements, jsonOrNull}: Writing,
	event: EventOf<'call-end'>,
): void {
	const {callId, runId, outcome, committed, seq, t} = event;
	const call = statements.get(
		`SELECT calls.*, texts.text AS system, runs.prompt AS question
		FROM consortium_calls AS calls
		JOIN consortium_runs AS runs ON runs.id = calls.run_id
		LEFT JOIN consortium_texts AS texts ON texts.hash = calls.system_hash
		WHERE calls.id = @callId`,
		{callId},
	) as StartedCall | undefined;

	if (!call) {
		throw new Error(`The log has no start of the call ${callId}.`);
	}

	statements.update('consortium_calls', callId, {
		state: outcome.state,
		thinking: outcome.thinking,
		streamed: foldChunks(statements, callId).streamed,
		final: outcome.final,
		confidence: outcome.confidence,
		failure: jsonOrNull(outcome.failure),
		abort: outcome.abort,
		stop: outcome.stop,
		resolved_model: outcome.resolvedModel,
		request_id: outcome.requestId,
		committed: Number(committed),
		...usageRow(outcome.usage, outcome.costUsd),
		first_token_ms: outcome.firstTokenMs,
		duration_ms: outcome.durationMs,
		end_seq: seq,
		ended_at: t,
	});
	keepConversation(statements, call.transcript_id, call);
	statements.insert('responses', {
		id: callId,
		model: call.model,
		prompt: (JSON.parse(call.message) as string[]).join('\n\n'),
		system: call.system,
		options_json: call.options,
		response: outcome.text,
		response_json: jsonOrNull(outcome.native),
		conversation_id: call.transcript_id,
		duration_ms: Math.round(outcome.durationMs),
		datetime_utc: llmTime(call.started_at),
		input_tokens: outcome.usage.inputTokens,
		output_tokens: outcome.usage.outputTokens,
		token_details: tokenDetails(outcome.usage),
		resolved_model: outcome.resolvedModel,
		consortium_id: runId,
		is_arbiter_response: call.speaker.startsWith('arbiter#')
			? otherArbiter
			: memberOrFinal,
	});
}

/**
Complete a run, and give its answer the row in `responses` by which llm shows the conversation. Tokens are left out of that row: they would be counted twice.
*/
export function endRun(
	{statements, json}: Writing,
	{runId, result, finalCallId, seq, t}: EventOf<'run-end'>,
): void {
	const resultJson = json(result);
	const {reasons} = JSON.parse(resultJson) as RunResult;

	statements.update('consortium_runs', runId, {
		status: result.status,
		exit_code: result.exitCode,
		reasons: JSON.stringify(reasons),
		answer: result.answer,
		confidence: result.confidence,
		final_call_id: finalCallId,
		...usageRow(result.usage, result.costUsd),
		cost_is_complete: Number(result.costIsComplete),
		duration_ms: result.durationMs,
		end_seq: seq,
		ended_at: t,
		active_at: t,
	});

	// Versions without a trash hid a conversation; whoever went on with it wants it back.
	statements.run(
		`UPDATE consortium_conversations SET deleted_at = NULL
		WHERE id = @id AND deleted_at <= @at`,
		{id: result.conversationId, at: t},
	);

	// A resumed run has ended before, with another verdict and another answer.
	statements.run(
		`UPDATE responses SET is_arbiter_response = ${otherArbiter}
		WHERE consortium_id = @runId AND is_arbiter_response = ${finalArbiter}`,
		{runId},
	);

	// A verdict that was carried over ended the run it comes from, or did not.
	statements.run(
		`UPDATE responses SET is_arbiter_response = ${finalArbiter}
		WHERE consortium_id = @runId AND id = @finalCallId`,
		{runId, finalCallId},
	);

	const model = result.consortium.name;
	keepConversation(statements, result.conversationId, {
		question: result.prompt,
		model,
	});
	statements.insert(
		'responses',
		{
			id: runId,
			model,
			prompt: result.prompt,
			options_json: '{}',
			response: result.answer ?? '',
			response_json: resultJson,
			conversation_id: result.conversationId,
			duration_ms: Math.round(result.durationMs),
			datetime_utc: llmTime(Date.parse(result.startedAt)),
			consortium_id: runId,
			is_arbiter_response: memberOrFinal,
		},
		`ON CONFLICT (id) DO UPDATE SET response = excluded.response,
		response_json = excluded.response_json, duration_ms = excluded.duration_ms`,
	);
}

function usageRow(usage: Usage, costUsd: number | null) {
	return {
		input_tokens: usage.inputTokens,
		cached_tokens: usage.cachedTokens,
		cache_write_tokens: usage.cacheWriteTokens,
		output_tokens: usage.outputTokens,
		reasoning_tokens: usage.reasoningTokens,
		cost_usd: costUsd,
	};
}

function keepConversation(
	statements: Statements,
	id: string,
	{question, model}: {readonly question: string; readonly model: string},
): void {
	statements.insert(
		'conversations',
		{id, name: conversationName(question), model},
		'ON CONFLICT DO NOTHING',
	);
}
