import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {Abort} from '../../source/core/abort.js';
import {memoryModes} from '../../source/core/consortium.js';
import {
	createConversation,
	restoreConversation,
} from '../../source/core/conversation.js';
import {type Usage} from '../../source/core/model.js';
import {UserError} from '../../source/core/user-error.js';
import {createRunControl} from '../../source/core/run-control.js';
import {answersOf} from '../../source/core/answers.js';
import {type RunEvent} from '../../source/core/events.js';
import {emptyRun} from '../../source/core/run-state.js';
import {pictureOf} from '../helpers/derived.js';
import {failure, fakeModel, type Beat} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, verdictText} from '../helpers/play.js';
import {arbiterScripts, memberScripts} from '../helpers/random-scripts.js';
import {
	assertHeardTheSame,
	castOf,
	essence,
	passing,
	resume,
	type Scripts,
} from '../helpers/resumed.js';
import {stillWorld} from '../helpers/world.js';

const breaking: Beat = {failure: failure({retryable: true})};
const lost: Beat = {failure: failure({kind: 'auth'})};
const inPieces = (text: string) => text.match(/.{1,40}/gsv) ?? [];
const unsure = inPieces(
	verdictText({confidence: 0.5, needsIteration: true, synthesis: 'Perhaps.'}),
);
const sure = inPieces(verdictText({synthesis: 'Surely.'}));
const noVerdict = ['<confidence>0.9</confidence>'];

/**
A run that is killed at any of its events, and resumed, ends as it would have, and asks nobody for what was said.
*/
async function assertSameWhereverCut(
	whole: Awaited<ReturnType<typeof play>>,
	options: Parameters<typeof resume>[1],
): Promise<void> {
	for (let length = 1; length < whole.events.length; length++) {
		const resumed = await resume([whole.events.slice(0, length)], options);
		assert.deepEqual(brokenRules(resumed.events), [], `at ${length}`);
		assert.deepEqual(essence(resumed), essence(whole), `at ${length}`);
		assertHeardTheSame(resumed.cast, options.cast);
	}
}

/**
Three iterations each, in which what can happen to a call happens.
*/
const plays: Readonly<Record<string, Scripts>> = {
	'all goes well': {
		a: [['one a'], ['two a'], ['three a']],
		b: [[{thinking: 'hm'}, 'one b'], ['two b'], ['three b']],
		c: [['one c <final>4</final>'], ['two c'], ['three c']],
		arbiter: [unsure, unsure, sure],
	},
	'members break, fail, are cut off and say nothing': {
		a: [['on', breaking], ['one a'], ['two a'], [lost]],
		b: [[lost], ['two b', {stop: 'length'}], ['three b']],
		c: [[], [breaking], [breaking], [breaking], ['three c']],
		arbiter: [unsure, unsure, sure],
	},
	'the arbiter is asked once more, and once in vain': {
		a: [['one a'], ['two a'], ['three a']],
		b: [['one b'], ['two b'], ['three b']],
		arbiter: [
			['No tags.'],
			unsure,
			[...unsure.slice(0, -2), '<synthesis>Half', {stop: 'length'}],
			noVerdict,
			[lost],
			sure,
		],
	},
	'the arbiter fails': {
		a: [['one a'], ['two a']],
		arbiter: [unsure, ['on', breaking], [breaking], [lost]],
	},
	'the arbiter says nothing': {
		a: [['one a']],
		arbiter: [[], []],
	},
	'nobody answers': {
		a: [[lost]],
		arbiter: [sure],
	},
};

for (const [name, scripts] of Object.entries(plays)) {
	for (const memory of memoryModes) {
		test(`killed at any event while ${name}, a run goes on as if nothing had been (${memory})`, async () => {
			const world = stillWorld();
			const cast = castOf(scripts);
			const whole = await play(cast, {
				world,
				consortium: {memory},
				onEvent: passing(world),
			});

			await assertSameWhereverCut(whole, {scripts, cast, world});
		});
	}
}

test('two arbiters, of whom one has judged, are not both asked again', async () => {
	const scripts = {
		a: [['one a'], ['two a']],
		first: [unsure, sure],
		second: [unsure, sure],
	};
	const consortium = {
		members: [{slot: 'a', model: 'a', count: 1}],
		arbiters: [{model: 'first'}, {model: 'second'}],
	};
	const world = stillWorld();
	const cast = castOf(scripts);
	const whole = await play(cast, {world, consortium});

	for (let length = 1; length < whole.events.length; length++) {
		const resumed = await resume([whole.events.slice(0, length)], {
			scripts,
			cast,
			world,
		});
		assert.deepEqual(essence(resumed), essence(whole), `at ${length}`);
		assertHeardTheSame(resumed.cast, cast);
	}
});

