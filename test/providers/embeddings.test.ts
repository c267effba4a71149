import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {cosines} from '../../source/providers/embeddings.js';
import {createModels} from '../../source/providers/resolve.js';
import {secretKey} from '../helpers/scripted.js';
import {startWirePlayer, type Scene} from '../helpers/wire-player.js';

const reply = (body: unknown, status = 200): Scene => ({
	status,
	headers: {'content-type': 'application/json'},
	body: [typeof body === 'string' ? body : JSON.stringify(body)],
});

const vectorsReply = (vectors: readonly unknown[], tokens: unknown = 12) =>
	reply({
		data: vectors
			.map((embedding, index) => ({index, embedding}))
			// Their order is not promised.
			.toReversed(),
		usage: {prompt_tokens: tokens},
	});

async function server(t: TestContext, scene: Scene) {
	const player = await startWirePlayer(() => scene);
	t.after(player.close);
	const models = createModels({
		endpoints: [
			{name: 'lab', baseUrl: player.url, keyEnv: 'LAB_KEY', api: 'chat'},
			{name: 'other', baseUrl: player.url, keyEnv: null, api: 'anthropic'},
		],
		keys: {lab: secretKey},
		prices: {'lab/embed': {input: 2, output: 0}},
		settings: {maxRetries: 0},
		random: () => 0.5,
	});
	return {player, models, embedder: await models.findEmbedder('lab/embed')};
}

const {signal} = new AbortController();

test('texts are compared in one request, and what it cost is known', async t => {
	const {player, embedder} = await server(
		t,
		vectorsReply([
			[1, 0],
			[1, 1],
			[-2, 0],
		]),
	);
	const {matrix, costUsd} = await embedder.compare(
		['A.', '', 'x'.repeat(30_000)],
		signal,
	);

	assert.equal(player.seen.length, 1);
	const [{path, json, headers}] = player.seen as [(typeof player.seen)[0]];
	assert.equal(path, '/v1/embeddings');
	assert.deepEqual(json, {
		model: 'embed',
		input: ['A.', '-', 'x'.repeat(20_000)],
		encoding_format: 'float',
	});
	assert.equal(headers['authorization'], `Bearer ${secretKey}`);
	assert.deepEqual(
		Object.keys(headers).filter(name => name.startsWith('x-stainless')),
		[],
	);
	assert.ok(Math.abs(matrix[0]![1]! - Math.SQRT1_2) < 1e-12);
	assert.equal(matrix[0]![2], -1);
	assert.ok(Math.abs(costUsd! - 24e-6) < 1e-12);
	assert.ok(Math.abs(embedder.priceOf(['x'.repeat(40)])! - 20e-6) < 1e-12);
});

test('many texts go in batches', async t => {
	const player = await startWirePlayer(({json}) =>
		vectorsReply((json['input'] as string[]).map(text => [Number(text), 1])),
	);
	t.after(player.close);
	const models = createModels({
		endpoints: [
			{name: 'lab', baseUrl: player.url, keyEnv: null, api: 'responses'},
		],
		random: () => 0.5,
	});
	const embedder = await models.findEmbedder('lab/embed');
	const {matrix, costUsd} = await embedder.compare(
		Array.from({length: 101}, (_, index) => String(index)),
		signal,
	);
	assert.deepEqual(
		player.seen.map(({json}) => (json['input'] as string[]).length),
		[100, 1],
	);
	assert.equal(matrix.length, 101);
	assert.equal(costUsd, 0, 'a server on this machine without a key is free');
});

test('what is no embedding is told, and no key with it', async t => {
	for (const scene of [
		reply({data: []}),
		reply({data: [{embedding: [1]}, {embedding: 'AAAA'}]}),
		reply({data: [{embedding: [1]}, {embedding: [1, 2]}]}),
		reply({data: [{embedding: [null]}, {embedding: [1]}]}),
		reply({
			data: [
				{index: 7, embedding: [1]},
				{index: 1, embedding: [1]},
			],
		}),
		reply([]),
		reply('null'),
		reply({error: {message: `No model for ${secretKey}.`}}, 404),
		reply({error: {message: 'Wrong key.'}}, 401),
		reply('<html>', 500),
		{body: [], ending: 'cut'} as const,
	]) {
		const {embedder} = await server(t, scene);
		const {problem, matrix} = await embedder.compare(['A.', 'B.'], signal);
		assert.deepEqual(matrix, []);
		assert.match(problem!, /lab/v);
		assert.doesNotMatch(problem!, new RegExp(secretKey, 'v'));
	}
});

test('a reply that is of no use has been paid for', async t => {
	const {embedder} = await server(
		t,
		reply({data: [], usage: {prompt_tokens: 1_000_000}}),
	);
	const {problem, costUsd} = await embedder.compare(['A.', 'B.'], signal);
	assert.match(problem!, /no embeddings/v);
	assert.ok(costUsd! > 0);
});

test('a reply that is no JSON is told in our words, and may have cost something', async t => {
	for (const body of ['<html>', '{"data": [{"embedding": [NaN]}]}', '']) {
		const {embedder} = await server(t, reply(body));
		const {problem, costUsd} = await embedder.compare(['A.'], signal);
		assert.equal(problem, 'lab answered with no embeddings.');
		assert.equal(costUsd, null);
	}
});

test('use that is not told leaves the cost unknown', async t => {
	for (const tokens of [null, '12', -1]) {
		const {embedder} = await server(t, vectorsReply([[1], [1]], tokens));
		assert.equal((await embedder.compare(['A.', 'B.'], signal)).costUsd, null);
	}
});

test('one that is interrupted says so', async t => {
	const {embedder} = await server(t, {body: ['{'], ending: 'stall'});
	const controller = new AbortController();
	const comparing = embedder.compare(['A.'], controller.signal);
	controller.abort(new Error('Enough.'));
	await assert.rejects(comparing, /Enough/v);
});

test('a model that makes no embeddings is named with what to do', async t => {
	const {models} = await server(t, reply({}));

	for (const [id, why] of [
		['nobody/embed', /No provider is known for the embedding model/v],
		['embed', /No provider is known/v],
		['other/embed', /other cannot be asked for embeddings/v],
	] as const) {
		await assert.rejects(models.findEmbedder(id), why);
	}
});

test('a vector without length is like none', () => {
	assert.deepEqual(
		cosines([
			[0, 0],
			[1, 0],
		]),
		[
			[0, 0],
			[0, 1],
		],
	);
});
