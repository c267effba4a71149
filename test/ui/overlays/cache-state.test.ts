import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createConversation} from '../../../source/core/conversation.js';
import {type CallCache} from '../../../source/core/events.js';
import {unknownUsage, type Usage} from '../../../source/core/model.js';
import {type RunState} from '../../../source/core/run-state.js';
import {cacheRows} from '../../../source/ui/overlays/cache-rows.js';
import {cacheStates} from '../../../source/ui/overlays/cache-state.js';
import {pictureOf} from '../../helpers/derived.js';
import {fakeModel} from '../../helpers/fake-model.js';
import {play, verdictText} from '../../helpers/play.js';
import {pricedModel} from '../../helpers/priced.js';
import {stillWorld} from '../../helpers/world.js';

const minutes = 60_000;

const marked: CallCache = {
	isRequested: true,
	keptPart: 0,
	isSent: true,
	minimumTokens: 1024,
	lifetimeMs: 5 * minutes,
};

type Said = {
	readonly cache?: Partial<CallCache> | null;
	readonly usage?: Partial<Usage>;
	readonly isRefused?: boolean;
};

/**
A run of one instance and an arbiter in which the instance's calls had these caches and reported this use, a minute after one another from 0.
*/
async function told(...calls: readonly Said[]): Promise<RunState> {
	const unsure = [verdictText({confidence: 0.1, needsIteration: true})];
	const {events} = await play(
		{
			opus: fakeModel([['Yes.']]),
			arbiter: fakeModel([unsure]),
		},
		{consortium: {maxIterations: calls.length, stop: 'confidence'}},
	);
	const picture = pictureOf(events);
	const own = picture.calls
		.values()
		.filter(({start}) => start.purpose === 'answer')
		.toArray();

	for (const call of picture.calls.values()) {
		const index = own.indexOf(call);
		const {cache = {}, usage = {}, isRefused} = calls[index] ?? {};
		Object.assign(call.start, {
			cache: index === -1 || cache === null ? null : {...marked, ...cache},
		});
		call.sentAt = index * minutes;
		call.outcome = {
			...call.outcome!,
			usage: {...unknownUsage, ...usage},
			firstTokenMs: isRefused ? null : 100,
		};
	}

	return picture;
}

const prefixOf = async (...calls: readonly Said[]) =>
	cacheStates([await told(...calls)]).find(({speaker}) => speaker === 'opus#1')!
		.prefix;

const wrote = (tokens: number, cachedTokens = 0): Partial<Usage> => ({
	inputTokens: tokens + cachedTokens,
	cachedTokens,
	cacheWriteTokens: tokens,
});

test('a prefix is kept for its lifetime after the last call that wrote or read it', async () => {
	assert.deepEqual(await prefixOf({usage: wrote(2000)}), {
		kind: 'kept',
		tokens: 2000,
		until: 5 * minutes,
	});
	assert.deepEqual(
		await prefixOf({usage: wrote(2000)}, {usage: wrote(500, 2000)}),
		{kind: 'kept', tokens: 2500, until: 6 * minutes},
	);
});

test('a last call that keeps nothing takes nothing away', async () => {
	assert.deepEqual(
		await prefixOf(
			{usage: wrote(2000)},
			{
				cache: {isRequested: false, keptPart: null, isSent: false},
				usage: {inputTokens: 2600, cachedTokens: 0, cacheWriteTokens: 0},
			},
		),
		{kind: 'kept', tokens: 2000, until: 5 * minutes},
	);
});

test('what is kept without being asked counts as long as the provider does not deny it', async () => {
	const cache = {isSent: false, keptPart: null, isRequested: false};
	assert.deepEqual(
		await prefixOf({cache, usage: {inputTokens: 3000, cachedTokens: 0}}),
		{kind: 'kept', tokens: 3000, until: 5 * minutes},
	);
	assert.deepEqual(
		await prefixOf({
			cache,
			usage: {inputTokens: 3000, cachedTokens: 0, cacheWriteTokens: 0},
		}),
		{kind: 'none', tokens: null},
	);
});

