import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {ofBothOrders} from '../../source/core/judging/order.js';
import {median, together} from '../../source/core/judging/panel.js';
import {mergedRanking} from '../../source/core/judging/ranks.js';
import {type SavedConsortium} from '../../source/core/consortium.js';
import {type ModelRequest} from '../../source/core/model.js';
import {type VerdictResult} from '../../source/core/result.js';
import {fakeModel} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, verdictText} from '../helpers/play.js';
import {answersIn, modelThat} from '../helpers/readers.js';
import {briefIn} from '../helpers/values.js';
import {vectors} from '../helpers/vectors.js';

const {double_order_judge: bothOrders} = vectors<{
	double_order_judge: ReadonlyArray<
		readonly [string, string, 'A' | 'B' | 'tie']
	>;
}>('judging');

function verdict(
	ranking: ReadonlyArray<readonly string[]>,
	more: Partial<VerdictResult> = {},
): VerdictResult {
	return {
		arbiter: 'arbiter#1',
		callId: 'call',
		method: 'rank',
		madeOf: [],
		synthesis: 'The best.',
		confidence: 0.8,
		needsIteration: false,
		analysis: '',
		dissent: [],
		refinementAreas: [],
		ranking,
		groups: [],
		agreement: null,
		problems: [],
		raw: '',
		...more,
	};
}

const preferring = (place: string, [first, second]: [string, string]) =>
	verdict(
		place === 'tie'
			? [[first, second]]
			: place === 'first'
				? [[first], [second]]
				: [[second], [first]],
	);

test('a win counts only if it survives the opposite order', () => {
	assert.equal(bothOrders.length, 9);

	for (const [one, other, expected] of bothOrders) {
		const {ranking, needsIteration, problems} = ofBothOrders(
			preferring(one, ['A', 'B']),
			preferring(other, ['B', 'A']),
		);
		assert.deepEqual(
			ranking[0],
			expected === 'tie' ? ['A', 'B'] : [expected],
			`${one}, then ${other}`,
		);

		// Who judges alike in both orders is not inconsistent, whatever it says.
		const isInconsistent =
			expected === 'tie' && !(one === other && one === 'tie');
		assert.equal(needsIteration, isInconsistent);
		assert.equal(problems.length, isInconsistent ? 1 : 0);
	}
});

test('all equal in both orders is no other choice, however they are listed', () => {
	const both = ofBothOrders(
		verdict([['a', 'b', 'c']], {confidence: 0.4}),
		verdict([['c', 'a', 'b']], {confidence: 0.6}),
	);
	assert.deepEqual(both.ranking, [['a', 'b', 'c']]);
	assert.deepEqual(both.problems, []);
	assert.equal(both.confidence, 0.5);
	assert.equal(both.needsIteration, false);
});

test('which order came first decides nothing but whose words are kept', () => {
	const names = ['a', 'b', 'c', 'd'];
	const ranking = fc
		.tuple(
			fc.shuffledSubarray(names, {minLength: 4}),
			fc.array(fc.boolean(), {minLength: 3, maxLength: 3}),
		)
		.map(([order, cuts]) =>
			order.reduce<string[][]>(
				(levels, name, index) =>
					index === 0 || cuts[index - 1] === true
						? [...levels, [name]]
						: [...levels.slice(0, -1), [...levels.at(-1)!, name]],
				[],
			),
		);
	const stated = fc.option(fc.constantFrom(0, 0.25, 0.5, 1));

	fc.assert(
		fc.property(ranking, ranking, stated, stated, (one, other, low, high) => {
			const first = verdict(one, {confidence: low});
			const second = verdict(other, {confidence: high});
			const there = ofBothOrders(first, second);
			const back = ofBothOrders(second, first);
			assert.deepEqual(there.ranking, back.ranking);
			assert.equal(there.confidence, back.confidence);
			assert.equal(there.needsIteration, back.needsIteration);
			assert.deepEqual(there.ranking.flat().toSorted(), names);
		}),
	);
});

const saying = (name: string) =>
	fakeModel([[`${name} is it.\n<confidence>0.7</confidence>`]]);
const castOf = (names: readonly string[]) =>
	Object.fromEntries(names.map(name => [name, saying(name)]));

/**
Labels in the order in which they are shown, each with the first word of its answer.
*/
const shownIn = (request: ModelRequest) =>
	[...answersIn(request)].map(([label, text]) => ({
		label,
		name: text.split(' ', 1)[0]!,
	}));

