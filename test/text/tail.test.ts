import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {cleaned} from '../../source/text/cleaner.js';
import {columnsOf} from '../../source/text/columns.js';
import {createTail, tailOf} from '../../source/text/tail.js';

const wrap = (text: string, width: number) =>
	tailOf(text, {width, keep: Infinity}).lines();

const words = fc
	.string({
		unit: fc.constantFrom(
			'a',
			'bc',
			'defghij',
			' ',
			'  ',
			'\n',
			'é',
			'e\u0301',
			'\u0301',
			'日',
			'本',
			'が',
			'한국',
			'👍',
			'🇩',
			'🇪',
			'क',
			'्',
			'ष',
			'ำ',
		),
		maxLength: 80,
	})
	.map(text => cleaned(text));

test('text is broken between words, and words only where they have to be', () => {
	assert.deepEqual(wrap('one two three four', 9), ['one two', 'three', 'four']);
	assert.deepEqual(wrap('x abcdefgh', 4), ['x', 'abcd', 'efgh']);
	assert.deepEqual(wrap('one   two', 9), ['one   two']);
	assert.deepEqual(wrap('abcd efgh', 4), ['abcd', 'efgh']);
	assert.deepEqual(wrap('a  \n\n  b\n', 9), ['a', '', '  b', '']);
	assert.deepEqual(wrap('', 9), ['']);
});

test('scripts without spaces are broken anywhere, and no character in two', () => {
	assert.deepEqual(wrap('see 日本語です', 8), ['see 日本', '語です']);
	assert.deepEqual(wrap('👍👍👍', 5), ['👍👍', '👍']);
	assert.deepEqual(wrap('🇩🇪🇫🇷🇮🇹', 5), ['🇩🇪🇫🇷', '🇮🇹']);
	assert.deepEqual(wrap('e\u0301e\u0301e\u0301', 2), [
		'e\u0301e\u0301',
		'e\u0301',
	]);
});

test('an indentation that leaves no room for a word gives way', () => {
	assert.deepEqual(wrap('    four', 6), ['four']);
	assert.deepEqual(wrap('          four', 6), ['four']);
	assert.deepEqual(wrap('    at', 6), ['    at']);
});

test('no line is too wide and nothing but white space gets lost', () => {
	const letters = (text: string) => text.replaceAll(/[ \n]/g, '');

	fc.assert(
		fc.property(words, fc.integer({min: 2, max: 20}), (text, width) => {
			const lines = wrap(text, width);

			for (const line of lines) {
				assert.ok(columnsOf(line) <= width, JSON.stringify(line));
			}

			assert.equal(letters(lines.join('')), letters(text));
			assert.ok(lines.length >= text.split('\n').length);
		}),
		{numRuns: 1000},
	);
});

test('any text gives lines that are not too wide', () => {
	fc.assert(
		fc.property(
			fc.string({unit: 'binary', maxLength: 200}),
			fc.integer({min: 2, max: 20}),
			(text, width) => {
				for (const line of wrap(cleaned(text), width)) {
					assert.ok(columnsOf(line) <= width, JSON.stringify(line));
				}
			},
		),
		{numRuns: 1000},
	);
});

test('where a text is cut into pieces makes no difference', () => {
	fc.assert(
		fc.property(
			fc.array(words, {maxLength: 12}),
			fc.integer({min: 2, max: 20}),
			fc.integer({min: 1, max: 6}),
			(pieces, width, keep) => {
				const tail = createTail({width, keep});

				for (const piece of pieces) {
					tail.push(piece);
				}

				const lines = wrap(pieces.join(''), width);

				assert.deepEqual(tail.lines(), lines.slice(-keep));
				assert.equal(tail.total, lines.length);
				assert.deepEqual(
					tailOf(pieces.join(''), {width, keep}).lines(),
					lines.slice(-keep),
				);
			},
		),
		{numRuns: 1000},
	);
});

test('character by character is the same as whole', () => {
	fc.assert(
		fc.property(words, fc.integer({min: 2, max: 12}), (text, width) => {
			const tail = createTail({width, keep: Infinity});

			for (const character of text) {
				tail.push(character);
			}

			assert.deepEqual(tail.lines(), wrap(text, width));
		}),
		{numRuns: 1000},
	);
});

test('the lines are the same list until more is said', () => {
	const tail = createTail({width: 10, keep: 3});
	tail.push('one');
	const before = tail.lines();

	assert.equal(tail.lines(), before);
	tail.push(' two');
	assert.notEqual(tail.lines(), before);
	assert.deepEqual(before, ['one']);
	assert.deepEqual(tail.lines(), ['one two']);
});

test('only the end of a long text is looked at', () => {
	const tail = tailOf('line\n'.repeat(100_000), {width: 40, keep: 5});

	assert.deepEqual(tail.lines(), ['line', 'line', 'line', 'line', '']);
	assert.equal(tail.total, 5);
});

for (const [what, piece] of [
	['one endless word', 'abcdefgh'],
	['spaces', '        '],
	['accents', '\u0301'.repeat(8)],
	['characters of two columns', '日本'],
	['line feeds', '\n\n\n'],
	['flags', '🇩🇪'],
	['syllables that never end', 'ᄀ'.repeat(8)],
	['joined consonants', 'क्'.repeat(8)],
] as const) {
	test(`a long text of ${what} in small pieces keeps to the width and to what is kept`, () => {
		const tail = createTail({width: 40, keep: 4});

		for (let at = 0; at < 100_000; at += piece.length) {
			tail.push(piece);
		}

		const lines = tail.lines();

		assert.ok(lines.length <= 4);
		assert.ok(lines.every(line => columnsOf(line) <= 40));
		assert.ok(lines.join('').length < 2000, 'and no line is endless');
	});
}

test('a word of five million characters is wrapped', () => {
	const word = `${'é'.repeat(2_500_000)}${'x'.repeat(2_500_000)}`;
	assert.equal(tailOf(word, {width: 100, keep: 3}).lines().length, 3);
	const tail = createTail({width: 100, keep: Infinity});
	tail.push(word);
	assert.ok(tail.total >= 50_000);
});
