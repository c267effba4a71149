import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type FailureKind} from '../../source/core/failure.js';
import {
	failureRules,
	kindOf,
	stopOf,
	stopWords,
	type Ending,
} from '../../source/providers/vocabulary.js';
import {heard, modelPlaying, type ApiName} from '../helpers/providers.js';
import {status} from '../helpers/scenes.js';
import {type Scene} from '../helpers/wire-player.js';

const event = (data: Readonly<Record<string, unknown>>) =>
	`event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`;
const chunk = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

/**
A reply that says "Half." and ends with a word, as literally as it goes over the wire.
*/
const ending: Readonly<Record<ApiName, (word: string) => Scene>> = {
	chat: word => ({
		body: [
			chunk({choices: [{index: 0, delta: {content: 'Half.'}}]}),
			chunk({choices: [{index: 0, delta: {}, finish_reason: word}]}),
			'data: [DONE]\n\n',
		],
	}),
	responses(word) {
		const isStatus = [
			'completed',
			'failed',
			'cancelled',
			'queued',
			'in_progress',
		].includes(word);

		return {
			body: [
				event({
					type: 'response.output_text.delta',
					output_index: 0,
					content_index: 0,
					delta: 'Half.',
				}),
				event({
					type: `response.${isStatus ? 'completed' : 'incomplete'}`,
					response: {
						status: isStatus ? word : 'incomplete',
						incomplete_details: isStatus ? null : {reason: word},
						error: null,
						output: [],
						usage: null,
						model: 'mock',
					},
				}),
			],
		};
	},
	anthropic: word => ({
		body: [
			event({
				type: 'message_start',
				message: {
					id: 'msg_1',
					type: 'message',
					role: 'assistant',
					model: 'mock',
					content: [],
					stop_reason: null,
					stop_sequence: null,
					usage: {input_tokens: 5, output_tokens: 1},
				},
			}),
			event({
				type: 'content_block_start',
				index: 0,
				content_block: {type: 'text', text: ''},
			}),
			event({
				type: 'content_block_delta',
				index: 0,
				delta: {type: 'text_delta', text: 'Half.'},
			}),
			event({type: 'content_block_stop', index: 0}),
			event({
				type: 'message_delta',
				delta: {stop_reason: word, stop_sequence: null},
				usage: {output_tokens: 2},
			}),
			event({type: 'message_stop'}),
		],
	}),
	gemini: word => ({
		body: [
			chunk({
				candidates: [{content: {role: 'model', parts: [{text: 'Half.'}]}}],
			}),
			chunk({
				candidates: [
					{content: {role: 'model', parts: [{text: ''}]}, finishReason: word},
				],
			}),
		],
	}),
};

const stops: Readonly<
	Record<ApiName, ReadonlyArray<readonly [word: string, means: Ending]>>
> = {
	chat: [
		['stop', 'done'],
		['tool_calls', 'done'],
		['function_call', 'done'],
		['eos', 'done'],
		['length', 'length'],
		['max_tokens', 'length'],
		['model_length', 'length'],
		['content_filter', 'blocked'],
		['safety', 'blocked'],
		['refusal', 'blocked'],
		['error', 'cut-off'],
		['abort', 'cut-off'],
		['cancelled', 'cut-off'],
	],
	responses: [
		['completed', 'done'],
		['max_output_tokens', 'length'],
		['content_filter', 'blocked'],
		['max_messages', 'cut-off'],
		['steered', 'cut-off'],
		['failed', 'cut-off'],
		['cancelled', 'cut-off'],
		['queued', 'cut-off'],
		['in_progress', 'cut-off'],
		['never_heard_of', 'cut-off'],
	],
	anthropic: [
		['end_turn', 'done'],
		['stop_sequence', 'done'],
		['tool_use', 'done'],
		['max_tokens', 'length'],
		['model_context_window_exceeded', 'length'],
		['refusal', 'blocked'],
		['pause_turn', 'again'],
		['never_heard_of', 'cut-off'],
	],
	gemini: [
		['STOP', 'done'],
		['MAX_TOKENS', 'length'],
		['SAFETY', 'blocked'],
		['RECITATION', 'blocked'],
		['LANGUAGE', 'blocked'],
		['BLOCKLIST', 'blocked'],
		['PROHIBITED_CONTENT', 'blocked'],
		['SPII', 'blocked'],
		['IMAGE_SAFETY', 'blocked'],
		['CONTINUATION', 'again'],
		['OTHER', 'cut-off'],
		['MALFORMED_FUNCTION_CALL', 'cut-off'],
		['MALFORMED_RESPONSE', 'cut-off'],
		['UNEXPECTED_TOOL_CALL', 'cut-off'],
		['TOO_MANY_TOOL_CALLS', 'cut-off'],
		['NEVER_HEARD_OF', 'cut-off'],
	],
};

