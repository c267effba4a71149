import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer, type AddressInfo} from 'node:net';
import {test} from 'node:test';
import {type Message} from '../../source/core/model.js';
import {createModels} from '../../source/providers/resolve.js';
import {
	anthropicEvents,
	anthropicText,
	blockEvents,
} from '../helpers/anthropic-scenes.js';
import {geminiChunks, geminiText} from '../helpers/gemini-scenes.js';
import {apiNames, calledIn} from '../helpers/protocols.js';
import {
	heard,
	modelPlaying,
	request,
	testKey,
	user,
} from '../helpers/providers.js';
import {cut, stall, status} from '../helpers/scenes.js';

const quick = {settings: {afterFinishMs: 100, maxRetries: 0}};
const started = (message: Readonly<Record<string, unknown>> = {}) => ({
	type: 'message_start',
	message: {
		id: 'msg_1',
		type: 'message',
		role: 'assistant',
		model: 'mock',
		content: [],
		usage: {input_tokens: 5, output_tokens: 1},
		...message,
	},
});
const says = (text: string) =>
	blockEvents(0, {type: 'text', text: ''}, [{type: 'text_delta', text}]);
const stopped = (more: Readonly<Record<string, unknown>> = {}) => [
	{
		type: 'message_delta',
		delta: {stop_reason: 'end_turn', stop_sequence: null},
		usage: {output_tokens: 9},
		...more,
	},
	{type: 'message_stop'},
];

