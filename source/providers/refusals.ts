import {efforts, type ModelOptions} from '../core/model.js';
import {type Connection} from './connection.js';
import {wireNames} from './options.js';
import {isRecord} from './wire-error.js';

const inRange = (from: number, to: number) => (value: unknown) =>
	typeof value === 'number' && value >= from && value <= to;
const wholeFrom = (from: number) => (value: unknown) =>
	typeof value === 'number' && Number.isSafeInteger(value) && value >= from;
const isText = (value: unknown) => typeof value === 'string' && value !== '';

/**
What our own options may be.
*/
const wanted: Readonly<
	Record<string, readonly [isGood: (value: unknown) => boolean, what: string]>
> = {
	temperature: [inRange(0, 2), 'a number from 0 to 2'],
	topP: [inRange(0, 1), 'a number from 0 to 1'],
	topK: [wholeFrom(1), 'a whole number from 1 up'],
	maxTokens: [wholeFrom(1), 'a whole number from 1 up'],
	effort: [
		value => (efforts as readonly unknown[]).includes(value),
		`one of ${efforts.join(', ')}`,
	],
	seed: [wholeFrom(Number.MIN_SAFE_INTEGER), 'a whole number'],
	stop: [
		value =>
			isText(value) ||
			(Array.isArray(value) &&
				value.length > 0 &&
				value.every(each => isText(each))),
		'a text or a list of texts',
	],
	frequencyPenalty: [inRange(-2, 2), 'a number from -2 to 2'],
	presencePenalty: [inRange(-2, 2), 'a number from -2 to 2'],
};

/**
Our own names for options.
*/
export const ownOptions: readonly string[] = Object.keys(wanted);

/**
What a request is made of besides options; and what the reader of a reply could not follow, such as tools or several answers at once.
*/
const ours = new Set([
	'model',
	'messages',
	'input',
	'instructions',
	'system',
	'contents',
	'systemInstruction',
	'stream',
	'stream_options',
	'store',
	'background',
	'conversation',
	'previous_response_id',
	'n',
	'candidateCount',
	'candidate_count',
	'tools',
	'tool_choice',
	'toolConfig',
	'functions',
	'function_call',
	'generationConfig',
]);

type Fact = {
	/**
	The vendor's name in the price data.
	*/
	readonly seller: string;
	readonly models: RegExp;

	/**
	Which of the options is refused; null when none is.
	*/
	readonly refused: (options: ModelOptions) => string | null;
	readonly why: string;
};

const given = (options: ModelOptions, name: string) =>
	(options[name] ?? null) !== null;
const any =
	(...names: readonly string[]) =>
	(options: ModelOptions) =>
		names.find(name => given(options, name)) ?? null;
const effortOf =
	(...levels: readonly string[]) =>
	({effort}: ModelOptions) =>
		(levels as readonly unknown[]).includes(effort)
			? `effort=${String(effort)}`
			: null;

/**
What the vendors' models refuse, as their documentation had it on 20 November 2026. What is doubtful is not here: the server will say.
*/
const facts: readonly Fact[] = [
	{
		seller: 'openai',
		models: /^/,
		refused: any('topK', 'seed', 'stop', 'frequencyPenalty', 'presencePenalty'),
		why: 'the Responses API has no such option',
	},
	{
		seller: 'openai',
		models: /^gpt-6/,
		refused: options =>
			options['effort'] === 'none'
				? null
				: any('temperature', 'topP', 'top_p')(options),
		why: 'GPT-6 takes it only together with effort=none',
	},
	{
		seller: 'openai',
		models: /^(?:o[134]|gpt-5(?:-mini|-nano|-pro)?(?:-\d{4}|$))/,
		refused: any('temperature', 'topP', 'top_p'),
		why: 'it is a reasoning model',
	},
	{
		seller: 'openai',
		models: /^gpt-6(?:-astra|\.1-sol|\.2)/,
		refused: effortOf('none', 'minimal'),
		why: 'it always thinks; low is the least',
	},
	{
		seller: 'anthropic',
		models: /^/,
		refused: any('temperature', 'topP', 'topK', 'top_p', 'top_k'),
		why: 'Anthropic takes no sampling options any more',
	},
	{
		seller: 'anthropic',
		models: /^/,
		refused: any('seed', 'frequencyPenalty', 'presencePenalty'),
		why: 'Anthropic has no such option',
	},
	{
		seller: 'anthropic',
		models: /^/,
		refused: effortOf('none', 'minimal'),
		why: 'low is the least',
	},
	{
		seller: 'google',
		models: /gemini-2\.5/,
		refused: effortOf('xhigh', 'max'),
		why: 'high is the most',
	},
	{
		seller: 'google',
		models: /gemini-2\.5-pro/,
		refused: effortOf('none'),
		why: 'it always thinks; minimal is the least',
	},
	{
		seller: 'google',
		models: /gemini-(?!2\.)\d/,
		refused: effortOf('none', 'xhigh', 'max'),
		why: 'the levels are minimal, low, medium and high',
	},
	{
		seller: 'google',
		models: /gemini-4/,
		refused: ({thinkingConfig}) =>
			isRecord(thinkingConfig) && given(thinkingConfig, 'thinkingBudget')
				? 'thinkingBudget'
				: null,
		why: 'it knows levels only, given as effort',
	},
	{
		seller: 'google',
		models: /^/,
		refused: ({stop}) =>
			Array.isArray(stop) && stop.length > 5
				? 'more than five texts in stop'
				: null,
		why: 'five are the most',
	},
];

/**
Why a server would refuse these options, in a sentence, where that is known before it is asked; null when nothing is. Servers that are no vendor's are taken to know best.
*/
export function refusedOption(
	options: ModelOptions,
	{
		provider,
		model,
		api,
		seller,
	}: Pick<Connection, 'provider' | 'model' | 'api' | 'seller'>,
): string | null {
	const name = `${provider}/${model}`;
	const fact = facts.find(
		each =>
			each.seller === seller &&
			each.models.test(model) &&
			each.refused(options) !== null,
	);

	return (
		refusedValue(options, name) ??
		refusedName(options, {name, api}) ??
		(fact
			? `${name} does not take ${fact.refused(options)!}: ${fact.why}.`
			: null)
	);
}

/**
Why one of our own options cannot have the value it has, in a sentence; null when all can.
*/
export function refusedValue(
	options: ModelOptions,
	name: string,
): string | null {
	const wrong = Object.entries(wanted).find(
		([key, [isGood]]) => given(options, key) && !isGood(options[key]),
	);

	return wrong
		? `The option ${wrong[0]} of ${name} takes ${wrong[1][1]}, not ${JSON.stringify(options[wrong[0]])}.`
		: null;
}

function refusedName(
	options: ModelOptions,
	{name, api}: {readonly name: string; readonly api: Connection['api']},
): string | null {
	const taken = Object.keys(options).find(key => ours.has(key));

	if (taken !== undefined) {
		return `The option ${taken} of ${name} cannot be set: it is part of what a run asks for.`;
	}

	const twice = Object.entries(wireNames[api]).find(
		([own, wire]) => given(options, own) && given(options, wire),
	);

	return twice
		? `The options ${twice[0]} and ${twice[1]} of ${name} are the same.`
		: null;
}
