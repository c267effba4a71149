import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type FailureKind} from '../../source/core/failure.js';
import {createModels} from '../../source/providers/resolve.js';
import {closedUrl, heard, modelPlaying, testKey} from '../helpers/providers.js';
import {
	apiNames,
	calledIn,
	errorIn,
	halfIn,
	textIn,
} from '../helpers/protocols.js';
import {chatText, cut, endEarly, status, withPiece} from '../helpers/scenes.js';

const whole = {
	responses: textIn.responses('The whole answer.'),
	anthropic: textIn.anthropic('The whole answer.'),
	gemini: textIn.gemini('The whole answer.'),
	chat: chatText('The whole answer.', {usage: null}),
};

const noRetries = {settings: {maxRetries: 0}};

for (const api of apiNames) {
	const {provider: providerName, keyEnv: keyName} = calledIn[api];

	test(`${api}: a socket cut in the middle is a broken network, worth another attempt`, async t => {
		const {model} = await modelPlaying(t, api, cut(whole[api], halfIn[api]));
		const {failure, text} = await heard(model);

		assert.ok('The whole answer.'.startsWith(text));
		assert.notEqual(text, '');
		assert.equal(failure?.kind, 'network');
		assert.match(failure.message, /broke in the middle of the reply/);
		assert.equal(failure.retryable, true);
	});

	test(`${api}: a stream without its end is cut off, worth another attempt`, async t => {
		const {model} = await modelPlaying(
			t,
			api,
			endEarly(whole[api], halfIn[api]),
		);
		const {failure, text} = await heard(model);

		assert.notEqual(text, '');
		assert.equal(failure?.kind, 'cut-off');
		assert.equal(failure.retryable, true);
	});

	test(`${api}: a stream without anything is cut off`, async t => {
		const {model} = await modelPlaying(t, api, {body: []});
		const {failure} = await heard(model);

		assert.equal(failure?.kind, 'cut-off');
		assert.equal(failure.retryable, true);
	});

	test(`${api}: a broken line in a stream is worth another attempt`, async t => {
		const {model} = await modelPlaying(
			t,
			api,
			withPiece(
				whole[api],
				halfIn[api],
				'event: message_delta\ndata: {"choices": [{"del\n\n',
			),
		);
		const {failure} = await heard(model);

		assert.equal(failure?.kind, 'cut-off');
		assert.match(failure.message, /cannot be read/);
		assert.equal(failure.retryable, true);
	});

	test(`${api}: a page in place of a stream points to the base URL`, async t => {
		const {model} = await modelPlaying(t, api, {
			headers: {'content-type': 'text/html; charset=utf-8'},
			body: ['<!doctype html><p>Welcome'],
		});
		const {failure} = await heard(model);

		assert.equal(failure?.kind, 'bad-request');
		assert.match(failure.message, /text\/html.*base URL/);
		assert.equal(failure.retryable, false);
	});

	const inStream: ReadonlyArray<
		[code: string | number, kind: FailureKind, retryable: boolean]
	> = [
		['server_error', 'overloaded', true],
		['overloaded_error', 'overloaded', true],
		[502, 'overloaded', true],
		['rate_limit_exceeded', 'rate', true],
		['insufficient_quota', 'quota', false],
		['context_length_exceeded', 'context-length', false],
		['invalid_prompt', 'bad-request', false],
	];

	for (const [code, kind, retryable] of inStream) {
		test(`${api}: an error ${code} inside the stream is ${kind}`, async t => {
			const error = {code, message: 'It broke.\nBadly.'};
			const piece = errorIn[api](error);
			const {model} = await modelPlaying(t, api, {
				...withPiece(whole[api], halfIn[api], piece),
				headers: {'x-request-id': 'req_9'},
			});
			const {failure, text} = await heard(model);

			assert.notEqual(text, '');
			assert.equal(failure?.kind, kind);
			assert.equal(failure.retryable, retryable);
			assert.equal(failure.status, null);
			assert.equal(failure.requestId, 'req_9');
			assert.match(failure.message, /: It broke\.$/);
		});
	}

	const answers: ReadonlyArray<
		[code: number, error: unknown, kind: FailureKind, message: RegExp]
	> = [
		[400, {message: 'Bad temperature.'}, 'bad-request', /Bad temperature\.$/],
		[
			400,
			{code: 'context_length_exceeded', message: 'Too long.'},
			'context-length',
			/too long for mock/,
		],
		[
			400,
			{
				message:
					"This model's maximum context length is 8192 tokens. You sent 9.",
			},
			'context-length',
			/8192 tokens\.$/,
		],
		[
			400,
			{
				message: 'the request exceeds the available context size',
				type: 'exceed_context_size_error',
			},
			'context-length',
			/too long/,
		],
		[401, {message: 'Bad key.'}, 'auth', new RegExp(`check ${keyName} or `)],
		[403, {message: 'Not in your country.'}, 'auth', /Not in your country/],
		[402, {message: 'Pay first.'}, 'quota', /Pay first/],
		[
			404,
			{message: 'No such model.', code: 'model_not_found'},
			'bad-request',
			/the model mock at http/,
		],
		[
			404,
			'model "mock" not found, try pulling it first',
			'bad-request',
			/try pulling it first\.$/,
		],
		[408, {message: 'Too slow.'}, 'timeout', /Too slow/],
		[409, {message: 'Locked.'}, 'overloaded', /Locked/],
		[413, {message: 'Payload too large.'}, 'bad-request', /Payload too large/],
		[422, [{msg: 'Field missing.'}], 'bad-request', /Field missing/],
		[429, {message: 'Slow down.'}, 'rate', /Slow down/],
		[429, {message: 'Pay.', code: 'insufficient_quota'}, 'quota', /used up/],
		[500, {message: 'Oops.'}, 'overloaded', /Oops/],
		[503, {message: 'Busy.'}, 'overloaded', /Busy/],
		[529, {message: 'Busy.'}, 'overloaded', /Busy/],
	];

	for (const [code, error, kind, message] of answers) {
		test(`${api}: an answer ${code} ${JSON.stringify(error)} is ${kind}`, async t => {
			const {model} = await modelPlaying(
				t,
				api,
				status(code, {error, headers: {'x-request-id': 'req_7'}}),
				noRetries,
			);
			const {failure, parts} = await heard(model);

			assert.deepEqual(parts, [{type: 'send'}]);
			assert.equal(failure?.kind, kind);
			assert.match(failure.message, message);
			assert.ok(failure.message.includes(providerName));
			assert.equal(failure.retryable, false);
			assert.equal(failure.status, code);
			assert.equal(failure.requestId, 'req_7');
		});
	}

	test(`${api}: a message shows neither keys nor control characters, in one sentence`, async t => {
		const {model} = await modelPlaying(
			t,
			api,
			status(401, {
				error: {
					message: `Incorrect key ${testKey} (sk-proj-****\u001B[31mZZZZ9876, Bearer abc.def)\u0000 provided: ${'x'.repeat(400)}. You can find it elsewhere.`,
				},
			}),
		);
		const {message = ''} = (await heard(model)).failure ?? {};

		assert.match(message, /Incorrect key \[key\]/);
		assert.doesNotMatch(message, /sk-|ZZZZ|abc\.def|elsewhere/);
		assert.doesNotMatch(message, /\p{Control}/u);
		assert.ok(message.length <= 300);
		assert.ok(
			message.endsWith(`check ${keyName} or the option \`keys\`.`),
			message,
		);
	});

	test(`${api}: a key is not shown, whatever it looks like`, async t => {
		const key = 'house.key/7';
		const {model} = await modelPlaying(
			t,
			api,
			status(401, {error: {message: `Not a key: ${key}.`}}),
			{keys: {[providerName]: key}},
		);

		assert.match((await heard(model)).failure!.message, /Not a key: \[key\];/);
	});

	test(`${api}: a page or a dump as the body of an error is not shown`, async t => {
		const {model} = await modelPlaying(
			t,
			api,
			status(400, {body: '<html>{"input": "my secret"}'}),
		);
		const {message} = (await heard(model)).failure!;

		assert.equal(
			message,
			`${providerName} refused the request for mock (400).`,
		);
	});

	test(`${api}: a plain line as the body of an error is shown`, async t => {
		const {model} = await modelPlaying(
			t,
			api,
			status(400, {body: 'no such thing'}),
		);

		assert.match((await heard(model)).failure!.message, /: no such thing\.$/);
	});
}

test('a refused connection on this machine asks whether the server runs', async () => {
	const url = await closedUrl();
	const models = createModels({
		random: () => 0,
		settings: {maxRetries: 0},
		endpoints: [
			{
				name: 'ollama',
				baseUrl: url,
				keyEnv: null,
				api: 'chat',
			},
		],
	});
	const {failure} = await heard(await models.resolve('ollama/llama'));

	assert.deepEqual(failure, {
		kind: 'network',
		message: `No server answers at ${url}: is Ollama running?`,
		retryable: false,
		status: null,
		requestId: null,
	});
});
