import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {unknownUsage, type Model} from '../../source/core/model.js';
import {UserError} from '../../source/core/user-error.js';
import {type Endpoint} from '../../source/providers/endpoint.js';
import {
	createModels,
	type ModelsOptions,
} from '../../source/providers/resolve.js';
import {unknownCache} from '../helpers/fake-model.js';
import {heard} from '../helpers/providers.js';
import {chatText, modelList, responsesText, status} from '../helpers/scenes.js';
import {startWirePlayer} from '../helpers/wire-player.js';

/**
No network: an address that is not in `lists` refuses the connection.
*/
function listingFetch(
	lists: Readonly<Record<string, unknown>>,
	asked: string[] = [],
): typeof fetch {
	return async (input, init) => {
		const url = input instanceof Request ? input.url : String(input);
		const {authorization = ''} = (init?.headers ?? {}) as Record<
			string,
			string
		>;
		asked.push(`${url} ${authorization}`.trim());
		const list = lists[url];

		if (list === undefined) {
			throw new TypeError('fetch failed');
		}

		return Response.json(list);
	};
}

const listOf = (...ids: readonly string[]) => ({data: ids.map(id => ({id}))});
const box: Endpoint = {
	name: 'box',
	baseUrl: 'https://box.example/v1/',
	keyEnv: null,
	api: 'chat',
};

const modelsOf = (options: Partial<ModelsOptions> = {}) =>
	createModels({random: () => 0, fetch: listingFetch({}), ...options});

async function complaint(
	options: Partial<ModelsOptions>,
	id: string,
): Promise<UserError> {
	let thrown: unknown;
	await assert.rejects(modelsOf(options).resolve(id), error => {
		thrown = error;
		return error instanceof UserError;
	});
	return thrown as UserError;
}

async function playerOf(t: TestContext) {
	const player = await startWirePlayer(({path}) =>
		path.endsWith('/responses') ? responsesText('Yes.') : chatText('Yes.'),
	);
	t.after(player.close);
	return player;
}

for (const id of [
	'gpt-6-luna',
	'chatgpt-4o-latest',
	'o3-mini',
	'o1',
	'ft:gpt-4o:acme::1',
]) {
	test(`${id} belongs to OpenAI`, async t => {
		const player = await playerOf(t);
		const model = await createModels({
			random: () => 0,
			keys: {openai: 'sk-test'},
			baseUrls: {openai: player.url},
		}).resolve(id);
		await heard(model);

		assert.equal(model.id, id);
		assert.equal(model.isSimulated, false);
		assert.equal(player.seen[0]?.path, '/v1/responses');
		assert.equal(player.seen[0]?.model, id);
	});
}

test('the first word names the provider, and the rest may have slashes and colons', async t => {
	const player = await playerOf(t);
	const models = createModels({
		random: () => 0,
		endpoints: [{...box, name: 'openrouter', baseUrl: player.url}],
	});
	await heard(await models.resolve('openrouter/openai/gpt-oss:20b'));

	assert.equal(player.seen[0]?.model, 'openai/gpt-oss:20b');
	assert.equal(player.seen[0]?.path, '/v1/chat/completions');
});

test('an endpoint can speak the Responses API', async t => {
	const player = await playerOf(t);
	const models = createModels({
		random: () => 0,
		endpoints: [{...box, baseUrl: player.url, api: 'responses'}],
	});
	await heard(await models.resolve('box/grok'));

	assert.equal(player.seen[0]?.path, '/v1/responses');
});

test('the same id gives the same model', async () => {
	const models = modelsOf();

	assert.equal(
		await models.resolve('ollama/llama'),
		await models.resolve('ollama/llama'),
	);
});

test('a missing key is named before anything is called', async () => {
	const asked: string[] = [];
	const options = {fetch: listingFetch({}, asked)};
	const openAi = await complaint(options, 'gpt-6-luna');
	const groq = await complaint(options, 'groq/llama');
	const own = await complaint(
		{...options, endpoints: [{...box, keyEnv: 'BOX_KEY'}], keys: {box: ' '}},
		'box/llama',
	);

	assert.match(openAi.hint, /OPENAI_API_KEY/);
	assert.match(groq.hint, /GROQ_API_KEY/);
	assert.match(own.hint, /BOX_KEY/);
	assert.deepEqual(asked, []);
});

test('a key that cannot be one is not sent and not shown', async () => {
	const error = await complaint({keys: {openai: 'sk-abc“def'}}, 'gpt-6-luna');

	assert.match(error.hint, /OPENAI_API_KEY/);
	assert.doesNotMatch(error.message + error.hint, /abc/);
});

for (const [id, variable] of [
	['claude-opus-5-5', 'ANTHROPIC_API_KEY'],
	['anthropic/x', 'ANTHROPIC_API_KEY'],
	['gemini-3.8-flash', 'GEMINI_API_KEY'],
	['gemini/x', 'GEMINI_API_KEY'],
] as const) {
	test(`${id} needs the key of its vendor`, async () => {
		const error = await complaint({}, id);

		assert.match(error.message, /^There is no key for (?:anthropic|gemini)\.$/);
		assert.ok(error.hint.includes(variable));
	});
}

