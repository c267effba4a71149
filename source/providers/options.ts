import {type ModelOptions} from '../core/model.js';
import {type Connection} from './connection.js';

const shared: ReadonlyArray<readonly [string, string]> = [
	['topP', 'top_p'],
	['topK', 'top_k'],
	['frequencyPenalty', 'frequency_penalty'],
	['presencePenalty', 'presence_penalty'],
];

const chatNames: ReadonlyMap<string, string> = new Map([
	...shared,
	// The newer `max_completion_tokens` is OpenAI's alone; compatible servers all know this one.
	['maxTokens', 'max_tokens'],
	['effort', 'reasoning_effort'],
]);

const responsesNames: ReadonlyMap<string, string> = new Map([
	...shared,
	['maxTokens', 'max_output_tokens'],
]);

function renamed(
	options: ModelOptions,
	names: ReadonlyMap<string, string>,
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(options)
			.filter(([, value]) => value !== null && value !== undefined)
			.map(([key, value]) => [names.get(key) ?? key, value]),
	);
}

/**
Options in the words of Chat Completions. An unknown key goes through under its own name.
*/
export function chatOptions(options: ModelOptions): Record<string, unknown> {
	return renamed(options, chatNames);
}

/**
Options in the words of the Responses API. A summary of the reasoning is asked for only together with an effort: models that do not reason refuse the field.
*/
export function responsesOptions(
	options: ModelOptions,
): Record<string, unknown> {
	const {effort, ...rest} = options;

	return {
		...(effort !== null &&
			effort !== undefined && {reasoning: {effort, summary: 'auto'}}),
		...renamed(rest, responsesNames),
	};
}

/**
Options in the words of Anthropic's Messages.
*/
export function anthropicOptions(
	options: ModelOptions,
): Record<string, unknown> {
	return renamed(options, new Map([['maxTokens', 'max_tokens']]));
}

/**
Options in the words of Gemini's `generationConfig`.
*/
export function geminiOptions(
	options: ModelOptions,
	_model: string,
): Record<string, unknown> {
	return renamed(options, new Map([['maxTokens', 'maxOutputTokens']]));
}

/**
Why a server would refuse these options, where that is known before asking it.
*/
export function refusedOption(
	_options: ModelOptions,
	_connection: Pick<Connection, 'provider' | 'model' | 'api' | 'seller'>,
): string | null {
	return null;
}
