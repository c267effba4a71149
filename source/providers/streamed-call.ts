import {ModelError} from '../core/failure.js';
import {type ModelPart, type ModelRequest} from '../core/model.js';
import {type Connection} from './connection.js';
import {failureOf, flooded, noStream, stalled} from './failure-of.js';
import {createMailbox} from './mailbox.js';
import {keyHeaders} from './key-headers.js';
import {patienceFor} from './patience.js';
import {safeId, safeName} from './safe-text.js';
import {createWatchdog} from './watchdog.js';
import {createWatchedFetch} from './watched-fetch.js';

/**
What a protocol has to make its exchange with.
*/
export type Wire = {
	/**
	Ask for a reply and wait for it to begin, saying meanwhile what its client waits for. The signal aborts when the reply is to end, for whatever reason.
	*/
	readonly opened: <Events>(
		open: (signal: AbortSignal) => Promise<Events>,
	) => AsyncGenerator<ModelPart, Events, void>;

	/**
	End the events of the present reply early. The call can go on with another one.
	*/
	readonly leave: () => void;
};

/**
What differs between two protocols: the client, which makes every request with this `fetch`, and the exchange, which asks and makes parts of what comes back. The exchange throws when the reply did not say that it was complete.
*/
export type Protocol<Client> = {
	readonly connect: (watchedFetch: typeof fetch) => Promise<Client>;
	readonly exchange: (client: Client, wire: Wire) => AsyncIterable<ModelPart>;
};

/**
One call, from the queue to the end of the reply. Throws the signal's reason when it aborts, else `ModelError`.
*/
export async function* streamedCall<Client>(
	connection: Connection,
	request: ModelRequest,
	signal: AbortSignal,
	{connect, exchange}: Protocol<Client>,
): AsyncGenerator<ModelPart, void, void> {
	const {settings, prices, key} = connection;
	const giveBack = await connection.limit(signal);
	const call = new AbortController();

	let reply = new AbortController();

	const watchdog = createWatchdog(
		patienceFor(connection, request.options),
		() => {
			call.abort();
			watchdog.giveUp();
		},
	);

	const leave = () => {
		reply.abort();
		watchdog.giveUp();
	};

	signal.addEventListener('abort', watchdog.giveUp);
	const waits = createMailbox<ModelPart>();
	let requestId: string | null = null;
	let contentType = '';
	let hasBegun = false;
	let isComplete = false;

	const watchedFetch = createWatchedFetch({
		...settings,
		fetch: connection.fetch,
		headers: connection.seller === null ? ownHeaders(connection) : null,
		random: connection.random,
		watchdog,
		failureOf: thrown => failureOf(thrown, connection, false),
		onWait: waits.put,
		onAnswer(answered) {
			requestId = safeId(
				answered.get('x-request-id') ?? answered.get('request-id'),
				key,
			);
			contentType = answered.get('content-type') ?? '';
		},
	});

	try {
		const client = await connect(watchedFetch);
		signal.throwIfAborted();
		yield {type: 'send'};

		const parts = exchange(client, {
			leave,
			async *opened(open) {
				reply = new AbortController();
				const opening = open(
					AbortSignal.any([signal, call.signal, reply.signal]),
				);
				void prices.loadSoon();
				yield* waits.until(opening);
				const events = await opening;
				hasBegun = true;
				return events;
			},
		});

		for await (const part of parts) {
			if (part.type === 'end') {
				isComplete = true;
				await prices.loadSoon();
				const resolvedModel = safeName(part.resolvedModel, key);
				yield {
					...part,
					requestId: requestId ?? safeId(part.requestId, key),
					resolvedModel,
				};
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

		watchdog.stop();
		signal.removeEventListener('abort', watchdog.giveUp);
		giveBack();
	}
}

/**
All that a server other than a vendor's own gets to know. The client would add what the environment holds for the vendor, and what machine this is.
*/
function ownHeaders({key, api}: Connection): Record<string, string> {
	return {
		accept: 'text/event-stream, application/json',
		'content-type': 'application/json',
		'user-agent': 'consortium-tui',
		...keyHeaders(api, key),
	};
}
