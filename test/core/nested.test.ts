import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {Abort} from '../../source/core/abort.js';
import {type SavedConsortium} from '../../source/core/consortium.js';
import {restoreConversation} from '../../source/core/conversation.js';
import {type RunEvent} from '../../source/core/events.js';
import {forecastRun} from '../../source/core/forecast.js';
import {spentUsd} from '../../source/core/limits.js';
import {type Model} from '../../source/core/model.js';
import {paidCalls} from '../../source/core/paid-calls.js';
import {type Purse} from '../../source/core/purse.js';
import {createRunControl} from '../../source/core/run-control.js';
import {emptyRun, foldRun, type RunState} from '../../source/core/run-state.js';
import {failure, fakeModel, type Beat} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {consortiumOf, play, templates, verdictText} from '../helpers/play.js';
import {stillWorld} from '../helpers/world.js';

type Cast = Readonly<Record<string, Model>>;

const named = (
	name: string,
	members: readonly string[],
	arbiter: string,
	overrides: Partial<SavedConsortium> = {},
): SavedConsortium =>
	consortiumOf(
		{},
		{
			name,
			members: members.map(model => ({slot: model, model, count: 1})),
			arbiters: [{model: arbiter}],
			...overrides,
		},
	);

const saved = (...consortiums: readonly SavedConsortium[]) =>
	new Map(consortiums.map(each => [each.name, each]));

const says = (text: string) => fakeModel([[text]]);
const concludes = (synthesis: string, confidence = 0.9) =>
	fakeModel([[verdictText({synthesis, confidence})]]);

/**
Ask a consortium of `members`, weighed by `arbiter`.
*/
const ask = async (
	cast: Cast,
	members: readonly string[],
	{
		arbiter = 'arbiter',
		consortium = {},
		...options
	}: Parameters<typeof play>[1] & {readonly arbiter?: string} = {},
) =>
	play(cast, {
		...options,
		consortium: {...named('outer', members, arbiter), ...consortium},
	});

function pictureOf(events: readonly RunEvent[]): RunState {
	const run = emptyRun();

	for (const event of events) {
		foldRun(run, event);
	}

	return run;
}

const innerEvents = (events: readonly RunEvent[]) =>
	events.flatMap(event => (event.type === 'nested' ? [event.event] : []));

const callOf = (events: readonly RunEvent[], speaker: string) =>
	pictureOf(events)
		.calls.values()
		.find(({start}) => start.speaker === speaker)!;

const pair = named('pair', ['a', 'b'], 'judge');

const pairCast = () => ({
	a: says('One.'),
	b: says('Two.'),
	judge: concludes('Both are right.'),
	c: says('Three.'),
	arbiter: concludes('All in all.'),
});

test('a consortium answers as a member: its synthesis is the answer, its confidence the one it states', async () => {
	const cast = pairCast();
	const {events, result} = await ask(cast, ['pair', 'c'], {
		consortiums: saved(pair),
	});
	const [nested] = result.iterations[0]!.instances;
	const inner = innerEvents(events);

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(brokenRules(inner), []);
	assert.equal(result.status, 'converged');
	assert.equal(nested!.answer, 'Both are right.');
	assert.equal(nested!.confidence, 0.9);
	assert.match(
		cast.arbiter.heard[0]!.messages.map(each => JSON.stringify(each)).join(''),
		/Both are right\./,
	);
	assert.equal(callOf(events, 'pair#1').nested!.result?.status, 'converged');
});

test('the value it came to is its own: that of the winner, or the one in which all end', async () => {
	const value = (text: string) => says(`Well.\n<final>${text}</final>`);
	const voting = {strategies: [{name: 'voting', params: {}}]};

	for (const [inner, answers, final] of [
		[voting, ['42', '42', '7'], '42'],
		[{}, ['42', '42.0', '42'], '42'],
		[{}, ['42', '42', '7'], null],
	] as const) {
		const [a, b, c] = answers.map(each => value(each));
		const trio = named('trio', ['a', 'b', 'd'], 'judge', inner);
		const {events, result} = await ask(
			{...pairCast(), a: a!, b: b!, d: c!, c: value('42')},
			['trio', 'c'],
			{consortiums: saved(trio)},
		);
		assert.deepEqual(brokenRules(events), []);
		assert.equal(result.iterations[0]!.instances[0]!.final, final);
	}
});