test('what an arbiter said of the opposite order is read, not bought again', async () => {
	const close = (ranking: string) => [
		verdictText({confidence: 0.6, needsIteration: true, ranking}),
	];
	const scripts = {
		a: [['one a'], ['two a']],
		b: [['one b'], ['two b']],
		arbiter: [close('A>B'), close('A>B'), close('B>A'), close('B>A')],
	};
	const options = {
		world: stillWorld(),
		consortium: {judging: 'rank', maxIterations: 2} as const,
	};
	const cast = castOf(scripts);
	const whole = await play(cast, options);
	assert.equal(cast['arbiter']!.heard.length, 4);

	await assertSameWhereverCut(whole, {scripts, cast, ...options});
});

test('what an arbiter said is read also where a review before it came to nothing', async () => {
	const review = [verdictText({ranking: 'A>B'})];
	const scripts = {
		a: [['one a'], ['']],
		b: [['one b'], review],
		c: [['one c'], review],
		arbiter: [sure],
	};
	const options = {
		world: stillWorld(),
		consortium: {judging: 'peer'} as const,
	};
	const cast = castOf(scripts);
	const whole = await play(cast, options);
	assert.equal(whole.result.answer, 'Surely.');

	await assertSameWhereverCut(whole, {scripts, cast, ...options});
});

test('what an arbiter said is read also where there is no money left', async () => {
	const scripts = {a: [['one a']], b: [['one b']], arbiter: [sure]};
	const options = {
		world: stillWorld(),
		consortium: {limits: {budgetUsd: 0.03, timeoutSeconds: 600}},
	};
	const cast = castOf(scripts);
	const whole = await play(cast, options);
	assert.equal(whole.result.status, 'converged');
	const judged = whole.events.findIndex(
		event => event.type === 'call-end' && event.purpose === 'synthesis',
	);
	const resumed = await resume([whole.events.slice(0, judged + 1)], {
		scripts,
		cast,
		...options,
	});

	assert.deepEqual(brokenRules(resumed.events), []);
	assert.deepEqual(essence(resumed), essence(whole));
});

test('a run that is broken off again and again, by a kill or by a person, comes to the same end', async () => {
	const breaks = fc.record({at: fc.nat(80), isKill: fc.boolean()});
	const ends = new Set<string>();

	await fc.assert(
		fc.asyncProperty(
			fc.array(memberScripts, {minLength: 1, maxLength: 3}),
			arbiterScripts,
			fc.array(breaks, {minLength: 1, maxLength: 4}),
			fc.constantFrom(...memoryModes),
			async (members, arbiter, cuts, memory) => {
				const scripts = {
					...Object.fromEntries(
						members.map((lines, index) => [`m${index}`, lines]),
					),
					arbiter,
				};
				const world = stillWorld();
				const cast = castOf(scripts);
				const whole = await play(cast, {
					world,
					consortium: {memory},
					onEvent: passing(world),
				});
				let {events: told} = whole;
				let last: Pick<typeof whole, 'result'> & {cast: typeof cast} = {
					...whole,
					cast,
				};

				for (const {at, isKill} of [...cuts, {at: Infinity, isKill: true}]) {
					const before = told.slice(
						0,
						Math.max(1, Math.min(at, told.length - 1)),
					);
					const from = isKill || at >= told.length ? before : told;
					const {status} = pictureOf(from).result ?? {status: null};

					if (status !== null && status !== 'cancelled') {
						continue;
					}

					const controller = new AbortController();
					const resumed = await resume([from], {
						scripts,
						cast,
						world,
						signal: controller.signal,
						onEvent(event) {
							passing(world)(event);

							if (!isKill && event.seq === from.length + at) {
								controller.abort(new Abort('person'));
							}
						},
					});
					assert.deepEqual(brokenRules(resumed.events), []);
					({events: told} = resumed);
					last = resumed;
				}

				ends.add(last.result.status);
				assert.deepEqual(essence(last), essence(whole));
				assertHeardTheSame(last.cast, cast);
			},
		),
		{numRuns: 300},
	);
	assert.ok(ends.size >= 3);
});