/**
A server that says that its reply is compressed, which it is not.
*/
async function startLiar(
	close: (free: () => Promise<void>) => void,
): Promise<string> {
	const server = createServer(socket => {
		socket.on('error', () => {});
		socket.once('data', () => {
			socket.end(
				'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\nnot gzip',
			);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	close(async () => {
		server.close();
		await once(server, 'close');
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

for (const api of apiNames) {
	test(`${api}: a reply that is not compressed as it says ends the call, and its place is free for the next`, async t => {
		const url = await startLiar(free => {
			t.after(free);
		});
		const {provider} = calledIn[api];
		const models = createModels({
			random: () => 0,
			keys: {[provider]: testKey},
			...(provider === 'server'
				? {
						endpoints: [
							{name: 'server', baseUrl: url, keyEnv: 'KEY', api: 'chat'},
						],
					}
				: {baseUrls: {[provider]: url}}),
			settings: {
				callsInFlight: 1,
				maxRetries: 0,
				firstMs: 100,
				idleMs: 100,
			},
		});
		const model = await models.resolve(`${provider}/mock`);

		for (let round = 0; round < 5; round++) {
			const {failure} = await heard(model);
			assert.match(failure!.kind, /^(?:stalled|network|cut-off|unexpected)$/);
		}
	});
}

for (const [what, events] of [
	['at its end', [started(), ...says('hello'), ...stopped({usage: undefined})]],
	[
		'at its beginning',
		[started({usage: undefined}), ...says('hello'), ...stopped()],
	],
	[
		'anywhere, or content',
		[
			started({usage: null, content: null}),
			...says('hello'),
			...stopped({usage: null}),
		],
	],
] as const) {
	test(`a reply without its use ${what} is an answer whose use is unknown`, async t => {
		const {model, player} = await modelPlaying(
			t,
			'anthropic',
			anthropicEvents(...events),
			quick,
		);
		const {text, end, failure} = await heard(model);

		assert.equal(failure, null);
		assert.equal(text, 'hello');
		assert.equal(end!.stop, 'done');
		assert.equal(end!.usage.outputTokens, null);
		assert.equal(player.seen.length, 1);
	});
}

test('events without names are read by their types', async t => {
	const {body, headers} = anthropicText('hello');
	const {model} = await modelPlaying(t, 'anthropic', {
		headers: headers!,
		body: body.map(event => event.replace(/^event: .*\n/, '')),
	});
	const {text, end} = await heard(model);
	assert.equal(text, 'hello');
	assert.equal(end!.stop, 'done');
});

test('text at the beginning of a block is said, and kept', async t => {
	const {model} = await modelPlaying(
		t,
		'anthropic',
		anthropicEvents(
			started(),
			...blockEvents(0, {type: 'text', text: 'It is '}, [
				{type: 'text_delta', text: 'so.'},
			]),
			...stopped(),
		),
	);
	const {text, end} = await heard(model);
	assert.equal(text, 'It is so.');
	assert.deepEqual(end!.native!.items, [{type: 'text', text: 'It is so.'}]);
});

test('what the client puts together otherwise than it was said is not sent back', async t => {
	const {model, player} = await modelPlaying(t, 'anthropic', [
		anthropicEvents(...says('hello'), ...stopped()),
		anthropicText('Yes.'),
	]);
	const {text, end} = await heard(model);
	const messages: Message[] = [
		user('Why?'),
		{role: 'assistant', text, native: end!.native},
		user('Sure?'),
	];
	await heard(model, request('', {messages}));

	assert.equal(text, 'hello');
	assert.equal(end!.native, null);
	assert.deepEqual((player.seen[1]!.json['messages'] as unknown[])[1], {
		role: 'assistant',
		content: 'hello',
	});
});

for (const why of [{a: 1}, 7, ['x'], '']) {
	test(`a refusal that explains itself with ${JSON.stringify(why)} is a refusal`, async t => {
		const {model} = await modelPlaying(
			t,
			'anthropic',
			anthropicText('', {stop: 'refusal', stopDetails: {explanation: why}}),
		);
		const {parts, end} = await heard(model);
		assert.equal(end!.stop, 'blocked');
		assert.ok(
			parts.every(
				part => part.type !== 'text' || typeof part.text === 'string',
			),
		);
	});
}

test('a whole reply is read whatever its first key is', async t => {
	const {model} = await modelPlaying(
		t,
		'anthropic',
		status(200, {
			body: JSON.stringify({
				id: 'msg_1',
				content: [{type: 'text', text: 'Whole.'}],
				stop_reason: 'end_turn',
				type: 'message',
			}),
		}),
	);
	assert.equal((await heard(model)).text, 'Whole.');
});

for (const [api, pause, rest] of [
	[
		'anthropic',
		anthropicText('One, ', {stop: 'pause_turn'}),
		anthropicText('two.'),
	],
	['gemini', geminiText('One, ', {finish: 'CONTINUATION'}), geminiText('two.')],
] as const) {
	test(`${api}: a reply that pauses and leaves its connection open goes on in another`, async t => {
		const {model, player} = await modelPlaying(
			t,
			api,
			[stall(pause, pause.body.length), rest],
			quick,
		);
		const {text, end} = await heard(model);
		assert.equal(text.replaceAll('\n', ''), 'One, two.');
		assert.equal(end!.stop, 'done');
		assert.equal(player.seen.length, 2);
	});

	test(`${api}: pauses use up no attempts`, async t => {
		const {model} = await modelPlaying(
			t,
			api,
			[pause, pause, pause, status(503), rest],
			{settings: {maxRetries: 1}},
		);
		const {failure, end} = await heard(model);
		assert.equal(failure, null);
		assert.equal(end!.stop, 'done');
	});
}

test('line ends of Unicode are text', async t => {
	const text = 'One\u2028two\u2029three.';
	const {model, player} = await modelPlaying(t, 'gemini', geminiText(text));
	const {text: said, failure} = await heard(model);
	assert.equal(failure, null);
	assert.equal(said, text);
	assert.equal(player.seen.length, 1);
});

const everyChunkLast = geminiChunks(
	...['One, ', 'two, ', 'three, ', 'four.'].map(text => ({
		candidates: [
			{content: {role: 'model', parts: [{text}]}, finishReason: 'STOP'},
		],
	})),
);

test('a reply that calls every chunk the last is read to its end', async t => {
	const {model} = await modelPlaying(
		t,
		'gemini',
		{...everyChunkLast, betweenMs: 80},
		quick,
	);
	const {text, end} = await heard(model);
	assert.equal(text, 'One, two, three, four.');
	assert.equal(end!.stop, 'done');
});

test('such a reply is broken when it breaks', async t => {
	const {model} = await modelPlaying(
		t,
		'gemini',
		cut(everyChunkLast, 3),
		quick,
	);
	const {failure} = await heard(model);
	assert.equal(failure!.kind, 'network');
});
