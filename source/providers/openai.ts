import type {
	Response as OpenAiResponse,
	ResponseCreateParamsStreaming,
	ResponseInputItem,
	ResponseOutputItem,
	ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import {ModelError} from '../core/failure.js';
import {
	type Message,
	type Model,
	type ModelPart,
	type ModelRequest,
	type StopReason,
} from '../core/model.js';
import {type Connection} from './connection.js';
import {cutOff, failureOf} from './failure-of.js';
import {lingering} from './lingering.js';
import {createOpenAi} from './openai-client.js';
import {responsesOptions} from './options.js';
import {paragraphs} from './paragraphs.js';
import {streamedCall} from './streamed-call.js';
import {usageOf} from './usage.js';
import {stopOf} from './vocabulary.js';
import {isRecord} from './wire-error.js';

/**
Calls of the Responses API. The server keeps nothing: every request carries the whole conversation, the replies as they came, so that reasoning survives from one to the next.
*/
export function createResponsesCall(connection: Connection): Model['call'] {
	return (request, signal) =>
		streamedCall(connection, request, signal, {
			connect: async watchedFetch => createOpenAi(connection, watchedFetch),
			async *exchange(client, wire) {
				const body = await bodyOf(request, connection);
				const events = yield* wire.opened(async joined =>
					client.responses.create(body, {signal: joined}),
				);
				yield* readReply(events, connection, wire.leave);
			},
		});
}

async function bodyOf(
	{system, messages, options, cache}: ModelRequest,
	connection: Connection,
): Promise<ResponseCreateParamsStreaming> {
	const items = await Promise.all(
		messages.map(async message => inputOf(message, protocolOf(connection))),
	);

	return {
		// Copies of the protocol may refuse a field they do not know.
		...(cache !== null &&
			connection.seller === 'openai' && {prompt_cache_key: cache.key}),
		...responsesOptions(options),
		model: connection.model,
		...(system !== null && {instructions: system}),
		input: items.flat(),
		store: false,
		stream: true,
	};
}

/**
Who can read a reply's items: encrypted reasoning means nothing to another server.
*/
function protocolOf({provider}: Connection): string {
	return `responses:${provider}`;
}

async function inputOf(
	message: Message,
	protocol: string,
): Promise<ResponseInputItem[]> {
	if (message.role === 'user') {
		const [only, ...others] = message.parts;

		return [
			{
				role: 'user',
				content:
					only !== undefined && others.length === 0
						? only
						: message.parts.map(text => ({type: 'input_text', text})),
			},
		];
	}

	if (message.native?.protocol === protocol) {
		const {toResponseInputItems} =
			await import('openai/lib/responses/ResponseInputItems');

		const items = message.native.items as ResponseOutputItem[];
		return toResponseInputItems(items.filter(item => !isForgotten(item)));
	}

	return [{role: 'assistant', content: message.text}];
}

/**
Reasoning that is only a reference: a server that stores nothing does not find it again.
*/
function isForgotten(item: ResponseOutputItem): boolean {
	return (
		item.type === 'reasoning' &&
		(item.encrypted_content ?? '') === '' &&
		(item.content ?? []).length === 0
	);
}

async function* readReply(
	events: AsyncIterable<ResponseStreamEvent | null>,
	connection: Connection,
	leave: () => void,
): AsyncGenerator<ModelPart, void, void> {
	const items: ResponseOutputItem[] = [];
	const spaced = {text: paragraphs(), thinking: paragraphs()};
	let hasText = false;
	let response: OpenAiResponse | null = null;
	const {settings} = connection;
	const all = lingering(events, () => (response === null ? null : 0), {
		...settings,
		leave,
	});

	for await (const read of all) {
		const event = eventOf(read);

		switch (event?.type) {
			case 'response.output_text.delta':
			case 'response.refusal.delta': {
				hasText = true;
				const {output_index: item, content_index: part, delta} = event;
				yield {type: 'text', text: spaced.text(`${item}.${part}`, delta)};
				break;
			}

			case 'response.reasoning_summary_text.delta': {
				const {output_index: item, summary_index: part, delta} = event;
				const text = spaced.thinking(`${item}.${part}`, delta);
				yield {type: 'thinking', text};
				break;
			}

			case 'response.reasoning_text.delta': {
				const {output_index: item, content_index: part, delta} = event;
				const text = spaced.thinking(`${item}.${part}`, delta);
				yield {type: 'thinking', text};
				break;
			}

			case 'response.output_item.done': {
				items.push(...recordsIn([event.item]));
				break;
			}

			case 'response.completed':
			case 'response.incomplete':
			case 'response.failed': {
				response = event.response;
				break;
			}

			default: {
				break;
			}
		}
	}

	if (!response) {
		throw cutOff(connection);
	}

	const output = items.length > 0 ? items : recordsIn(response.output);
	const stop = endingOf(response, output, connection);

	if (!hasText && textOf(output) !== '') {
		yield {type: 'text', text: textOf(output)};
	}

	yield {
		type: 'end',
		stop,
		usage: await usageOf(response.usage, connection),
		native: {protocol: protocolOf(connection), items: output},
		resolvedModel: response.model,
		requestId: null,
	};
}

/**
An event as it came; a whole response, from a server that does not stream, as the event that would have ended its stream.
*/
function eventOf(read: ResponseStreamEvent | null): ResponseStreamEvent | null {
	const whole: unknown = read;

	return isRecord(whole) && whole['object'] === 'response'
		? ({
				type: 'response.completed',
				sequence_number: 0,
				response: whole,
			} as unknown as ResponseStreamEvent)
		: read;
}

/**
Those of a list that can be read at all: servers that copy the protocol leave some empty.
*/
function recordsIn<Item>(list: readonly Item[] | null): Item[] {
	return Array.isArray(list)
		? (list as Item[]).filter(item => isRecord(item))
		: [];
}

/**
The status alone says how a reply ended; the event's name does not.

@throws ModelError if it did not end well.
*/
function endingOf(
	{status, error, incomplete_details: details}: OpenAiResponse,
	output: readonly ResponseOutputItem[],
	connection: Connection,
): StopReason {
	const word = status === 'incomplete' ? details?.reason : status;
	const stop = stopOf('responses', word ?? null);

	if (stop === 'cut-off' || stop === 'again') {
		throw error
			? new ModelError(failureOf({error}, connection, true))
			: cutOff(connection, word);
	}

	return contentOf(output).some(({type}) => type === 'refusal')
		? 'blocked'
		: stop;
}

function contentOf(output: readonly ResponseOutputItem[]) {
	return output.flatMap(item =>
		item.type === 'message' ? recordsIn(item.content) : [],
	);
}

function textOf(output: readonly ResponseOutputItem[]): string {
	return contentOf(output)
		.map((part): unknown =>
			part.type === 'refusal' ? part.refusal : part.text,
		)
		.filter(text => typeof text === 'string')
		.join('\n\n');
}
