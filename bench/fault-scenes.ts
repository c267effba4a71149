import {anthropicText} from '../test/helpers/anthropic-scenes.js';
import {geminiText} from '../test/helpers/gemini-scenes.js';
import {errorIn, halfIn, textIn} from '../test/helpers/protocols.js';
import {type ApiName} from '../test/helpers/providers.js';
import {
	chatChunks,
	cut,
	endEarly,
	responsesText,
	stall,
	status,
	withPiece,
} from '../test/helpers/scenes.js';
import {type Scene} from '../test/helpers/wire-player.js';

export type Fault = {
	readonly name: string;

	/**
	What the server does with the request of this index.
	*/
	readonly scene: (api: ApiName, index: number) => Scene;

	/**
	Settings of the program, where the usual ones would take minutes.
	*/
	readonly settings?: Readonly<Record<string, number>>;

	/**
	In what the protocols differ by nature.
	*/
	readonly difference?: string;
};

const answer =
	'Looking at it once more, I would take them.\n<final>tabs</final>\n<confidence>0.7</confidence>';

const wholeIn = (api: ApiName) => textIn[api](answer);

/**
How many pieces at the end of an answer say that it is complete.
*/
const endIn: Readonly<Record<ApiName, number>> = {
	chat: 3,
	responses: 1,
	anthropic: 2,
	gemini: 1,
};

type ErrorName = 'key' | 'rate' | 'busy';

/**
What each provider says of its own errors, beside the words for a person.
*/
const errors: Readonly<
	Record<
		ApiName,
		Readonly<Record<ErrorName, Readonly<Record<string, unknown>>>>
	>
> = {
	chat: {
		key: {code: 'invalid_api_key'},
		rate: {code: 'rate_limit_exceeded'},
		busy: {type: 'server_error'},
	},
	responses: {
		key: {code: 'invalid_api_key'},
		rate: {code: 'rate_limit_exceeded'},
		busy: {code: 'server_error'},
	},
	anthropic: {
		key: {type: 'authentication_error'},
		rate: {type: 'rate_limit_error'},
		busy: {type: 'overloaded_error'},
	},
	gemini: {
		key: {
			code: 400,
			status: 'INVALID_ARGUMENT',
			details: [{reason: 'API_KEY_INVALID'}],
		},
		rate: {code: 429, status: 'RESOURCE_EXHAUSTED'},
		busy: {code: 503, status: 'UNAVAILABLE'},
	},
};

const errorOf = (api: ApiName, name: ErrorName) => ({
	message: 'Planned failure.',
	...errors[api][name],
});

/**
Too many requests: come again in so many seconds.
*/
function tooMany(api: ApiName, seconds: number): Scene {
	const error = errorOf(api, 'rate');

	return status(
		429,
		api === 'gemini'
			? {error: {...error, details: [{retryDelay: `${seconds}s`}]}}
			: {error, retryAfter: seconds},
	);
}

const refusals: Readonly<Record<ApiName, Scene>> = {
	chat: chatChunks(
		{choices: [{delta: {role: 'assistant', refusal: 'I will'}}]},
		{choices: [{delta: {refusal: ' not.'}, finish_reason: 'stop'}]},
	),
	responses: responsesText('I will not.', {isRefusal: true}),
	anthropic: anthropicText('', {
		stop: 'refusal',
		stopDetails: {
			type: 'refusal',
			category: null,
			explanation: 'I will not.',
		},
	}),
	gemini: geminiText('', {finish: 'SAFETY'}),
};

export const faults: readonly Fault[] = [
	{name: 'none', scene: api => wholeIn(api)},
	{
		name: 'wrong key: 401',
		scene: api =>
			status(api === 'gemini' ? 400 : 401, {error: errorOf(api, 'key')}),
		difference:
			'gemini answers 400, with API_KEY_INVALID among the details, in place of 401',
	},
	{
		name: '429 once, wait 1 s',
		scene: (api, index) => (index === 0 ? tooMany(api, 1) : wholeIn(api)),
		difference:
			'gemini names the wait in the body of the error, the others in retry-after',
	},
	{name: '429, wait an hour', scene: api => tooMany(api, 3600)},
	{
		name: '503 always',
		scene: api =>
			status(api === 'anthropic' ? 529 : 503, {error: errorOf(api, 'busy')}),
		difference: 'anthropic answers 529 in place of 503',
	},
	{
		name: 'cut in the middle',
		scene: api => cut(wholeIn(api), halfIn[api]),
	},
	{
		name: 'closed without its end',
		scene(api) {
			const whole = wholeIn(api);
			return endEarly(whole, whole.body.length - endIn[api]);
		},
		difference:
			'the end is a finish_reason (chat), the response itself (responses), message_delta and message_stop (anthropic), a finishReason (gemini)',
	},
	{
		name: 'silent after its headers',
		scene: api => stall(wholeIn(api), 0),
		settings: {firstByteSeconds: 1},
	},
	{
		name: 'silent in the middle',
		scene: api => stall(wholeIn(api), halfIn[api]),
		settings: {stallSeconds: 1},
	},
	{
		name: 'error in the stream',
		scene: api =>
			withPiece(wholeIn(api), halfIn[api], errorIn[api](errorOf(api, 'busy'))),
		difference:
			'it is an event of its own (responses, anthropic), or stands where a chunk was to be (chat, gemini)',
	},
	{
		name: 'broken JSON in the stream',
		scene: api =>
			withPiece(
				wholeIn(api),
				halfIn[api],
				'event: message_delta\ndata: {"broken\n\n',
			),
	},
	{
		name: 'refusal',
		scene: api => refusals[api],
		difference:
			'it is words in a field of their own (chat, responses), an explanation beside the reason to stop (anthropic), the reason alone (gemini)',
	},
];
