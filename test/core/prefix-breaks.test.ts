import assert from 'node:assert/strict';
import {test} from 'node:test';
import {instancesOf, type Member} from '../../source/core/consortium.js';
import {type CallCache, type RunEventBody} from '../../source/core/events.js';
import {
	isSerious,
	prefixBreaks,
	type PrefixBreak,
} from '../../source/core/prefix-breaks.js';
import {type RunState} from '../../source/core/run-state.js';
import {pictureOf} from '../helpers/derived.js';
import {
	callStart,
	consortium,
	outcome,
	runStart,
	stamped,
	usage,
} from '../helpers/events.js';

const sentAt = 1_000_000;
const lifetimeMs = 300_000;
const kept: CallCache = {
	isRequested: true,
	keptPart: 0,
	isSent: true,
	minimumTokens: 1024,
	lifetimeMs,
};

/**
A run in which opus and luna answer, with what is changed of the calls of opus.
*/
function runWith({
	runId = 'one',
	cache = kept,
	inputTokens = 5000,
	model = 'anthropic/opus',
	options = {},
	state = 'answered',
}: {
	readonly runId?: string;
	readonly cache?: CallCache | null;
	readonly inputTokens?: number | null;
	readonly model?: string;
	readonly options?: Readonly<Record<string, unknown>>;
	readonly state?: 'answered' | 'failed';
} = {}): RunState {
	const calls = ['opus#1', 'luna#1'].flatMap((speaker): RunEventBody[] => {
		const start = callStart(runId, speaker, ['Why?']);
		const {callId} = start as Extract<RunEventBody, {type: 'call-start'}>;
		const isOpus = speaker === 'opus#1';

		return [
			{
				...(start as Extract<RunEventBody, {type: 'call-start'}>),
				cache,
				...(isOpus && {model, options}),
			},
			{type: 'call-send', callId, attempt: 1},
			{
				type: 'call-end',
				callId,
				iteration: 1,
				speaker,
				purpose: 'answer',
				committed: true,
				outcome: outcome({
					state: isOpus ? state : 'answered',
					usage: {...usage, inputTokens},
				}),
			},
		];
	});

	return pictureOf(
		stamped(
			runId,
			[
				runStart(runId, 'Why?'),
				{
					type: 'iteration-start',
					iteration: 1,
					instances: ['opus#1', 'luna#1'],
				},
				...calls,
			],
			// Opus is sent fourth.
			sentAt - 3,
		),
	);
}

const [opus, luna] = consortium.members as readonly [Member, Member];

const breaksWith = (
	runs: readonly RunState[],
	members: readonly Member[],
	{now = sentAt + 1, system = consortium.system} = {},
) => prefixBreaks(runs, instancesOf({...consortium, members, system}), now);

test('who stays as it was, is new or rests breaks nothing', () => {
	const third = {slot: 'sol', model: 'openai/sol', count: 1};

	assert.deepEqual(breaksWith([runWith()], [opus, luna]), []);
	assert.deepEqual(breaksWith([runWith()], [opus]), []);
	assert.deepEqual(breaksWith([runWith()], [opus, luna, third]), []);
	assert.deepEqual(breaksWith([], [opus, luna]), []);
});

test('another model, system prompt or role starts anew, with what was sent so far', () => {
	const other = {...opus, model: 'openai/sol'};
	const lost: PrefixBreak = {
		instance: 'opus#1',
		kind: 'anew',
		model: 'anthropic/opus',
		tokens: 5000,
		isLong: true,
		isWarm: true,
	};

	assert.deepEqual(breaksWith([runWith()], [other, luna]), [lost]);
	assert.deepEqual(
		breaksWith([runWith()], [{...opus, role: 'skeptic'}, luna]),
		[lost],
	);
	assert.deepEqual(
		breaksWith([runWith()], [opus, luna], {system: 'Doubt.'}).map(
			({instance, kind}) => [instance, kind],
		),
		[
			['opus#1', 'anew'],
			['luna#1', 'anew'],
		],
	);
});

test('who comes back to an earlier model goes on in what that was sent', () => {
	const swapped = runWith({runId: 'two', model: 'openai/sol'});

	assert.deepEqual(breaksWith([runWith(), swapped], [opus, luna]), []);

	const left = (...runs: readonly RunState[]) =>
		breaksWith(runs, [{...opus, model: 'openai/third'}, luna]).map(
			({model}) => model,
		);
	assert.deepEqual(left(runWith(), swapped), ['openai/sol']);
	assert.deepEqual(left(runWith(), swapped, runWith({runId: 'three'})), [
		'anthropic/opus',
	]);
});

test('another effort breaks the cache and keeps the transcript; how answers are drawn breaks nothing', () => {
	const kinds = (options: Readonly<Record<string, unknown>>) =>
		breaksWith([runWith()], [{...opus, options}, luna]).map(({kind}) => kind);

	assert.deepEqual(kinds({effort: 'high'}), ['uncached']);
	assert.deepEqual(kinds({ownOption: 1}), ['uncached']);
	assert.deepEqual(kinds({temperature: 1, maxTokens: 5, seed: 1}), []);
	assert.deepEqual(
		breaksWith(
			[runWith({options: {effort: 'low', own: 1}})],
			[{...opus, options: {own: 1, effort: 'low'}}, luna],
		),
		[],
		'whatever their order',
	);
});

test('a cache is warm as long as it was promised from the moment the request went out', () => {
	const warmth = (cache: CallCache | null, now: number) =>
		breaksWith([runWith({cache})], [{...opus, model: 'x/y'}], {now})[0]!.isWarm;

	assert.deepEqual(
		[
			warmth(kept, sentAt + lifetimeMs - 1),
			warmth(kept, sentAt + lifetimeMs + 1),
			warmth({...kept, isSent: false}, sentAt),
			warmth({...kept, lifetimeMs: null}, sentAt),
			warmth(null, sentAt),
		],
		[true, false, false, null, null],
	);
});

test('an answer that failed was never part of a transcript', () => {
	assert.deepEqual(
		breaksWith([runWith({state: 'failed'})], [{...opus, model: 'x/y'}]),
		[],
	);
});

test('what is worth a question is long, and more than a cache that has gone cold', () => {
	const isAsked = (
		run: Parameters<typeof runWith>[0],
		member: Partial<Member>,
		now = sentAt,
	) =>
		breaksWith([runWith(run)], [{...opus, ...member}], {now}).some(each =>
			isSerious(each),
		);
	const model = {model: 'x/y'};
	const effort = {options: {effort: 'high'}};
	const late = sentAt + lifetimeMs + 1;

	assert.equal(isAsked({}, model), true);
	assert.equal(isAsked({}, model, late), true);
	assert.equal(isAsked({}, effort), true);
	assert.equal(isAsked({}, effort, late), false);
	assert.equal(isAsked({inputTokens: 1023}, model), false);
	assert.equal(isAsked({inputTokens: 1024}, model), true);
	assert.equal(isAsked({inputTokens: null}, model), false);
	assert.equal(
		isAsked({inputTokens: 2000, cache: {...kept, minimumTokens: 4096}}, model),
		false,
	);
	assert.equal(isAsked({inputTokens: 1024, cache: null}, model), true);
});
