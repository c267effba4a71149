import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type SavedConsortium} from '../../../source/core/consortium.js';
import {type RunEvent} from '../../../source/core/events.js';
import {createRunControl} from '../../../source/core/run-control.js';
import {assertStrategies} from '../../../source/core/strategies/known.js';
import {
	breakEven,
	tierNotes,
} from '../../../source/core/strategies/tier-costs.js';
import {isAccepted} from '../../../source/core/strategies/tiered.js';
import {UserError} from '../../../source/core/user-error.js';
import {failure, fakeModel} from '../../helpers/fake-model.js';
import {brokenRules} from '../../helpers/grammar.js';
import {consortiumOf, play, verdictText} from '../../helpers/play.js';
import {answersIn, modelThat, resumedAfter} from '../../helpers/readers.js';
import {essence} from '../../helpers/resumed.js';
import {vectors} from '../../helpers/vectors.js';
import {stillWorld} from '../../helpers/world.js';

type Samples = {
	readonly escalation: ReadonlyArray<{
		readonly first: number;
		readonly next: number;
		readonly share: number;
		readonly ofDirect: number;
		readonly breakEven: number;
	}>;
	readonly thresholds: {
		readonly rows: ReadonlyArray<readonly [number, 0 | 1, 0 | 1]>;
		readonly first: number;
		readonly next: number;
		readonly cases: ReadonlyArray<{
			readonly threshold: number;
			readonly accuracy: number;
			readonly escalated: number;
			readonly cost: number;
		}>;
	};
};

test('asking the cheap first pays while fewer runs escalate than the break-even says', () => {
	const samples = vectors<Samples>('patience').escalation;
	assert.equal(samples.length, 3);

	for (const {first, next, share, ofDirect, breakEven: expected} of samples) {
		const found = breakEven(first, next)!;
		assert.ok(Math.abs(found - expected) < 1e-9);
		assert.equal(share < found, ofDirect < 1);
	}

	assert.equal(breakEven(2, 2), null);
	assert.equal(breakEven(3, 2), null);
});

test('a threshold escalates what is below it, at the cost and accuracy of the samples', () => {
	const {rows, first, next, cases} = vectors<Samples>('patience').thresholds;
	assert.equal(cases.length, 2);

	for (const {threshold, accuracy, escalated, cost} of cases) {
		const accepted = rows.filter(([confidence]) =>
			isAccepted(
				{method: 'synthesis', confidence, agreement: null, groups: []},
				1,
				{
					settled: 0.9,
					confidence: threshold,
				},
			),
		);
		const share = 1 - accepted.length / rows.length;
		const right = rows.filter(row => row[accepted.includes(row) ? 1 : 2] === 1);
		assert.equal(share, escalated);
		assert.equal(first + share * next, cost);
		assert.ok(Math.abs(right.length / rows.length - accuracy) < 1e-6);
	}
});

test('answers are enough when the verdict is confident and nothing speaks against them', () => {
	const rule = {settled: 0.9, confidence: 0.8};
	const sure = (sizes: readonly number[], answered: number) =>
		isAccepted(
			{
				method: 'synthesis',
				confidence: 0.8,
				agreement: sizes[0]! / answered,
				groups: sizes.map(size => Array.from({length: size}, () => 'x')),
			},
			answered,
			rule,
		);

	assert.equal(sure([2], 2), true, 'nobody disagrees');
	assert.equal(sure([2, 1], 3), false);
	assert.equal(sure([2], 3), false, 'who is in no group is alone');
	assert.equal(sure([5, 1], 6), true);
	assert.equal(sure([4, 1], 5), false);
	assert.equal(
		isAccepted(
			{method: 'synthesis', confidence: null, agreement: 1, groups: []},
			3,
			rule,
		),
		false,
	);
});

const final = (value: string) => `I say so.\n<final>${value}</final>`;
const tiers = [['small'], ['big']];

const inTiers = (
	parameters: Record<string, unknown> | null = null,
	more: Partial<SavedConsortium> = {},
): Partial<SavedConsortium> => ({
	strategies: [{name: 'tiered', params: parameters ?? {tiers}}],
	members: [
		{slot: 'small', model: 'small', count: 3},
		{slot: 'big', model: 'big', count: 1},
	],
	...more,
});

