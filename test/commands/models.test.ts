import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test, type TestContext} from 'node:test';
import {changeConfig, type SavedEndpoint} from '../../source/config/config.js';
import {closedUrl, testKey} from '../helpers/providers.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {modelList, status} from '../helpers/scenes.js';
import {startWirePlayer, type Scene} from '../helpers/wire-player.js';

type Row = {
	readonly id: string;
	readonly provider: string | null;
	readonly key: string | null;
	readonly price: Readonly<Record<string, number | null>> | null;
	readonly contextTokens: number | null;
	readonly isListed: boolean;
	readonly consortiums: readonly string[];
};

async function playing(t: TestContext, scene: Scene) {
	const player = await startWirePlayer(() => scene);
	t.after(player.close);
	return player;
}

/**
A home whose local servers are these, whatever runs on this machine.
*/
async function homeWith(
	endpoints: Readonly<Record<string, SavedEndpoint>> = {},
): Promise<string> {
	const home = emptyFolder();
	const nowhere = await closedUrl();
	await changeConfig(home, config => ({
		...config,
		endpoints: {
			...Object.fromEntries(
				['ollama', 'lmstudio', 'vllm'].map(name => [name, chat(nowhere)]),
			),
			...endpoints,
		},
	}));
	return home;
}

const chat = (
	baseUrl: string,
	keyEnv: string | null = null,
): SavedEndpoint => ({baseUrl, keyEnv, api: 'chat'});

async function modelsIn(
	home: string,
	words: readonly string[] = [],
	env: Readonly<Record<string, string>> = {},
) {
	const {code, stdout, stderr} = await runProgram(
		['models', '--json', ...words],
		{home, env},
	);
	assert.equal(code, 0, stderr);
	const {v, models} = JSON.parse(stdout) as {v: number; models: Row[]};
	assert.equal(v, 1);
	return {models, stderr, stdout};
}

test('without anything set the known models are told, and that their keys are missing', async () => {
	const home = await homeWith();
	const {code, stdout, stderr} = await runProgram(['models'], {home});

	assert.deepEqual([code, stderr], [0, '']);
	assert.match(
		stdout,
		/^openai\/gpt-6-luna +missing +0\.1 +0\.01 +0\.5 +272K +1\.05M$/m,
	);
	assert.match(
		stdout,
		/^anthropic\/claude-opus-5-5 +missing +4 +0\.2 +20 +1M +default$/m,
	);
	assert.match(stdout, /^openai\/gpt-6\.1-terra +missing +unknown +unknown$/m);
	assert.ok(stdout.split('\n').length < 30);
});

test('the state of a key is told, never the key', async () => {
	const home = await homeWith();
	const {models, stdout} = await modelsIn(home, [], {
		OPENAI_API_KEY: testKey,
		GOOGLE_API_KEY: testKey,
	});
	const keyOf = (provider: string) =>
		models.find(model => model.provider === provider)?.key;

	assert.equal(keyOf('openai'), 'from OPENAI_API_KEY');
	assert.equal(keyOf('gemini'), 'from GOOGLE_API_KEY');
	assert.equal(keyOf('anthropic'), 'missing');
	assert.ok(!stdout.includes(testKey));
});

test('models of consortiums are told with where they are used, once each', async () => {
	const home = await homeWith();

	for (const words of [
		['save', 'duo', '-m', 'gpt-6-luna', '-m', 'ollama/llama3.2:latest'],
		['save', 'trio', '-m', 'openai/gpt-6-luna:3', '-m', 'who-knows'],
		['save', 'play', '-m', 'demo/calm'],
	]) {
		await runProgram(words, {home});
	}

	const {models} = await modelsIn(home);
	const named = (id: string) => models.filter(model => model.id === id);

	assert.deepEqual(
		named('openai/gpt-6-luna').map(({consortiums}) => consortiums),
		[['duo', 'trio']],
	);
	assert.deepEqual(
		named('ollama/llama3.2:latest').map(({key, price}) => [
			key,
			price?.['input'],
		]),
		[['none needed', 0]],
	);
	assert.deepEqual(
		named('who-knows').map(({provider, key, price}) => [provider, key, price]),
		[[null, null, null]],
	);
	assert.equal(named('demo/calm')[0]?.key, 'none needed');
});

test('of a local server the first few models are told, and that there are more', async t => {
	const ids = Array.from({length: 12}, (_, index) => `llama-${index}`);
	const player = await playing(t, modelList(...ids));
	const home = await homeWith({ollama: chat(player.url)});
	const {code, stdout, stderr} = await runProgram(['models', 'ollama'], {home});

	assert.equal(code, 0);
	assert.match(
		stdout,
		/^ollama\/llama-0 +none needed +free +unknown +listed$/m,
	);
	assert.equal(stdout.trim().split('\n').length, 6);
	assert.equal(stderr, 'ollama has 12 models; --listed shows all of them.\n');
});

