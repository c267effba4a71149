import {type Scene} from './wire-player.js';

export type Counts = {
	readonly input: number;
	readonly output: number;
	readonly cached?: number;
	readonly cacheWritten?: number;
	readonly reasoning?: number;
};

const defaultCounts: Counts = {input: 12, output: 7};

const sse = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

/**
A text in the pieces a model would send: words with the space before them.
*/
const wordsOf = (text: string) =>
	text === '' ? [] : text.split(/(?<=\S)(?=\s+\S)/);

/**
An answer that is no stream: an error by default.
*/
export function status(
	code: number,
	options: {
		readonly error?: unknown;
		readonly body?: string;
		readonly retryAfter?: number;
		readonly retryAfterMs?: number;
		readonly headers?: Readonly<Record<string, string>>;
	} = {},
): Scene {
	const {error = {message: `Planned failure ${code}.`}, body} = options;

	return {
		status: code,
		headers: {
			'content-type': 'application/json',
			...(options.retryAfter !== undefined && {
				'retry-after': String(options.retryAfter),
			}),
			...(options.retryAfterMs !== undefined && {
				'retry-after-ms': String(options.retryAfterMs),
			}),
			...options.headers,
		},
		body: [body ?? JSON.stringify({error})],
	};
}

/**
The answer to a request for the list of models.
*/
export function modelList(...ids: readonly string[]): Scene {
	return status(200, {
		body: JSON.stringify({
			object: 'list',
			data: ids.map(id => ({id, object: 'model'})),
		}),
	});
}

/**
The first `pieces` of a scene, and then the socket is destroyed.
*/
export function cut(scene: Scene, pieces: number): Scene {
	return {...scene, body: scene.body.slice(0, pieces), ending: 'cut'};
}

/**
The first `pieces` of a scene, and then nothing while the connection stays open.
*/
export function stall(scene: Scene, pieces: number): Scene {
	return {...scene, body: scene.body.slice(0, pieces), ending: 'stall'};
}

/**
The first `pieces` of a scene, and then an orderly end that lacks the rest.
*/
export function endEarly(scene: Scene, pieces: number): Scene {
	return {...scene, body: scene.body.slice(0, pieces)};
}

/**
A scene with a piece of literal text put in at `index`.
*/
export function withPiece(scene: Scene, index: number, piece: string): Scene {
	return {...scene, body: scene.body.toSpliced(index, 0, piece)};
}

/**
Chunks of Chat Completions as they are, closed by the usual mark.
*/
export function chatChunks(...chunks: readonly unknown[]): Scene {
	return {body: [...chunks.map(chunk => sse(chunk)), 'data: [DONE]\n\n']};
}

export function chatText(
	text: string,
	options: {
		readonly usage?: Counts | null;
		readonly model?: string;
		readonly thinking?: string;
		readonly finish?: string;
	} = {},
): Scene {
	const {usage = defaultCounts, model = 'mock', finish = 'stop'} = options;
	const base = {
		id: 'chatcmpl-1',
		object: 'chat.completion.chunk',
		created: 1_790_000_000,
		model,
	};
	const chunk = (delta: unknown, finishReason: string | null = null) => ({
		...base,
		choices: [{index: 0, delta, finish_reason: finishReason}],
	});

	return chatChunks(
		chunk({role: 'assistant', content: ''}),
		...wordsOf(options.thinking ?? '').map(word =>
			chunk({reasoning_content: word}),
		),
		...wordsOf(text).map(word => chunk({content: word})),
		chunk({}, finish),
		...(usage === null
			? []
			: [{...base, choices: [], usage: chatUsage(usage)}]),
	);
}

function chatUsage({input, output, cached, cacheWritten, reasoning}: Counts) {
	return {
		prompt_tokens: input,
		completion_tokens: output,
		total_tokens: input + output,
		prompt_tokens_details: {
			cached_tokens: cached ?? 0,
			...(cacheWritten !== undefined && {cache_write_tokens: cacheWritten}),
		},
		completion_tokens_details: {reasoning_tokens: reasoning ?? 0},
	};
}

/**
Events of the Responses API as they are, each numbered.
*/
export function responsesEvents(
	...events: ReadonlyArray<Readonly<Record<string, unknown>>>
): Scene {
	return {
		body: events.map(
			(event, index) =>
				`event: ${String(event['type'])}\n${sse({...event, sequence_number: index})}`,
		),
	};
}