const apis = ['chat', 'responses', 'anthropic', 'gemini'] as const;
const once = {settings: {maxRetries: 0, afterFinishMs: 50}};

/**
After a word that asks for more, the rest of the reply.
*/
const done: Readonly<Record<ApiName, string>> = {
	chat: 'stop',
	responses: 'completed',
	anthropic: 'end_turn',
	gemini: 'STOP',
};

for (const api of apis) {
	test(`${api}: every word of the table is tested`, () => {
		const tested = new Set(stops[api].map(([word]) => word));
		assert.deepEqual(
			Object.keys(stopWords[api]).filter(word => !tested.has(word)),
			[],
		);
	});

	for (const [word, means] of stops[api]) {
		test(`${api}: a reply that ends with ${word} is ${means}`, async t => {
			const {model, player} = await modelPlaying(
				t,
				api,
				[ending[api](word), ending[api](done[api])],
				once,
			);
			const {text, end, failure} = await heard(model);

			assert.equal(stopOf(api, word), means);
			assert.equal(player.seen.length, means === 'again' ? 2 : 1);

			if (means === 'cut-off') {
				assert.equal(text, 'Half.');
				assert.equal(failure?.kind, 'cut-off');
				assert.match(failure.message, new RegExp(String.raw`\(${word}\)\.$`));
			} else {
				assert.equal(failure, null);
				assert.equal(
					text.replaceAll(/\s/g, ''),
					means === 'again' ? 'Half.Half.' : 'Half.',
				);
				assert.equal(end!.stop, means === 'again' ? 'done' : means);
			}
		});
	}
}

type Refusal = readonly [
	status: number,
	error: unknown,
	kind: FailureKind,
	says: RegExp,
];

const anthropicError = (type: string, message: string, details?: unknown) => ({
	type: 'error',
	error: {type, message, ...(details !== undefined && {details})},
	request_id: 'req_1',
});
const geminiError = (
	code: number,
	word: string,
	message: string,
	details: unknown = [],
) => ({error: {code, message, status: word, details}});
const openAiError = (code: string | null, message: string, type = 'error') => ({
	error: {message, type, param: null, code},
});

const compatible: readonly Refusal[] = [
	[400, openAiError(null, 'Bad top_p.'), 'bad-request', /Bad top_p\.$/],
	[
		400,
		openAiError('context_length_exceeded', 'Too long.'),
		'context-length',
		/too long for mock/,
	],
	[401, openAiError('invalid_api_key', 'No.'), 'auth', /refused the key/],
	[402, openAiError(null, 'Pay.'), 'quota', /used up/],
	[403, openAiError(null, 'Not here.'), 'auth', /does not allow/],
	[404, openAiError('model_not_found', 'No.'), 'bad-request', /does not have/],
	[408, openAiError(null, 'Late.'), 'timeout', /gave up waiting/],
	[409, openAiError(null, 'Busy.'), 'overloaded', /overloaded/],
	[413, openAiError(null, 'Large.'), 'bad-request', /refused the request/],
	[422, openAiError(null, 'Odd.'), 'bad-request', /refused the request/],
	[429, openAiError('rate_limit_exceeded', 'Slow.'), 'rate', /fewer requests/],
	[429, openAiError('insufficient_quota', 'Empty.'), 'quota', /used up/],
	[500, openAiError(null, 'Oops.', 'server_error'), 'overloaded', /overloaded/],
	[503, openAiError(null, 'Later.'), 'overloaded', /overloaded/],
];