test('without --listed nobody is asked but servers on this machine', async t => {
	const player = await playing(t, modelList('gpt-secret'));
	const home = await homeWith();
	const {models} = await modelsIn(home, [], {
		OPENAI_API_KEY: testKey,
		OPENAI_BASE_URL: player.url,
	});

	assert.deepEqual(player.seen, []);
	assert.ok(models.every(({isListed}) => !isListed));
});

test('with --listed whoever has a key or was added is asked, and who did not answer is named', async t => {
	const openAi = await playing(t, modelList('gpt-6-luna', 'gpt-new'));
	const anthropic = await playing(
		t,
		status(401, {error: {message: 'invalid x-api-key'}}),
	);
	const box = await playing(
		t,
		status(200, {
			body: JSON.stringify({
				data: [
					{
						id: 'big',
						context_length: 32_000,
						pricing: {prompt: '0.000002', completion: '0.000004'},
					},
				],
			}),
		}),
	);
	const home = await homeWith({
		box: chat(box.url.replace('127.0.0.1', 'localhost'), 'BOX_KEY'),
		gone: chat(await closedUrl()),
		locked: chat(await closedUrl(), 'LOCKED_KEY'),
	});
	const {models, stderr, stdout} = await modelsIn(home, ['--listed'], {
		OPENAI_API_KEY: testKey,
		OPENAI_BASE_URL: openAi.url,
		ANTHROPIC_API_KEY: testKey,
		ANTHROPIC_BASE_URL: anthropic.url,
		BOX_KEY: 'box-key-0123456789',
	});
	const listed = models.filter(({isListed}) => isListed);

	assert.deepEqual(listed.map(({id}) => id).toSorted(), [
		'box/big',
		'openai/gpt-6-luna',
		'openai/gpt-new',
	]);
	assert.equal(listed.find(({id}) => id === 'box/big')?.contextTokens, 32_000);
	assert.equal(openAi.seen[0]?.headers['authorization'], `Bearer ${testKey}`);
	assert.equal(anthropic.seen[0]?.path, '/v1/models?limit=1000');
	assert.match(
		stderr,
		/^anthropic refused the key \(401\).*ANTHROPIC_API_KEY/m,
	);
	assert.match(stderr, /^No server answers at .*$/m);
	assert.match(stderr, /^There is no key for locked\.$/m);
	assert.ok(!(stdout + stderr).includes(testKey));
	assert.ok(!(stdout + stderr).includes('box-key'));
});

test('a server somewhere else says its own price', async t => {
	const box = await playing(
		t,
		status(200, {
			body: '{"data":[{"id":"big","pricing":{"prompt":"0.000002","completion":"0.000004"}},{"id":"small"}]}',
		}),
	);
	// The person's own price takes the place of "free": this machine plays another.
	const home = emptyFolder();
	writeFileSync(
		join(home, 'config.json'),
		JSON.stringify({
			version: 1,
			default: null,
			consortiums: {},
			endpoints: {},
			settings: {prices: {'openai/small': {input: 3, output: 4}}},
		}),
	);
	const {models} = await modelsIn(home, ['openai', '--listed'], {
		OPENAI_API_KEY: testKey,
		OPENAI_BASE_URL: box.url,
	});
	const priceOf = (id: string) => models.find(model => model.id === id)?.price;

	assert.deepEqual(priceOf('openai/big'), {
		input: 2,
		cacheRead: null,
		output: 4,
		maxInputTokens: null,
	});
	assert.equal(priceOf('openai/small')?.['input'], 3);
});

test('hostile lists are cut, and said to be', async t => {
	const player = await playing(
		t,
		modelList(
			'good',
			'\u001B]0;title\u0007',
			'x'.repeat(1_000_000),
			...Array.from({length: 5000}, (_, index) => `m${index}`),
		),
	);
	const home = await homeWith({box: chat(player.url)});
	const {code, stdout, stderr} = await runProgram(
		['models', 'box', '--listed'],
		{home},
	);

	assert.equal(code, 0);
	assert.match(stdout, /^box\/good /m);
	assert.doesNotMatch(stdout, /[\u001B\u0007]/);
	assert.ok(stdout.split('\n').length < 2010);
	assert.match(stderr, /^3005 of the entries that box lists are left out/);
});

test('a provider that has no model known here says how to ask it', async () => {
	const {code, stdout, stderr} = await runProgram(['models', 'groq'], {
		home: await homeWith(),
	});

	assert.deepEqual([code, stdout], [0, '']);
	assert.match(stderr, /No model of groq is known here\. --listed/);
});

for (const [words, message] of [
	[
		['models', 'opena'],
		/no provider called "opena"\.\n.*Did you mean "openai"/,
	],
	[['models', 'openai', 'gemini'], /more than this command takes/],
	[['models', '--all'], /no flag --all/],
] as const) {
	test(`${words.join(' ')} is a usage error`, async () => {
		const {code, stdout, stderr} = await runProgram(words);

		assert.deepEqual([code, stdout], [2, '']);
		assert.match(stderr, message);
	});
}