test('its arbiter is asked to close a synthesis with its value, where that is an answer among others', async () => {
	const asked = async (
		inner: Parameters<typeof named>[3],
		synthesis = 'It is 42.\n<final>42</final>',
	) => {
		const cast = {...pairCast(), judge: concludes(synthesis)};
		const {events, result} = await ask(cast, ['pair', 'c'], {
			consortiums: saved(named('pair', ['a', 'b'], 'judge', inner)),
		});
		assert.deepEqual(brokenRules(events), []);
		return {
			isAsked: JSON.stringify(cast.judge.heard).includes('<final>its answer'),
			isOuterAsked: JSON.stringify(cast.arbiter.heard).includes(
				'<final>its answer',
			),
			final: result.iterations[0]!.instances[0]!.final,
		};
	};

	assert.deepEqual(await asked({}), {
		isAsked: true,
		isOuterAsked: false,
		final: '42',
	});
	assert.equal((await asked({}, 'Nobody knows.')).final, null);
	assert.equal((await asked({judging: 'rank'})).isAsked, false);
});

test('its answer streams while it is written, and is given at once when nothing streamed', async () => {
	const text = verdictText({synthesis: 'Long enough to stream.'});
	const cast = {
		...pairCast(),
		judge: fakeModel([[...text]]),
	};
	const streamed = await ask(cast, ['pair'], {consortiums: saved(pair)});
	const deltas = streamed.events.filter(({type}) => type === 'call-delta');
	assert.ok(deltas.length > 10);
	assert.equal(
		callOf(streamed.events, 'pair#1').text,
		'Long enough to stream.',
	);

	// With a ranking the best answer is known when the reply has ended.
	const ranked = await ask(
		{...pairCast(), judge: fakeModel([[verdictText({ranking: 'A>B'})]])},
		['pair'],
		{consortiums: saved({...pair, judging: 'rank'})},
	);
	assert.match(callOf(ranked.events, 'pair#1').text, /^(?:One|Two)\.$/v);
});

test('an answer that begins anew begins anew outside, and nothing of it stands twice', async () => {
	const [head, tail] = verdictText({synthesis: 'Right.'}).split('Right.', 2);
	const cast = {
		...pairCast(),
		judge: fakeModel([
			[`${head}Wro`, 'ng', {failure: failure({retryable: true})}],
			[`${head}Right.${tail}`],
		]),
	};
	const world = stillWorld();
	const {events, result} = await ask(cast, ['pair'], {
		world,
		consortiums: saved(pair),
		onEvent(event) {
			if (event.type === 'nested' && event.event.type === 'call-retry') {
				setImmediate(() => {
					void world.pass(1000);
				});
			}
		},
	});
	const call = callOf(events, 'pair#1');

	assert.deepEqual(brokenRules(events), []);
	assert.equal(call.text, 'Right.');
	assert.equal(call.brokenAttempts.length, 1);
	assert.equal(result.costIsComplete, false, 'the broken attempt is unknown');
});

test('three consortiums stand inside one another', async () => {
	const cast = {
		...pairCast(),
		upper: concludes('From deep inside.'),
	};
	const {events, result} = await ask(cast, ['middle'], {
		consortiums: saved(named('middle', ['pair'], 'upper'), pair),
	});

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(brokenRules(innerEvents(events)), []);
	assert.deepEqual(brokenRules(innerEvents(innerEvents(events))), []);
	assert.equal(result.iterations[0]!.instances[0]!.answer, 'From deep inside.');
	assert.equal(paidCalls(pictureOf(events)).length, 5);
	assert.ok(Math.abs(result.costUsd! - 0.05) < 1e-9);
});

