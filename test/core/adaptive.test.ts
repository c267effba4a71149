import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {Abort} from '../../source/core/abort.js';
import {compare} from '../../source/core/agreement.js';
import {type RunEvent} from '../../source/core/events.js';
import {createRunControl} from '../../source/core/run-control.js';
import {failure, fakeModel, type Beat} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {createTable} from '../helpers/derived.js';
import {play, verdictText} from '../helpers/play.js';
import {castOf, essence, passing, resume} from '../helpers/resumed.js';
import {
	answerText,
	callsTo,
	decisionsIn,
	marksIn,
	membersSaying,
	nameOf,
} from '../helpers/values.js';
import {vectors} from '../helpers/vectors.js';
import {stillWorld} from '../helpers/world.js';

const {adaptive_expected_calls: expectations} = vectors<{
	adaptive_expected_calls: Array<{
		p: number;
		n_max: number;
		threshold: number;
		min_first: number;
		expected_calls: number;
		accuracy: number;
		accuracy_fixed_n: number;
	}>;
}>('votes');

const voting = {name: 'voting', params: {}};
const adaptive = (given: Readonly<Record<string, number>> = {}) => ({
	name: 'adaptive',
	params: given,
});
const arbiter = (...lines: string[]) =>
	fakeModel(
		(lines.length === 0 ? [verdictText({synthesis: 'Weighed.'})] : lines).map(
			line => [line],
		),
	);

/**
Everyone who is asked, in the order of the calls, for each iteration.
*/
const askedIn = (events: readonly RunEvent[], iteration = 1) =>
	events.flatMap(event =>
		event.type === 'call-start' &&
		event.purpose === 'answer' &&
		event.iteration === iteration
			? [event.speaker]
			: [],
	);

const savedIn = (events: readonly RunEvent[]) =>
	decisionsIn(events).flatMap(({saved}) => saved ?? []);

