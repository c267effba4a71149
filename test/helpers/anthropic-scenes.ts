import {type Counts} from './scenes.js';
import {type Scene} from './wire-player.js';

export type AnthropicOptions = {
	readonly thinking?: string;
	readonly signature?: string;
	readonly stop?: string;
	readonly stopDetails?: unknown;
	readonly usage?: Counts;
	readonly model?: string;
};

/**
Events of Anthropic's Messages as they are, each under its name.
*/
export function anthropicEvents(
	...events: ReadonlyArray<Readonly<Record<string, unknown>>>
): Scene {
	return {
		headers: {'request-id': 'req_anthropic'},
		body: events.map(
			event =>
				`event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`,
		),
	};
}

/**
A whole reply, with a signed block of thinking before the text when there is thinking.
*/
export function anthropicText(
	text: string,
	options: AnthropicOptions = {},
): Scene {
	const {
		thinking,
		signature = 'EqRound-signature',
		stop = 'end_turn',
		stopDetails = null,
		usage = {input: 12, output: 7},
		model = 'mock',
	} = options;

	return anthropicEvents(
		{
			type: 'message_start',
			message: {
				id: 'msg_1',
				type: 'message',
				role: 'assistant',
				model,
				content: [],
				stop_reason: null,
				stop_sequence: null,
				usage: {
					...inputUsage(usage),
					output_tokens: 1,
				},
			},
		},
		...(thinking === undefined
			? []
			: blockEvents(0, {type: 'thinking', thinking: '', signature: ''}, [
					...wordsOf(thinking).map(word => ({
						type: 'thinking_delta',
						thinking: word,
					})),
					{type: 'signature_delta', signature},
				])),
		{type: 'ping'},
		...(text === ''
			? []
			: blockEvents(
					thinking === undefined ? 0 : 1,
					{type: 'text', text: ''},
					wordsOf(text).map(word => ({type: 'text_delta', text: word})),
				)),
		{
			type: 'message_delta',
			delta: {
				stop_reason: stop,
				stop_sequence: null,
				stop_details: stopDetails,
			},
			usage: {
				...inputUsage(usage),
				output_tokens: usage.output,
				...(usage.reasoning !== undefined && {
					output_tokens_details: {thinking_tokens: usage.reasoning},
				}),
			},
		},
		{type: 'message_stop'},
	);
}

export function blockEvents(
	index: number,
	start: Readonly<Record<string, unknown>>,
	deltas: ReadonlyArray<Readonly<Record<string, unknown>>>,
) {
	return [
		{type: 'content_block_start', index, content_block: start},
		...deltas.map(delta => ({type: 'content_block_delta', index, delta})),
		{type: 'content_block_stop', index},
	];
}

const wordsOf = (text: string) => text.split(/(?<=\S)(?=\s+\S)/);

/**
What the protocol calls input has nothing cached in it.
*/
function inputUsage({input, cached = 0, cacheWritten = 0}: Counts) {
	return {
		input_tokens: input - cached - cacheWritten,
		cache_read_input_tokens: cached,
		cache_creation_input_tokens: cacheWritten,
	};
}
