import assert from 'node:assert/strict';
import {test} from 'node:test';
import {serve, textOf} from '../../source/core/forecast-cache.js';
import {
	type CacheHints,
	type Message,
	type ModelRequest,
	type PromptCache,
} from '../../source/core/model.js';

const said = (length: number, letter = 'q') => letter.repeat(length);
const user = (...parts: readonly string[]): Message => ({role: 'user', parts});
const assistant = (text: string): Message => ({
	role: 'assistant',
	text,
	native: null,
});

const system = said(400, 's');
const question = user(said(400));
const answer = assistant(said(800, 'a'));
const feedback = user(said(200, 'f'));

const requestOf = (
	messages: readonly Message[],
	through: CacheHints['through'],
	changes: Partial<ModelRequest> = {},
): ModelRequest => ({
	system,
	messages,
	options: {},
	purpose: 'answer',
	transcriptId: 't',
	cache: {key: 't', through},
	...changes,
});
const cacheOf = (
	kind: PromptCache['kind'],
	minimumTokens: number | null = 100,
): PromptCache => ({kind, minimumTokens, lifetimeMs: null, isShared: false});

/**
What a cache serves and keeps of requests that follow one another.
*/
function served(
	promptCache: PromptCache,
	requests: readonly ModelRequest[],
	isLucky = true,
) {
	const kept = new Map<string, string>();

	return requests.map(request => {
		const {cachedTokens, cacheWriteTokens} = serve(promptCache, request, {
			kept,
			isLucky,
		});
		return [cachedTokens, cacheWriteTokens];
	});
}

// 800, 1800 and 2800 characters: 200, 450 and 700 tokens.
const replies = [
	requestOf([question], {message: 0, part: 0}),
	requestOf([question, answer, feedback], {message: 2, part: 0}),
	requestOf([question, answer, feedback, answer, feedback], {
		message: 2,
		part: 0,
	}),
];

test('a text is all that a model reads, or what it reads up to a position', () => {
	const request = {
		system: 'S',
		messages: [user('1', '2'), assistant('3'), user('4', '5')],
	};

	assert.equal(textOf(request), 'S12345');
	assert.equal(textOf(request, {message: 0, part: 0}), 'S1');
	assert.equal(textOf(request, {message: 2, part: 0}), 'S1234');
	assert.equal(textOf({...request, system: null}), '12345');
});

test('with markers, what was kept is read, and what is newly marked is written', () => {
	assert.deepEqual(served(cacheOf('marker'), replies), [
		[0, 200],
		[200, 250],
		[450, 0],
	]);
});

test('with markers, nothing is read or written where there is none', () => {
	const unmarked = requestOf([question, answer, feedback], null);
	const unhinted = requestOf([question], null, {cache: null});

	assert.deepEqual(served(cacheOf('marker'), [replies[0]!, unmarked]), [
		[0, 200],
		[0, 0],
	]);
	assert.deepEqual(served(cacheOf('marker'), [unhinted, unhinted]), [
		[0, 0],
		[0, 0],
	]);
});

test('with markers, a prefix that changed is not read, however much of it is the same', () => {
	const other = requestOf([user(said(399) + 'x')], {message: 0, part: 0});

	assert.deepEqual(served(cacheOf('marker'), [replies[0]!, other]), [
		[0, 200],
		[0, 200],
	]);
});

test('with a key, all is written, and the common beginning is read', () => {
	assert.deepEqual(served(cacheOf('key'), replies), [
		[0, 200],
		[200, 250],
		[450, 250],
	]);

	const rebuilt = requestOf([user(said(400) + said(800, 'f'))], null);
	const other = requestOf([user(said(200) + said(800, 'g'))], null);

	// They share 800 and 600 characters with the one before.
	assert.deepEqual(served(cacheOf('key'), [replies[0]!, rebuilt, other]), [
		[0, 200],
		[200, 200],
		[150, 200],
	]);
});

test('a cache that promises nothing serves only who is lucky, and no writing is billed', () => {
	const unhinted = replies.map(request => ({...request, cache: null}));
	const lucky = [
		[0, 0],
		[200, 0],
		[450, 0],
	];

	assert.deepEqual(served(cacheOf('implicit'), replies), lucky);
	assert.deepEqual(served(cacheOf('key'), unhinted), lucky);
	assert.deepEqual(served(cacheOf('implicit'), replies, false), [
		[0, 0],
		[0, 0],
		[0, 0],
	]);
	assert.deepEqual(served(cacheOf('key'), unhinted, false), [
		[0, 0],
		[0, 0],
		[0, 0],
	]);
});

for (const kind of ['marker', 'key'] as const) {
	test(`below its minimum a cache with a ${kind} keeps nothing; with an unknown one nothing is counted`, () => {
		assert.deepEqual(served(cacheOf(kind, 201), replies).slice(0, 2), [
			[0, 0],
			[0, 450],
		]);
		assert.deepEqual(served(cacheOf(kind, 200), replies)[1], [200, 250]);
		assert.deepEqual(served(cacheOf(kind, null), replies), [
			[0, 0],
			[0, 0],
			[0, 0],
		]);
	});
}

test('what one transcript keeps, another does not read', () => {
	const elsewhere = {...replies[0]!, transcriptId: 'u'};

	assert.deepEqual(served(cacheOf('key'), [replies[0]!, elsewhere]), [
		[0, 200],
		[0, 200],
	]);
});
