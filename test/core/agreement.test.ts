import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {agreementOf, groupFinals} from '../../source/core/agreement.js';
import {canonicalFinal} from '../../source/core/reading/canonical.js';
import {vectors} from '../helpers/vectors.js';

const {t4_strategies: known} = vectors<{
	t4_strategies: {
		agreement_from_clusters: Array<{sizes: number[]; share: number}>;
	};
}>('algorithms');

test('answers that mean the same share a group, the largest first', () => {
	assert.deepEqual(
		groupFinals([
			{id: 'c#1', final: '50%'},
			{id: 'a#1', final: '42'},
			{id: 'd#1', final: null},
			{id: 'e#1', final: 'Paris'},
			{id: 'b#1', final: '1/2'},
		]),
		[['b#1', 'c#1'], ['a#1'], ['e#1']],
	);
});

test('a small difference in wording is still a different answer', () => {
	const groups = groupFinals([
		{id: 'a#1', final: '42'},
		{id: 'b#1', final: '43'},
		{id: 'c#1', final: 'Option A'},
		{id: 'd#1', final: 'Option B'},
	]);
	assert.equal(groups.length, 4);
});

test('what is too long for a line is compared as it stands, unless it is JSON', () => {
	const long = 'Not so '.repeat(2000);
	const list = JSON.stringify(Array.from({length: 5000}, () => 1));

	assert.notEqual(canonicalFinal(long), canonicalFinal(long.toLowerCase()));
	assert.equal(canonicalFinal(long), canonicalFinal(long));
	assert.equal(
		canonicalFinal(`{"a": ${list}, "b": 2}`),
		canonicalFinal(`{"b":2,"a":${list}}`),
	);
});

test('the order of arrival never matters', () => {
	const finals = ['1', '2', '1', null, 'x', '2', '1.0'].map((final, index) => ({
		id: `m#${index}`,
		final,
	}));
	const expected = groupFinals(finals);
	fc.assert(
		fc.property(
			fc.shuffledSubarray(finals, {minLength: finals.length}),
			shuffled => {
				assert.deepEqual(groupFinals(shuffled), expected);
			},
		),
	);
});

test('agreement is the share of the largest group', () => {
	for (const {sizes, share} of known.agreement_from_clusters) {
		const groups = sizes.map((size, group) =>
			Array.from({length: size}, (_, index) => `${group}#${index}`),
		);
		assert.equal(agreementOf(groups, groups.flat()), share);
	}
});

test('whoever is in no group counts as alone', () => {
	assert.equal(agreementOf([['a', 'b']], ['a', 'b', 'c', 'd']), 0.5);
	assert.equal(agreementOf([['gone']], ['a', 'b']), 0.5);
	assert.equal(agreementOf([['a', 'a', 'gone']], ['a', 'b']), 0.5);
});

test('nothing tells who agrees without groups or with fewer than two answers', () => {
	assert.equal(agreementOf([], ['a', 'b']), null);
	assert.equal(agreementOf([['a']], ['a']), null);
	assert.equal(agreementOf([['a']], ['a', 'a']), null);
});
