import type {OpenAI} from 'openai';
import type {ChatCompletionCreateParamsStreaming} from 'openai/resources/chat/completions';
import {
	type Message,
	type Model,
	type ModelPart,
	type ModelRequest,
} from '../core/model.js';
import {type Connection} from './connection.js';
import {cutOff} from './failure-of.js';
import {createOpenAi} from './openai-client.js';
import {chatOptions} from './options.js';
import {streamedCall} from './streamed-call.js';
import {usageOf} from './usage.js';
import {stopOf} from './vocabulary.js';
import {isRecord, readWireError} from './wire-error.js';

/**
What a chunk may hold, since no two servers agree and none can be trusted to have all of it.
*/
type Chunk = {
	readonly model?: unknown;
	readonly choices?: ReadonlyArray<{
		readonly delta?: Readonly<Record<string, unknown>> | null;

		/**
		In place of the delta, from a server that does not stream.
		*/
		readonly message?: Readonly<Record<string, unknown>> | null;
		readonly finish_reason?: unknown;
	}> | null;
	readonly usage?: unknown;
} | null;

/**
Calls of Chat Completions, on OpenAI-compatible servers of all kinds.
*/
export function createChatCall(connection: Connection): Model['call'] {
	let hasStreamOptions = true;

	const create = async (
		client: OpenAI,
		request: ModelRequest,
		signal: AbortSignal,
	): Promise<AsyncIterable<Chunk>> => {
		try {
			const stream = await client.chat.completions.create(
				bodyOf(request, connection.model, hasStreamOptions),
				{signal},
			);

			return stream as AsyncIterable<unknown> as AsyncIterable<Chunk>;
		} catch (error) {
			if (!hasStreamOptions || !isAboutStreamOptions(error)) {
				throw error;
			}

			hasStreamOptions = false;
			return create(client, request, signal);
		}
	};

	return (request, signal) =>
		streamedCall(connection, request, signal, {
			connect: async watchedFetch => createOpenAi(connection, watchedFetch),
			async *exchange(client, {opened, leave}) {
				const chunks = yield* opened(async joined =>
					create(client, request, joined),
				);
				yield* readReply(chunks, connection, leave);
			},
		});
}

function isAboutStreamOptions(error: unknown): boolean {
	const wire = readWireError(error);
	return wire?.status === 400 && wire.text.includes('stream_options');
}

function bodyOf(
	{system, messages, options}: ModelRequest,
	model: string,
	hasStreamOptions: boolean,
): ChatCompletionCreateParamsStreaming {
	return {
		...chatOptions(options),
		model,
		messages: [
			...(system === null ? [] : [{role: 'system', content: system} as const]),
			...messages.map(message => messageOf(message)),
		],
		stream: true,
		...(hasStreamOptions && {stream_options: {include_usage: true}}),
	};
}

function messageOf(
	message: Message,
): ChatCompletionCreateParamsStreaming['messages'][number] {
	if (message.role === 'assistant') {
		return {role: 'assistant', content: message.text};
	}

	const [only, ...others] = message.parts;

	return {
		role: 'user',
		content:
			only !== undefined && others.length === 0
				? only
				: message.parts.map(text => ({type: 'text', text})),
	};
}

async function* readReply(
	chunks: AsyncIterable<Chunk>,
	connection: Connection,
	leave: () => void,
): AsyncGenerator<ModelPart, void, void> {
	let resolvedModel: string | null = null;
	let usage: unknown = null;
	let finish: string | null = null;
	let isRefusal = false;
	let leaving: NodeJS.Timeout | undefined;

	try {
		for await (const chunk of chunks) {
			const {text, refusal, thought, reason} = readChoice(chunk);

			resolvedModel ??= typeof chunk?.model === 'string' ? chunk.model : null;
			usage = chunk?.usage ?? usage;
			isRefusal ||= refusal !== '';
			finish = finishAfter(finish, reason, text + thought);

			if (thought !== '') {
				yield {type: 'thinking', text: thought};
			}

			if (text + refusal !== '') {
				yield {type: 'text', text: text + refusal};
			}

			// An empty reason may still be taken back.
			if (finish && (!leaving || text + thought + refusal !== '')) {
				clearTimeout(leaving);
				leaving = setTimeout(leave, connection.settings.afterFinishMs);
			}
		}
	} catch (error) {
		// What follows the finish is the use at most; an answer that is complete is not thrown away for it.
		if (finish === null || finish === 'error') {
			throw error;
		}
	} finally {
		clearTimeout(leaving);
	}

	const stop = stopOf('chat', finish);

	if (stop === 'cut-off' || stop === 'again') {
		throw cutOff(connection, finish ?? '');
	}

	yield {
		type: 'end',
		stop: isRefusal ? 'blocked' : stop,
		usage: await usageOf(usage, connection),
		native: null,
		resolvedModel,
		requestId: null,
	};
}

function readChoice(chunk: Chunk) {
	const choice = chunk?.choices?.[0];
	const delta = choice?.delta ?? choice?.message;
	const {text, thinking} = contentOf(delta?.['content']);
	// A server that sends several of these says the same in each.
	const thoughts = [
		thinking,
		wordsOf(delta?.['reasoning_content']),
		wordsOf(delta?.['reasoning']),
	];

	return {
		text,
		refusal: wordsOf(delta?.['refusal']),
		thought: thoughts.find(words => words !== '') ?? '',
		// What came in one piece is at its end.
		reason: choice?.finish_reason ?? (choice?.message ? 'stop' : null),
	};
}

function wordsOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

/**
Content is a string, or a list of parts of which some are thoughts.
*/
function contentOf(content: unknown): {text: string; thinking: string} {
	if (!Array.isArray(content)) {
		return {text: wordsOf(content), thinking: ''};
	}

	let text = '';
	let thinking = '';

	for (const part of content as unknown[]) {
		if (isRecord(part)) {
			text += wordsOf(part['text']);
			thinking += Array.isArray(part['thinking'])
				? contentOf(part['thinking']).text
				: wordsOf(part['thinking']);
		} else {
			text += wordsOf(part);
		}
	}

	return {text, thinking};
}

/**
The reason to finish that holds after one more chunk. Some servers end with an empty reason, others send one with every chunk: it holds until more words come.
*/
function finishAfter(
	before: string | null,
	reason: unknown,
	words: string,
): string | null {
	if (typeof reason === 'string' && (reason !== '' || words === '')) {
		return reason === '' ? (before ?? '') : reason;
	}

	return before === '' && words !== '' ? null : before;
}