/**
A run of two iterations, and one that is made from it, in one conversation.
*/
async function derivedFrom(
	first: Scripts,
	kind: 'retry' | 'rearbitrate',
	redo: Readonly<Record<string, string | null>>,
	{budgetUsd = null}: {readonly budgetUsd?: number | null} = {},
) {
	const scripts = {other: [['other'], ['other again']], ...first};
	const world = stillWorld();
	const cast = castOf(scripts);
	const conversation = createConversation(world);
	const consortium = {
		members: Object.keys(first)
			.filter(name => name !== 'arbiter')
			.map(name => ({slot: name, model: name, count: 1})),
		limits: {budgetUsd: null, timeoutSeconds: 600},
	};
	const options = {world, conversation, onEvent: passing(world)};
	const before = await play(cast, {...options, consortium});
	const whole = await play(cast, {
		...options,
		consortium: {...consortium, limits: {budgetUsd, timeoutSeconds: 600}},
		from: {
			kind,
			run: pictureOf(before.events),
			redo: Object.entries(redo).map(([instance, model]) => ({
				instance,
				model,
			})),
		},
	});

	return {scripts, world, cast, consortium, before, whole};
}

const made: ReadonlyArray<
	[
		name: string,
		kind: 'retry' | 'rearbitrate',
		redo: Readonly<Record<string, string | null>>,
		scripts: Scripts,
	]
> = [
	[
		'judged again',
		'rearbitrate',
		{},
		{
			a: [['one a'], ['two a']],
			b: [['one b'], [lost]],
			arbiter: [unsure, sure, ['No tags.'], unsure],
		},
	],
	[
		'asked again, and goes on from there',
		'retry',
		{'a#1': null, 'b#1': 'other'},
		{
			a: [['one a'], [lost], ['again a'], ['three a']],
			b: [['one b'], ['two b']],
			arbiter: [unsure, sure, unsure, sure],
		},
	],
	[
		'asked again in vain',
		'retry',
		{'a#1': null},
		{
			a: [['one a'], ['two a'], [lost]],
			b: [['one b'], ['two b']],
			arbiter: [unsure, sure],
		},
	],
];

for (const [name, kind, redo, scripts] of made) {
	test(`a run that is ${name} can be killed at any event that follows what it took over`, async () => {
		const table = await derivedFrom(scripts, kind, redo);
		const {before, whole, cast, world} = table;
		const decided = whole.events.findIndex(({type}) => type === 'decision');
		assert.deepEqual(brokenRules(whole.events), []);

		for (let length = decided + 1; length < whole.events.length; length++) {
			const resumed = await resume(
				[before.events, whole.events.slice(0, length)],
				{scripts: table.scripts, cast, world},
			);

			assert.deepEqual(brokenRules(resumed.events), [], `at ${length}`);
			assert.deepEqual(essence(resumed), essence(whole), `at ${length}`);
			assertHeardTheSame(resumed.cast, cast);
		}
	});

	test(`a run that was ${name} and killed before that is not resumed, and made again from the one before`, async () => {
		const table = await derivedFrom(scripts, kind, redo);
		const {before, whole, cast, world} = table;
		const decided = whole.events.findIndex(({type}) => type === 'decision');
		assert.ok(decided > 1);

		for (let length = 1; length <= decided; length++) {
			const parts = [before.events, whole.events.slice(0, length)];
			await assert.rejects(
				resume(parts, {scripts: table.scripts, cast, world}),
				UserError,
			);
			const conversation = restoreConversation(
				world,
				before.result.conversationId,
				parts.map(events => pictureOf(events)),
			);
			assert.equal(conversation.previousRunId, before.result.runId);
		}
	});

	test(`a run that is ${name} within a budget too small goes on when there is more`, async () => {
		const {whole} = await derivedFrom(scripts, kind, redo);

		for (const budgetUsd of [0.005, 0.015, 0.025, 0.035]) {
			const table = await derivedFrom(scripts, kind, redo, {budgetUsd});
			const {before, whole: limited, world} = table;

			if (limited.result.status !== 'limited') {
				continue;
			}

			const resumed = await resume([before.events, limited.events], {
				scripts: table.scripts,
				cast: table.cast,
				world,
				consortium: table.consortium,
			});
			assert.deepEqual(brokenRules(resumed.events), []);
			assert.deepEqual(essence(resumed), essence(whole), `$${budgetUsd}`);
		}
	});
}

