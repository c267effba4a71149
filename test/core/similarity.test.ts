import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {completeLinkage} from '../../source/core/linkage.js';
import {isOpposite} from '../../source/core/polarity.js';
import {groupWordings, likenessOf} from '../../source/core/similarity.js';
import {wordsOf} from '../../source/core/words.js';
import {hostileTexts, timersHaveRun} from '../helpers/hostile-text.js';
import {vectors} from '../helpers/vectors.js';

const known = vectors<{
	clustering: {similarity: number[][]; threshold: number; complete: number[][]};
	metrics: {
		docs: string[];
		pairs: Array<{
			i: number;
			j: number;
			char4_dice: number;
			tfidf_cosine: number;
		}>;
	};
	toy_agreement_set: {
		pairs: Array<[string, string, number]>;
		guarded: number[];
		conflict: boolean[];
	};
}>('votes');

const groupsOf = (...texts: string[]) =>
	groupWordings(texts.map((text, index) => ({id: `m#${index}`, text})));

const apart = (...texts: string[]) => {
	assert.equal(groupsOf(...texts).length, texts.length, texts.join(' / '));
};

test('every pair is as alike as the samples say', () => {
	const {pairs, guarded, conflict} = known.toy_agreement_set;

	for (const [index, [left, right]] of pairs.entries()) {
		const likeness = likenessOf(left, right);
		assert.ok(
			Math.abs(likeness - guarded[index]!) < 2e-5,
			`${likeness} is ${guarded[index]}: ${left}`,
		);
		assert.equal(likenessOf(right, left), likeness);
		assert.equal(
			isOpposite(wordsOf(left), wordsOf(right)),
			conflict[index],
			left,
		);
	}
});

test('most contradictions that are small edits are told apart, though not all', () => {
	const grouped = known.toy_agreement_set.pairs.filter(
		([left, right, isSame]) =>
			isSame === 0 && groupsOf(left, right).length === 1,
	);
	assert.deepEqual(
		grouped.map(([left]) => left),
		[
			'Paris is the capital of France.',
			'Prefer composition over inheritance in this module.',
		],
		'names that are exchanged are invisible to wording',
	);
});

test('linkage is complete: a chain is no group', () => {
	const {similarity, threshold, complete} = known.clustering;
	assert.deepEqual(completeLinkage(similarity, threshold), complete);
	assert.deepEqual(completeLinkage([], 0.5), []);
	assert.deepEqual(completeLinkage([[1]], 0.5), [[0]]);
});

test('what differs in a particular is never worded alike', () => {
	apart('42', '43');
	apart('massless', 'not massless');
	apart('Option A', 'Option B');
	apart('The right one is option A', 'The right one is option B');
	apart('It is safe to take it.', 'It is unsafe to take it.');
	apart('Take 5 mg of it daily.', 'Take 5 g of it daily.');
	apart('It holds for x > 5 only.', 'It holds for x < 5 only.');
	apart('The change is -5 in total.', 'The change is 5 in total.');
	apart('There are two roots of it.', 'There are three roots of it.');
	apart('Set !ready in the loop.', 'Set ready in the loop.');
	apart('它是安全的吗是的', '它不是安全的吗是的');
	assert.equal(groupsOf('A cat sat there.', 'a cat sat there').length, 1);
});

const word = fc.string({
	unit: fc.constantFrom(...'bcdeilmnorst'),
	minLength: 3,
	maxLength: 9,
});
const sentence = fc.array(word, {minLength: 1, maxLength: 12});

test('a denial or another number never groups', () => {
	fc.assert(
		fc.property(
			sentence,
			fc.nat(12),
			fc.constantFrom('not', 'never', "isn't", 'no', 'nicht', 'cannot'),
			(words, at, denial) => {
				apart(words.join(' '), words.toSpliced(at, 0, denial).join(' '));
			},
		),
	);
	fc.assert(
		fc.property(
			sentence,
			fc.nat(12),
			fc.uniqueArray(fc.oneof(fc.integer(), fc.nat(20)), {
				minLength: 2,
				maxLength: 2,
			}),
			(words, at, numbers) => {
				const [one, other] = numbers.map(number =>
					words.toSpliced(at, 0, String(number)).join(' '),
				);
				apart(one!, other!);
			},
		),
	);
});

test('the order of arrival never matters, and equal texts are always one', () => {
	const texts = fc.uniqueArray(
		fc.record({
			id: fc.uuid(),
			text: fc.constantFrom('a cat sat', 'a cat sat down', 'the dog', '42', ''),
		}),
		{selector: ({id}) => id, maxLength: 8},
	);
	fc.assert(
		fc.property(
			texts.chain(all =>
				fc.tuple(
					fc.constant(all),
					fc.shuffledSubarray(all, {minLength: all.length}),
				),
			),
			([all, other]) => {
				assert.deepEqual(groupWordings(other), groupWordings(all));
				assert.deepEqual(
					groupWordings(all).flat().toSorted(),
					all.map(({id}) => id).toSorted(),
					'everyone is in one group',
				);
			},
		),
	);
	assert.equal(groupsOf('a cat sat', 'a cat sat', 'a cat sat').length, 1);
});

test('hostile texts are compared in time', async () => {
	for (const [name, text] of hostileTexts) {
		assert.equal(
			groupWordings([
				{id: 'a', text},
				{id: 'b', text: 'Well.'},
			]).length,
			2,
			name,
		);
	}

	const texts = Array.from({length: 16}, (_, index) => ({
		id: `m#${index}`,
		text: `${'not '.repeat(300_000)}${index}`,
	}));
	assert.equal(groupWordings(texts).length, 16, 'also far behind');
	await timersHaveRun();
});
