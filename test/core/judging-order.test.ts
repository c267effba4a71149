import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fakeModel} from '../helpers/fake-model.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, verdictText} from '../helpers/play.js';
import {membersSaying} from '../helpers/values.js';

type Says = {
	/**
	Instances, the best first.
	*/
	readonly ranking: readonly string[];
	readonly margin: number;
	readonly groups?: ReadonlyArray<readonly string[]>;
};

/**
What comes of answers that end in these values, or are prose, when the arbiter ranks them so (or says this) in one order and, if it is asked again, so in the opposite one.
*/
async function ranked(
	values: readonly string[],
	says: ReadonlyArray<Says | string>,
) {
	const members = values.every(value => /^\d+$/v.test(value))
		? membersSaying(values)
		: Object.fromEntries(
				values.map((text, index) => [
					'abc'[index]!,
					fakeModel([[text]], {id: 'abc'[index]!}),
				]),
			);
	const playWith = async (lines: readonly string[]) => {
		const arbiter = fakeModel(lines.map(line => [line]));
		const played = await play(
			{...members, arbiter},
			{consortium: {judging: 'rank', maxIterations: 1}},
		);
		return {...played, arbiter};
	};

	const labelsIn = ({events}: Awaited<ReturnType<typeof playWith>>) =>
		events.flatMap(event =>
			event.type === 'call-start' && event.labels ? [event.labels] : [],
		);
	const closest = verdictText({ranking: 'A=B=C', confidence: 0});
	const [labels] = labelsIn(await playWith([closest]));
	const instances = Object.values(labels!);

	const played = await playWith(
		says.map((said, order) => {
			if (typeof said === 'string') {
				return said;
			}

			const {ranking, margin, groups = []} = said;
			const labelOf = (instance: string) => {
				const place = instances.indexOf(instance);
				return 'ABC'[order === 0 ? place : instances.length - 1 - place]!;
			};

			return `${verdictText({
				confidence: 0.9 - order / 10,
				ranking: ranking.map(each => labelOf(each)).join('>'),
				groups: groups
					.map(group => group.map(each => labelOf(each)).join(','))
					.join('|'),
			})}\n<margin>${margin}</margin>`;
		}),
	);
	assert.deepEqual(brokenRules(played.events), []);

	return {
		asked: played.arbiter.heard.length,
		verdict: played.result.iterations[0]!.verdicts.at(-1)!,
		reasons: played.result.reasons.join(' '),
	};
}

test('a small lead over another answer is judged in the opposite order too, and then it may be a tie', async () => {
	const one = {ranking: ['a#1', 'b#1', 'c#1'], margin: 0.1};
	const other = {ranking: ['b#1', 'a#1', 'c#1'], margin: 0.1};

	const tie = await ranked(['1', '2', '2'], [one, other]);
	assert.equal(tie.asked, 2);
	assert.deepEqual(tie.verdict.ranking, [['a#1', 'b#1'], ['c#1']]);
	assert.equal(tie.verdict.needsIteration, true);
	assert.equal(tie.verdict.confidence, 0.5, 'that of a draw');
	assert.match(tie.verdict.problems.at(-1)!, /a tie between a#1 and b#1/v);

	const clear = await ranked(['1', '2', '2'], [one, one]);
	assert.equal(clear.asked, 2);
	assert.deepEqual(clear.verdict.ranking, [['a#1'], ['b#1'], ['c#1']]);
	assert.equal(clear.verdict.needsIteration, false);
});

test('a close call that could not be judged in the opposite order is told', async () => {
	const one = {ranking: ['a#1', 'b#1', 'c#1'], margin: 0.1};
	const told = /a close call that was not judged in the opposite order/v;
	const values = ['1', '2', '2'];
	const alone = await ranked(values, [one, 'nothing of the kind']);
	assert.ok(alone.asked > 1);
	assert.deepEqual(alone.verdict.ranking[0], ['a#1']);
	assert.match(alone.reasons, told);

	assert.doesNotMatch((await ranked(values, [one, one])).reasons, told);
	assert.doesNotMatch(
		(await ranked(values, [{...one, margin: 0.6}])).reasons,
		told,
	);
});

test('two answers that say the same are no tie, by their values or by the arbiter’s groups', async () => {
	const groups = [['a#1', 'b#1'], ['c#1']];
	const one = {ranking: ['a#1', 'c#1', 'b#1'], margin: 0.1, groups};
	const other = {ranking: ['b#1', 'c#1', 'a#1'], margin: 0.1, groups};

	for (const values of [
		['1', '1', '2'],
		['Yes, it is.', 'So it is.', 'No.'],
	]) {
		const {asked, verdict} = await ranked(values, [one, other]);
		assert.equal(asked, 2);
		assert.deepEqual(verdict.ranking, [['a#1', 'b#1'], ['c#1']]);
		assert.equal(verdict.needsIteration, false);
		assert.equal(verdict.confidence?.toFixed(2), '0.85');
		assert.doesNotMatch(verdict.problems.join(' '), /tie/v);
	}
});

test('a small lead over an answer that says the same is no close call', async () => {
	const {asked, verdict} = await ranked(
		['1', '1', '2'],
		[{ranking: ['a#1', 'b#1', 'c#1'], margin: 0}],
	);
	assert.equal(asked, 1);
	assert.deepEqual(verdict.ranking[0], ['a#1']);

	const all = await ranked(
		['1', '1', '1'],
		[{ranking: ['a#1', 'b#1', 'c#1'], margin: 0}],
	);
	assert.equal(all.asked, 1);
});
