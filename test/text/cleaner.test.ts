import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {cleaned, createCleaner} from '../../source/text/cleaner.js';

const escape = '\u001B';

const inPieces = (pieces: readonly string[]) => {
	const cleaner = createCleaner();
	const out = pieces.map(piece => cleaner.push(piece));
	return [...out, cleaner.end()].join('');
};

test('words and line feeds of all scripts stay as they are', () => {
	const text = 'Grüße, e\u0301té\n日本語 עברית العربية हिन्दी 🇩🇪 🚀 [0m ]0;';

	assert.equal(cleaned(text), text);
});

for (const [what, text, clean] of [
	['every line end becomes a line feed', 'a\r\nb\rc\n\rd', 'a\nb\nc\n\nd'],
	['separators of lines and paragraphs too', 'a\u2028b\u2029c', 'a\nb\nc'],
	['a tab becomes spaces', 'a\tb', 'a    b'],
	['joined people stand side by side', '👩\u200D👧!', '👩👧!'],
	['a skin tone is dropped', '👍🏽!', '👍!'],
	['a variation selector is dropped', '❤\uFE0F 1\uFE0F\u20E3', '❤ 1\u20E3'],
	[
		'what has no width is dropped',
		'a\u200Bb\u00ADc\uFEFFd\u2060\u3164e',
		'abcde',
	],
	['what turns the direction is shown', 'a\u202Eb\u2066', 'a<U+202E>b<U+2066>'],
	['half a character becomes a sign for it', 'a\uD83Db', 'a\uFFFDb'],
	[
		'a link is taken out',
		`${escape}]8;;a${escape}\\b${escape}]8;;${escape}\\`,
		'b',
	],
	['a colour is taken out', `${escape}[1;31mred${escape}[0m`, 'red'],
	[
		'a title is taken out',
		`${escape}]0;ti\ntle\u0007 and ${escape}]0;t\u0007`,
		']0;ti\ntle and ',
	],
	['a control character is taken out', 'a\u0007\b\u0085\u009Bb', 'a'],
] as const) {
	test(`${what}, whole and character by character`, () => {
		assert.equal(cleaned(text), clean);
		assert.equal(inPieces(text.split('')), clean);
	});
}

const hostile = fc.string({
	unit: fc.constantFrom(
		...'a1;[]()P_\\? \n\r\t',
		escape,
		'\u009B',
		'\u009D',
		'\u0090',
		'\u009C',
		'\u0007',
		'm',
		'\u200D',
		'\uFE0F',
		'\u{1F3FD}',
		'\u202E',
		'👍',
		'\uD83D',
		'\uDC4D',
		'e\u0301',
		'日',
	),
	maxLength: 60,
});

test('where a text is cut into pieces makes no difference', () => {
	let secrets = 0;

	fc.assert(
		fc.property(hostile, fc.array(fc.nat(), {maxLength: 8}), (text, cuts) => {
			const places = [
				0,
				...cuts.map(cut => cut % (text.length + 1)),
				text.length,
			];
			places.sort((a, b) => a - b);
			const pieces = places
				.slice(1)
				.map((to, index) => text.slice(places[index], to));
			const whole = cleaned(text);

			secrets += whole.length < text.length ? 1 : 0;
			assert.equal(inPieces(pieces), whole);
		}),
		{numRuns: 2000},
	);
	assert.ok(secrets > 500, 'there was something to clean');
});

test('no control character and no half of one ever comes out', () => {
	fc.assert(
		fc.property(
			fc.array(fc.oneof(hostile, fc.string({unit: 'binary'}))),
			pieces => {
				const text = inPieces(pieces);

				assert.doesNotMatch(
					text,
					/[\0-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029\p{Surrogate}\p{Format}]/u,
				);
				assert.equal(cleaned(text), text, 'there is nothing left to clean');
			},
		),
	);
});

test('a string that never ends is held back for a while and then shown', () => {
	const cleaner = createCleaner();

	assert.equal(cleaner.push(`before${escape}]0;`), 'before');

	const shown = Array.from({length: 1000}, () => cleaner.push('abcd')).join('');

	assert.ok(shown.startsWith(']0;abcd'));
	assert.ok(shown.length > 3000);
	assert.equal(cleaner.push('after\u0007.'), 'after.');
	assert.equal(shown.length + cleaner.end().length, 4003);
});

test('megabytes of openings and of long strings come through', () => {
	for (const piece of [
		escape,
		`${escape}]0;`,
		`${escape}[`,
		'\u009D',
		'\r',
		'a\u0301',
	]) {
		const cleaner = createCleaner();
		const text = piece.repeat(1_000_000 / piece.length);
		let length = 0;

		for (let at = 0; at < text.length; at += 4) {
			length += cleaner.push(text.slice(at, at + 4)).length;
		}

		assert.equal(length + cleaner.end().length, cleaned(text).length);
	}
});