export type ResponsesOptions = {
	readonly usage?: Counts;
	readonly model?: string;
	readonly thinking?: string;

	/**
	The text is a refusal.
	*/
	readonly isRefusal?: boolean;

	/**
	Fields of the response at its end, such as another status.
	*/
	readonly end?: Readonly<Record<string, unknown>>;
};

/**
A whole reply of the Responses API, with a reasoning item before the message when there is thinking.
*/
export function responsesText(
	text: string,
	options: ResponsesOptions = {},
): Scene {
	const {usage = defaultCounts, model = 'mock', thinking} = options;
	const response = {
		id: 'resp_1',
		object: 'response',
		created_at: 1_790_000_000,
		model,
		status: 'in_progress',
		error: null,
		incomplete_details: null,
		output: [] as unknown[],
		usage: null as unknown,
	};
	const reasoning = thinking === undefined ? null : reasoningEvents(thinking);
	const message = messageEvents(
		text,
		reasoning ? 1 : 0,
		options.isRefusal ?? false,
	);
	const end = {
		...response,
		status: 'completed',
		output: [...(reasoning ? [reasoning.item] : []), message.item],
		usage: responsesUsage(usage),
		...options.end,
	};

	return responsesEvents(
		{type: 'response.created', response},
		{type: 'response.in_progress', response},
		...(reasoning?.events ?? []),
		...message.events,
		{type: `response.${end.status}`, response: end},
	);
}

function reasoningEvents(thinking: string) {
	const place = {item_id: 'rs_1', output_index: 0};
	const part = {...place, summary_index: 0};
	const started = {id: 'rs_1', type: 'reasoning', summary: []};
	const item = {
		...started,
		summary: [{type: 'summary_text', text: thinking}],
		encrypted_content: 'gAAAA-sealed',
	};

	return {
		item,
		events: [
			{type: 'response.output_item.added', output_index: 0, item: started},
			{
				type: 'response.reasoning_summary_part.added',
				...part,
				part: {type: 'summary_text', text: ''},
			},
			...wordsOf(thinking).map(delta => ({
				type: 'response.reasoning_summary_text.delta',
				...part,
				delta,
			})),
			{type: 'response.reasoning_summary_text.done', ...part, text: thinking},
			{
				type: 'response.reasoning_summary_part.done',
				...part,
				part: {type: 'summary_text', text: thinking},
			},
			{type: 'response.output_item.done', output_index: 0, item},
		],
	};
}

function messageEvents(text: string, index: number, isRefusal: boolean) {
	const place = {item_id: 'msg_1', output_index: index};
	const part = {...place, content_index: 0};
	const content = (words: string) =>
		isRefusal
			? {type: 'refusal', refusal: words}
			: {type: 'output_text', text: words, annotations: []};
	const name = isRefusal ? 'refusal' : 'output_text';
	const started = {
		id: 'msg_1',
		type: 'message',
		role: 'assistant',
		phase: 'final_answer',
		status: 'in_progress',
		content: [] as unknown[],
	};
	const item = {...started, status: 'completed', content: [content(text)]};

	return {
		item,
		events: [
			{type: 'response.output_item.added', output_index: index, item: started},
			{type: 'response.content_part.added', ...part, part: content('')},
			...wordsOf(text).map(delta => ({
				type: `response.${name}.delta`,
				...part,
				delta,
			})),
			{
				type: `response.${name}.done`,
				...part,
				[isRefusal ? 'refusal' : 'text']: text,
			},
			{type: 'response.content_part.done', ...part, part: content(text)},
			{type: 'response.output_item.done', output_index: index, item},
		],
	};
}

function responsesUsage({
	input,
	output,
	cached,
	cacheWritten,
	reasoning,
}: Counts) {
	return {
		input_tokens: input,
		input_tokens_details: {
			cached_tokens: cached ?? 0,
			...(cacheWritten !== undefined && {cache_write_tokens: cacheWritten}),
		},
		output_tokens: output,
		output_tokens_details: {reasoning_tokens: reasoning ?? 0},
		total_tokens: input + output,
	};
}
