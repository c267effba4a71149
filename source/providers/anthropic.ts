import type {Anthropic} from '@anthropic-ai/sdk';
import type {
	ContentBlock,
	Message as AnthropicMessage,
	MessageStreamParams,
	RawMessageStreamEvent,
} from '@anthropic-ai/sdk/resources/messages/messages';
import {
	addUsage,
	unknownUsage,
	type Model,
	type ModelPart,
} from '../core/model.js';
import {createAnthropicFetch} from './anthropic-fetch.js';
import {bodyOf, protocolOf} from './anthropic-request.js';
import {type Connection} from './connection.js';
import {withoutVersion} from './endpoint.js';
import {cutOff} from './failure-of.js';
import {lingering} from './lingering.js';
import {noTimeout} from './no-timeout.js';
import {paragraphs} from './paragraphs.js';
import {streamedCall, type Wire} from './streamed-call.js';
import {usageOf} from './usage.js';
import {stopOf} from './vocabulary.js';
import {isRecord, readWireError} from './wire-error.js';

/**
The protocol wants a limit. Older models have a lower one and say so.
*/
const longestAnswer = 32_000;

/**
How often a reply that pauses is asked to go on.
*/
const mostPauses = 8;

/**
Calls of Anthropic's Messages. The server keeps nothing: every request carries the whole conversation, the replies block by block as they came, so that their thinking keeps its signatures.
*/
export function createAnthropicCall(connection: Connection): Model['call'] {
	let maxTokens = longestAnswer;

	const open = async (
		client: Anthropic,
		body: MessageStreamParams,
		signal: AbortSignal,
	): Promise<AsyncIterable<RawMessageStreamEvent>> => {
		const stream = client.messages.stream(body, {signal});
		// It listens from now on, so that nothing is missed while the headers are awaited.
		const events = stream[Symbol.asyncIterator]();
		let trouble: Error | null = null;
		stream.on('error', error => {
			trouble = error;
		});

		try {
			await stream.withResponse();
		} catch (error) {
			const most = mostTokens(error);

			if (most === null || most >= body.max_tokens) {
				throw error;
			}

			maxTokens = most;
			return open(client, {...body, max_tokens: most}, signal);
		}

		return {
			async *[Symbol.asyncIterator]() {
				yield* {[Symbol.asyncIterator]: () => events};

				// The client gives an error only to a reader who waits at that moment.
				if (trouble !== null) {
					throw trouble;
				}
			},
		};
	};

	return (request, signal) =>
		streamedCall(connection, request, signal, {
			connect: async watchedFetch => createClient(connection, watchedFetch),
			exchange: (client, wire) =>
				exchange(connection, wire, async (paused, joined) =>
					open(
						client,
						bodyOf(request, {connection, maxTokens, paused}),
						joined,
					),
				),
		});
}

/**
A client for one call, so that its `fetch` knows which call it works for. What it could find by itself, other keys, addresses and profiles, it is not to look for.
*/
async function createClient(
	{baseUrl, key, settings}: Connection,
	watchedFetch: typeof fetch,
): Promise<Anthropic> {
	const [{Anthropic: Client}, {createParser}] = await Promise.all([
		import('@anthropic-ai/sdk'),
		import('eventsource-parser'),
	]);

	return new Client({
		baseURL: withoutVersion(baseUrl),
		apiKey: key ?? 'none',
		authToken: null,
		webhookKey: null,
		fetch: createAnthropicFetch(watchedFetch, createParser),
		maxRetries: settings.maxRetries,
		timeout: noTimeout,
		logLevel: 'off',
		openTelemetry: false,
	});
}

/**
The largest `max_tokens` a model allows, from the sentence in which it refuses a larger one.
*/
function mostTokens(error: unknown): number | null {
	const wire = readWireError(error);
	const most =
		wire?.status === 400
			? /^max_tokens: \d+ > (\d+)/.exec(wire.text)?.[1]
			: undefined;
	return most === undefined ? null : Number(most);
}