for (const [what, members, consortiums, message] of [
	[
		'A consortium inside itself',
		['trio'],
		[named('trio', ['deep'], 'a'), named('deep', ['a'], 'trio')],
		/inside itself: outer → trio → deep → trio\./,
	],
	[
		'The run itself inside of it',
		['trio'],
		[named('trio', ['outer'], 'a'), named('outer', ['a'], 'a')],
		/inside itself: outer → trio → outer\./,
	],
	[
		'More than three',
		['x'],
		[named('x', ['y'], 'a'), named('y', ['z'], 'a'), named('z', ['a'], 'a')],
		/At most 3 consortiums .* outer → x → y → z\./,
	],
	[
		'Too many instances in all',
		['x', 'y'],
		['x', 'y'].map(name =>
			named(name, [], 'a', {members: [{slot: 'a', model: 'a', count: 140}]}),
		),
		/more than 256 instances/,
	],
	['One without members', ['x'], [named('x', [], 'a')], /"x" has no members/],
	[
		'Options that are a model’s',
		[],
		[named('x', ['a'], 'a')],
		/"x" is a saved consortium and takes no options of a model: temperature\./,
	],
] as const) {
	test(`${what} is refused before anything is called`, async () => {
		const a = says('Never.');
		await assert.rejects(
			ask({a, arbiter: a}, members, {
				consortiums: saved(...consortiums),
				...(members.length === 0 && {
					consortium: {
						members: [
							{slot: 'x', model: 'x', count: 1, options: {temperature: 1}},
						],
					},
				}),
			}),
			{name: 'UserError', message},
		);
		assert.equal(a.heard.length, 0);
	});
}

test('what a model of an inner consortium refuses is found before anything is called', async () => {
	const cast = {
		...pairCast(),
		b: {...says('No.'), refusalOf: () => 'It takes no temperature.'},
	};
	await assert.rejects(
		ask(cast, ['c', 'pair'], {consortiums: saved(pair)}),
		/It takes no temperature/,
	);
	assert.equal(cast.c.heard.length, 0);
});

test('a consortium never means itself, so that a model may have its name', async () => {
	const outer = says('I am a model.');
	const {result} = await ask(
		{outer, arbiter: concludes('So it is.')},
		['outer'],
		{consortiums: saved(named('outer', ['pair'], 'judge'))},
	);
	assert.equal(result.iterations[0]!.instances[0]!.answer, 'I am a model.');
});

test('what it said before is the conversation its members go on with', async () => {
	const cast = {
		...pairCast(),
		arbiter: fakeModel([
			[verdictText({confidence: 0.1, needsIteration: true})],
			[verdictText()],
		]),
	};
	const {result} = await ask(cast, ['pair', 'c'], {consortiums: saved(pair)});
	assert.equal(result.iterations.length, 2);

	const [first, second] = cast.a.heard;
	assert.deepEqual(first!.messages, [{role: 'user', parts: ['Why?']}]);
	assert.equal(second!.messages.length, 1, 'each run of it is a new one');
	const text = JSON.stringify(second!.messages);
	assert.match(text, /<question>\\nWhy\?/);
	assert.match(text, /<final_answer>\\nBoth are right\./);
});

test('what it is told as a member its own members are told after what is their own', async () => {
	const cast = pairCast();
	await ask(cast, ['pair'], {
		consortiums: saved({
			...pair,
			system: 'Be brief.',
			members: [
				{slot: 'a', model: 'a', count: 1},
				{slot: 'b', model: 'b', count: 1, system: 'Be long.'},
			],
		}),
		consortium: {
			members: [
				{
					slot: 'pair',
					model: 'pair',
					count: 1,
					role: 'You are the sceptic here.',
				},
			],
			system: 'Speak French.',
		},
	});
	const [a, b] = [cast.a, cast.b].map(({heard}) => heard[0]!.system!);

	assert.match(
		a!,
		/^Be brief\.\n\nSpeak French\.\n\nYou are the sceptic here\./,
	);
	assert.match(
		b!,
		/^Be long\.\n\nSpeak French\.\n\nYou are the sceptic here\./,
	);
	assert.equal(a!.split('<confidence>').length, 2, 'and the form only once');
});

test('a consortium that is told nothing of its own hears only what it is saved with', async () => {
	const [alone, inside] = [pairCast(), pairCast()];
	await play(alone, {consortium: pair});
	await ask(inside, ['pair'], {consortiums: saved(pair)});
	assert.equal(inside.a.heard[0]!.system, alone.a.heard[0]!.system);
});

