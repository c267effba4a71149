import assert from 'node:assert/strict';
import {test} from 'node:test';
import truncate from 'cli-truncate';
import fc from 'fast-check';
import {columnsOf, cut, wrapped} from '../../source/text/columns.js';

test('a line is as wide as its characters are on a screen', () => {
	assert.equal(columnsOf(''), 0);
	assert.equal(columnsOf('plain'), 5);
	assert.equal(columnsOf('Gru\u0308n'), 4);
	assert.equal(columnsOf('日本'), 4);
	assert.equal(columnsOf('👍🏽!'), 3);
});

test('a line that is too long is cut and marked', () => {
	assert.equal(cut('fits here', 9), 'fits here');
	assert.equal(cut('fits anywhere', Infinity), 'fits anywhere');
	assert.equal(cut('does not fit', 8), 'does no…');
	assert.equal(cut('日本語', 4), '日…');
});

test('a line of plain letters is cut like every other', () => {
	fc.assert(
		fc.property(
			fc.string({unit: 'grapheme-ascii'}),
			fc.nat({max: 12}),
			(line, width) => {
				assert.equal(cut(line, width), truncate(line, width));
			},
		),
	);
});

test('text is broken between words, and words only where they have to be', () => {
	assert.deepEqual(wrapped('one two three four', 9), [
		'one two',
		'three',
		'four',
	]);
	assert.deepEqual(wrapped('a\n\n  b', 9), ['a', '', '  b']);
	assert.deepEqual(wrapped('x abcdefgh', 4), ['x', 'abcd', 'efgh']);
	assert.deepEqual(wrapped('日本語', 4), ['日本', '語']);
	assert.deepEqual(wrapped('one two', Infinity), ['one two']);
});

test('no line is too wide and no letter gets lost', () => {
	const letters = (text: string) => text.replaceAll(/\s/gu, '');

	fc.assert(
		fc.property(
			fc.string({
				unit: fc.constantFrom(
					'a',
					'bc',
					' ',
					'\n',
					'\t',
					'é',
					'e\u0301',
					'日',
					'👍🏽',
				),
			}),
			fc.integer({min: 2, max: 20}),
			(text, width) => {
				const lines = wrapped(text, width);

				for (const line of lines) {
					assert.ok(columnsOf(line) <= width, JSON.stringify(line));
				}

				assert.equal(letters(lines.join('')), letters(text.normalize()));
			},
		),
	);
});
