import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import fc from 'fast-check';
import {plain} from '../../source/text/plain.js';

const escape = '\u001B';

test('text, tabs, newlines and letters of all scripts stay as they are', () => {
	const text = 'Grüße,\n\t日本語, עברית, emoji 👩‍👩‍👧, [0m and ]0; as letters.';

	assert.equal(plain(text), text);
});

for (const [what, sequence] of [
	['a colour', `${escape}[1;31m`],
	['a control sequence of one byte', '\u009B2J'],
	['one with intermediate bytes', `${escape}[?25 q`],
	['a window title that ends in BEL', `${escape}]0;title\u0007`],
	['a link that ends in ST', `${escape}]8;;https://example.org${escape}\\`],
	['a clipboard write of one-byte codes', '\u009D52;c;aGk=\u009C'],
	['a device control string', `${escape}P$q"p${escape}\\`],
	['an application command', `${escape}_Gf=100;AAAA${escape}\\`],
	['a reset', `${escape}c`],
	['a character set', `${escape}(0`],
	['a carriage return', '\r'],
	['a backspace', '\b'],
	['a bell', '\u0007'],
	['a lone escape', escape],
	['delete', '\u007F'],
	['null', '\0'],
	['a C1 control', '\u0085'],
] as const) {
	test(`${what} is taken out and nothing beside it`, () => {
		assert.equal(plain(`before${sequence}\nafter`), 'before\nafter');
	});
}

test('an unfinished string does not swallow what follows', () => {
	assert.equal(
		plain(`${escape}]0;the answer is 42\n`),
		']0;the answer is 42\n',
	);
	assert.equal(
		plain(`${escape}Pone\ntwo${escape}\\three`),
		'one\ntwothree',
		'a newline ends it',
	);
});

test('marks that turn the direction of text become visible', () => {
	assert.equal(
		plain('a\u202Eb\u202C \u2066c\u2069'),
		'a<U+202E>b<U+202C> <U+2066>c<U+2069>',
	);
});

test('nothing a terminal would act on is left of any text, in one piece or two', () => {
	const acting =
		/[\0-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/;
	const piece = fc.oneof(
		fc.string({unit: 'binary'}),
		fc.constantFrom(
			escape,
			`${escape}[`,
			`${escape}]`,
			`${escape}P`,
			`${escape}\\`,
			'\u0007',
			'\u009B',
			'\u009D',
			'\u009C',
			'1;2',
			'm',
		),
	);
	let changed = 0;

	fc.assert(
		fc.property(fc.array(piece), fc.array(piece), (left, right) => {
			const [first, second] = [left.join(''), right.join('')];
			const whole = plain(first + second);

			changed += whole === first + second ? 0 : 1;
			assert.doesNotMatch(whole, acting);
			assert.doesNotMatch(plain(first) + plain(second), acting);
			assert.equal(plain(whole), whole);
		}),
	);
	assert.ok(changed > 10, 'the texts are worth cleaning');
});

for (const hostile of [
	`${escape}]`,
	'\u009D',
	`${escape}P a`,
	`${escape}[`,
	'\u009B1;',
	`${escape}[1;`,
	`${escape}(`,
	`${escape}]\u0007`,
	`${escape}] `,
]) {
	test(
		`a megabyte of ${JSON.stringify(hostile)} is read in one go`,
		{timeout: 5000},
		async () => {
			const cleaned = plain(
				hostile.repeat(Math.ceil(1_000_000 / hostile.length)),
			);
			// Lets the timeout be heard.
			await setImmediate();

			assert.ok(!cleaned.includes(escape));
		},
	);
}