test('a consortium weighs as an arbiter: its synthesis is read as the verdict', async () => {
	const cast = {
		c: says('Three.'),
		d: says('Four.'),
		a: says(verdictText({synthesis: 'A says so.'})),
		b: says(verdictText({synthesis: 'B says so.'})),
		judge: fakeModel([
			[
				verdictText({
					synthesis: verdictText({synthesis: 'Weighed.', confidence: 0.85}),
				}),
			],
		]),
	};
	const {events, result} = await ask(cast, ['c', 'd'], {
		arbiter: 'pair',
		consortiums: saved(pair),
	});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.answer, 'Weighed.');
	assert.equal(result.confidence, 0.85);
	assert.equal(result.status, 'converged');
	const prompt = JSON.stringify(cast.a.heard[0]!.messages);
	assert.match(prompt, /You are the arbiter of several independent answers/);
	assert.match(prompt, /Three\./);
	assert.doesNotMatch(cast.a.heard[0]!.system!, /You are the arbiter/);
	assert.doesNotMatch(
		JSON.stringify(cast.judge.heard),
		/<final>its answer/,
		'a verdict has no value',
	);
	assert.equal(
		events
			.filter(event => event.type === 'answer-delta')
			.map(({text}) => text)
			.join(''),
		'Weighed.',
	);
});

for (const [what, synthesis] of [
	['no section at all', 'I think that Three is best.'],
	['an unclosed one', '<synthesis>Three'],
	['control characters and tags', '\u001B[2J</synthesis><verdict>'],
] as const) {
	test(`what it writes as an arbiter with ${what} ends as a marked answer`, async () => {
		const {events, result} = await ask(
			{...pairCast(), judge: concludes(synthesis)},
			['c'],
			{
				arbiter: 'pair',
				consortiums: saved(pair),
				consortium: {maxIterations: 1},
			},
		);

		assert.deepEqual(brokenRules(events), []);
		assert.notEqual(result.status, 'converged');
		assert.equal(
			events.filter(
				event => event.type === 'call-start' && event.purpose === 'repair',
			).length,
			1,
		);
	});
}

test('an inner run without an answer is a failed call with its reason', async () => {
	const silent = () => fakeModel([[{failure: failure()}]]);
	const {events, result} = await ask(
		{...pairCast(), a: silent(), b: silent()},
		['pair', 'c'],
		{consortiums: saved(pair)},
	);
	const [nested] = result.iterations[0]!.instances;

	assert.deepEqual(brokenRules(events), []);
	assert.equal(nested!.state, 'failed');
	assert.match(nested!.failure!.message, /^pair gave no answer\./);
	assert.equal(result.status, 'degraded');
});

test('a degraded inner run degrades the outer one, at any depth, and says why', async () => {
	const {result} = await ask(
		{
			...pairCast(),
			a: fakeModel([[{failure: failure({message: 'Nobody home.'})}]]),
			upper: concludes('Above.'),
		},
		['middle', 'c'],
		{consortiums: saved(named('middle', ['pair'], 'upper'), pair)},
	);

	assert.equal(result.status, 'degraded');
	assert.match(
		result.reasons.join('\n'),
		/middle#1 \(middle\) ended as degraded: .*pair#1 \(pair\) ended as degraded: .*Nobody home\./,
	);
});

test('an unconverged inner run is named, also where it is the arbiter', async () => {
	const unsure = verdictText({
		confidence: 0.1,
		needsIteration: true,
		synthesis: verdictText({synthesis: 'Perhaps.'}),
	});
	const {result} = await ask(
		{...pairCast(), judge: fakeModel([[unsure]])},
		['c'],
		{arbiter: 'pair', consortiums: saved(pair)},
	);

	assert.equal(result.status, 'converged');
	assert.match(
		result.reasons.join('\n'),
		/arbiter#1 \(pair\) ended as unconverged:/,
	);
});

/**
A dollar for each thousand tokens of output that are expected, and so much for what is said.
*/
const priced = (script: readonly Beat[], costUsd: number): Model => ({
	...fakeModel([script]),
	costOf: ({outputTokens}) =>
		outputTokens === 1000 ? 1 : outputTokens === null ? null : costUsd,
});

