import assert from 'node:assert/strict';
import {Buffer} from 'node:buffer';
import {spawn} from 'node:child_process';
import process from 'node:process';
import {test} from 'node:test';
import {type Message} from '../../source/core/model.js';
import {createModels} from '../../source/providers/resolve.js';
import {geminiChunks, geminiText} from '../helpers/gemini-scenes.js';
import {startMockServer} from '../helpers/mock-server.js';
import {
	heard,
	modelPlaying,
	request,
	testKey,
	user,
} from '../helpers/providers.js';
import {chatText, status} from '../helpers/scenes.js';
import {startWirePlayer, type Scene} from '../helpers/wire-player.js';

const patient = {settings: {afterFinishMs: 50, maxRetries: 0}};
const said = (parts: readonly unknown[], finishReason?: string) => ({
	candidates: [{content: {role: 'model', parts}, finishReason}],
});

test('a reply streams its text and ends with what Gemini said about it', async t => {
	const {model, player} = await modelPlaying(
		t,
		'gemini',
		geminiText('Paris is the capital.', {
			model: 'mock-001',
			usage: {input: 30, cached: 20, output: 9, reasoning: 5},
		}),
	);
	const {parts, text, end} = await heard(
		model,
		request('Which?', {system: 'Be brief.'}),
	);
	const [seen] = player.seen;

	assert.deepEqual(parts[0], {type: 'send'});
	assert.equal(text, 'Paris is the capital.');
	assert.ok(parts.filter(({type}) => type === 'text').length > 1);
	assert.deepEqual(parts.at(-1), end);
	assert.equal(end?.stop, 'done');
	assert.equal(end?.resolvedModel, 'mock-001');
	assert.equal(end?.requestId, 'resp_gemini');
	assert.deepEqual(end?.usage, {
		inputTokens: 30,
		cachedTokens: 20,
		cacheWriteTokens: null,
		outputTokens: 9,
		reasoningTokens: 5,
	});
	assert.equal(seen!.path, '/v1beta/models/mock:streamGenerateContent?alt=sse');
	assert.equal(seen!.headers['x-goog-api-key'], testKey);
	assert.deepEqual(seen!.json, {
		contents: [{role: 'user', parts: [{text: 'Which?'}]}],
		systemInstruction: {role: 'system', parts: [{text: 'Be brief.'}]},
		generationConfig: {},
		safetySettings: [],
	});
});

test('thoughts are apart from the answer, and signatures go back with their parts', async t => {
	const call = {functionCall: {name: 'f', args: {}}, thoughtSignature: 'B=='};
	const {model, player} = await modelPlaying(t, 'gemini', [
		geminiChunks(
			said([{text: 'Two ', thought: true}]),
			said([{text: 'and two.', thought: true}]),
			said([{text: 'Fo', thoughtSignature: 'A=='}]),
			said([{text: 'u'}, {text: 'r.'}, call]),
			said([{text: '', thoughtSignature: 'C=='}], 'STOP'),
		),
		geminiText('Five.'),
	]);
	const first = await heard(model);
	const reply: Message = {
		role: 'assistant',
		text: first.text,
		native: first.end!.native,
	};
	await heard(
		model,
		request('', {messages: [user('Hello?'), reply, user('a', 'b')]}),
	);

	assert.equal(first.text, 'Four.');
	assert.equal(first.thinking, 'Two and two.');
	assert.deepEqual(player.seen[1]!.json['contents'], [
		{role: 'user', parts: [{text: 'Hello?'}]},
		{
			role: 'model',
			parts: [
				{text: 'Two and two.', thought: true},
				{text: 'Fo', thoughtSignature: 'A=='},
				{text: 'ur.'},
				call,
				{text: '', thoughtSignature: 'C=='},
			],
		},
		{role: 'user', parts: [{text: 'a'}, {text: 'b'}]},
	]);
});

