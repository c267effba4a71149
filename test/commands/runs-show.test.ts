import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {Ajv} from 'ajv';
import {parseArguments} from '../../source/commands/parse.js';
import {runs} from '../../source/commands/runs.js';
import {type ShownRun} from '../../source/commands/runs/show.js';
import {
	type CallCache,
	type RunEvent,
	type RunEventBody,
} from '../../source/core/events.js';
import {
	callStart,
	outcome,
	runOf,
	runStart,
	stamped,
	usage,
} from '../helpers/events.js';
import {failure, fakeModel} from '../helpers/fake-model.js';
import {fillLog} from '../helpers/filled-log.js';
import {placeAt} from '../helpers/place.js';
import {play, verdictText} from '../helpers/play.js';
import {emptyFolder} from '../helpers/program.js';

type BodyOf<Type extends RunEventBody['type']> = Extract<
	RunEventBody,
	{readonly type: Type}
>;

const asked: CallCache = {
	isRequested: true,
	keptPart: 0,
	isSent: true,
	minimumTokens: 1024,
	lifetimeMs: 300_000,
};

const startOf = (
	runId: string,
	speaker: string,
	changes: Partial<BodyOf<'call-start'>>,
): RunEventBody => ({
	...(callStart(runId, speaker, ['Why?']) as BodyOf<'call-start'>),
	...changes,
});

const endOf = (
	callId: string,
	speaker: string,
	changes: Parameters<typeof outcome>[0],
): RunEventBody => ({
	type: 'call-end',
	callId,
	iteration: 1,
	speaker,
	purpose: 'answer',
	committed: true,
	outcome: outcome({text: 'So.', ...changes}),
});

/**
The second question of a conversation: one goes on from a long call, one from a short one, one has another system prompt; then the process is killed and the run resumed.
*/
function secondRun(): RunEvent[] {
	const start = runStart('01b', 'And then?') as BodyOf<'run-start'>;
	const events = stamped('01b', [
		{
			...start,
			turn: 2,
			previousRunId: '01a',
			conversationId: '01a-chat',
			instances: start.instances.map((instance, index) => ({
				...instance,
				standing: index === 0 ? ('kept' as const) : ('changed' as const),
			})),
		},
		{type: 'iteration-start', iteration: 1, instances: ['opus#1', 'luna#1']},
		startOf('01b', 'opus#1', {
			callId: '01b-long',
			extends: '01a-opus-1',
			cache: asked,
		}),
		{type: 'call-send', callId: '01b-long', attempt: 1},
		endOf('01b-long', 'opus#1', {
			usage: {...usage, inputTokens: 900, cachedTokens: 0},
			costUsd: 0.5,
		}),
		startOf('01b', 'luna#1', {
			callId: '01b-hit',
			extends: '01b-long',
			cache: {...asked, isSent: false},
		}),
		{type: 'call-send', callId: '01b-hit', attempt: 1},
		endOf('01b-hit', 'luna#1', {
			usage: {
				inputTokens: 1000,
				cachedTokens: 800,
				cacheWriteTokens: 150,
				outputTokens: 60,
				reasoningTokens: null,
			},
			costUsd: 0.25,
		}),
		startOf('01b', 'opus#1', {callId: '01b-open', extends: '01b-hit'}),
		{type: 'call-send', callId: '01b-open', attempt: 1},
		{
			type: 'run-resume',
			limits: {budgetUsd: null, timeoutSeconds: 600},
		},
	]);

	return events.map(event => ({
		...event,
		t:
			event.t +
			(event.type === 'run-resume'
				? 3 * 3_600_000
				: event.type === 'call-send' && event.callId === '01b-hit'
					? 1500
					: 0),
	}));
}

const home = emptyFolder();
fillLog(home, [runOf('01a'), secondRun()]);

const shown = async (...words: readonly string[]) => {
	const place = placeAt({home});
	const call = parseArguments(['show', ...words], runs.flags);
	assert.equal(await runs.run({...call, place}), 0);
	return place.written().stdout;
};

test('every attempt of a call is told with its wait and its reason', async () => {
	const lines = await shown('01a');

	assert.match(
		lines,
		/attempt 1 failed: The model is overloaded\. Waited 500 ms\.\n +attempt 2 broke: The model is overloaded\. Waited 500 ms\.\n +│ Prob\n/,
	);
	assert.match(
		lines,
		/opus#1 answered .* first token 210 ms · 1\.5 s · \$0\.013/,
	);
	assert.match(lines, /tokens: 120 in \(64 cached\) · 30 out \(12 reasoning\)/);
});