const judge = async (
	arbiter: ReturnType<typeof modelThat>,
	consortium: Partial<SavedConsortium>,
	names: readonly string[] = ['a', 'b', 'c'],
) => {
	const cast = {...castOf(names), arbiter};
	const played = await play(cast, {consortium});
	assert.deepEqual(brokenRules(played.events), []);
	return {...played, cast};
};

for (const judging of ['rank', 'pick'] as const) {
	test(`by ${judging} the winner is given word for word, with the confidence the arbiter states`, async () => {
		const arbiter = modelThat(request =>
			verdictText({
				ranking: shownIn(request).find(({name}) => name === 'b')!.label,
				confidence: 0.83,
				synthesis: 'Words of its own.',
			}),
		);
		const {result} = await judge(arbiter, {judging, confidenceThreshold: 0.8});
		assert.equal(result.answer, 'b is it.');
		assert.equal(result.confidence, 0.83);
		assert.equal(result.status, 'converged');
		assert.deepEqual(result.iterations[0]!.verdicts[0]!.ranking, [['b#1']]);
		assert.equal(arbiter.heard.length, 1, 'it is no close call');
	});

	test(`by ${judging} a confidence that is not stated stays unknown`, async () => {
		const arbiter = modelThat(
			request =>
				`<ranking>${shownIn(request)[0]!.label}</ranking><margin>0.9</margin><needs_iteration>false</needs_iteration>`,
		);
		const {result} = await judge(arbiter, {judging, maxIterations: 1});
		assert.equal(result.confidence, null);
		assert.ok(result.answer!.endsWith(' is it.'));
	});

	test(`by ${judging} an arbiter that goes by the place is found out: it is a tie`, async () => {
		const arbiter = modelThat(request =>
			verdictText({
				ranking: shownIn(request)[0]!.label,
				confidence: 0.95,
				needsIteration: false,
			}).concat('<margin>0.1</margin>'),
		);
		const {result} = await judge(arbiter, {
			judging,
			confidenceThreshold: 0.8,
			maxIterations: 1,
		});
		const [one, other] = arbiter.heard.map(request => shownIn(request));
		assert.deepEqual(
			other!.map(({name}) => name),
			one!.map(({name}) => name).toReversed(),
		);

		const both = result.iterations[0]!.verdicts.at(-1)!;
		assert.deepEqual(
			both.ranking[0],
			[one![0]!, other![0]!].map(({name}) => `${name}#1`).toSorted(),
		);
		assert.equal(both.confidence, 0.5, 'that of a draw between two');
		assert.equal(both.needsIteration, true);
		assert.equal(both.madeOf.length, 2);
		assert.equal(result.status, 'unconverged');
	});
}

test('a small lead is judged in both orders also by an arbiter that is sure, and a large one never', async () => {
	const sure = (margin: number) =>
		modelThat(request => {
			const {label} = shownIn(request).find(({name}) => name === 'c')!;
			return `<ranking>${label}</ranking><margin>${margin}</margin><confidence>0.95</confidence><needs_iteration>false</needs_iteration>`;
		});
	const close = sure(0.2);
	const {result} = await judge(close, {judging: 'rank'});
	assert.equal(close.heard.length, 2);
	assert.equal(result.answer, 'c is it.');
	assert.equal(result.confidence, 0.95);
	assert.equal(result.status, 'converged');

	const clear = sure(0.4);
	await judge(clear, {judging: 'rank'});
	assert.equal(clear.heard.length, 1);
});

test('when the second judging comes to nothing the first verdict counts', async () => {
	const arbiter = modelThat(request =>
		arbiter.heard.length === 1
			? verdictText({ranking: shownIn(request)[0]!.label, confidence: 0.5})
			: '',
	);
	const {result} = await judge(arbiter, {
		judging: 'rank',
		stop: 'arbiter',
		maxIterations: 1,
	});
	assert.equal(result.confidence, 0.5);
	assert.equal(result.status, 'converged');
	assert.ok(arbiter.heard.length < 5, 'it is not asked for ever');
});