test('the reply of another server is sent as its text', async t => {
	const {model, player} = await modelPlaying(t, 'gemini', geminiText('B'));
	const reply: Message = {
		role: 'assistant',
		text: 'A',
		native: {protocol: 'gemini:elsewhere', items: [{text: 'C'}]},
	};
	await heard(model, request('', {messages: [user('?'), reply, user('!')]}));

	assert.deepEqual((player.seen[0]!.json['contents'] as unknown[])[1], {
		role: 'model',
		parts: [{text: 'A'}],
	});
});

test('the global fetch is the same before, during and after calls, and calls do not mix', async t => {
	const usual = fetch;
	const {model} = await modelPlaying(t, 'gemini', ({json}) =>
		geminiText(JSON.stringify(json['contents'])),
	);
	const other = await modelPlaying(t, 'chat', chatText('Chat.'));
	const answers = await Promise.all([
		heard(model, request('one')),
		heard(other.model),
		heard(model, request('two')),
		heard(other.model),
	]);

	assert.equal(fetch, usual);
	assert.match(answers[0].text, /one/);
	assert.match(answers[2].text, /two/);
	assert.equal(answers[1].text, 'Chat.');
	assert.equal(other.player.seen.length, 2);
});

/**
The same reply in every form a server or a proxy may give to a stream.
*/
const chunks = [said([{text: 'Yes, '}]), said([{text: 'ü.'}], 'STOP')].map(
	chunk => JSON.stringify(chunk),
);
const forms: Readonly<Record<string, Scene>> = {
	'comments between the events': {
		body: [
			`: hello\n\ndata: ${chunks[0]}\n\n: still\n`,
			`data: ${chunks[1]}\n\n`,
		],
	},
	'no space after the colon': {
		body: chunks.map(chunk => `data:${chunk}\n\n`),
	},
	'other line ends': {
		body: [`data: ${chunks[0]}\r\n\r\n`, `data: ${chunks[1]}\r\r`],
	},
	'events of several lines': {
		body: chunks.map(chunk => `data: ${chunk.replace('{', '{\ndata: ')}\n\n`),
	},
	'names, ids and waits': {
		body: chunks.map(chunk => `event: x\nid: 7\nretry: 10\ndata: ${chunk}\n\n`),
	},
	'a mark at its beginning and one at its end': {
		body: [
			'\uFEFF',
			...chunks.map(chunk => `data: ${chunk}\n\n`),
			'data: [DONE]\n\n',
		],
	},
	'no end of its last event': {
		body: [`data: ${chunks[0]}\n\n`, `data: ${chunks[1]}`],
	},
	'pieces of a byte': {
		encoding: 'base64',
		body: [
			...Buffer.from(chunks.map(chunk => `data: ${chunk}\n\n`).join('')),
		].map(byte => Buffer.from([byte]).toString('base64')),
	},
	'a list in one piece': status(200, {body: `[${chunks.join(',\n')}]`}),
};

for (const [form, scene] of Object.entries(forms)) {
	test(`a stream with ${form} is read`, async t => {
		const {model} = await modelPlaying(t, 'gemini', scene, patient);
		const {text, end, failure} = await heard(model);

		assert.equal(failure, null);
		assert.equal(text, 'Yes, ü.');
		assert.equal(end?.stop, 'done');
	});
}

test('bytes that are no text do not cost the rest', async t => {
	const bytes = Buffer.concat([
		Buffer.from('data: {"candidates": [{"content": {"parts": [{"text": "a'),
		Buffer.from([0xff]),
		Buffer.from('b"}]}, "finishReason": "STOP"}]}\n\n'),
	]);
	const {model} = await modelPlaying(t, 'gemini', {
		encoding: 'base64',
		body: [bytes.toString('base64')],
	});

	assert.equal((await heard(model)).text, 'a\uFFFDb');
});

test('what came before a stream broke is kept, even all in one packet', async t => {
	const {model} = await modelPlaying(
		t,
		'gemini',
		{body: [`data: ${chunks[0]}\n\ndata: {"broken\n\n`]},
		patient,
	);
	const {text, failure} = await heard(model);

	assert.equal(text, 'Yes, ');
	assert.equal(failure?.kind, 'cut-off');
});

