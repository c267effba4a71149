import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {
	withoutVersion,
	type Endpoint,
} from '../../source/providers/endpoint.js';
import {
	askForModels,
	listModels,
	type Listing,
} from '../../source/providers/list-models.js';
import {closedUrl, testKey} from '../helpers/providers.js';
import {modelList, status} from '../helpers/scenes.js';
import {
	startWirePlayer,
	type Scene,
	type SeenRequest,
} from '../helpers/wire-player.js';

/**
Ask a server that plays this scene, whose base URL ends in `ending` behind the host.
*/
async function listingOf(
	t: TestContext,
	scene: Scene,
	{
		api = 'chat',
		key = testKey,
		ending = '/v1',
		waitMs = 3000,
	}: {
		readonly api?: Endpoint['api'];
		readonly key?: string | null;
		readonly ending?: string;
		readonly waitMs?: number;
	} = {},
): Promise<{listing: Listing; seen: readonly SeenRequest[]}> {
	const player = await startWirePlayer(() => scene);
	t.after(player.close);
	const baseUrl = new URL(player.url).origin + ending;
	const listing = await askForModels(
		{name: 'box', baseUrl, keyEnv: 'BOX_KEY', api},
		key,
		{fetch, waitMs},
	);

	return {listing, seen: player.seen};
}

const body = (value: unknown): Scene =>
	status(200, {body: JSON.stringify(value)});

const named = (id: string) => ({id, contextTokens: null, price: null});

for (const api of ['chat', 'responses'] as const) {
	test(`a server that speaks ${api} is asked below its base URL as it is`, async t => {
		const {listing, seen} = await listingOf(t, modelList('a', 'b'), {
			api,
			ending: '/api/v3',
		});

		assert.deepEqual(listing, {
			status: 'listed',
			models: [named('a'), named('b')],
			leftOut: 0,
		});
		assert.equal(seen[0]?.path, '/api/v3/models');
		assert.equal(seen[0]?.headers['authorization'], `Bearer ${testKey}`);
	});
}

for (const ending of ['', '/v1']) {
	test(`Anthropic's models are below one version, with a base URL that ends in '${ending}'`, async t => {
		const {listing, seen} = await listingOf(
			t,
			body({
				data: [
					{type: 'model', id: 'claude-x', max_input_tokens: 1_000_000},
					{type: 'model', id: 'claude-y'},
				],
				has_more: false,
			}),
			{api: 'anthropic', ending},
		);

		assert.deepEqual(listing, {
			status: 'listed',
			models: [
				{id: 'claude-x', contextTokens: 1_000_000, price: null},
				named('claude-y'),
			],
			leftOut: 0,
		});
		assert.equal(seen[0]?.path, '/v1/models?limit=1000');
		assert.equal(seen[0]?.headers['x-api-key'], testKey);
		assert.equal(typeof seen[0]?.headers['anthropic-version'], 'string');
	});
}

for (const ending of ['', '/v1', '/v1beta']) {
	test(`Gemini's models are below one version, with a base URL that ends in '${ending}'`, async t => {
		const {listing, seen} = await listingOf(
			t,
			body({
				models: [
					{
						name: 'models/gemini-x',
						inputTokenLimit: 1_048_576,
						supportedGenerationMethods: ['generateContent', 'countTokens'],
					},
					{
						name: 'models/gemini-live',
						supportedGenerationMethods: ['streamGenerateContent'],
					},
					{
						name: 'models/embedder',
						supportedGenerationMethods: ['embedContent'],
					},
					{name: 'models/gemini-y'},
				],
			}),
			{api: 'gemini', ending},
		);

		assert.deepEqual(listing, {
			status: 'listed',
			models: [
				{id: 'gemini-x', contextTokens: 1_048_576, price: null},
				named('gemini-live'),
				named('gemini-y'),
			],
			leftOut: 0,
		});
		assert.equal(seen[0]?.path, '/v1beta/models?pageSize=1000');
		assert.equal(seen[0]?.headers['x-goog-api-key'], testKey);
		assert.equal(seen[0]?.headers['authorization'], undefined);
	});
}

test('only a version at the end of an address is taken off', () => {
	for (const [given, expected] of [
		['https://api.example', 'https://api.example'],
		['https://api.example/v1', 'https://api.example'],
		['https://api.example/v1beta', 'https://api.example'],
		['https://api.example/v1/proxy', 'https://api.example/v1/proxy'],
		['https://api.example/dev1', 'https://api.example/dev1'],
	] as const) {
		assert.equal(withoutVersion(given), expected);
	}
});

