import {type FailureKind} from '../core/failure.js';
import {type StopReason} from '../core/model.js';
import {type Endpoint} from './endpoint.js';

/**
What a protocol's word for the end of a reply means. `again`: send back what came, and the reply goes on. `cut-off`: the reply is not complete.
*/
export type Ending = StopReason | 'again' | 'cut-off';

/**
The words with which a reply ends: `finish_reason`, the status or the reason why it is incomplete, `stop_reason`, `finishReason`. A wish to use a tool is an end like any other, since none is offered.
*/
export const stopWords: Readonly<
	Record<Endpoint['api'], Readonly<Record<string, Ending>>>
> = {
	chat: {
		stop: 'done',
		tool_calls: 'done',
		function_call: 'done',
		length: 'length',
		max_tokens: 'length',
		model_length: 'length',
		content_filter: 'blocked',
		safety: 'blocked',
		refusal: 'blocked',
		error: 'cut-off',
		abort: 'cut-off',
		cancelled: 'cut-off',
	},
	responses: {
		completed: 'done',
		max_output_tokens: 'length',
		content_filter: 'blocked',
		max_messages: 'cut-off',
		steered: 'cut-off',
		failed: 'cut-off',
		cancelled: 'cut-off',
		queued: 'cut-off',
		in_progress: 'cut-off',
	},
	anthropic: {
		end_turn: 'done',
		stop_sequence: 'done',
		tool_use: 'done',
		max_tokens: 'length',
		model_context_window_exceeded: 'length',
		refusal: 'blocked',
		pause_turn: 'again',
	},
	gemini: {
		STOP: 'done',
		MAX_TOKENS: 'length',
		SAFETY: 'blocked',
		RECITATION: 'blocked',
		LANGUAGE: 'blocked',
		BLOCKLIST: 'blocked',
		PROHIBITED_CONTENT: 'blocked',
		SPII: 'blocked',
		IMAGE_SAFETY: 'blocked',
		CONTINUATION: 'again',
		OTHER: 'cut-off',
		MALFORMED_FUNCTION_CALL: 'cut-off',
		MALFORMED_RESPONSE: 'cut-off',
		UNEXPECTED_TOOL_CALL: 'cut-off',
		TOO_MANY_TOOL_CALLS: 'cut-off',
	},
};

/**
The meaning of a word that is not in the table. Servers that copy Chat Completions have many words for a natural end; the others say what they mean.
*/
const otherwise: Readonly<Record<Endpoint['api'], Ending>> = {
	chat: 'done',
	responses: 'cut-off',
	anthropic: 'cut-off',
	gemini: 'cut-off',
};

/**
What the word with which a reply ended means; null is no word at all.
*/
export function stopOf(api: Endpoint['api'], word: string | null): Ending {
	if (word === null) {
		return 'cut-off';
	}

	return Object.hasOwn(stopWords[api], word)
		? stopWords[api][word]!
		: otherwise[api];
}

/**
What tells one kind of failure: the status of the answer, a code in it or in an error inside the stream, or the words for a person where nothing else says it.
*/
export type FailureRule = {
	readonly kind: FailureKind;
	readonly status: RegExp | null;
	readonly code: RegExp | null;
	readonly text: RegExp | null;
};

const tooLong =
	/context_length|exceed_context|request_too_large|maximum (?:context|prompt) length|context (?:length|window|size)|prompt is too long|input is too long|input token count .*exceeds|too large for model|reduce the length/i;

/**
The kinds of failure a server can report, of all protocols; the first rule that fits holds. Whatever fits none is a bad request.
*/
export const failureRules: readonly FailureRule[] = [
	{
		kind: 'quota',
		status: /^402$/,
		// Gemini says only by the name of the quota whether waiting a minute helps.
		code: /insufficient_quota|insufficient_balance|billing|spend_limit|PerDay/,
		text: /credit balance is too low/i,
	},
	{
		kind: 'auth',
		status: /^40[13]$/,
		code: /invalid_api_key|API_KEY_INVALID|authentication_error|permission_error|UNAUTHENTICATED|PERMISSION_DENIED/,
		text: null,
	},
	{
		kind: 'rate',
		status: /^429$/,
		code: /rate_?limit|RESOURCE_EXHAUSTED/,
		text: null,
	},
	{
		kind: 'timeout',
		status: /^408$/,
		code: /timeout|DEADLINE_EXCEEDED/,
		text: null,
	},
	{kind: 'context-length', status: null, code: tooLong, text: tooLong},
	{
		kind: 'overloaded',
		status: /^(?:409|5\d\d)$/,
		code: /overloaded|server_error|internal_error|api_error|unavailable|\binternal\b/i,
		text: null,
	},
];

/**
The kind of failure a server reported.
*/
export function kindOf({
	status,
	code,
	text,
}: {
	readonly status: number | null;
	readonly code: string;
	readonly text: string;
}): FailureKind {
	const said = [String(status), code, text] as const;
	const rule = failureRules.find(each =>
		[each.status, each.code, each.text].some((pattern, index) =>
			pattern?.test(said[index]!),
		),
	);

	return rule?.kind ?? 'bad-request';
}