/**
Three small ones that say these values, and a big one.
*/
function castSaying(
	values: readonly string[],
	confidenceFor: (answers: readonly string[]) => number,
	big = final('42'),
) {
	return {
		small: modelThat(() => final(values[0]!)),
		...Object.fromEntries(
			values.map((value, index) => [
				`small${index + 1}`,
				modelThat(() => final(value)),
			]),
		),
		big: modelThat(() => big),
		arbiter: modelThat(request => {
			const answers = answersIn(request).values().toArray();
			const confidence = confidenceFor(answers);
			return verdictText({
				confidence,
				needsIteration: confidence < 0.8,
				synthesis: `Of ${answers.length}.`,
			});
		}),
	};
}

const ofThree = (
	more: Partial<SavedConsortium> = {},
	parameters: Record<string, unknown> = {},
): Partial<SavedConsortium> =>
	inTiers(
		{tiers: [['small1', 'small2', 'small3'], ['big']], ...parameters},
		{
			members: ['small1', 'small2', 'small3', 'big'].map(slot => ({
				slot,
				model: slot,
				count: 1,
			})),
			...more,
		},
	);

const callsIn = (events: readonly RunEvent[]) =>
	events.flatMap(event =>
		event.type === 'call-start' ? [`${event.iteration} ${event.speaker}`] : [],
	);

const decisionsIn = (events: readonly RunEvent[]) =>
	events.flatMap(event => (event.type === 'decision' ? [event] : []));

test('the next tier is spared when the first agrees and the verdict is confident', async () => {
	const cast = castSaying(['42', '42', '42'], () => 0.9);
	const {events, result} = await play(cast, {consortium: ofThree()});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'converged');
	assert.equal(cast.big.heard.length, 0);
	const last = decisionsIn(events).at(-1)!;
	assert.match(last.reason, /^Tier 1 of 2 was enough\./v);
	assert.equal(last.saved?.calls, 1);
	assert.ok(last.saved.usd! > 0);
	assert.deepEqual(
		decisionsIn(events)[0]!.marks.map(({mark, text}) => `${mark}: ${text}`),
		['tier: Tier 1 of 2.', 'tier: Tier 1 of 2.', 'tier: Tier 1 of 2.'],
	);
});

test('a vote that the first tier wins is enough, though it has no confidence', async () => {
	const cast = castSaying(['42', '42', '42'], () => 0.9);
	const consortium = ofThree();
	const {result} = await play(cast, {
		consortium: {
			...consortium,
			strategies: [...consortium.strategies!, {name: 'voting', params: {}}],
		},
	});

	assert.equal(result.status, 'converged');
	assert.equal(cast.big.heard.length, 0);
	assert.equal(cast.arbiter.heard.length, 0);
});

test('values that contradict each other bring in the next tier before anything is judged', async () => {
	const cast = castSaying(['42', '43', '42'], () => 0.9);
	const {events, result} = await play(cast, {consortium: ofThree()});

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(callsIn(events), [
		'1 small1#1',
		'1 small2#1',
		'1 small3#1',
		'1 big#1',
		'1 arbiter#1',
	]);
	assert.equal(answersIn(cast.arbiter.heard[0]!).size, 4);
	assert.equal(result.answer, 'Of 4.');
	assert.deepEqual(
		cast.big.heard[0]!.messages,
		[{role: 'user', parts: ['Why?']}],
		'it has not seen the others',
	);
	assert.equal(
		decisionsIn(events).find(
			({iteration, action}) => iteration === 1 && action === 'ask',
		)!.reason,
		'The answers disagree: 2 of 3 say the same. Tier 2 is asked.',
	);
	assert.equal(decisionsIn(events).at(-1)!.saved, null);
});

test('a verdict that is not confident brings in the next tier, which sees nothing of the one before; the arbiter does', async () => {
	const cast = castSaying(['42', '42', '42'], answers =>
		answers.length === 1 ? 0.95 : 0.6,
	);
	const {events, result} = await play(cast, {consortium: ofThree()});

	assert.deepEqual(brokenRules(events), []);
	assert.deepEqual(callsIn(events).slice(4), ['2 big#1', '2 arbiter#1']);
	assert.deepEqual(cast.big.heard[0]!.messages, [
		{role: 'user', parts: ['Why?']},
	]);
	const brief = JSON.stringify(cast.arbiter.heard[1]!.messages.at(-1));
	assert.match(brief, /Of 3\./v);
	assert.match(brief, /have not seen what came before/v);
	assert.doesNotMatch(brief, /are revisions/v);
	assert.equal(result.status, 'converged');
	assert.equal(result.confidence, 0.95);
});