test('three of eight that agree are enough, with the proof and what it saves', async () => {
	for (const strategies of [
		[adaptive(), voting],
		[voting, adaptive()],
	]) {
		const cast = {
			...membersSaying(Array.from({length: 8}, () => '42')),
			arbiter: arbiter(),
		};
		const {events, result} = await play(cast, {consortium: {strategies}});
		assert.deepEqual(brokenRules(events), []);
		assert.equal(callsTo(cast), 3);
		assert.equal(result.answer, 'I found 42.');
		assert.equal(result.status, 'converged');
		assert.equal(result.confidence, null);

		const judged = decisionsIn(events).find(({action}) => action === 'judge')!;
		assert.match(
			judged.reason,
			/3 of 3 say 42: settled 94% ≥ 90%, 5 not asked\./v,
		);
		assert.deepEqual(savedIn(events), [{calls: 5, usd: 0.05}]);
		const spared = marksIn(events, 'spared');
		assert.deepEqual(
			spared.map(({instance}) => instance).toSorted(),
			['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
				.map(slot => `${slot}#1`)
				.filter(id => !askedIn(events).includes(id)),
		);
		assert.match(spared[0]!.text, /not asked in iteration 1\. 3 of 3 say 42/v);
	}
});

test('without a vote the arbiter weighs the few that settle it', async () => {
	const cast = {
		...membersSaying(['1', '1', '1', '1', '1']),
		arbiter: arbiter(),
	};
	const {events, result} = await play(cast, {
		consortium: {strategies: [adaptive()]},
	});
	assert.deepEqual(brokenRules(events), []);
	assert.equal(callsTo(cast), 4);
	assert.equal(result.answer, 'Weighed.');
	assert.equal(savedIn(events).length, 1);
});

test('while it is open one more is asked at a time, or as many as are wanted', async () => {
	const values = Array.from({length: 9}, (_, index) => String(index));
	const cast = {...membersSaying(values), arbiter: arbiter()};
	const {events} = await play(cast, {
		consortium: {strategies: [adaptive({step: 4}), voting]},
	});
	const asks = decisionsIn(events).filter(({action}) => action === 'ask');
	assert.deepEqual(
		asks.map(({reason}) => /\d of 9 (?:is|are) asked/v.exec(reason)?.[0]),
		['3 of 9 are asked', '4 of 9 are asked', '2 of 9 are asked'],
	);
	assert.match(asks[1]!.reason, /1 of 3 say \d: settled 50% < 90%:/v);
	assert.equal(new Set(askedIn(events)).size, 9);
	assert.deepEqual(savedIn(events), [], 'nobody was spared');
	assert.equal(cast.arbiter.heard.length, 1);
});

/**
Answers in the order in which they are asked for, whoever is asked.
*/
function inTurn(values: readonly string[]) {
	let next = 0;

	return Object.fromEntries(
		values.map((_, index) => {
			const model = fakeModel([['']], {id: nameOf(index)});
			return [
				nameOf(index),
				{
					...model,
					async *call(...given: Parameters<typeof model.call>) {
						yield* fakeModel([[answerText(values[next++]!)]]).call(...given);
					},
				},
			];
		}),
	);
}

test('what cannot change any more is not waited for', async () => {
	const {events} = await play(
		{...inTurn(['1', '1', '2', '1', '1', '2']), arbiter: arbiter()},
		{consortium: {strategies: [adaptive({settled: 0.999}), voting]}},
	);
	assert.equal(askedIn(events).length, 5);
	assert.match(
		decisionsIn(events).find(({action}) => action === 'judge')!.reason,
		/4 of 5 say 1: the rest cannot change that, 1 not asked/v,
	);
});

test('no lead is safe where votes count by confidences not stated yet', async () => {
	const byConfidence = {name: 'voting', params: {rule: 'confidence'}};
	const {events} = await play(
		{...inTurn(['1', '1', '2', '1', '1', '2']), arbiter: arbiter()},
		{consortium: {strategies: [adaptive({settled: 0.999}), byConfidence]}},
	);
	assert.equal(askedIn(events).length, 6);
});

/**
What every order of answers of two kinds comes to: how many are asked, and what the vote is of those, 1, 0 or, for a tie, a half.
*/
async function allOrders(count: number, threshold: number, first: number) {
	const orders = Array.from({length: 2 ** count}, (_, bits) =>
		Array.from({length: count}, (_each, index) =>
			((bits >> index) & 1) === 1 ? 'yes' : 'no',
		),
	);

	return Promise.all(
		orders.map(async values => {
			const {events, result} = await play(
				{...inTurn(values), arbiter: arbiter()},
				{
					consortium: {
						strategies: [
							adaptive({first, step: 1, settled: threshold}),
							voting,
						],
					},
				},
			);
			return {
				right: values.filter(value => value === 'yes').length,
				calls: askedIn(events).length,
				isRight:
					result.answer === 'I found yes.'
						? 1
						: result.answer === 'I found no.'
							? 0
							: 0.5,
			};
		}),
	);
}

test('the expected calls and the accuracy are those of the samples, by exact enumeration', async () => {
	const isNear = (actual: number, expected: number, what: string) => {
		assert.ok(Math.abs(actual - expected) < 2e-5, `${what}: ${actual}`);
	};

	const played = new Map<string, Awaited<ReturnType<typeof allOrders>>>();

	for (const sample of expectations) {
		const {p, n_max: count, threshold, min_first: first} = sample;
		const key = `${count} ${threshold} ${first}`;
		const orders =
			played.get(key) ?? (await allOrders(count, threshold, first));
		played.set(key, orders);
		const chances = orders.map(
			({right}) => p ** right * (1 - p) ** (count - right),
		);
		const mean = (values: readonly number[]) =>
			values.reduce((sum, value, index) => sum + value * chances[index]!, 0);

		isNear(
			mean(orders.map(({calls}) => calls)),
			sample.expected_calls,
			`calls of ${JSON.stringify(sample)}`,
		);
		isNear(
			mean(orders.map(({isRight}) => isRight)),
			sample.accuracy,
			`accuracy of ${JSON.stringify(sample)}`,
		);
	}
});

test('one of each slot is asked before the second of any, in an order of the run', async () => {
	const firsts = new Set<string>();
	const slots = ['a', 'b', 'c'];

	for (let run = 0; run < 12; run++) {
		const cast = {
			...membersSaying(['1', '1', '1']),
			arbiter: arbiter(),
		};
		const world = stillWorld();

		for (let ids = 0; ids < run; ids++) {
			world.newId();
		}

		const {events} = await play(cast, {
			world,
			consortium: {
				strategies: [adaptive()],
				members: slots.map(slot => ({slot, model: slot, count: 4})),
			},
		});
		const asked = askedIn(events).slice(0, 3);
		assert.deepEqual(asked.map(id => id.slice(0, 1)).toSorted(compare), slots);
		firsts.add(asked.join(' '));
	}

	assert.ok(firsts.size > 1, 'not always the same ones');
});

test('prose of the first few is weighed, and the others join only if that does not end it', async () => {
	const members = () =>
		Object.fromEntries(
			['a', 'b', 'c', 'd', 'e'].map(slot => [
				slot,
				fakeModel([[`the first of ${slot}`], [`the second of ${slot}`]]),
			]),
		);
	const content = {...members(), arbiter: arbiter()};
	const short = await play(content, {consortium: {strategies: [adaptive()]}});
	assert.deepEqual(brokenRules(short.events), []);
	assert.equal(callsTo(content), 4);
	assert.match(
		decisionsIn(short.events).find(({action}) => action === 'judge')!.reason,
		/prose and are weighed first, 2 not asked/v,
	);
	assert.equal(savedIn(short.events)[0]!.calls, 2);

	const unsure = {
		...members(),
		arbiter: arbiter(
			verdictText({confidence: 0.3, needsIteration: true}),
			verdictText(),
		),
	};
	const long = await play(unsure, {consortium: {strategies: [adaptive()]}});
	assert.deepEqual(brokenRules(long.events), []);
	assert.equal(askedIn(long.events).length, 3);
	assert.deepEqual(askedIn(long.events, 2).toSorted(), [
		'a#1',
		'b#1',
		'c#1',
		'd#1',
		'e#1',
	]);

	for (const [slot, model] of Object.entries(unsure)) {
		if (slot !== 'arbiter' && model.heard.length === 1) {
			assert.equal(model.heard[0]!.messages.length, 1, 'it thinks for itself');
		}
	}
});

test('others are asked in the place of those that fail', async () => {
	const cast = {
		...Object.fromEntries(
			['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((slot, index) => [
				slot,
				fakeModel([[index % 2 === 0 ? {failure: failure()} : answerText('5')]]),
			]),
		),
		arbiter: arbiter(),
	};
	const {events, result} = await play(cast, {
		consortium: {strategies: [adaptive(), voting]},
	});
	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.answer, 'I found 5.');
	assert.equal(
		result.iterations[0]!.instances.filter(({state}) => state === 'answered')
			.length,
		3,
	);

	const failing = {
		...Object.fromEntries(
			['a', 'b', 'c', 'd'].map(slot => [
				slot,
				fakeModel([[{failure: failure()}]]),
			]),
		),
		arbiter: arbiter(),
	};
	const none = await play(failing, {
		consortium: {strategies: [adaptive(), voting]},
	});
	assert.deepEqual(brokenRules(none.events), []);
	assert.equal(none.result.status, 'unanswered');
	assert.equal(callsTo(failing), 4, 'all were tried');
});