test('the budget is one, and no cent of it is set aside twice', async () => {
	const cast = {
		a: priced(['One.'], 0.25),
		b: priced(['Two.'], 0.25),
		judge: priced([verdictText()], 0.5),
		arbiter: priced([verdictText()], 0.125),
	};
	const withBudget = async (budgetUsd: number) =>
		ask(cast, ['pair'], {
			consortiums: saved(pair),
			consortium: {limits: {budgetUsd, timeoutSeconds: 600}},
		});

	// Before the last call 1 was spent, and 1 more is set aside.
	const enough = await withBudget(2);
	assert.equal(enough.result.status, 'converged');
	assert.equal(enough.result.costUsd, 1.125);
	assert.equal(enough.result.costIsComplete, true);
	assert.equal(callOf(enough.events, 'pair#1').outcome!.costUsd, 1);

	// Both members are asked at once.
	const scarce = await withBudget(1.99);
	assert.equal(scarce.result.answer, null);
	assert.equal(scarce.result.status, 'limited');
	assert.equal(scarce.result.exitCode, 6);
	assert.match(
		scarce.result.reasons.join(' '),
		/budget of \$1\.99 would be exceeded/,
	);
	assert.equal(scarce.result.costUsd, 0);
	const {nested, outcome} = callOf(scarce.events, 'pair#1');
	assert.equal(nested!.result!.status, 'limited');
	assert.match(
		outcome!.failure!.message,
		/^pair gave no answer\. The budget of \$1\.99 would be exceeded/v,
	);
});

test('a limit that keeps one inside from answering limits the whole run, also as the arbiter and at any depth', async () => {
	const limits = {budgetUsd: 0.5, timeoutSeconds: 600};
	const poor = {...pair, limits};
	const cast = {
		a: priced(['One.'], 0),
		b: priced(['Two.'], 0),
		judge: priced([verdictText()], 0),
		c: priced(['Three.'], 0),
		arbiter: priced([verdictText()], 0),
	};
	const deep = await ask(cast, ['whole'], {
		consortiums: saved(poor, named('whole', ['pair'], 'judge')),
	});
	assert.equal(deep.result.status, 'limited');
	assert.equal(
		callOf(deep.events, 'whole#1').nested!.result!.status,
		'limited',
	);

	const weighing = await ask(cast, ['c'], {
		arbiter: 'pair',
		consortiums: saved(poor),
	});
	assert.equal(weighing.result.answer, 'Three.');
	assert.equal(weighing.result.status, 'limited');

	const broken = await ask(
		{...cast, arbiter: fakeModel([[{failure: failure()}]])},
		['pair', 'c'],
		{consortiums: saved(poor)},
	);
	assert.equal(broken.result.status, 'degraded', 'the limit was not why');
});

test('an inner budget holds as well', async () => {
	const cast = {
		a: priced(['One.'], 0.25),
		b: priced(['Two.'], 0.25),
		judge: priced([verdictText()], 0.5),
		c: priced(['Three.'], 0),
		arbiter: priced([verdictText()], 0),
	};
	const {result} = await ask(cast, ['pair', 'c'], {
		consortiums: saved({
			...pair,
			limits: {budgetUsd: 1, timeoutSeconds: 600},
		}),
	});

	assert.equal(result.status, 'degraded');
	assert.match(result.reasons.join(' '), /The budget of \$1 would be exceeded/);
});

test('a purse hears of every inner call once, with what it cost', async () => {
	const reserved = new Map<string, number>();
	const settled = new Map<string, number | null>();
	const purse: Purse = {
		reserve(callId, usd) {
			reserved.set(callId, usd);
			return null;
		},
		settle(callId, usd) {
			settled.set(callId, usd);
		},
	};
	const {result} = await ask(pairCast(), ['pair', 'c'], {
		purse,
		consortiums: saved(pair),
	});

	assert.deepEqual(
		settled.keys().toArray().toSorted(),
		reserved.keys().toArray().toSorted(),
	);
	assert.equal(
		settled
			.values()
			.reduce<number>((sum, usd) => sum + (usd ?? NaN), 0)
			.toFixed(6),
		result.costUsd!.toFixed(6),
	);
});