test('an arbiter that is content is not enough when its confidence is too low', async () => {
	const cast = {
		...castSaying(['42', '42', '42'], () => 0.9),
		arbiter: modelThat(() =>
			verdictText({confidence: 0.5, needsIteration: false}),
		),
	};
	await play(cast, {consortium: ofThree()});
	assert.equal(cast.big.heard.length, 1);

	const trusting = {...cast, big: modelThat(() => final('42'))};
	await play(trusting, {consortium: ofThree({}, {confidence: 0.4})});
	assert.equal(trusting.big.heard.length, 0);
});

test('the last tier goes on alone while nobody is content', async () => {
	const cast = castSaying(['42', '42', '42'], () => 0.3);
	const {events, result} = await play(cast, {consortium: ofThree()});

	assert.deepEqual(callsIn(events).slice(4), [
		'2 big#1',
		'2 arbiter#1',
		'3 big#1',
		'3 arbiter#1',
	]);
	assert.equal(result.status, 'unconverged');
	assert.equal(cast.big.heard[1]!.messages.length, 3, 'it gets the feedback');
});

test('a tier that fails is followed by the next one', async () => {
	const cast = {
		small: fakeModel([[{failure: failure()}]]),
		big: fakeModel([[final('42')]]),
		arbiter: fakeModel([[verdictText({synthesis: 'Yes.'})]]),
	};
	const {events, result} = await play(cast, {consortium: inTiers()});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.answer, 'Yes.');
	assert.equal(result.status, 'degraded');
	assert.deepEqual(callsIn(events).slice(3), ['1 big#1', '1 arbiter#1']);
});

test('whoever wants the answer now gets no further tier', async () => {
	const control = createRunControl();
	const cast = castSaying(['42', '43', '44'], () => 0.9);
	const {events} = await play(
		{...cast, small3: fakeModel([['hang']])},
		{
			control,
			consortium: ofThree(),
			onEvent(event) {
				if (event.type === 'call-end' && event.speaker === 'small2#1') {
					control.answerNow();
				}
			},
		},
	);

	assert.ok(!callsIn(events).includes('1 big#1'));
	assert.ok(callsIn(events).includes('1 arbiter#1'));
});

test('without tiers each member is one, in its order', async () => {
	const cast = castSaying(['42'], () => 0.9);
	const {events} = await play(cast, {
		consortium: inTiers(
			{},
			{members: ['big', 'small'].map(slot => ({slot, model: slot, count: 2}))},
		),
	});

	assert.deepEqual(callsIn(events), ['1 big#1', '1 big#2', '1 arbiter#1']);
});

const refusals: ReadonlyArray<readonly [unknown, RegExp]> = [
	[[['smal'], ['big']], /names "smal", which is no member.*Did you mean/v],
	[[['small', 'big'], ['big']], /has big in 2 tiers/v],
	[[['small', 'big'], []], /tiers\[1\] is empty/v],
	[[['small', 'big']], /one tier only/v],
	[[['small'], ['small']], /has small in 2 tiers/v],
	['small', /is a list/v],
	[[[1], ['big']], /tiers\[0\]\[0\] is a text/v],
];

for (const [given, expected] of refusals) {
	test(`the tiers ${JSON.stringify(given)} are refused`, () => {
		assert.throws(
			() => {
				assertStrategies(consortiumOf({}, inTiers({tiers: given})));
			},
			(error: unknown) =>
				error instanceof UserError &&
				expected.test(`${error.message} ${error.hint ?? ''}`),
		);
	});
}

test('a member without a tier, a single member, and more tiers than iterations are refused', () => {
	const members = ['a', 'b', 'c', 'd'].map(slot => ({
		slot,
		model: slot,
		count: 1,
	}));

	const check = (more: Partial<SavedConsortium>, parameters = {}) => {
		assertStrategies(consortiumOf({}, inTiers(parameters, more)));
	};

	assert.throws(() => {
		check({members}, {tiers: [['a', 'b'], ['c']]});
	}, /leaves d out/v);
	assert.throws(() => {
		check({members: members.slice(0, 1)});
	}, /two members at least/v);
	assert.throws(() => {
		check({members});
	}, /4 tiers may take 4 iterations/v);
	check({members, maxIterations: 4});
});