test('a bare id goes to the one server that lists it, with its key', async () => {
	const asked: string[] = [];
	const models = modelsOf({
		endpoints: [box],
		keys: {box: 'key-of-the-box'},
		fetch: listingFetch(
			{'https://box.example/v1/models': listOf('qwen-3', 'gpt-oss-20b')},
			asked,
		),
	});

	assert.equal((await models.resolve('qwen-3')).id, 'qwen-3');
	assert.equal((await models.resolve('gpt-oss-20b')).id, 'gpt-oss-20b');
	assert.ok(
		asked.includes('https://box.example/v1/models Bearer key-of-the-box'),
	);
});

test('an id with a slash that names no provider is looked for in the lists', async () => {
	const models = modelsOf({
		endpoints: [box],
		fetch: listingFetch({
			'https://box.example/v1/models': listOf('meta-llama/Llama-3'),
		}),
	});

	assert.equal(
		(await models.resolve('meta-llama/Llama-3')).id,
		'meta-llama/Llama-3',
	);
});

test('a bare id that several servers list has to be said in full', async () => {
	const error = await complaint(
		{
			endpoints: [box],
			fetch: listingFetch({
				'https://box.example/v1/models': listOf('qwen-3'),
				'http://localhost:11434/v1/models': listOf('qwen-3'),
			}),
		},
		'qwen-3',
	);

	assert.match(error.hint, /ollama\/qwen-3/);
	assert.match(error.hint, /box\/qwen-3/);
});

test('an unknown id gets suggestions from what the servers list', async () => {
	const error = await complaint(
		{
			endpoints: [box],
			fetch: listingFetch({
				'https://box.example/v1/models': listOf('qwen-3-coder', 'llama-3.3'),
			}),
		},
		'qwen3-coder',
	);

	assert.equal(error.hint, 'Did you mean box/qwen-3-coder?');
});

test('an unknown id without suggestions gets the names of the providers', async () => {
	const error = await complaint(
		{extra: {demo: () => simulated}},
		'no-such-thing',
	);

	assert.match(error.hint, /demo, anthropic, openai, gemini, ollama/);
});

test('servers that need a key are not asked without one', async () => {
	const asked: string[] = [];
	await complaint(
		{keys: {groq: 'gsk_test'}, fetch: listingFetch({}, asked)},
		'qwen-3',
	);

	assert.deepEqual(asked.toSorted(), [
		'http://localhost:11434/v1/models',
		'http://localhost:1234/v1/models',
		'https://api.groq.com/openai/v1/models Bearer gsk_test',
	]);
});

const simulated: Model = {
	id: 'demo/calm',
	isSimulated: true,
	promptCache: unknownCache,
	refusalOf: () => null,
	costOf: () => 0,
	async *call() {
		yield {
			type: 'end',
			stop: 'done',
			usage: unknownUsage,
			native: null,
			resolvedModel: null,
			requestId: null,
		};
	},
};

test('a provider that is no server makes its own models', async () => {
	const names: string[] = [];
	const models = modelsOf({
		extra: {
			demo(name) {
				names.push(name);
				return simulated;
			},
		},
	});

	assert.equal(await models.resolve('demo/calm'), simulated);
	assert.deepEqual(names, ['calm']);
});

for (const id of ['', 'openai/', 'constructor/x', '__proto__/x', '/x']) {
	test(`'${id}' is not a model`, async () => {
		await complaint({keys: {openai: 'sk-test'}}, id);
	});
}

test('an empty address for OpenAI is none', async () => {
	const models = modelsOf({baseUrls: {openai: ' '}, keys: {openai: 'sk-test'}});

	const {id} = await models.resolve('gpt-6-luna');

	assert.equal(id, 'gpt-6-luna');
});

test('no other server takes the name of OpenAI, and with it the key', () => {
	assert.throws(
		() => modelsOf({endpoints: [{...box, name: 'openai'}]}),
		UserError,
	);
});

for (const baseUrl of [
	'localhost:11434',
	'ftp://box/v1',
	'nonsense',
	'http://me:secret@box/v1',
]) {
	test(`${baseUrl.replace(/me:.*@/, 'a password in the ')} is no base URL`, () => {
		assert.throws(
			() => modelsOf({endpoints: [{...box, baseUrl}]}),
			(error: unknown) =>
				error instanceof UserError &&
				error.message.includes('box') &&
				!error.message.includes('secret'),
		);
	});
}

test('local models are the first that talk on each server that answers', async () => {
	const models = modelsOf({
		fetch: listingFetch({
			'http://localhost:11434/v1/models': listOf(
				'nomic-embed-text:latest',
				'llama3.2:latest',
				'qwen3',
			),
		}),
	});

	assert.deepEqual(await models.findLocalModels(), ['ollama/llama3.2:latest']);
});

test('a server that is slow, broken or says nonsense has no local models', async t => {
	const scenes = [
		{...modelList('llama'), latencyMs: 2000},
		{...modelList('llama'), status: 500},
		status(200, {body: '<html>'}),
		status(200, {body: '{"data":[{"name":"no id"},null]}'}),
	];

	for (const scene of scenes) {
		const player = await startWirePlayer(() => scene);
		t.after(player.close);
		const models = createModels({
			random: () => 0,
			endpoints: [
				{...box, name: 'ollama', baseUrl: player.url},
				{...box, name: 'lmstudio', baseUrl: player.url},
			],
		});

		assert.deepEqual(await models.findLocalModels(), []);
	}
});

test('a server elsewhere is not a local one', async () => {
	const asked: string[] = [];
	const models = modelsOf({
		endpoints: [{...box, name: 'ollama'}],
		fetch: listingFetch({}, asked),
	});
	await models.findLocalModels();

	assert.deepEqual(asked, ['http://localhost:1234/v1/models']);
});