test('an error in the place of a chunk is a failure', async t => {
	const {model} = await modelPlaying(
		t,
		'gemini',
		geminiChunks(said([{text: 'Yes, '}]), {
			error: {code: 503, message: 'Overloaded now.', status: 'UNAVAILABLE'},
		}),
		patient,
	);
	const {text, failure} = await heard(model);

	assert.equal(text, 'Yes, ');
	assert.equal(failure?.kind, 'overloaded');
	assert.match(failure.message, /Overloaded now\.$/);
});

test('a question that is not let in is blocked, with the reason if there is one', async t => {
	const {model} = await modelPlaying(t, 'gemini', [
		geminiChunks({promptFeedback: {blockReason: 'PROHIBITED_CONTENT'}}),
		geminiChunks({
			promptFeedback: {
				blockReason: 'NEW_REASON',
				blockReasonMessage: 'Not this.',
			},
		}),
	]);
	const first = await heard(model);
	const second = await heard(model);

	assert.equal(first.end?.stop, 'blocked');
	assert.equal(first.text, '');
	assert.equal(second.end?.stop, 'blocked');
	assert.equal(second.text, 'Not this.');
});

test('the wait named inside an error is kept and shown', async t => {
	const {model, player} = await modelPlaying(t, 'gemini', [
		status(429, {
			error: {
				code: 429,
				status: 'RESOURCE_EXHAUSTED',
				message: 'Slow down.',
				details: [
					{
						'@type': 'type.googleapis.com/google.rpc.RetryInfo',
						retryDelay: '0.04s',
					},
				],
			},
		}),
		geminiText('Yes.'),
	]);
	const {text, waits} = await heard(model);

	assert.equal(text, 'Yes.');
	assert.equal(player.seen.length, 2);
	assert.equal(waits[0]?.delayMs, 40);
	assert.equal(waits[0]?.failure.kind, 'rate');
});

test('a reply that goes on in another is one reply', async t => {
	const {model, player} = await modelPlaying(t, 'gemini', [
		geminiText('One,', {finish: 'CONTINUATION'}),
		geminiText(' two.'),
	]);
	const {text, end} = await heard(model);

	assert.equal(text, 'One, two.');
	assert.equal(end?.usage.outputTokens, 14);
	assert.deepEqual((player.seen[1]!.json['contents'] as unknown[])[1], {
		role: 'model',
		parts: [{text: 'One,'}],
	});
	assert.deepEqual(end.native?.items, [{text: 'One, two.'}]);
});

test('use that comes after the finish is counted', async t => {
	const {model} = await modelPlaying(
		t,
		'gemini',
		geminiChunks(said([{text: 'Yes.'}], 'STOP'), {
			usageMetadata: {promptTokenCount: 3, candidatesTokenCount: 2},
		}),
	);
	const {end} = await heard(model);

	assert.equal(end?.usage.inputTokens, 3);
	assert.equal(end.usage.outputTokens, 2);
});

test('a server that does not end a complete reply is left', async t => {
	const {model, player} = await modelPlaying(
		t,
		'gemini',
		{...geminiText('All of it.'), ending: 'stall'},
		patient,
	);
	const {end} = await heard(model);

	assert.equal(end?.stop, 'done');
	assert.equal(await player.seen[0]!.leftEarly, true);
});

for (const [id, path] of [
	['gemini/models/x-1', '/v1beta/models/x-1:'],
	['gemini/tunedModels/mine', '/v1beta/tunedModels/mine:'],
	['gemini/a b?c#d:e', '/v1beta/models/a%20b%3Fc%23d%3Ae:'],
] as const) {
	test(`the model ${id} is asked for at ${path}`, async t => {
		const player = await startWirePlayer(() => geminiText('Yes.'));
		t.after(player.close);
		const models = createModels({
			random: () => 0,
			keys: {gemini: testKey},
			baseUrls: {gemini: player.url.replace(/v1$/, 'v1beta')},
		});
		const {text} = await heard(await models.resolve(id));

		assert.equal(text, 'Yes.');
		assert.ok(player.seen[0]!.path.startsWith(path), player.seen[0]!.path);
	});
}