for (const [name, cast] of [
	['before a verdict', () => castSaying(['42', '43', '42'], () => 0.9)],
	[
		'after a verdict',
		() =>
			castSaying(['42', '42', '42'], answers =>
				answers.length === 1 ? 0.95 : 0.6,
			),
	],
] as const) {
	test(`a run that escalates ${name} and is broken off anywhere ends the same`, async () => {
		const world = stillWorld();
		const consortium = ofThree();
		const whole = await play(cast(), {world, consortium});

		for (let count = 1; count < whole.events.length; count++) {
			const {events, result} = await resumedAfter(count, whole, {
				cast: cast(),
				consortium,
				world,
			});
			assert.deepEqual(brokenRules(events), [], `after ${count}`);
			assert.deepEqual(essence({result}), essence(whole), `after ${count}`);
		}
	});
}

test('a tier that was half begun when its run was broken off is asked whole', async () => {
	const world = stillWorld();
	const members = ['small1', 'small2', 'big', 'huge'].map(slot => ({
		slot,
		model: slot,
		count: 1,
	}));
	const cast = () => ({
		...castSaying(['42', '43'], () => 0.9),
		huge: modelThat(() => final('42')),
	});
	const consortium = inTiers(
		{
			tiers: [
				['small1', 'small2'],
				['big', 'huge'],
			],
		},
		{members},
	);
	const whole = await play(cast(), {world, consortium});
	const cut = whole.events.findIndex(
		event => event.type === 'call-start' && event.speaker === 'big#1',
	);
	const {events, result} = await resumedAfter(cut + 1, whole, {
		cast: cast(),
		consortium,
		world,
	});

	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.answer, 'Of 4.');
	assert.ok(callsIn(events).includes('1 huge#1'));
});

test('when it pays to ask one tier first is told where prices are known', () => {
	const consortium = consortiumOf({}, inTiers());
	const priced = (
		small: number | null,
		big: number | null,
		{
			arbiter = 0,
			changes = {},
		}: {
			readonly arbiter?: number | null;
			readonly changes?: Partial<SavedConsortium>;
		} = {},
	) =>
		tierNotes(
			{...consortium, arbiters: [{model: 'judge'}], ...changes},
			new Map([
				['small', fakeModel([], {costUsd: small})],
				['big', fakeModel([], {costUsd: big})],
				['judge', fakeModel([], {costUsd: arbiter})],
			]),
			200,
		);
	const panel = {
		judging: 'panel',
		arbiters: [{model: 'judge'}, {model: 'judge'}],
	} as const;
	const votes = {
		strategies: [
			...consortium.strategies,
			{name: 'voting', params: {rule: 'plurality'}},
		],
	};
	const whole = {
		strategies: [
			...consortium.strategies,
			{name: 'voting', params: {arbiter: 'always'}},
		],
	};

	assert.deepEqual(priced(0.01, 0.1), [
		'Asking tier 1 first is cheaper than tier 2 alone while fewer than 70% of the questions need tier 2, the arbiter included.',
	]);
	assert.match(priced(0.1, 0.1)[0]!, /cheaper to ask tier 2 at once/v);
	assert.deepEqual(priced(null, 0.1), []);

	// Each tier is weighed: (3 × 0.01 + 0.06) of (0.1 + 0.06), and so on.
	assert.match(priced(0.01, 0.1, {arbiter: 0.06})[0]!, /fewer than 44%/v);
	assert.match(
		priced(0.01, 0.1, {arbiter: 0.03, changes: panel})[0]!,
		/fewer than 44%/v,
	);
	assert.match(
		priced(0.01, 0.1, {arbiter: 0.06, changes: whole})[0]!,
		/fewer than 44% .*, the arbiter included\.$/v,
	);
	assert.match(
		priced(0.01, 0.1, {arbiter: 0.06, changes: votes})[0]!,
		/fewer than 70% .*, as long as votes settle it without the arbiter\.$/v,
	);
	assert.deepEqual(priced(0.01, 0.1, {arbiter: null}), []);
	assert.deepEqual(
		priced(0.01, 0.1, {
			changes: {strategies: [{name: 'tiered', params: {tiers: null}}]},
		}),
		priced(0.01, 0.1),
		'null is as if nothing were given',
	);
	assert.deepEqual(
		tierNotes(consortiumOf({a: fakeModel([])}), new Map(), 200),
		[],
	);
});
