import {type Failure} from '../core/failure.js';
import {type ModelPart} from '../core/model.js';
import {readText} from './read-text.js';
import {type Watchdog} from './watchdog.js';
import {streamOfWhole} from './whole-reply.js';
import {retryAfterMs, retryInfoMs} from './wire-error.js';

type Wait = Extract<ModelPart, {type: 'wait'}>;

export type WatchedFetchOptions = {
	readonly fetch: typeof fetch;

	/**
	All that is sent, in place of the client's own headers; null to leave those.
	*/
	readonly headers: Readonly<Record<string, string>> | null;
	readonly maxRetries: number;

	/**
	Milliseconds; a server that asks for a longer wait is not asked again.
	*/
	readonly longestWaitMs: number;

	/**
	From 0 up to 1.
	*/
	readonly random: () => number;
	readonly watchdog: Watchdog;
	readonly failureOf: (thrown: unknown) => Failure;
	readonly onWait: (wait: Wait) => void;

	/**
	Called with the headers of every answer.
	*/
	readonly onAnswer: (headers: Headers) => void;
};

/**
The client's own cap; it takes a longer wait for none at all and asks again within a second.
*/
const clientCapMs = 60_000;

/**
Bytes of an error that are read; it is a page when it is longer.
*/
export const longestError = 64_000;

/**
A `fetch` for one call of a client that retries by itself. The client keeps its retries, but every wait between them is set here, so that it is known and can be shown, and a server that asks for more than `longestWaitMs` or says that waiting does not help is believed.
*/
export function createWatchedFetch(options: WatchedFetchOptions): typeof fetch {
	const {maxRetries, random, watchdog, failureOf, onWait, onAnswer} = options;
	const longestWaitMs = Math.min(options.longestWaitMs, clientCapMs);
	let attempt = 0;

	const backoff = () =>
		Math.min(500 * 2 ** (attempt - 1), 8000) * (1 - random() * 0.25);

	const wait = (delayMs: number, failure: Failure) => {
		const whole = Math.round(delayMs);
		onWait({
			type: 'wait',
			attempt,
			maxAttempts: maxRetries + 1,
			delayMs: whole,
			failure,
		});
		return {'retry-after-ms': String(whole), 'x-should-retry': 'true'};
	};

	return async (url, init) => {
		attempt++;
		const hasRetries = attempt <= maxRetries;
		let response;
		let text;

		try {
			response = watchdog.reply(
				await watchdog.request(async () =>
					options.fetch(url, {
						...init,
						// Only the one header that is everybody's for keys would be left out on the way.
						redirect: 'manual',
						...(options.headers && {headers: options.headers}),
					}),
				),
			);
			onAnswer(response.headers);

			if (response.ok) {
				// What this client asks for next is another request.
				attempt = 0;
				return streamOfWhole(response);
			}

			text = await readText(response, longestError);
		} catch (error) {
			if (!hasRetries || init?.signal?.aborted) {
				throw error;
			}

			// The client would retry this by itself, but after a wait it does not tell.
			return new Response(null, {
				status: 503,
				headers: wait(backoff(), failureOf(error)),
			});
		}

		const {status, headers} = response;
		const {error, message} = errorIn(text);
		const failure = failureOf({status, headers, error, message});
		const delayMs = retryAfterMs(headers) ?? retryInfoMs(error) ?? backoff();
		const isToRetry =
			hasRetries &&
			isRetryable(response) &&
			failure.kind !== 'quota' &&
			failure.kind !== 'context-length' &&
			delayMs <= longestWaitMs;

		return new Response(text === '' ? null : text, {
			status,
			headers: {
				...Object.fromEntries(headers),
				...(isToRetry ? wait(delayMs, failure) : {'x-should-retry': 'false'}),
			},
		});
	};
}

function isRetryable({status, headers}: Response): boolean {
	const asked = headers.get('x-should-retry');

	return (
		asked === 'true' ||
		(asked !== 'false' &&
			(status === 408 || status === 409 || status === 429 || status >= 500))
	);
}

/**
The error in a body, in the fields the client will give it.
*/
export function errorIn(text: string): {error: unknown; message: string} {
	try {
		const body = JSON.parse(text) as {error?: unknown} | null;
		return {error: body?.error ?? body, message: ''};
	} catch {
		return {error: undefined, message: text};
	}
}
