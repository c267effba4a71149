import {type Counts} from './scenes.js';
import {type Scene} from './wire-player.js';

export type GeminiOptions = {
	readonly thinking?: string;

	/**
	Comes with a last part that has no text.
	*/
	readonly signature?: string;
	readonly finish?: string;
	readonly usage?: Counts;
	readonly model?: string;
};

/**
Chunks of `streamGenerateContent` as they are.
*/
export function geminiChunks(...chunks: readonly unknown[]): Scene {
	return {body: chunks.map(chunk => `data: ${JSON.stringify(chunk)}\r\n\r\n`)};
}

/**
A whole reply, with its thoughts first.
*/
export function geminiText(text: string, options: GeminiOptions = {}): Scene {
	const {thinking, signature, finish = 'STOP', model = 'mock'} = options;
	const {usage = {input: 12, output: 7}} = options;
	const {input, output, cached, reasoning = 0} = usage;
	const chunk = (
		parts: readonly unknown[],
		finishReason: string | null = null,
	) => ({
		candidates: [
			{
				content: {role: 'model', parts},
				index: 0,
				...(finishReason !== null && {finishReason}),
			},
		],
		usageMetadata: {
			promptTokenCount: input,
			...(cached !== undefined && {cachedContentTokenCount: cached}),
			candidatesTokenCount: output - reasoning,
			...(reasoning > 0 && {thoughtsTokenCount: reasoning}),
			totalTokenCount: input + output,
		},
		modelVersion: model,
		responseId: 'resp_gemini',
	});

	return geminiChunks(
		...wordsOf(thinking ?? '').map(word =>
			chunk([{text: word, thought: true}]),
		),
		...wordsOf(text).map(word => chunk([{text: word}])),
		chunk(
			[
				{
					text: '',
					...(signature !== undefined && {thoughtSignature: signature}),
				},
			],
			finish,
		),
	);
}

const wordsOf = (text: string) =>
	text === '' ? [] : text.split(/(?<=\S)(?=\s+\S)/);
