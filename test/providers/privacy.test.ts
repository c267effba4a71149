import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import process from 'node:process';
import {test, type TestContext} from 'node:test';
import {createModels} from '../../source/providers/resolve.js';
import {
	heard,
	modelPlaying,
	request,
	testKey,
	type ApiName,
} from '../helpers/providers.js';
import {apiNames, textIn} from '../helpers/protocols.js';
import {responsesText} from '../helpers/scenes.js';
import {startWirePlayer} from '../helpers/wire-player.js';

/**
Values the clients pick up by themselves, put back after the test.
*/
function withVariables(
	t: TestContext,
	url: string,
	variables: Readonly<Record<string, string>> = {},
) {
	const all: Readonly<Record<string, string>> = {
		OPENAI_API_KEY: 'sk-for-openai-only',
		OPENAI_ADMIN_KEY: 'sk-admin-for-openai-only',
		OPENAI_BASE_URL: url,
		OPENAI_ORG_ID: 'org-for-openai-only',
		OPENAI_PROJECT_ID: 'project-for-openai-only',
		OPENAI_CUSTOM_HEADERS:
			'X-For-Openai-Only: 1\nUser-Agent: for-openai-only\nAuthorization: Bearer for-openai-only',
		OPENAI_LOG: 'debug',
		ANTHROPIC_API_KEY: 'sk-for-anthropic-only',
		ANTHROPIC_AUTH_TOKEN: 'token-for-anthropic-only',
		ANTHROPIC_BASE_URL: url,
		ANTHROPIC_CUSTOM_HEADERS:
			'X-For-Anthropic-Only: 1\nUser-Agent: for-anthropic-only\nX-Api-Key: for-anthropic-only',
		ANTHROPIC_PROFILE: 'for-anthropic-only',
		ANTHROPIC_LOG: 'debug',
		GEMINI_API_KEY: 'for-gemini-only',
		GOOGLE_API_KEY: 'for-gemini-only',
		...variables,
	};
	const before = {...process.env};
	Object.assign(process.env, all);
	t.after(() => {
		for (const name of Object.keys(all)) {
			if (before[name] === undefined) {
				Reflect.deleteProperty(process.env, name);
			} else {
				process.env[name] = before[name];
			}
		}
	});
}

/**
Where each protocol looks for the key.
*/
const keyIn = {
	chat: (key: string) => ({authorization: `Bearer ${key}`}),
	responses: (key: string) => ({authorization: `Bearer ${key}`}),
	anthropic: (key: string) => ({
		authorization: `Bearer ${key}`,
		'x-api-key': key,
	}),
	gemini: (key: string) => ({'x-goog-api-key': key}),
} as const satisfies Record<ApiName, unknown>;

for (const api of apiNames) {
	for (const key of [testKey, null]) {
		test(`${api}: another server gets ${key === null ? 'no key' : 'its own key'} and nothing that is meant for a vendor`, async t => {
			const elsewhere = await startWirePlayer(() => ({status: 500, body: []}));
			t.after(elsewhere.close);
			withVariables(t, elsewhere.url);
			const player = await startWirePlayer(() => textIn[api]('Yes.'));
			t.after(player.close);
			const models = createModels({
				random: () => 0,
				keys: {openai: 'sk-for-openai-only', box: key},
				endpoints: [{name: 'box', baseUrl: player.url, keyEnv: null, api}],
			});
			const {text} = await heard(await models.resolve('box/llama'));
			const {headers, path} = player.seen[0]!;
			const wanted: Readonly<Record<string, string>> =
				key === null ? {} : keyIn[api](key);

			assert.equal(text, 'Yes.');
			assert.equal(elsewhere.seen.length, 0);
			assert.doesNotMatch(path, /\/v1\/v1/);
			assert.doesNotMatch(JSON.stringify(headers) + path, /-only/i);
			assert.deepEqual(
				Object.fromEntries(
					Object.entries(headers).filter(([name]) =>
						/openai|stainless|auth|^x-/.test(name),
					),
				),
				wanted,
			);
			assert.equal(headers['content-type'], 'application/json');
		});
	}
}

for (const api of ['anthropic', 'gemini'] as const) {
	test(`${api}: the vendor itself gets its one key, and no other`, async t => {
		withVariables(t, 'http://127.0.0.1:1', {ANTHROPIC_CUSTOM_HEADERS: ''});
		const {model, player} = await modelPlaying(t, api, textIn[api]('Yes.'));
		const {text} = await heard(model);
		const {headers, path} = player.seen[0]!;

		assert.equal(text, 'Yes.');
		assert.doesNotMatch(JSON.stringify(headers) + path, /-only/i);
		assert.ok(Object.values(headers).some(value => value?.includes(testKey)));
		assert.ok(!path.includes(testKey));
	});
}

test('OpenAI itself gets its key, organisation and project', async t => {
	const {model, player} = await modelPlaying(
		t,
		'responses',
		responsesText('Yes.'),
	);
	withVariables(t, 'http://127.0.0.1:1/v1', {OPENAI_CUSTOM_HEADERS: ''});
	await heard(model);
	const {headers} = player.seen[0]!;

	assert.equal(headers['authorization'], `Bearer ${testKey}`);
	assert.equal(headers['openai-organization'], 'org-for-openai-only');
	assert.equal(headers['openai-project'], 'project-for-openai-only');
});

test('the client writes nothing to the console', async t => {
	const written: unknown[] = [];

	for (const method of ['debug', 'info', 'log', 'warn', 'error'] as const) {
		t.mock.method(console, method, (...words: unknown[]) => {
			written.push(words);
		});
	}

	const {model} = await modelPlaying(t, 'chat', {
		body: ['data: {broken\n\n'],
	});
	withVariables(t, 'http://127.0.0.1:1/v1');
	await heard(model, request('A secret question'));

	assert.deepEqual(written, []);
});

test('neither client nor price data is loaded before a call needs it', () => {
	const script = `
		const {registerHooks} = await import('node:module');
		const loaded = [];
		registerHooks({
			load(url, context, next) {
				loaded.push(url);
				return next(url, context);
			},
		});
		const {createModels} = await import('./source/providers/resolve.js');
		const models = createModels({random: () => 0, keys: {openai: 'sk-test', anthropic: 'sk-test', gemini: 'sk-test'}});
		await models.resolve('gpt-6-luna');
		await models.resolve('claude-opus-5-5');
		await models.resolve('gemini-3.8-flash');
		await models.resolve('ollama/llama');
		const heavy = () => loaded.filter(url => /node_modules.(openai|@anthropic-ai|@google|eventsource-parser|@pydantic)/.test(url)).length;
		const before = heavy();
		await models.loadPrices();
		console.log(JSON.stringify([before, heavy() > 0]));
	`;
	const {stdout, stderr} = spawnSync(
		process.execPath,
		['--import=tsx', '--input-type=module', '--eval', script],
		{encoding: 'utf8'},
	);

	assert.equal(stdout.trim(), '[0,true]', stderr);
});
