import {type RunEvent, type RunKind} from '../core/events.js';
import {
	type BrokenAttempt,
	type CallOutcome,
	type JudgeMethod,
	type RunStatus,
} from '../core/result.js';
import {type CallPurpose, type Usage} from '../core/model.js';

/**
When a channel of a call spoke last, and as which event.
*/
export type Streamed = {
	readonly channel: 'text' | 'thinking';
	readonly seq: number;
	readonly at: number;
};

/**
The columns in which a row of ours counts tokens and dollars.
*/
export type UsageColumns = {
	readonly input_tokens: number | null;
	readonly cached_tokens: number | null;
	readonly cache_write_tokens: number | null;
	readonly output_tokens: number | null;
	readonly reasoning_tokens: number | null;
	readonly cost_usd: number | null;
};

/**
`status` and all after it are null until the run ends.
*/
export type RunRow = UsageColumns & {
	readonly id: string;
	readonly conversation_id: string;
	readonly turn: number;
	readonly previous_run_id: string | null;
	readonly kind: RunKind;
	readonly derived_from: string | null;
	readonly consortium: string;
	readonly config: string;
	readonly prompt: string;
	readonly instances: string;
	readonly arbiters: string;
	readonly simulated: number;
	readonly seed: number;
	readonly templates: string;
	readonly seq: number;
	readonly started_at: number;
	readonly pid: number;
	readonly host: string;
	readonly status: RunStatus | null;
	readonly exit_code: number | null;
	readonly reasons: string | null;
	readonly answer: string | null;
	readonly confidence: number | null;
	readonly final_call_id: string | null;
	readonly cost_is_complete: number | null;
	readonly duration_ms: number | null;
	readonly end_seq: number | null;
	readonly ended_at: number | null;
};

/**
`state` and all after it are null until the call ends; `system`, `text` and `native` come from other tables.
*/
export type CallRow = UsageColumns & {
	readonly id: string;
	readonly run_id: string;
	readonly iteration: number;
	readonly speaker: string;
	readonly purpose: CallPurpose;
	readonly model: string;
	readonly transcript_id: string;
	readonly extends: string | null;
	readonly system: string | null;
	readonly options: string;
	readonly template_hash: string | null;
	readonly message: string;
	readonly labels: string | null;
	readonly cache: string | null;
	readonly reserved_usd: number | null;
	readonly seq: number;
	readonly started_at: number;
	readonly state: CallOutcome['state'] | null;
	readonly text: string | null;
	readonly thinking: string | null;
	readonly streamed: string | null;
	readonly final: string | null;
	readonly confidence: number | null;
	readonly failure: string | null;
	readonly abort: CallOutcome['abort'];
	readonly stop: CallOutcome['stop'];
	readonly resolved_model: string | null;
	readonly request_id: string | null;
	readonly native: string | null;
	readonly committed: number | null;
	readonly first_token_ms: number | null;
	readonly duration_ms: number | null;
	readonly end_seq: number | null;
	readonly ended_at: number | null;
};

export type AttemptRow = Pick<
	BrokenAttempt,
	'attempt' | 'text' | 'thinking'
> & {
	readonly run_id: string;
	readonly call_id: string;
	readonly max_attempts: number;
	readonly kind: 'wait' | 'broken';
	readonly delay_ms: number;
	readonly failure: string;
	readonly streamed: string;
	readonly seq: number;
	readonly at: number;
};

export type VerdictRow = {
	readonly run_id: string;
	readonly iteration: number;
	readonly arbiter: string;
	readonly call_id: string;
	readonly labels: string;
	readonly method: JudgeMethod;
	readonly made_of: string;
	readonly synthesis: string | null;
	readonly confidence: number | null;
	readonly needs_iteration: number | null;
	readonly analysis: string;
	readonly dissent: string;
	readonly refinement_areas: string;
	readonly ranking: string;
	readonly agreeing: string;
	readonly agreement: number | null;
	readonly problems: string;
	readonly raw: string;
	readonly seq: number;
	readonly at: number;
};

export type EventRow = {
	readonly run_id: string;
	readonly type: RunEvent['type'];
	readonly body: string;
	readonly seq: number;
	readonly at: number;
};

/**
JSON we wrote ourselves, as the type it was written from.
*/
export function parseJson<Value>(json: string): Value {
	return JSON.parse(json) as Value;
}

export function parseJsonOrNull<Value>(json: string | null): Value | null {
	return json === null ? null : parseJson<Value>(json);
}

export function usageOf(row: UsageColumns): Usage {
	return {
		inputTokens: row.input_tokens,
		cachedTokens: row.cached_tokens,
		cacheWriteTokens: row.cache_write_tokens,
		outputTokens: row.output_tokens,
		reasoningTokens: row.reasoning_tokens,
	};
}
