import {ModelError, type Failure, type FailureKind} from '../core/failure.js';
import {isLoopback} from './endpoint.js';
import {safeId, safeText, shortened} from './safe-text.js';
import {kindOf} from './vocabulary.js';
import {isRecord, readWireError, type WireError} from './wire-error.js';

/**
Whom a call went to, in the words of its failures.
*/
export type Callee = {
	readonly provider: string;
	readonly model: string;
	readonly baseUrl: string;
	readonly key: string | null;
	readonly keyAdvice: string;
};

const longestMessage = 300;

/**
Failures that may be gone on a fresh attempt.
*/
const transient: ReadonlySet<FailureKind> = new Set([
	'rate',
	'overloaded',
	'network',
	'timeout',
	'cut-off',
]);

/**
What was thrown or streamed, as a `Failure`: one sentence without keys, request bodies and control characters, at most 300 characters long. `hasBegun`: the reply was streaming, so that the client had no retries left to make.
*/
export function failureOf(
	thrown: unknown,
	callee: Callee,
	hasBegun: boolean,
): Failure {
	if (thrown instanceof ModelError) {
		return thrown.failure;
	}

	const wire = readWireError(thrown);
	const kind = wire ? kindOf(wire) : kindOfThrown(thrown, hasBegun);
	const sentence = wire
		? wireSentence(kind, wire, callee)
		: thrownSentence(kind, thrown, callee, hasBegun);

	return {
		kind,
		message: ended(shortened(sentence, longestMessage - 1)),
		retryable: hasBegun && transient.has(kind),
		status: wire?.isInStream ? null : (wire?.status ?? null),
		requestId: safeId(wire?.requestId ?? null, callee.key),
	};
}

/**
A server that sent nothing for `silenceMs`. Another attempt may help: the client makes none for it.
*/
export function stalled({provider}: Callee, silenceMs: number): Failure {
	return {
		kind: 'stalled',
		message: `${provider} sent nothing for ${seconds(silenceMs)}.`,
		retryable: true,
		status: null,
		requestId: null,
	};
}

/**
A reply that is larger than any answer could be.
*/
export function flooded({provider}: Callee): Failure {
	return {
		kind: 'bad-request',
		message: `${provider} sent more than any answer can hold, and was left.`,
		retryable: false,
		status: null,
		requestId: null,
	};
}

/**
A reply that stopped without saying that it was complete. `why` is the server's word for it, if it had one.
*/
export function cutOff({provider, key}: Callee, why = ''): ModelError {
	const reason = shortened(safeText(why, key), 100);

	return new ModelError({
		kind: 'cut-off',
		message: `${provider} ended the reply before it was complete${reason === '' ? '' : ` (${reason})`}.`,
		retryable: true,
		status: null,
		requestId: null,
	});
}

/**
An answer that is no stream at all: usually a page of another program, or of the same server beside its interface.
*/
export function noStream(
	{provider, baseUrl, key}: Callee,
	contentType: string,
): Failure {
	return {
		kind: 'bad-request',
		message: `${provider} answered with ${shortened(safeText(contentType, key), 60)} in place of a stream; check its base URL, ${shortened(baseUrl, 150)}.`,
		retryable: false,
		status: 200,
		requestId: null,
	};
}

const ended = (sentence: string) =>
	/[!?…]$/.test(sentence) ? sentence : `${sentence}.`;

const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

const day = 86_400_000;

/**
The codes along the causes of an error, outermost first.
*/
export function codesOf(thrown: unknown): string[] {
	const codes: string[] = [];

	for (
		let error: unknown = thrown;
		isRecord(error) && codes.length < 8;
		error =
			error['cause'] ??
			(Array.isArray(error['errors']) ? error['errors'][0] : null)
	) {
		codes.push(typeof error['code'] === 'string' ? error['code'] : '');
	}

	// The rest of Node's own codes are about misuse, not about the network.
	return codes.filter(code => /^(?!ERR_(?!TLS|SSL))./.test(code));
}

function kindOfThrown(thrown: unknown, hasBegun: boolean): FailureKind {
	const codes = codesOf(thrown);
	const text = thrown instanceof Error ? thrown.message : '';

	if (
		codes.some(code => code.includes('TIMEOUT') || code === 'ETIMEDOUT') ||
		/timed out/i.test(text)
	) {
		return 'timeout';
	}

	if (
		codes.length > 0 ||
		/\bterminated|fetch failed|connection error/i.test(text)
	) {
		return 'network';
	}

	// Whatever else goes wrong while a reply is read, the reply was not what it should be.
	return hasBegun ? 'cut-off' : 'unexpected';
}

function wireSentence(
	kind: FailureKind,
	{status, isInStream, code, text, retryAfterMs}: WireError,
	{provider, model, baseUrl, key, keyAdvice}: Callee,
): string {
	const said = safeText(text, key);
	const why = said === '' ? '' : `: ${said}`;
	const number = status === null ? '' : ` (${status})`;

	switch (kind) {
		case 'auth': {
			return status === 403
				? `${provider} does not allow this with the key in use (403)${shortened(why, 180)}; ${keyAdvice}`
				: `${provider} refused the key${number}${shortened(why, 180)}; ${keyAdvice}`;
		}

		case 'quota': {
			return `The quota or credit at ${provider} is used up${number}${why}`;
		}

		case 'rate': {
			const wait =
				retryAfterMs === null
					? ''
					: `, to wait ${retryAfterMs > day ? 'more than a day' : seconds(retryAfterMs)}`;
			return `${provider} asks for fewer requests${wait}${number}${why}`;
		}

		case 'timeout': {
			return `${provider} gave up waiting${number}${why}`;
		}

		case 'overloaded': {
			return `${provider} ${isInStream ? 'broke off with an error' : 'is overloaded or out of order'}${number}${why}`;
		}

		case 'context-length': {
			return `The request is too long for ${model} at ${provider}${number}${why}`;
		}

		default: {
			if (status !== null && status < 400) {
				return `${provider} sends requests on to another address${number}; check its base URL, ${shortened(baseUrl, 150)}`;
			}

			// Items of a conversation are looked for, too.
			return (status === 404 || /not_found/i.test(code)) &&
				!/\bitem\b/i.test(said)
				? `${provider} does not have the model ${model} at ${baseUrl}${number}${why}`
				: `${provider} refused the request for ${model}${number}${why}`;
		}
	}
}

const localServers: Readonly<Record<string, string>> = {
	ollama: 'Ollama',
	lmstudio: 'LM Studio',
	vllm: 'vLLM',
};

function thrownSentence(
	kind: FailureKind,
	thrown: unknown,
	{provider, baseUrl, key}: Callee,
	hasBegun: boolean,
): string {
	const code = codesOf(thrown).at(-1) ?? '';
	const detail = code === '' ? '' : ` (${code})`;

	switch (kind) {
		case 'cut-off': {
			return `${provider} sent a reply that cannot be read`;
		}

		case 'timeout': {
			return `${provider} did not answer in time${detail}`;
		}

		case 'network': {
			if (hasBegun) {
				return `The connection to ${provider} broke in the middle of the reply${detail}`;
			}

			return code === 'ECONNREFUSED' && isLoopback(baseUrl)
				? `No server answers at ${baseUrl}: is ${localServers[provider] ?? 'the server'} running?`
				: `${provider} cannot be reached at ${baseUrl}${detail}`;
		}

		default: {
			return safeText(
				thrown instanceof Error ? thrown.message : String(thrown),
				key,
			);
		}
	}
}
