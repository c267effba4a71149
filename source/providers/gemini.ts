import type {Content, GenerateContentRequest} from '@google/generative-ai';
import {
	addUsage,
	unknownUsage,
	type Message,
	type Model,
	type ModelPart,
	type ModelRequest,
} from '../core/model.js';
import {ModelError} from '../core/failure.js';
import {UserError} from '../core/user-error.js';
import {type Connection} from './connection.js';
import {withoutVersion} from './endpoint.js';
import {cutOff, failureOf} from './failure-of.js';
import {createGeminiFetch, withFetch} from './gemini-fetch.js';
import {lingering} from './lingering.js';
import {geminiOptions} from './options.js';
import {streamedCall, type Wire} from './streamed-call.js';
import {usageOf} from './usage.js';
import {stopOf} from './vocabulary.js';
import {isRecord} from './wire-error.js';

/**
How often a reply that asks for more is asked to go on.
*/
const mostContinuations = 8;

/**
A piece of a reply in Gemini's own shape. The client's types are older than most of what it may hold.
*/
type Part = Readonly<Record<string, unknown>>;

type Chunk = {
	readonly candidates?: ReadonlyArray<{
		readonly content?: {readonly parts?: unknown} | null;
		readonly finishReason?: unknown;
		readonly finishMessage?: unknown;
	} | null> | null;
	readonly promptFeedback?: {
		readonly blockReason?: unknown;
		readonly blockReasonMessage?: unknown;
	} | null;
	readonly usageMetadata?: unknown;
	readonly modelVersion?: unknown;
	readonly responseId?: unknown;

	/**
	An error that comes where a chunk was to come.
	*/
	readonly error?: unknown;
};

/**
Calls of Gemini's `generateContent`. The server keeps nothing: every request carries the whole conversation, the replies part by part as they came, so that their thoughts keep their signatures.

@throws UserError for an id that cannot be part of an address.
*/
export function createGeminiCall(connection: Connection): Model['call'] {
	const path = pathOf(connection.model);

	return (request, signal) =>
		streamedCall(connection, request, signal, {
			async connect(watchedFetch) {
				const [{GoogleGenerativeAI}, {createParser}] = await Promise.all([
					import('@google/generative-ai'),
					import('eventsource-parser'),
				]);
				const {baseUrl, key} = connection;
				const apiVersion = /\/(v\d\w*)$/.exec(baseUrl)?.[1] ?? 'v1beta';
				const model = new GoogleGenerativeAI(key ?? 'none').getGenerativeModel(
					{model: path},
					{baseUrl: withoutVersion(baseUrl), apiVersion},
				);

				return {model, createParser, watchedFetch};
			},
			exchange: ({model, createParser, watchedFetch}, wire) =>
				exchange(connection, wire, async (paused, joined) => {
					const {fetch, trouble} = createGeminiFetch(watchedFetch, {
						createParser,
						failureOf: thrown => failureOf(thrown, connection, false),
					});

					try {
						joined.throwIfAborted();
						const {stream, response} = await withFetch(fetch, async () =>
							model.generateContentStream(bodyOf(request, connection, paused), {
								signal: joined,
							}),
						);
						// The same once more, put together wrongly: it rejects whenever the stream breaks.
						response.catch(() => {});
						return {chunks: stream as AsyncIterable<Chunk>, trouble};
					} catch (error) {
						throw trouble() ?? error;
					}
				}),
		});
}

/**
An id as part of an address: `gemini-x`, `models/gemini-x` or `tunedModels/mine`.

@throws UserError when it would lead to another place.
*/
function pathOf(model: string): string {
	const segments = model.split('/');

	if (segments.some(segment => /^\.{0,2}$/.test(segment))) {
		throw new UserError(
			`Gemini cannot have a model called ${model}.`,
			'Name it as gemini/MODEL, such as gemini/gemini-3.8-flash.',
		);
	}

	return segments.map(segment => encodeURIComponent(segment)).join('/');
}

function bodyOf(
	{system, messages, options}: ModelRequest,
	connection: Connection,
	paused: readonly Part[],
): GenerateContentRequest {
	return {
		contents: [
			...messages.map(message => contentOf(message, protocolOf(connection))),
			...(paused.length > 0 ? [modelContent(paused)] : []),
		],
		...(system !== null && system !== '' && {systemInstruction: system}),
		...geminiOptions(options, connection.model),
	};
}

/**
Who can read a reply's parts: a signature means nothing to another server.
*/
function protocolOf({provider}: Connection): string {
	return `gemini:${provider}`;
}

function contentOf(message: Message, protocol: string): Content {
	if (message.role === 'user') {
		return {role: 'user', parts: message.parts.map(text => ({text}))};
	}

	return modelContent(
		message.native?.protocol === protocol
			? (message.native.items as readonly Part[])
			: [{text: message.text}],
	);
}

function modelContent(parts: readonly Part[]): Content {
	return {role: 'model', parts: parts as unknown as Content['parts']};
}

type Opened = {
	readonly chunks: AsyncIterable<Chunk>;

	/**
	What broke the reply, if something did.
	*/
	readonly trouble: () => unknown;
};

