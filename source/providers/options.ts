import {type ModelOptions} from '../core/model.js';
import {type Endpoint} from './endpoint.js';
import {isRecord} from './wire-error.js';

/**
Our options in the words of each protocol. Those that are more than another name, an effort above all, are put together below; what is not here goes through under its own name.
*/
export const wireNames: Readonly<
	Record<Endpoint['api'], Readonly<Record<string, string>>>
> = {
	chat: {
		topP: 'top_p',
		topK: 'top_k',
		// The newer `max_completion_tokens` is OpenAI's alone; compatible servers all know this one.
		maxTokens: 'max_tokens',
		effort: 'reasoning_effort',
		frequencyPenalty: 'frequency_penalty',
		presencePenalty: 'presence_penalty',
	},
	responses: {
		topP: 'top_p',
		topK: 'top_k',
		maxTokens: 'max_output_tokens',
		frequencyPenalty: 'frequency_penalty',
		presencePenalty: 'presence_penalty',
	},
	anthropic: {
		topP: 'top_p',
		topK: 'top_k',
		maxTokens: 'max_tokens',
		stop: 'stop_sequences',
	},
	gemini: {
		maxTokens: 'maxOutputTokens',
		stop: 'stopSequences',
	},
};

type Fields = Readonly<Record<string, unknown>>;

function renamed(api: Endpoint['api'], options: ModelOptions): Fields {
	return Object.fromEntries(
		Object.entries(options)
			.filter(([, value]) => value !== null && value !== undefined)
			.map(([key, value]) => [wireNames[api][key] ?? key, value]),
	);
}

/**
Options in the words of Chat Completions.
*/
export function chatOptions(options: ModelOptions): Fields {
	return renamed('chat', options);
}

/**
Options in the words of the Responses API. A summary of the reasoning is asked for only together with an effort: models that do not reason refuse the field.
*/
export function responsesOptions(options: ModelOptions): Fields {
	const {effort, reasoning, ...rest} = renamed('responses', options);

	return {
		...rest,
		...together(
			'reasoning',
			effort === undefined ? null : {summary: 'auto', effort},
			reasoning,
		),
	};
}

/**
Options in the words of Anthropic's Messages. Thinking is shown only when it is asked for, which an effort does.
*/
export function anthropicOptions(options: ModelOptions): Fields {
	const {
		effort,
		output_config: output,
		thinking,
		stop_sequences: stop,
		...rest
	} = renamed('anthropic', options);
	const shown = {type: 'adaptive', display: 'summarized'};

	return {
		...rest,
		...(stop !== undefined && {stop_sequences: [stop].flat()}),
		...together(
			'output_config',
			effort === undefined ? null : {effort},
			output,
		),
		...together(
			'thinking',
			effort === undefined || thinking !== undefined ? null : shown,
			thinking,
		),
	};
}

/**
What an effort is in tokens, for models that know no levels.
*/
const thinkingBudgets: Readonly<Record<string, number>> = {
	none: 0,
	minimal: 512,
	low: 1024,
	medium: 8192,
	high: 24_576,
};

/**
Options in the words of Gemini: nearly all of them belong into `generationConfig`. Thoughts are shown only when they are asked for, which an effort does.
*/
export function geminiOptions(options: ModelOptions, model: string): Fields {
	const {
		effort,
		stopSequences: stop,
		thinkingConfig,
		safetySettings,
		...rest
	} = renamed('gemini', options);
	const level = model.includes('gemini-2.5')
		? {thinkingBudget: thinkingBudgets[String(effort)]}
		: {thinkingLevel: effort};

	return {
		...(safetySettings !== undefined && {safetySettings}),
		generationConfig: {
			...rest,
			...(stop !== undefined && {stopSequences: [stop].flat()}),
			...together(
				'thinkingConfig',
				effort === undefined ? null : {includeThoughts: true, ...level},
				thinkingConfig,
			),
		},
	};
}

/**
A field with what our options make of it and what was given for it under its own name, which wins.
*/
function together(name: string, own: Fields | null, given: unknown): Fields {
	if (own === null) {
		return given === undefined ? {} : {[name]: given};
	}

	return {[name]: isRecord(given) ? {...own, ...given} : (given ?? own)};
}
