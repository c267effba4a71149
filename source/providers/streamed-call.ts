import type {OpenAI} from 'openai';
import {ModelError} from '../core/failure.js';
import {type ModelPart, type ModelRequest} from '../core/model.js';
import {type Connection} from './connection.js';
import {failureOf, flooded, noStream, stalled} from './failure-of.js';
import {createMailbox} from './mailbox.js';
import {patienceFor} from './patience.js';
import {safeId, safeName} from './safe-text.js';
import {createWatchdog} from './watchdog.js';
import {createWatchedFetch} from './watched-fetch.js';

/**
What differs between two protocols: how a reply is asked for, and how its events become parts. `read` throws when the reply did not say that it was complete.
*/
export type Protocol<Event> = {
	readonly open: (
		client: OpenAI,
		signal: AbortSignal,
	) => Promise<AsyncIterable<Event>>;

	/**
	`leave` ends the events early, without an error.
	*/
	readonly read: (
		events: AsyncIterable<Event>,
		leave: () => void,
	) => AsyncIterable<ModelPart>;
};

/**
The node timer's largest delay; the watchdog alone decides how long to wait.
*/
const noTimeout = 2_147_483_647;

/**
One call, from the queue to the end of the reply. Throws the signal's reason when it aborts, else `ModelError`.
*/
export async function* streamedCall<Event>(
	connection: Connection,
	request: ModelRequest,
	signal: AbortSignal,
	{open, read}: Protocol<Event>,
): AsyncGenerator<ModelPart, void, void> {
	const {settings, prices, key} = connection;
	const giveBack = await connection.limit(signal);
	const call = new AbortController();

	const leave = () => {
		call.abort();
	};

	const watchdog = createWatchdog(
		patienceFor(connection, request.options),
		leave,
	);
	const waits = createMailbox<ModelPart>();
	let requestId: string | null = null;
	let contentType = '';
	let hasBegun = false;
	let isComplete = false;

	const watchedFetch = createWatchedFetch({
		...settings,
		fetch: connection.fetch,
		headers: connection.isOpenAi ? null : ownHeaders(key),
		random: connection.random,
		watchdog,
		failureOf: thrown => failureOf(thrown, connection, false),
		onWait: waits.put,
		onAnswer(answered) {
			requestId = safeId(answered.get('x-request-id'), key);
			contentType = answered.get('content-type') ?? '';
		},
	});

	try {
		const client = await createClient(connection, watchedFetch);
		signal.throwIfAborted();
		yield {type: 'send'};

		const opening = open(client, AbortSignal.any([signal, call.signal]));
		const loading = prices.loadSoon();

		yield* waits.until(opening);
		const events = await opening;
		hasBegun = true;

		for await (const part of read(events, leave)) {
			if (part.type === 'end') {
				isComplete = true;
				await loading;
				const resolvedModel = safeName(part.resolvedModel, key);
				yield {...part, requestId, resolvedModel};
			} else {
				yield part;
			}
		}
	} catch (error) {
		signal.throwIfAborted();
		const silenceMs = watchdog.silenceMs();
		let failure = failureOf(error, connection, hasBegun);

		if (silenceMs !== null) {
			failure = stalled(connection, silenceMs);
		} else if (watchdog.isFlooded()) {
			failure = flooded(connection);
		} else if (failure.kind === 'cut-off' && /html|json/.test(contentType)) {
			failure = noStream(connection, contentType);
		}

		throw new ModelError(
			{...failure, requestId: failure.requestId ?? requestId},
			{cause: error},
		);
	} finally {
		// A connection that is read to its end goes back to the pool; aborting it then only costs errors nobody sees.
		if (!isComplete) {
			call.abort();
		}

		giveBack();
	}
}

/**
All that a server other than OpenAI gets to know. The client would add what the environment holds for OpenAI, and what machine this is.
*/
function ownHeaders(key: string | null): Record<string, string> {
	return {
		accept: 'text/event-stream, application/json',
		'content-type': 'application/json',
		'user-agent': 'consortium-tui',
		...(key !== null && {authorization: `Bearer ${key}`}),
	};
}

/**
A client for one call, so that its `fetch` knows which call it works for; it costs 60 µs, and connections are shared below it.
*/
async function createClient(
	{baseUrl, key, isOpenAi, settings}: Connection,
	watchedFetch: typeof fetch,
): Promise<OpenAI> {
	const {OpenAI: Client} = await import('openai');

	return new Client({
		baseURL: baseUrl,
		// It refuses to exist without one.
		apiKey: key ?? 'none',
		adminAPIKey: null,
		webhookSecret: null,
		...(!isOpenAi && {organization: null, project: null}),
		fetch: watchedFetch,
		maxRetries: settings.maxRetries,
		timeout: noTimeout,
		logLevel: 'off',
	});
}