const refusals: Readonly<Record<ApiName, readonly Refusal[]>> = {
	chat: compatible,
	responses: compatible,
	anthropic: [
		[
			400,
			anthropicError('invalid_request_error', 'Bad top_k.'),
			'bad-request',
			/Bad top_k\.$/,
		],
		[
			400,
			anthropicError(
				'invalid_request_error',
				'prompt is too long: 210000 tokens > 200000 maximum',
			),
			'context-length',
			/too long for mock/,
		],
		[
			400,
			anthropicError(
				'invalid_request_error',
				'Your credit balance is too low to access the API.',
			),
			'quota',
			/used up/,
		],
		[
			401,
			anthropicError('authentication_error', 'invalid x-api-key'),
			'auth',
			/refused the key.*ANTHROPIC_API_KEY/,
		],
		[402, anthropicError('billing_error', 'Pay.'), 'quota', /used up/],
		[403, anthropicError('permission_error', 'No.'), 'auth', /does not allow/],
		[
			404,
			anthropicError('not_found_error', 'model: mock'),
			'bad-request',
			/does not have the model mock/,
		],
		[
			413,
			anthropicError('request_too_large', 'Request exceeds the maximum size.'),
			'context-length',
			/too long/,
		],
		[429, anthropicError('rate_limit_error', 'Slow.'), 'rate', /fewer/],
		[
			429,
			anthropicError('rate_limit_error', 'Limit.', {
				error_code: 'enforced_spend_limit_reached',
			}),
			'quota',
			/used up/,
		],
		[500, anthropicError('api_error', 'Oops.'), 'overloaded', /out of order/],
		[504, anthropicError('timeout_error', 'Late.'), 'timeout', /gave up/],
		[
			529,
			anthropicError('overloaded_error', 'Overloaded'),
			'overloaded',
			/overloaded/,
		],
	],
	gemini: [
		[
			400,
			geminiError(400, 'INVALID_ARGUMENT', 'Bad topK.'),
			'bad-request',
			/Bad topK\.$/,
		],
		[
			400,
			geminiError(400, 'INVALID_ARGUMENT', 'API key not valid.', [
				{
					'@type': 'type.googleapis.com/google.rpc.ErrorInfo',
					reason: 'API_KEY_INVALID',
				},
			]),
			'auth',
			/refused the key.*GEMINI_API_KEY/,
		],
		[
			400,
			geminiError(
				400,
				'INVALID_ARGUMENT',
				'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).',
			),
			'context-length',
			/too long/,
		],
		[
			400,
			geminiError(
				400,
				'FAILED_PRECONDITION',
				'User location is not supported.',
			),
			'bad-request',
			/location is not supported/,
		],
		[403, geminiError(403, 'PERMISSION_DENIED', 'No.'), 'auth', /not allow/],
		[
			404,
			geminiError(404, 'NOT_FOUND', 'models/mock is not found.'),
			'bad-request',
			/does not have the model mock/,
		],
		[
			429,
			geminiError(429, 'RESOURCE_EXHAUSTED', 'Quota.', [
				{retryDelay: '37s'},
				{violations: [{quotaId: 'GenerateRequestsPerMinutePerProject'}]},
			]),
			'rate',
			/to wait 37 s/,
		],
		[
			429,
			geminiError(429, 'RESOURCE_EXHAUSTED', 'Quota.', [
				{violations: [{quotaId: 'GenerateRequestsPerDayPerProject-FreeTier'}]},
			]),
			'quota',
			/used up/,
		],
		[500, geminiError(500, 'INTERNAL', 'Oops.'), 'overloaded', /out of order/],
		[
			503,
			geminiError(503, 'UNAVAILABLE', 'The model is overloaded.'),
			'overloaded',
			/overloaded/,
		],
		[
			504,
			geminiError(504, 'DEADLINE_EXCEEDED', 'Late.'),
			'timeout',
			/gave up waiting/,
		],
	],
};

/**
The same error inside a stream that has begun; those of the other two protocols stand with the failures.
*/
const broken = {
	anthropic: (error: unknown): Scene => ({
		body: [
			...ending.anthropic('end_turn').body.slice(0, 3),
			event(error as Record<string, unknown>),
		],
	}),
	gemini: (error: unknown): Scene => ({
		body: [ending.gemini('STOP').body[0]!, chunk(error)],
	}),
};

for (const api of apis) {
	for (const [code, error, kind, says] of refusals[api]) {
		test(`${api}: an answer ${code} ${JSON.stringify(error)} is ${kind}`, async t => {
			const {model} = await modelPlaying(
				t,
				api,
				status(code, {body: JSON.stringify(error)}),
				once,
			);
			const {failure, text} = await heard(model);

			assert.equal(text, '');
			assert.equal(failure?.kind, kind);
			assert.equal(failure.status, code);
			assert.match(failure.message, says);
		});
	}
}

for (const api of ['anthropic', 'gemini'] as const) {
	for (const [code, error, kind] of refusals[api]) {
		test(`${api}: an error ${code} ${JSON.stringify(error)} inside the stream is ${kind}`, async t => {
			const {model} = await modelPlaying(t, api, broken[api](error), once);
			const {failure, text} = await heard(model);

			assert.equal(text, 'Half.');
			assert.equal(failure?.kind, kind);
			assert.equal(failure.status, null);
		});
	}
}

test('each rule for failures is the one that decides somewhere', () => {
	const kinds = new Set(
		apis.flatMap(api => refusals[api].map(refusal => refusal[2])),
	);
	assert.deepEqual(
		failureRules.map(({kind}) => kind).filter(kind => !kinds.has(kind)),
		[],
	);
	assert.equal(kindOf({status: null, code: '', text: ''}), 'bad-request');
});
