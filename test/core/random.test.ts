import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	fnv1a32,
	mulberry32,
	rotated,
	shuffled,
} from '../../source/core/random.js';
import {vectors} from '../helpers/vectors.js';

const {t6_ordering: known} = vectors<{
	t6_ordering: {
		fnv1a32: Array<[string, number]>;
		mulberry32_42_first5: number[];
		shuffle: Array<{key: string; n: number; order: number[]}>;
		rotation: {base_key: string; n: number; orders: number[][]};
	};
}>('algorithms');

const upTo = (length: number) => Array.from({length}, (_, index) => index);

test('a text always has the same 32-bit number', () => {
	for (const [text, hash] of known.fnv1a32) {
		assert.equal(fnv1a32(text), hash, text);
	}

	assert.equal(fnv1a32('ä'), fnv1a32('ä'));
	assert.notEqual(fnv1a32('ä'), fnv1a32('a'));
});

test('a seed always gives the same numbers from 0 up to 1', () => {
	const random = mulberry32(42);

	for (const expected of known.mulberry32_42_first5) {
		assert.ok(Math.abs(random() - expected) < 1e-6);
	}
});

test('the known keys give the known orders', () => {
	for (const {key, n, order} of known.shuffle) {
		assert.deepEqual(shuffled(upTo(n), fnv1a32(key)), order, key);
	}
});

test('by rotation every item stands once in every place', () => {
	const {base_key: key, n, orders} = known.rotation;
	const base = shuffled(upTo(n), fnv1a32(key));
	assert.deepEqual(
		upTo(n).map(by => rotated(base, by)),
		orders,
	);
	assert.deepEqual(rotated([1, 2, 3], 5), [3, 1, 2]);
	assert.deepEqual(rotated([1, 2, 3], -1), [3, 1, 2]);
	assert.deepEqual(rotated([], 2), []);
});

test('a shuffle keeps every item and leaves the given list alone', () => {
	fc.assert(
		fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
			const before = [...items];
			const after = shuffled(items, seed);
			assert.deepEqual(items, before);
			assert.deepEqual(
				after.toSorted((left, right) => left - right),
				before.toSorted((left, right) => left - right),
			);
		}),
	);
});