/**
Ask, and ask on as long as the reply only pauses.
*/
async function* exchange(
	connection: Connection,
	wire: Wire,
	open: (paused: readonly Part[], signal: AbortSignal) => Promise<Opened>,
): AsyncGenerator<ModelPart, void, void> {
	const parts: Part[] = [];
	let usage = unknownUsage;

	for (let pauses = 0; ; pauses++) {
		const opened = yield* wire.opened(async signal => open(parts, signal));
		const reply = yield* readReply(opened, connection, wire);
		const word = reply.block ?? reply.finish;
		const stop =
			reply.block === null ? stopOf('gemini', reply.finish) : 'blocked';
		usage = addUsage(usage, await usageOf(reply.usage, connection));

		for (const part of reply.parts) {
			keep(parts, part);
		}

		if (stop === 'again' && pauses < mostContinuations) {
			continue;
		}

		if (stop === 'cut-off') {
			throw cutOff(connection, word ?? '');
		}

		if (
			stop === 'blocked' &&
			reply.why !== null &&
			parts.every(part => !isSaid(part))
		) {
			yield {type: 'text', text: reply.why};
		}

		yield {
			type: 'end',
			// What was said, and paid, is not thrown away because it has no end.
			stop: stop === 'again' ? 'length' : stop,
			usage,
			native: {protocol: protocolOf(connection), items: parts},
			resolvedModel: reply.model,
			requestId: reply.id,
		};
		return;
	}
}

/**
What a chunk says, and, with later chunks over earlier ones, a reply.
*/
type Reply = {
	readonly parts: readonly Part[];
	readonly finish: string | null;
	readonly block: string | null;
	readonly why: string | null;
	readonly usage: unknown;
	readonly model: string | null;
	readonly id: string | null;
};

/**
Part by part, since what the client makes of a chunk takes thoughts for the answer and loses their signatures.
*/
async function* readReply(
	{chunks, trouble}: Opened,
	connection: Connection,
	{leave}: Wire,
): AsyncGenerator<ModelPart, Reply, void> {
	const parts: Part[] = [];
	let reply = readChunk({});
	let hasGoneOn = false;
	const all = lingering(
		chunks,
		() => ((reply.block ?? reply.finish) === null ? null : parts.length),
		{...connection.settings, leave},
	);

	for await (const chunk of all) {
		if (chunk.error !== undefined && chunk.error !== null) {
			throw new ModelError(failureOf({error: chunk.error}, connection, true));
		}

		const read = readChunk(chunk);

		for (const part of read.parts) {
			parts.push(part);
			const text = wordsOf(part['text']);

			if (text !== '') {
				yield {type: isThought(part) ? 'thinking' : 'text', text};
			}
		}

		hasGoneOn ||=
			reply.finish !== null && read.parts.some(part => isSaid(part));
		reply = {
			parts,
			finish: read.finish ?? reply.finish,
			block: read.block ?? reply.block,
			why: read.why ?? reply.why,
			usage: read.usage ?? reply.usage,
			model: read.model ?? reply.model,
			id: read.id ?? reply.id,
		};
	}

	// Some servers call every chunk the last one.
	const isComplete = (reply.block ?? reply.finish) !== null && !hasGoneOn;

	if (!isComplete && trouble() !== null) {
		throw trouble();
	}

	return reply;
}

function readChunk(chunk: Chunk): Reply {
	const candidate = chunk.candidates?.[0];
	const {blockReason, blockReasonMessage} = chunk.promptFeedback ?? {};

	return {
		parts: partsOf(candidate?.content?.parts),
		finish: nonEmpty(candidate?.finishReason),
		block: nonEmpty(blockReason),
		why: nonEmpty(candidate?.finishMessage) ?? nonEmpty(blockReasonMessage),
		usage: chunk.usageMetadata ?? null,
		model: nonEmpty(chunk.modelVersion),
		id: nonEmpty(chunk.responseId),
	};
}

function partsOf(parts: unknown): Part[] {
	return Array.isArray(parts)
		? parts.filter((part: unknown) => isRecord(part))
		: [];
}

const isThought = (part: Part) => part['thought'] === true;
const isSaid = (part: Part) => !isThought(part) && wordsOf(part['text']) !== '';

function wordsOf(text: unknown): string {
	return typeof text === 'string' ? text : '';
}

function nonEmpty(text: unknown): string | null {
	return wordsOf(text) || null;
}

/**
Add a part to a reply. Texts that came in pieces are one text again; what has more to it than text, such as a signature, stays as it came.
*/
function keep(parts: Part[], part: Part): void {
	const before = parts.at(-1);

	if (
		before &&
		isPlain(before) &&
		isPlain(part) &&
		isThought(before) === isThought(part)
	) {
		const text = wordsOf(before['text']) + wordsOf(part['text']);
		parts[parts.length - 1] = {...before, text};
	} else if (!isPlain(part) || part['text'] !== '') {
		parts.push(part);
	}
}

function isPlain(part: Part): boolean {
	return (
		typeof part['text'] === 'string' &&
		Object.keys(part).every(key => key === 'text' || key === 'thought')
	);
}