test('one instance alone is asked, and sixty-four are asked to the last when all differ', async () => {
	const one = {...membersSaying(['1']), arbiter: arbiter()};
	const alone = await play(one, {
		consortium: {strategies: [adaptive(), voting]},
	});
	assert.deepEqual(brokenRules(alone.events), []);
	assert.equal(alone.result.answer, 'Weighed.');
	assert.deepEqual(savedIn(alone.events), []);

	const many = {
		...membersSaying(Array.from({length: 64}, (_, index) => String(index))),
		arbiter: arbiter(),
	};
	const all = await play(many, {
		consortium: {strategies: [adaptive(), voting]},
	});
	assert.deepEqual(brokenRules(all.events), []);
	assert.equal(callsTo(many), 65);
});

test('a person who wants the answer now waits for no other wave', async () => {
	const control = createRunControl();
	const cast = {
		...membersSaying(['1', '2', '3', '4', '5', '6']),
		arbiter: arbiter(verdictText({confidence: 0.1, needsIteration: true})),
	};
	let isWanted = false;
	const {events, result} = await play(cast, {
		control,
		consortium: {strategies: [adaptive()]},
		onEvent(event) {
			if (event.type === 'call-end' && !isWanted) {
				isWanted = true;
				control.answerNow();
			}
		},
	});
	assert.deepEqual(brokenRules(events), []);
	assert.equal(askedIn(events).length, 3);
	assert.equal(result.iterations.length, 1);
	assert.match(
		decisionsIn(events).find(({action}) => action === 'judge')!.reason,
		/The answer is wanted now, 3 not asked/v,
	);
});