test('OpenRouter says what a model holds and costs', async t => {
	const {listing} = await listingOf(
		t,
		body({
			data: [
				{
					id: 'a/cached',
					context_length: 128_000,
					pricing: {
						prompt: '0.00000015',
						completion: '0.0000033',
						input_cache_read: '0.000000075',
					},
				},
				{id: 'a/free:free', pricing: {prompt: '0', completion: '0'}},
				{id: 'a/auto', pricing: {prompt: '-1', completion: '-1'}},
				{id: 'a/empty', pricing: {prompt: '', completion: ''}},
				{id: 'a/number', pricing: {prompt: 0.2, completion: 0.3}},
				{id: 'a/absurd', context_length: -5, pricing: 'cheap'},
			],
		}),
	);

	assert.deepEqual(listing, {
		status: 'listed',
		models: [
			{
				id: 'a/cached',
				contextTokens: 128_000,
				price: {input: 0.15, output: 3.3, cacheRead: 0.075},
			},
			{...named('a/free:free'), price: {input: 0, output: 0}},
			named('a/auto'),
			named('a/empty'),
			named('a/number'),
			named('a/absurd'),
		],
		leftOut: 0,
	});
});

test('names that are none are left out and counted, and a name counts once', async t => {
	const {listing} = await listingOf(
		t,
		modelList(
			'good',
			'\u001B[2Jbad',
			'two\nlines',
			'x'.repeat(2_000_000),
			`the-key-${testKey}`,
			'',
			'good',
		),
	);

	assert.deepEqual(listing, {
		status: 'listed',
		models: [named('good')],
		leftOut: 5,
	});
});

test('of a list without end only the beginning is taken', async t => {
	const ids = Array.from({length: 100_000}, (_, index) => `m${index}`);
	const {listing} = await listingOf(t, modelList(...ids), {waitMs: 30_000});

	const {models, leftOut} = listing as Extract<Listing, {status: 'listed'}>;

	assert.deepEqual([models.length, leftOut], [2000, 98_000]);
});

for (const [what, scene, expected, reason] of [
	[
		'401',
		status(401, {error: {message: 'No.'}}),
		'key-refused',
		/refused the key/,
	],
	[
		'403',
		status(403, {error: {message: 'No.'}}),
		'key-refused',
		/403.*BOX_KEY/,
	],
	[
		"Gemini's 400 for a bad key",
		status(400, {
			body: '{"error":{"code":400,"message":"API key not valid.","details":[{"reason":"API_KEY_INVALID"}]}}',
		}),
		'key-refused',
		/BOX_KEY/,
	],
	['404', status(404, {body: '<html>'}), 'no-list', /no list.*404/],
	['500', status(500, {body: 'Oops'}), 'no-list', /500/],
	['a page', status(200, {body: '<html>'}), 'no-list', /no list/],
	['JSON without a list', body({data: 'many'}), 'no-list', /no list/],
	['a list of JSON', body([{id: 'a'}]), 'listed', null],
	[
		'too much to be a list',
		body({data: [], more: 'x'.repeat(9_000_000)}),
		'no-list',
		/no list/,
	],
	[
		'an answer that breaks off',
		{body: ['{"da'], ending: 'cut'},
		'unreachable',
		/box/,
	],
] as const satisfies ReadonlyArray<
	readonly [string, Scene, Listing['status'], RegExp | null]
>) {
	test(`${what} is told as ${expected}`, async t => {
		const {listing} = await listingOf(t, scene, {waitMs: 30_000});

		assert.equal(listing.status, expected);

		if (listing.status !== 'listed') {
			assert.match(listing.reason, reason!);
			assert.ok(!listing.reason.includes(testKey));
			assert.match(listing.reason, /\.$/);
		}
	});
}

test('a server that is not there, or does not answer in time, is unreachable', async t => {
	const {listing} = await listingOf(
		t,
		{body: ['{'], ending: 'stall'},
		{waitMs: 50},
	);
	const gone = await askForModels(
		{name: 'box', baseUrl: await closedUrl(), keyEnv: null, api: 'chat'},
		null,
		{fetch, waitMs: 3000},
	);

	assert.deepEqual(listing, {
		status: 'unreachable',
		reason: 'box did not answer within 0.05 s.',
	});
	assert.match(
		JSON.stringify(gone),
		/unreachable.*No server answers at http:\/\/127/,
	);
});

test('a certificate nobody trusts is told apart', async () => {
	const refuse: typeof fetch = async () => {
		throw new TypeError('fetch failed', {
			cause: Object.assign(new Error('self-signed certificate'), {
				code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
			}),
		});
	};

	const listing = await askForModels(
		{name: 'box', baseUrl: 'https://box.example', keyEnv: null, api: 'chat'},
		null,
		{fetch: refuse, waitMs: 3000},
	);

	assert.equal(listing.status, 'tls');
});

test('a key is not taken along to another server', async t => {
	const other = await startWirePlayer(() => modelList('a'));
	t.after(other.close);
	const {listing} = await listingOf(
		t,
		{status: 307, headers: {location: `${other.url}/models`}, body: []},
		{api: 'gemini'},
	);

	assert.equal(listing.status, 'no-list');
	assert.deepEqual(other.seen, []);
});

test('for a name that has to be found, ids are enough', async t => {
	const player = await startWirePlayer(() => modelList('a', 'b'));
	t.after(player.close);
	const box: Endpoint = {
		name: 'box',
		baseUrl: player.url,
		keyEnv: null,
		api: 'chat',
	};

	assert.deepEqual(await listModels(box, null, fetch), ['a', 'b']);
	assert.equal(
		await listModels({...box, baseUrl: await closedUrl()}, null, fetch),
		null,
	);
});