test('a panel states the median of the confidences, in the words of the one nearest to it', () => {
	assert.equal(median([]), null);
	assert.equal(median([0.9, 0.1, 0.2]), 0.2);
	assert.equal(median([0.4, 0.8]), 0.6000000000000001);

	const said = [0.9, null, 0.2, 0.3].map((confidence, index) =>
		verdict([], {
			arbiter: `arbiter#${index + 1}`,
			callId: `call-${index}`,
			synthesis: `Says ${index + 1}.`,
			confidence,
			needsIteration: confidence !== 0.9,
		}),
	);
	const panel = together(said, 4);
	assert.equal(panel.confidence, 0.3);
	assert.equal(panel.synthesis, 'Says 4.');
	assert.equal(panel.needsIteration, true);
	assert.deepEqual(panel.madeOf, ['call-0', 'call-1', 'call-2', 'call-3']);
	assert.deepEqual(panel.problems, [
		'The arbiters disagree: arbiter#1 90%, arbiter#2 states no confidence, arbiter#3 20%, arbiter#4 30%.',
	]);
	assert.deepEqual(
		together([said[2]!, said[3]!], 2).problems,
		[],
		'a small difference is no disagreement',
	);
});

test('the arbiters of a panel see different orders, and one that fails is told', async () => {
	const arbiters = ['x', 'y', 'z'].map(model => ({model}));
	const low = fakeModel([[verdictText({confidence: 0.4, synthesis: 'Low.'})]]);
	const high = fakeModel([
		[verdictText({confidence: 0.8, synthesis: 'High.'})],
	]);
	const names = ['a', 'b', 'c', 'd', 'e'];
	const {events, result} = await play(
		{...castOf(names), x: low, y: high, z: fakeModel([[''], ['']])},
		{
			consortium: {
				members: names.map(name => ({slot: name, model: name, count: 1})),
				arbiters,
				judging: 'panel',
				maxIterations: 1,
				confidenceThreshold: 0.9,
			},
		},
	);
	assert.deepEqual(brokenRules(events), []);
	const orders = [low, high].map(({heard}) =>
		shownIn(heard[0]!)
			.map(({name}) => name)
			.join(''),
	);
	assert.notEqual(orders[0], orders[1]);
	assert.equal(result.confidence?.toFixed(2), '0.60');
	assert.equal(result.status, 'degraded');
	assert.deepEqual(result.iterations[0]!.verdicts.at(-1)!.problems, [
		'The arbiters disagree: arbiter#1 40%, arbiter#2 80%.',
		'Not every arbiter of the panel gave a verdict.',
	]);
});

test('in a review nobody sees its own answer or a name, and the arbiter is told the mean places', async () => {
	const names = ['a', 'b', 'c', 'd'];
	const members = Object.fromEntries(
		names.map(name => [
			name,
			modelThat(request =>
				request.purpose === 'review'
					? verdictText({
							ranking: shownIn(request)
								.map(({name: of, label}) => `${of} ${label}`)
								.toSorted()
								.map(each => each.split(' ', 2)[1])
								.join(' > '),
						})
					: `${name} is it, says model-${name}.`,
			),
		]),
	);
	const arbiter = fakeModel([[verdictText()]]);
	const {events, result} = await play(
		{...members, arbiter},
		{consortium: {judging: 'peer'}},
	);
	assert.deepEqual(brokenRules(events), []);
	assert.equal(result.status, 'converged');

	for (const name of names) {
		const [, review] = members[name]!.heard;
		assert.deepEqual(
			shownIn(review!)
				.map(each => each.name)
				.toSorted(),
			names.filter(each => each !== name),
		);
		assert.equal(review!.purpose, 'review');
		assert.doesNotMatch(briefIn(members[name]!, 1), /#\d/v);
	}

	const labels = Object.fromEntries(
		shownIn(arbiter.heard[0]!).map(({name, label}) => [name, label]),
	);
	// `a` is always first, `d` last; `b` is second but for `a`, who ranks it first.
	assert.match(
		briefIn(arbiter),
		new RegExp(
			String.raw`Mean place of each: ${labels['a']!} 1\.0, ${labels['b']!} 1\.7, ${labels['c']!} 2\.3, ${labels['d']!} 3\.0 `,
			'v',
		),
	);
});

test('two do not review each other', async () => {
	const cast = {...castOf(['a', 'b']), arbiter: fakeModel([[verdictText()]])};
	await play(cast, {consortium: {judging: 'peer'}});
	assert.deepEqual(
		Object.values(cast).map(({heard}) => heard.length),
		[1, 1, 1],
	);
});

test('a merged ranking goes by mean places, in which those on one level share', () => {
	assert.deepEqual(
		mergedRanking([
			[['a'], ['b', 'c']],
			[['c'], ['b'], ['a']],
		]),
		[['c'], ['a'], ['b']],
	);
	assert.deepEqual(mergedRanking([]), []);
	assert.deepEqual(
		mergedRanking([
			[['a'], ['b']],
			[['b'], ['a']],
		]),
		[['a', 'b']],
	);
});