test('a run that is cancelled in a wave asks nobody else', async () => {
	const controller = new AbortController();
	const cast = {
		...membersSaying(['1', '2', '3', '4', '5', '6']),
		arbiter: arbiter(),
	};
	const {events, result} = await play(cast, {
		signal: controller.signal,
		consortium: {strategies: [adaptive()]},
		onEvent(event) {
			if (event.type === 'call-start' && askedCount++ === 3) {
				controller.abort(new Abort('person'));
			}
		},
	});
	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'cancelled');
	assert.equal(askedIn(events).length, 4);
});

let askedCount = 0;

test('answers that are judged again are judged as they are', async () => {
	const cast = {
		...membersSaying(['1', '2', '3', '4', '5', '6']),
		arbiter: arbiter(),
	};
	const control = createRunControl();
	const table = createTable(cast);
	const first = await table.ask({
		control,
		consortium: {strategies: [adaptive()]},
		onEvent(event) {
			if (event.type === 'call-end') {
				control.answerNow();
			}
		},
	});
	const calls = askedIn(first.events).length;
	assert.ok(calls < 6);
	const again = await table.derive('rearbitrate', first.events, {
		consortium: {strategies: [adaptive()]},
	});
	assert.deepEqual(brokenRules(again.events), []);
	assert.equal(again.result.answer, 'Weighed.');
	assert.equal(callsTo(cast), calls + 2);
});

const unsure = [verdictText({confidence: 0.2, needsIteration: true})];
const scenes: Readonly<Record<string, readonly string[]>> = {
	'waves of values': ['1', '2', '1', '3', '1', '1'],
	'a settled vote': ['1', '1', '1', '1', '1'],
	'a tie': ['1', '2', '1', '2'],
};

for (const [name, values] of Object.entries(scenes)) {
	for (const strategies of [
		[adaptive(), voting],
		[voting, adaptive({step: 2})],
		[adaptive(), {name: 'weighted', params: {weights: {a: 2}}}],
	]) {
		test(`killed at any event of ${name}, a run goes on as if nothing had been (${strategies.map(each => each.name).join(',')})`, async () => {
			const scripts: Record<string, ReadonlyArray<readonly Beat[]>> = {
				...Object.fromEntries(
					values.map((value, index) => [
						nameOf(index),
						[[answerText(value)], [answerText('9')]],
					]),
				),
				arbiter: [unsure, [verdictText({synthesis: 'Surely.'})]],
			};
			const world = stillWorld();
			const cast = castOf(scripts);
			const whole = await play(cast, {
				world,
				consortium: {strategies},
				onEvent: passing(world),
			});
			assert.deepEqual(brokenRules(whole.events), []);

			for (let length = 1; length < whole.events.length; length++) {
				const resumed = await resume([whole.events.slice(0, length)], {
					scripts,
					cast,
					world,
				});
				assert.deepEqual(brokenRules(resumed.events), [], `at ${length}`);
				assert.deepEqual(essence(resumed), essence(whole), `at ${length}`);
			}
		});
	}
}

test('whatever they say and however they fail, nobody is asked twice in an iteration', async () => {
	const replies = fc.constantFrom<readonly Beat[]>(
		[answerText('1')],
		[answerText('2', 0.9)],
		['Prose.'],
		[{failure: failure()}],
		[],
		['x', {stop: 'length'}],
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(replies, {minLength: 1, maxLength: 9}),
			fc.integer({min: 1, max: 5}),
			fc.integer({min: 1, max: 4}),
			fc.shuffledSubarray(['adaptive', 'voting', 'weighted'], {minLength: 1}),
			async (lines, first, step, names) => {
				const cast = {
					...Object.fromEntries(
						lines.map((line, index) => [nameOf(index), fakeModel([line])]),
					),
					arbiter: arbiter(
						verdictText({confidence: 0.2, needsIteration: true}),
						verdictText(),
					),
				};
				const {events, result} = await play(cast, {
					consortium: {
						strategies: names.map(name => ({
							name,
							params:
								name === 'adaptive'
									? {first, step}
									: name === 'weighted'
										? {weights: {a: 2}}
										: {},
						})),
					},
				});
				assert.deepEqual(brokenRules(events), []);

				for (const {iteration} of result.iterations) {
					const asked = askedIn(events, iteration);
					assert.equal(new Set(asked).size, asked.length);
				}

				for (const {calls} of savedIn(events)) {
					assert.equal(calls, lines.length - askedIn(events).length);
				}
			},
		),
		{numRuns: 150},
	);
});