test('a run that was limited goes on when it may cost more, and buys nothing twice', async () => {
	const scripts = plays['all goes well']!;
	const unbroken = castOf(scripts);
	const first = stillWorld();
	const whole = await play(unbroken, {world: first, onEvent: passing(first)});
	const limited = new Set<string>();

	for (let calls = 0; calls < 12; calls++) {
		const world = stillWorld();
		const {events, result} = await play(castOf(scripts), {
			world,
			onEvent: passing(world),
			consortium: {
				limits: {budgetUsd: calls / 100 + 0.005, timeoutSeconds: 600},
			},
		});
		limited.add(`${result.status} after ${result.iterations.length}`);

		if (result.status !== 'limited') {
			continue;
		}

		const resumed = await resume([events], {
			scripts,
			cast: unbroken,
			world,
			consortium: {limits: {budgetUsd: null, timeoutSeconds: 600}},
		});
		assert.deepEqual(brokenRules(resumed.events), []);
		assertHeardTheSame(resumed.cast, unbroken);
		assert.deepEqual(essence(resumed), essence(whole), `${calls} calls`);
	}

	assert.ok(limited.has('limited after 0'));
	assert.ok(limited.has('limited after 3'));
});

test('an answer that the money cut off is given whole when there is more', async () => {
	const world = stillWorld();
	const dear = (lines: ReadonlyArray<readonly Beat[]>) => ({
		...fakeModel(lines),
		costOf: ({outputTokens}: Usage) =>
			outputTokens === null ? null : outputTokens / 1000,
	});
	const cast = {
		a: dear([Array.from({length: 20}, () => 'x'.repeat(1000))]),
		arbiter: dear([[verdictText()]]),
	};
	const limits = (budgetUsd: number) => ({
		limits: {budgetUsd, timeoutSeconds: 600},
	});
	const cut = await play(cast, {world, consortium: limits(2.5)});
	assert.equal(cut.result.status, 'limited');
	const run = pictureOf(cut.events);
	const {events, result} = await play(cast, {
		world,
		consortium: limits(50),
		conversation: restoreConversation(world, cut.result.conversationId, [run]),
		from: {kind: 'resume', run, redo: []},
	});

	assert.deepEqual(brokenRules([...cut.events, ...events]), []);
	assert.equal(result.status, 'converged');
	assert.deepEqual(
		result.iterations[0]!.instances.map(({state}) => state),
		['stopped', 'answered'],
	);
});

test('who was asked again or swapped is resumed as such, wherever the run is cut', async () => {
	const scripts: Scripts = {
		a: [['one a'], ['again a']],
		b: [['one b']],
		c: [['slow', 'hang']],
		arbiter: [sure],
		other: [['other b']],
	};
	const members = ['a', 'b', 'c'].map(name => ({
		slot: name,
		model: name,
		count: 1,
	}));
	const world = stillWorld();
	const cast = castOf(scripts);
	const control = createRunControl();
	const stopsC = (event: RunEvent) => {
		if (event.type === 'call-delta' && event.text === 'slow') {
			control.stop(event.callId);
		}
	};

	const {events} = await play(cast, {
		world,
		control,
		consortium: {members},
		onEvent(event) {
			stopsC(event);

			if (event.type === 'call-end' && event.outcome.text === 'one a') {
				control.retry('a#1');
				control.swap('b#1', 'other');
			}
		},
	});
	assert.deepEqual(brokenRules(events), []);
	assert.equal(cast['a']!.heard.length, 2);
	assert.equal(cast['other']!.heard.length, 1);

	for (let length = 1; length < events.length; length++) {
		const told = events.slice(0, length);
		const isRetried = told.some(
			event => event.type === 'control' && event.verb === 'retry',
		);
		const isSwapped = told.some(
			event => event.type === 'call-start' && event.model === 'other',
		);
		const resumed = await resume([told], {
			scripts,
			cast,
			world,
			control,
			onEvent: stopsC,
		});
		const [iteration] = pictureOf(resumed.events).iterations;

		assert.deepEqual(brokenRules(resumed.events), [], `at ${length}`);
		assert.deepEqual(
			answersOf(iteration!).map(({text}) => text),
			[
				isRetried ? 'again a' : 'one a',
				isSwapped ? 'other b' : 'one b',
				'slow',
			],
			`at ${length}`,
		);
	}
});

test('only the latest run of a conversation is resumed, and none that ended by itself', async () => {
	const world = stillWorld();
	const cast = castOf({a: [['one']], arbiter: [sure]});
	const {events, result} = await play(cast, {world});
	const run = pictureOf(events);
	const cut = pictureOf(events.slice(0, -1));
	const resumed = async (from: typeof run, runs: ReadonlyArray<typeof run>) =>
		play(cast, {
			world,
			conversation: restoreConversation(world, result.conversationId, runs),
			from: {kind: 'resume', run: from, redo: []},
		});

	await assert.rejects(resumed(run, [run]), UserError);
	await assert.rejects(resumed(emptyRun(), [run]), UserError);
	await assert.rejects(
		resumed(cut, [cut, {...run, runId: 'later'}]),
		UserError,
	);
	await resumed(cut, [cut]);
});