test('the time of the outer run is over inside as well', async () => {
	const world = stillWorld();
	const cast = pairCast();
	const {result} = await ask(cast, ['pair'], {
		world,
		consortiums: saved(pair),
		consortium: {limits: {budgetUsd: null, timeoutSeconds: 5}},
		onEvent(event) {
			if (event.type === 'nested' && event.event.type === 'call-send') {
				void world.pass(5000);
			}
		},
	});

	assert.equal(result.status, 'limited');
	assert.match(
		result.reasons.join(' '),
		/The time limit of 5 s was reached\./v,
	);
	assert.equal(cast.judge.heard.length, 0, 'nobody inside began after it');
});

test('what goes on inside when the time of the outer run has long been over is given up with it', async () => {
	const world = stillWorld();
	const passAll = async () => {
		await world.pass(5000);
		await world.pass(60_000);
	};

	const {events, result} = await ask(
		{...pairCast(), b: hanging('Half of two')},
		['pair'],
		{
			world,
			consortiums: saved(pair),
			consortium: {limits: {budgetUsd: null, timeoutSeconds: 5}},
			onEvent(event) {
				if (
					event.type === 'nested' &&
					event.event.type === 'call-delta' &&
					event.event.text === 'Half of two'
				) {
					void passAll();
				}
			},
		},
	);
	const {nested} = callOf(events, 'pair#1');

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(brokenRules(innerEvents(events)), []);
	assert.equal(result.status, 'limited');
	assert.equal(nested!.result!.status, 'limited');
	assert.ok(
		nested!.calls.values().some(({outcome}) => outcome?.abort === 'time'),
	);
});

const hanging = (text: string) => fakeModel([[text, 'hang']]);

test('a run that is cancelled cancels what goes on inside, which tells its end', async () => {
	const controller = new AbortController();
	const {events, result} = await ask(
		{...pairCast(), a: hanging('Half')},
		['pair', 'c'],
		{
			signal: controller.signal,
			consortiums: saved(pair),
			onEvent(event) {
				if (event.type === 'nested' && event.event.type === 'call-delta') {
					controller.abort(new Abort('pipe'));
				}
			},
		},
	);
	const call = callOf(events, 'pair#1');

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(brokenRules(innerEvents(events)), []);
	assert.equal(result.status, 'cancelled');
	assert.equal(result.exitCode, 141);
	assert.equal(call.state, 'cancelled');
	assert.equal(call.nested!.result!.status, 'cancelled');
	assert.ok(call.nested!.calls.values().every(({outcome}) => outcome !== null));
});

for (const [verb, isAll] of [
	['stopped', false],
	['to answer now', true],
] as const) {
	test(`one that is ${verb} weighs what is there, and keeps it`, async () => {
		const control = createRunControl();
		let isDone = false;
		const {events, result} = await ask(
			{...pairCast(), a: says('One.'), b: hanging('Half of two')},
			['pair', 'c'],
			{
				control,
				consortiums: saved(pair),
				onEvent(event) {
					if (
						!isDone &&
						event.type === 'nested' &&
						event.event.type === 'call-delta' &&
						event.event.text === 'Half of two'
					) {
						isDone = isAll
							? control.answerNow()
							: control.stop(event.parentCallId);
					}
				},
			},
		);
		const call = callOf(events, 'pair#1');

		assert.equal(isDone, true);
		assert.deepEqual(brokenRules(events), []);
		assert.deepEqual(brokenRules(innerEvents(events)), []);
		assert.equal(call.state, 'stopped');
		assert.equal(call.text, 'Both are right.');
		assert.notEqual(result.answer, null);
		assert.equal(call.nested!.iterations.length, 1);
		assert.ok(call.nested!.isAnswerWanted);
	});
}

test('one that is stopped while its arbiter speaks ends with that verdict', async () => {
	const control = createRunControl();
	const unsure = verdictText({confidence: 0.1, needsIteration: true});
	const {events} = await ask(
		{
			...pairCast(),
			judge: fakeModel([[unsure.slice(0, 20), unsure.slice(20)]]),
		},
		['pair', 'c'],
		{
			control,
			consortiums: saved(pair),
			onEvent(event) {
				if (
					event.type === 'nested' &&
					event.event.type === 'call-delta' &&
					event.event.text === unsure.slice(0, 20)
				) {
					assert.ok(control.stop(event.parentCallId));
				}
			},
		},
	);
	const call = callOf(events, 'pair#1');

	assert.deepEqual(brokenRules(events), []);
	assert.equal(call.state, 'stopped');
	assert.equal(call.text, 'Because.');
	assert.equal(
		call
			.nested!.calls.values()
			.filter(({sentAt}) => sentAt !== null)
			.toArray().length,
		3,
		'nobody was asked again',
	);
});