/**
Ask, and ask on as long as the reply only pauses.
*/
async function* exchange(
	connection: Connection,
	{opened, leave}: Wire,
	open: (
		paused: readonly ContentBlock[],
		signal: AbortSignal,
	) => Promise<AsyncIterable<RawMessageStreamEvent>>,
): AsyncGenerator<ModelPart, void, void> {
	const read = createReader(connection, leave);
	const content: ContentBlock[] = [];
	let usage = unknownUsage;
	let said = '';

	for (let pauses = 0; ; pauses++) {
		const {
			message,
			word,
			said: more,
		} = yield* read(yield* opened(async signal => open(content, signal)));
		const stop = stopOf('anthropic', word);
		content.push(...blocksOf(message));
		said += more;
		usage = addUsage(usage, await usageOf(message?.usage, connection));

		if (stop === 'again' && pauses < mostPauses) {
			continue;
		}

		if (stop === 'cut-off') {
			throw cutOff(connection, word ?? '');
		}

		const why: unknown = message?.stop_details?.explanation;

		if (stop === 'blocked' && said === '' && typeof why === 'string') {
			yield {type: 'text', text: why};
		}

		yield {
			type: 'end',
			// What was said, and paid, is not thrown away because it has no end.
			stop: stop === 'again' ? 'length' : stop,
			usage,
			// What the client put together of a reply out of order is not what was said.
			native:
				textOf(content) === said
					? {protocol: protocolOf(connection), items: content}
					: null,
			resolvedModel: message?.model ?? null,
			requestId: null,
		};
		return;
	}
}

type Reply = {
	/**
	As the client puts it together while its events arrive.
	*/
	readonly message: AnthropicMessage | null;

	/**
	The reason to stop; null when none came.
	*/
	readonly word: string | null;
	readonly said: string;
};

/**
Reads one reply, or several that are one in truth. Two texts with something else between them are two paragraphs; citations split a text where nothing is to be seen.
*/
function createReader({settings}: Connection, leave: () => void) {
	const spaced = {text: paragraphs(), thinking: paragraphs()};
	let others = 0;
	let blocks = 0;

	return async function* (
		events: AsyncIterable<RawMessageStreamEvent>,
	): AsyncGenerator<ModelPart, Reply, void> {
		let message: AnthropicMessage | null = null;
		let word: string | null = null;
		let said = '';
		const all = lingering(events, () => (word === null ? null : said.length), {
			...settings,
			leave,
		});
		const saying = function* (text: unknown): Generator<ModelPart> {
			if (typeof text === 'string' && text !== '') {
				said += text;
				yield {type: 'text', text: spaced.text(`${others}`, text)};
			}
		};

		for await (const read of all) {
			const event = read as RawMessageStreamEvent | AnthropicMessage | null;

			switch (event?.type) {
				case 'message_start': {
					message = event.message;
					break;
				}

				case 'content_block_start': {
					blocks++;
					others += event.content_block.type === 'text' ? 0 : 1;
					break;
				}

				case 'content_block_delta': {
					const {delta} = event;

					if (delta.type === 'text_delta') {
						yield* saying(delta.text);
					} else if (delta.type === 'thinking_delta') {
						const text = spaced.thinking(`${blocks}`, delta.thinking);
						yield {type: 'thinking', text};
					}

					break;
				}

				case 'message_delta': {
					word = event.delta.stop_reason ?? word;
					break;
				}

				// The whole, from a server that does not stream.
				case 'message': {
					message = event;
					word = event.stop_reason;
					yield* saying(textOf(blocksOf(event)));
					break;
				}

				default: {
					break;
				}
			}
		}

		return {message, word, said};
	};
}

/**
The blocks of a reply as plain JSON: the client keeps helpers of its own among them.
*/
function blocksOf(message: AnthropicMessage | null): ContentBlock[] {
	const json = JSON.stringify(message?.content ?? []);
	const blocks: unknown = JSON.parse(json);

	return Array.isArray(blocks)
		? blocks.filter((block): block is ContentBlock => isRecord(block))
		: [];
}

function textOf(content: readonly ContentBlock[]): string {
	return content
		.map((block): unknown => (block.type === 'text' ? block.text : ''))
		.filter(text => typeof text === 'string')
		.join('');
}