test('what was asked of a cache, sent to it and observed are told apart', async () => {
	const lines = await shown('01b');

	assert.match(
		lines,
		/call 01b-long\n.*\n +cache: asked for, hint sent, below the minimum: 120 < 1024\n/,
	);
	assert.match(
		lines,
		/call 01b-hit\n +waited 1\.5 s for its place\n +tokens: 1000 in \(800 cached, 150 written\) · 60 out\n +cache: asked for, nothing sent, hit: 800 tokens, 80% of the input\n/,
	);
});

test('what a run cost is told for each speaker and for all', async () => {
	assert.match(
		await shown('01b'),
		/\nCost\n {2}opus#1 \(anthropic\/opus\) · 2 calls · .* · \$0\.500 or more\n {2}luna#1 \(openai\/luna\) · 1 call · .* · \$0\.250\n {2}all · 3 calls · .* · \$0\.750 or more\n/,
	);
});

test('who starts anew and how long a run lay still is told', async () => {
	const lines = await shown('01b');

	assert.match(
		lines,
		/\nluna#1 starts anew from the conversation: another model or system prompt\n/,
	);
	assert.doesNotMatch(lines, /opus#1 starts anew/);
	assert.match(lines, /↻ resumed after it had lain still for 180 min 00 s\n/);
	assert.match(lines, / · resumed once\n/);
});

test('a run as JSON is all that its schema says, and no more', async () => {
	const validate = new Ajv({strict: true, allErrors: true}).compile(
		JSON.parse(
			readFileSync(
				new URL('../../dist/run.schema.json', import.meta.url),
				'utf8',
			),
		) as object,
	);

	const {events} = await play({
		a: fakeModel([['One.'], [{wait: failure()}, 'Two.']]),
		b: fakeModel([['Lost.', {failure: failure()}], ['Late.']]),
		arbiter: fakeModel([
			[verdictText({confidence: 0.2, needsIteration: true})],
			[verdictText()],
		]),
	});
	const [{runId}] = events as [RunEvent];
	const folder = emptyFolder();
	fillLog(folder, [events, secondRun()]);

	for (const id of [runId, '01b']) {
		const place = placeAt({home: folder});
		const call = parseArguments(['show', id, '--json'], runs.flags);
		await runs.run({...call, place});
		validate(JSON.parse(place.written().stdout));
		assert.deepEqual(validate.errors ?? [], []);
	}
});

test('a run as JSON says of each call what its events tell only together', async () => {
	const run = JSON.parse(await shown('01b', '--json')) as ShownRun;

	assert.deepEqual(
		run.calls.map(({callId, queuedMs, cache}) => [
			callId,
			queuedMs,
			cache.kind,
			cache.prefixTokens,
			cache.share,
			cache.asked?.isSent ?? null,
		]),
		[
			['01b-long', 1, 'below-minimum', 120, 0, true],
			['01b-hit', 1501, 'hit', 900, 0.8, false],
			['01b-open', 1, 'unknown', 1000, null, null],
		],
	);
	assert.deepEqual(
		run.resumptions.map(({pausedMs}) => pausedMs),
		[3 * 3_600_000 + 1],
	);
	assert.deepEqual(
		run.costs.map(({speaker, calls, costUsd, costIsComplete}) => [
			speaker,
			calls,
			costUsd,
			costIsComplete,
		]),
		[
			['opus#1', 2, 0.5, false],
			['luna#1', 1, 0.25, true],
		],
	);
	assert.deepEqual(
		run.events.map(({seq}) => seq),
		secondRun().map(({seq}) => seq),
	);
	assert.equal(run.standings[1]?.standing, 'changed');
});

test('what waited before a first byte is in the JSON too', async () => {
	const run = JSON.parse(await shown('01a', '--json')) as ShownRun;
	const luna = run.calls.find(({speaker}) => speaker === 'luna#1');

	assert.deepEqual(
		luna?.retries.map(({attempt, delayMs, startsOver}) => [
			attempt,
			delayMs,
			startsOver,
		]),
		[
			[1, 500, false],
			[2, 500, true],
		],
	);
});