test('a prefix below the minimum is not kept, and one without a promise may be', async () => {
	assert.deepEqual(
		await prefixOf({usage: {inputTokens: 700, cachedTokens: 0}}),
		{kind: 'below-minimum', tokens: 700, minimumTokens: 1024},
	);
	assert.deepEqual(
		await prefixOf({
			cache: {minimumTokens: null, lifetimeMs: null},
			usage: {inputTokens: 700},
		}),
		{kind: 'unpromised', tokens: 700},
	);
});

test('what nobody reported or logged is unknown', async () => {
	const unknown = {kind: 'unknown', tokens: null};
	assert.deepEqual(await prefixOf({cache: null, usage: wrote(2000)}), unknown);
	assert.deepEqual(await prefixOf({cache: {isSent: false}}), unknown);
	assert.deepEqual(await prefixOf({}), {
		kind: 'kept',
		tokens: null,
		until: 5 * minutes,
	});
});

test('a call that was refused before anything came was not read', async () => {
	const states = cacheStates([await told({isRefused: true})]);
	assert.deepEqual(
		states.map(({speaker}) => speaker),
		['arbiter#1'],
	);
});

test('a speaker with another system prompt leaves its transcript behind', async () => {
	const world = stillWorld();
	const conversation = createConversation(world);
	const cast = {
		opus: fakeModel([['Yes.']]),
		arbiter: fakeModel([[verdictText()]]),
	};
	const runs = [];

	for (const system of [null, 'Doubt.']) {
		const {events} = await play(cast, {
			world,
			conversation,
			consortium: {system},
		});
		runs.push(pictureOf(events));
	}

	assert.deepEqual(
		cacheStates(runs).map(({speaker, isLeft}) => [speaker, isLeft]),
		[
			['opus#1', true],
			['arbiter#1', false],
			['opus#1', false],
		],
	);
});

const textOf = (
	picture: RunState,
	{
		now,
		usd = null,
		columns = 118,
	}: {
		readonly now: number | null;
		readonly usd?: number | null;
		readonly columns?: number;
	},
) => {
	const [state] = cacheStates([picture]);
	return cacheRows({pictures: [picture]}, columns, {
		now,
		rereadUsd: new Map([[state!.transcriptId, usd]]),
	}).map(row =>
		row
			.map(({text}) => text)
			.join('')
			.trimEnd(),
	);
};

test('the time until a cache is cold counts down, and what it costs to write it anew is told', async () => {
	const picture = await told({usage: wrote(2000)});
	assert.match(
		textOf(picture, {now: 0, usd: 0.0125})[1]!,
		/^opus#1 +opus +yes +yes +first +2\.0k +in 05:00 +\$0\.013$/,
	);
	assert.match(textOf(picture, {now: 4 * minutes})[1]!, / in 01:00 +\?$/);
	assert.match(textOf(picture, {now: 5 * minutes})[1]!, / cold +\?$/);
	assert.match(textOf(picture, {now: null})[1]!, / … +\?$/);
});

test('asked, sent and observed are three columns, and what is below the minimum is no miss', async () => {
	const short = await told(
		{usage: {inputTokens: 700, cachedTokens: 0, cacheWriteTokens: 0}},
		{usage: {inputTokens: 900, cachedTokens: 0, cacheWriteTokens: 0}},
	);
	const rows = textOf(short, {now: 0});
	assert.match(rows[0]!, /who +model +asked +sent +observed +kept +cold +anew/);
	assert.match(
		rows[1]!,
		/yes +yes +below the minimum \(700 < 1024\) +– +below the minimum \(900 < 1024\) +–$/,
	);
	assert.doesNotMatch(rows.slice(0, 3).join('\n'), /miss|hit/);
	const missed = await told(
		{cache: {isSent: false}, usage: wrote(2000)},
		{usage: wrote(2600)},
	);
	assert.match(textOf(missed, {now: 0})[1]!, /yes +yes +miss +2\.6k/);
	assert.match(textOf(missed, {now: 0, columns: 58})[1]!, /^opus#1 .*in 06:00/);
});

test('calls that report nothing leave every column unknown', async () => {
	const {events} = await play({
		opus: pricedModel([['Yes.']], [{}]),
		arbiter: fakeModel([[verdictText()]]),
	});
	assert.match(
		textOf(pictureOf(events), {now: 0})[1]!,
		/^opus#1 +opus +yes +no +first +\? +\? +\?$/,
	);
});
