import {setTimeout as sleep} from 'node:timers/promises';
import type {createParser} from 'eventsource-parser';
import {ModelError, type Failure} from '../core/failure.js';
import {readText} from './read-text.js';
import {errorIn, longestError} from './watched-fetch.js';
import {isRecord} from './wire-error.js';

type Options = {
	readonly createParser: typeof createParser;
	readonly failureOf: (thrown: unknown) => Failure;
};

export type GeminiFetch = {
	readonly fetch: typeof fetch;

	/**
	What went wrong, in place of what the client makes of it; null while nothing did.
	*/
	readonly trouble: () => unknown;
};

/**
What Gemini's client lacks, put around a `fetch` that says when to try again: it tries again, keeps what an error says, and hands on a stream in the one form that client can read, up to where it breaks.
*/
export function createGeminiFetch(
	watchedFetch: typeof fetch,
	{createParser, failureOf}: Options,
): GeminiFetch {
	let trouble: unknown = null;

	const settle = async (url: string | URL | Request, init?: RequestInit) => {
		const response = await repeated(watchedFetch, url, init);

		if (!response.ok) {
			const {status, headers} = response;
			const error = errorIn(await readText(response, longestError));
			throw new ModelError(failureOf({status, headers, ...error}));
		}

		return response;
	};

	return {
		trouble: () => trouble,

		async fetch(url, init) {
			try {
				const response = await settle(url, init);

				const {headers, body} = response;
				const events =
					body &&
					cleanEvents(body, createParser, error => {
						trouble = error;
					});

				// The client reads the body of an answer that has none, too.
				return new Response(ReadableStream.from(events ?? []), {headers});
			} catch (error) {
				trouble = error;
				throw error;
			}
		},
	};
}

/**
Ask again as often, and after such waits, as the answers say.
*/
async function repeated(
	watchedFetch: typeof fetch,
	url: string | URL | Request,
	init?: RequestInit,
): Promise<Response> {
	while (true) {
		const response = await watchedFetch(url, init);
		const {headers} = response;

		if (response.ok || headers.get('x-should-retry') !== 'true') {
			return response;
		}

		await response.body?.cancel();
		await sleep(Number(headers.get('retry-after-ms')), null, {
			...(init?.signal && {signal: init.signal}),
		});
	}
}

/**
The events of a stream, each as the client expects it: `data: ` and a line of JSON. It knows no comments, no other line ends and no event of several lines, and drops what it has not handed on yet when a stream breaks; so the stream ends where it would break, and `onBreak` hears why.
*/
async function* cleanEvents(
	body: ReadableStream<Uint8Array>,
	create: typeof createParser,
	onBreak: (error: unknown) => void,
): AsyncGenerator<Uint8Array, void, void> {
	const events: string[] = [];
	const parser = create({
		onEvent({data}) {
			events.push(data);
		},
	});
	const decoder = new TextDecoder();
	const encoder = new TextEncoder();

	function* taken() {
		for (const data of events.splice(0)) {
			const chunks = data === '[DONE]' ? [] : [JSON.parse(data) as unknown];

			for (const chunk of chunks.flat()) {
				if (isRecord(chunk)) {
					yield encoder.encode(`data: ${lineOf(chunk)}\n\n`);
				}
			}
		}
	}

	try {
		for await (const bytes of body) {
			parser.feed(decoder.decode(bytes, {stream: true}));
			yield* taken();
		}

		// Not everybody ends the last event.
		parser.feed(`${decoder.decode()}\n\n`);
		yield* taken();
	} catch (error) {
		onBreak(error);
	}
}

/**
JSON in which the client sees one line: it takes two more characters for the end of one.
*/
const lineOf = (chunk: unknown) =>
	JSON.stringify(chunk)
		.replaceAll('\u2028', String.raw`\u2028`)
		.replaceAll('\u2029', String.raw`\u2029`);

/**
Do `work` with another `fetch` in the place of the global one, for as long as it does not wait: Gemini's client takes it from there, in the same moment in which it is called, and from nowhere else.
*/
export function withFetch<Value>(
	other: typeof fetch,
	work: () => Value,
): Value {
	const usual = fetch;
	Object.assign(globalThis, {fetch: other});

	try {
		return work();
	} finally {
		Object.assign(globalThis, {fetch: usual});
	}
}