test('one that was stopped before anybody said anything has no answer', async () => {
	const control = createRunControl();
	const {events, result} = await ask(
		{...pairCast(), a: fakeModel([['hang']]), b: fakeModel([['hang']])},
		['pair', 'c'],
		{
			control,
			consortiums: saved(pair),
			onEvent(event) {
				if (event.type === 'nested' && event.event.type === 'call-send') {
					control.stop(event.parentCallId);
				}
			},
		},
	);

	assert.deepEqual(brokenRules(events), []);
	assert.equal(callOf(events, 'pair#1').state, 'stopped');
	assert.equal(callOf(events, 'pair#1').text, '');
	assert.equal(result.answer, 'All in all.');
});

test('whoever leaves the stream early leaves nothing running inside', async () => {
	let isStopped = false;
	const a: Model = {
		...says('One.'),
		async *call(_request, signal) {
			yield {type: 'send'};
			yield {type: 'text', text: 'Half'};
			await new Promise(resolve => {
				signal.addEventListener('abort', resolve);
			});
			isStopped = true;
		},
	};
	await assert.rejects(
		ask({...pairCast(), a}, ['pair'], {
			consortiums: saved(pair),
			onEvent(event) {
				if (event.type === 'nested' && event.event.type === 'call-delta') {
					throw new Error('Gone.');
				}
			},
		}),
		/Gone\./,
	);
	assert.equal(isStopped, false);
});

test('what was broken off inside begins anew when the run is resumed, and what it cost counts', async () => {
	const world = stillWorld();
	const cast = {
		...pairCast(),
		a: priced(['One.'], 0.25),
		b: priced(['Two.'], 0.25),
		judge: priced([verdictText({synthesis: 'Both are right.'})], 0.25),
		arbiter: priced([verdictText()], 0.25),
	};
	const consortium = {limits: {budgetUsd: 4, timeoutSeconds: 600}};
	const options = {world, consortiums: saved(pair), consortium};
	const whole = await ask(cast, ['pair'], options);
	const end = whole.events.findLastIndex(
		event =>
			event.type === 'nested' &&
			event.event.type === 'call-end' &&
			event.event.purpose === 'answer',
	);
	const broken = pictureOf(whole.events.slice(0, end + 1));
	const {conversationId} = broken.start!;
	const resumed = await ask(cast, ['pair'], {
		...options,
		conversation: restoreConversation(world, conversationId, [broken]),
		from: {kind: 'resume', run: broken, redo: []},
	});
	const all = pictureOf([...whole.events.slice(0, end + 1), ...resumed.events]);
	const calls = all.calls
		.values()
		.filter(({start}) => start.speaker === 'pair#1')
		.toArray();

	assert.equal(resumed.result.status, 'converged');
	assert.deepEqual(
		calls.map(({state}) => state),
		['cancelled', 'answered'],
	);
	assert.deepEqual(
		calls.map(({nested}) => nested!.calls.size),
		[2, 3],
	);
	// Two answers of the first time, then four calls.
	assert.equal(resumed.result.costUsd, 1.5);
	assert.equal(spentUsd(broken, new Map(Object.entries(cast))), 0.5);
});

test('a forecast tells what consortiums inside would call, with as many iterations as are supposed', async () => {
	const cast = pairCast();
	const outer = {...named('outer', ['pair', 'c'], 'arbiter'), maxIterations: 1};
	const forecast = await forecastRun(outer, 'Why?', {
		models: new Map(Object.entries(cast)),
		templates,
		world: stillWorld(),
		consortiums: saved({...pair, maxIterations: 4}),
	});

	assert.deepEqual(
		[forecast.low.calls, forecast.likely.calls, forecast.high.calls],
		[5, 8, 14],
	);
	assert.ok(
		forecast.calls.some(({speaker}) => speaker === 'pair#1 → arbiter#1'),
	);
	assert.ok(forecast.calls.every(({speaker}) => speaker !== 'pair#1'));
	assert.equal(cast.a.heard.length, 0);
});

