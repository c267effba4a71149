import type {Anthropic} from '@anthropic-ai/sdk';
import type {
	ContentBlock,
	ContentBlockParam,
	Message as AnthropicMessage,
	MessageParam,
	MessageStreamParams,
	RawMessageStreamEvent,
} from '@anthropic-ai/sdk/resources/messages/messages';
import {
	addUsage,
	unknownUsage,
	type Message,
	type Model,
	type ModelPart,
	type ModelRequest,
} from '../core/model.js';
import {type Connection} from './connection.js';
import {withoutVersion} from './endpoint.js';
import {cutOff} from './failure-of.js';
import {lingering} from './lingering.js';
import {noTimeout} from './no-timeout.js';
import {anthropicOptions} from './options.js';
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
				exchange(connection, wire, async paused =>
					open(
						client,
						bodyOf(request, {connection, maxTokens, paused}),
						wire.signal,
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
	const {Anthropic: Client} = await import('@anthropic-ai/sdk');

	return new Client({
		baseURL: withoutVersion(baseUrl),
		apiKey: key ?? 'none',
		authToken: null,
		webhookKey: null,
		fetch: watchedFetch,
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

function bodyOf(
	{system, messages, options}: ModelRequest,
	{
		connection,
		maxTokens,
		paused,
	}: {
		readonly connection: Connection;
		readonly maxTokens: number;
		readonly paused: readonly ContentBlock[];
	},
): MessageStreamParams {
	return {
		max_tokens: maxTokens,
		...anthropicOptions(options),
		model: connection.model,
		...(system !== null && system !== '' && {system}),
		messages: [
			...messages.map(message => messageOf(message, protocolOf(connection))),
			...(paused.length > 0
				? [{role: 'assistant', content: sendable(paused)} as const]
				: []),
		],
	};
}

/**
Who can read a reply's blocks: a signature means nothing to another server.
*/
function protocolOf({provider}: Connection): string {
	return `anthropic:${provider}`;
}

function messageOf(message: Message, protocol: string): MessageParam {
	if (message.role === 'user') {
		const [only, ...others] = message.parts;

		return {
			role: 'user',
			content:
				only !== undefined && others.length === 0
					? only
					: message.parts.map(text => ({type: 'text', text})),
		};
	}

	return {
		role: 'assistant',
		content:
			message.native?.protocol === protocol
				? sendable(message.native.items as readonly ContentBlock[])
				: message.text,
	};
}

/**
Blocks as they came, without the texts that hold nothing, which the server writes but does not read.
*/
function sendable(blocks: readonly ContentBlock[]): ContentBlockParam[] {
	return blocks.filter(block => block.type !== 'text' || block.text !== '');
}

/**
Ask, and ask on as long as the reply only pauses.
*/
async function* exchange(
	connection: Connection,
	{opened, leave}: Wire,
	open: (
		paused: readonly ContentBlock[],
	) => Promise<AsyncIterable<RawMessageStreamEvent>>,
): AsyncGenerator<ModelPart, void, void> {
	const read = createReader(connection, leave);
	const content: ContentBlock[] = [];
	let usage = unknownUsage;

	for (let pauses = 0; ; pauses++) {
		const {message, word} = yield* read(yield* opened(open(content)));
		const stop = stopOf('anthropic', word);
		content.push(...blocksOf(message));
		usage = addUsage(usage, await usageOf(message?.usage, connection));

		if (stop === 'again' && pauses < mostPauses) {
			continue;
		}

		if (stop === 'again' || stop === 'cut-off') {
			throw cutOff(connection, word ?? '');
		}

		const why = message?.stop_details?.explanation;

		if (stop === 'blocked' && textOf(content) === '' && why) {
			yield {type: 'text', text: why};
		}

		yield {
			type: 'end',
			stop,
			usage,
			native: {protocol: protocolOf(connection), items: content},
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
		const all = lingering(events, () => word !== null, {...settings, leave});

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
						yield {type: 'text', text: spaced.text(`${others}`, delta.text)};
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
					yield {type: 'text', text: textOf(blocksOf(event))};
					break;
				}

				default: {
					break;
				}
			}
		}

		return {message, word};
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
