import assert from 'node:assert/strict';
import {test} from 'node:test';
import {cacheUseOf, type CacheFacts} from '../../source/core/cache-use.js';
import {type CallCache} from '../../source/core/events.js';
import {unknownUsage, type Usage} from '../../source/core/model.js';

const marked: CallCache = {
	isRequested: true,
	keptPart: 0,
	isSent: true,
	minimumTokens: 1024,
	lifetimeMs: 300_000,
};

const call = (
	callId: string,
	usage: Partial<Usage> | null,
	start: Partial<CacheFacts['start']> = {},
): CacheFacts => ({
	start: {
		callId,
		transcriptId: 't',
		extends: null,
		cache: marked,
		...start,
	},
	outcome: usage && {usage: {...unknownUsage, ...usage}},
});

const useAfter = (
	before: Partial<Usage> | null,
	usage: Partial<Usage> | null,
	start: Partial<CacheFacts['start']> = {},
) => {
	const first = call('a', before);
	const second = call('b', usage, {extends: 'a', ...start});
	return cacheUseOf(
		second,
		new Map([
			['a', first],
			['b', second],
		]),
	);
};

test('the first call of a transcript had nothing to read, so that it misses nothing', () => {
	const only = call('a', {inputTokens: 5000, cachedTokens: 0});

	assert.deepEqual(cacheUseOf(only, new Map([['a', only]])), {
		kind: 'first',
		prefixTokens: null,
		cachedTokens: 0,
		share: 0,
		minimumTokens: 1024,
	});
});

test('a first call that reads what another transcript wrote is a hit', () => {
	const only = call('a', {inputTokens: 5000, cachedTokens: 4000});

	assert.equal(cacheUseOf(only, new Map()).kind, 'hit');
});

test('what a call could have read is all that the one before it had read', () => {
	assert.deepEqual(
		useAfter({inputTokens: 1500}, {inputTokens: 2000, cachedTokens: 1400}),
		{
			kind: 'hit',
			prefixTokens: 1500,
			cachedTokens: 1400,
			share: 0.7,
			minimumTokens: 1024,
		},
	);
	assert.equal(
		useAfter({inputTokens: 1024}, {inputTokens: 2000, cachedTokens: 0}).kind,
		'miss',
	);
});

test('a prefix below what the provider keeps is no miss', () => {
	const use = useAfter({inputTokens: 700}, {inputTokens: 900, cachedTokens: 0});

	assert.equal(use.kind, 'below-minimum');
	assert.deepEqual([use.prefixTokens, use.minimumTokens], [700, 1024]);
});

test('what nobody reported is unknown and no miss', () => {
	assert.equal(useAfter({inputTokens: 1500}, {}).kind, 'unknown');
	assert.equal(useAfter({inputTokens: 1500}, null).kind, 'unknown');
	assert.equal(useAfter({}, {cachedTokens: 0}).kind, 'unknown');
	assert.equal(
		cacheUseOf(
			call('b', {inputTokens: 9, cachedTokens: 0}, {extends: 'gone'}),
			new Map(),
		).kind,
		'unknown',
	);
	assert.equal(useAfter({inputTokens: 1500}, {inputTokens: 9}).share, null);
});

test('a call that goes on from none may read the part of an earlier message that was kept', () => {
	const nothing = {extends: null};
	const kept = {inputTokens: 3000, cachedTokens: 0, cacheWriteTokens: 1200};
	const none = {inputTokens: 3000, cachedTokens: 0, cacheWriteTokens: 0};
	const read = {inputTokens: 3000, cachedTokens: 0};

	assert.equal(useAfter(kept, read, nothing).kind, 'miss');
	assert.equal(useAfter(kept, read, nothing).prefixTokens, 1200);
	assert.equal(useAfter(none, read, nothing).kind, 'below-minimum');
	assert.equal(
		useAfter(kept, read, {...nothing, transcriptId: 'other'}).kind,
		'first',
	);
});