test('a forecast of a consortium as an arbiter counts one verdict, not a second question for it', async () => {
	const outer = {...named('outer', ['c'], 'pair'), maxIterations: 1};
	const forecast = await forecastRun(outer, 'Why?', {
		models: new Map(Object.entries(pairCast())),
		templates,
		world: stillWorld(),
		consortiums: saved({...pair, maxIterations: 1}),
	});
	assert.equal(forecast.likely.calls, 4);
	assert.ok(forecast.calls.every(({purpose}) => purpose !== 'repair'));
});

/**
An arbiter may stream its synthesis and fail in the end, so that another answer is returned.
*/
const brokenWithin = (events: readonly RunEvent[]) =>
	brokenRules(events).filter(
		rule => rule !== 'the streamed answer is the answer',
	);

test('whatever happens inside and whenever it is ended, all streams are well-formed and every cent is counted once', async () => {
	const beats = fc.array(
		fc.oneof(
			fc.constantFrom<Beat>('Words. ', {thinking: 'Hm. '}, {stop: 'length'}),
			fc.constant<Beat>({failure: failure()}),
			fc.constant<Beat>(
				verdictText({synthesis: verdictText({synthesis: 'So.'})}),
			),
			fc.constant<Beat>(verdictText({confidence: 0.2, needsIteration: true})),
		),
		{maxLength: 3},
	);
	const script = fc.array(beats, {minLength: 1, maxLength: 3});

	await fc.assert(
		fc.asyncProperty(
			fc.record({
				a: script,
				b: script,
				judge: script,
				c: script,
				upper: script,
			}),
			fc.record({
				at: fc.nat(120),
				how: fc.constantFrom('cancel', 'stop', 'answer-now', 'nothing'),
				arbiter: fc.constantFrom('pair', 'upper'),
			}),
			async (scripts, {at, how, arbiter}) => {
				const controller = new AbortController();
				const control = createRunControl();
				const settled = new Map<string, number | null>();
				const cast = Object.fromEntries(
					Object.entries(scripts).map(([name, lines]) => [
						name,
						fakeModel(lines),
					]),
				);
				let count = 0;
				const {events, result} = await ask(cast, ['middle', 'c'], {
					arbiter,
					control,
					signal: controller.signal,
					consortiums: saved(
						{...named('middle', ['pair', 'c'], 'upper'), maxIterations: 2},
						{...pair, maxIterations: 2},
					),
					consortium: {maxIterations: 2},
					purse: {
						reserve: () => null,
						settle(callId, usd) {
							settled.set(callId, usd);
						},
					},
					onEvent(event) {
						count++;

						if (count === at && how === 'cancel') {
							controller.abort(new Abort('person'));
						} else if (count === at && how === 'answer-now') {
							control.answerNow();
						} else if (
							count >= at &&
							how === 'stop' &&
							event.type === 'nested'
						) {
							control.stop(event.parentCallId);
						}
					},
				});
				const picture = pictureOf(events);

				assert.deepEqual(brokenWithin(events), []);

				for (const call of picture.calls.values()) {
					const inside = events.flatMap(event =>
						event.type === 'nested' && event.parentCallId === call.start.callId
							? [event.event]
							: [],
					);
					assert.deepEqual(inside.length === 0 ? [] : brokenWithin(inside), []);
				}

				for (const {nested, state, text} of picture.calls.values()) {
					if (nested && state === 'answered') {
						assert.equal(text, nested.result!.answer);
					}
				}

				const paid = paidCalls(picture).reduce(
					(sum, {outcome}) => sum + (outcome?.costUsd ?? 0),
					0,
				);
				const known = settled
					.values()
					.reduce<number>((sum, usd) => sum + (usd ?? 0), 0);
				assert.equal(
					result.costUsd?.toFixed(6) ?? paid.toFixed(6),
					paid.toFixed(6),
				);
				assert.equal(known.toFixed(6), paid.toFixed(6));
			},
		),
		{numRuns: 60},
	);
});