for (const id of ['gemini/../files', 'gemini/models/../../x', 'gemini/a//b']) {
	test(`the model ${id} would lead elsewhere and is refused`, async () => {
		const models = createModels({random: () => 0, keys: {gemini: testKey}});

		await assert.rejects(models.resolve(id), /cannot have a model called/);
	});
}

test('a version in the address is kept', async t => {
	const player = await startWirePlayer(() => geminiText('Yes.'));
	t.after(player.close);
	const models = createModels({
		random: () => 0,
		keys: {gemini: testKey},
		baseUrls: {gemini: player.url},
	});
	await heard(await models.resolve('gemini-mock'));

	assert.match(player.seen[0]!.path, /^\/v1\/models\/gemini-mock:/);
});

test('no rejection is left over, however a call ends', async t => {
	const endings = [
		{body: [`data: ${chunks[0]}\n\n`], ending: 'cut'},
		{body: [`data: ${chunks[0]}\n\ndata: {"broken\n\n`]},
		{body: ['data: {"candidates": 3}\n\n']},
		{body: ['data: {"error": {"code": 500}}\n\n']},
		{status: 500, body: ['no']},
		{body: [`data: ${chunks[0]}\n\n`], ending: 'stall'},
		{body: [], ending: 'cut'},
	] as const satisfies readonly Scene[];
	const player = await startWirePlayer((_, index) => endings[index]!);
	t.after(player.close);
	const script = `
		const {createModels} = await import('./source/providers/resolve.js');
		const models = createModels({
			random: () => 0,
			keys: {gemini: 'none-for-the-mock'},
			baseUrls: {gemini: '${player.url}'},
			settings: {maxRetries: 0},
		});
		const model = await models.resolve('gemini/mock');
		const request = {system: null, messages: [{role: 'user', parts: ['?']}], options: {}, purpose: 'answer', transcriptId: 't'};
		const kinds = [];
		for (let call = 0; call < ${endings.length}; call++) {
			const abort = new AbortController();
			try {
				for await (const part of model.call(request, abort.signal)) {
					if (part.type === 'text' && call === 5) {
						abort.abort(new Error('left'));
					}
				}
			} catch (error) {
				kinds.push(error.failure?.kind ?? error.message);
			}
		}
		await new Promise(resolve => setTimeout(resolve, 50));
		console.log(kinds.join(' '));
	`;
	const {stdout, stderr, code} = await runScript(script);

	assert.equal(code, 0, stderr);
	assert.equal(
		stdout.trim(),
		'network cut-off cut-off overloaded overloaded left network',
	);
	assert.equal(stderr, '');
});

/**
Run a module in a process of its own, in which nothing may go wrong unseen.
*/
async function runScript(script: string) {
	const child = spawn(process.execPath, [
		'--import=tsx',
		'--unhandled-rejections=strict',
		'--input-type=module',
		'--eval',
		script,
	]);
	const [stdout, stderr, code] = await Promise.all([
		child.stdout.toArray(),
		child.stderr.toArray(),
		new Promise<number | null>(resolve => {
			child.once('close', resolve);
		}),
	]);
	return {stdout: stdout.join(''), stderr: stderr.join(''), code};
}

test('a mock of others is understood', async t => {
	const {url, mock, close} = await startMockServer();
	t.after(close);
	mock.onMessage('Which?', {content: 'Paris.', reasoning: 'Think of France.'});
	const models = createModels({
		random: () => 0,
		keys: {gemini: testKey},
		baseUrls: {gemini: url.replace(/\/v1$/, '')},
	});
	const {text, thinking, end} = await heard(
		await models.resolve('gemini-3.8-flash'),
		request('Which?'),
	);

	assert.equal(text, 'Paris.');
	assert.equal(thinking, 'Think of France.');
	assert.equal(end?.stop, 'done');
});
