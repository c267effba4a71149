import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {shortened} from '../../source/text/shortened.js';

test('a text that fits is told whole, on one line', () => {
	assert.equal(shortened(' a\n\tb ', 3), 'a b');
	assert.equal(shortened('', 3), '');
});

test('a text that does not fit loses its end, or its middle', () => {
	assert.equal(shortened('abcdefgh', 5), 'abcd…');
	assert.equal(shortened('abcdefgh', 5, 'both ends'), 'ab…gh');
	assert.equal(shortened('abcdefgh', 6, 'both ends'), 'abc…gh');
});

test('a text is never longer than it may be, and no character is cut in two', () => {
	fc.assert(
		fc.property(
			fc.string({unit: fc.constantFrom('a', '💬', ' ', '\n')}),
			fc.integer({min: 3, max: 20}),
			fc.constantFrom('beginning' as const, 'both ends' as const),
			(text, most, keeps) => {
				const short = shortened(text, most, keeps);
				assert.ok([...short].length <= most);
				assert.match(short, /^[a💬 …]*$/u);
			},
		),
	);
});
