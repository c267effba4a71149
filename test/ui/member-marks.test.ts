import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {createMemberMarks} from '../../source/ui/member-marks.js';

const read = (...pieces: readonly string[]) => {
	const marks = createMemberMarks();
	return pieces.map(piece => marks.push(piece)).join('') + marks.end();
};

test('the final line is shown as one, and the confidence not at all', () => {
	const text = 'Because.\n<final> 42 </final>\n<confidence>0.7</confidence>\n';

	assert.equal(read(text), 'Because.\n→ 42\n\n');
	assert.equal(read(...text), 'Because.\n→ 42\n\n');
});

test('what only looks like a mark is shown as it is', () => {
	for (const text of [
		'a < b and <b>bold</b>, x << 2.',
		'<finally>no</finally> .',
		'<final>one\ntwo</final>',
		'<final>a<b>c</final>',
		`<final>${'x'.repeat(500)}</final>`,
		'<confidence>0.5</final>',
		'cut off: <final>ye',
		'a <',
	]) {
		assert.equal(read(text), text);
		assert.equal(read(...text), text);
	}
});

test('however a text is cut, the same is shown', () => {
	const part = fc.constantFrom(
		'<final>',
		'</final>',
		'<confidence>',
		'</confidence>',
		'<',
		'\n',
		'a',
		'<f',
		'word ',
	);
	fc.assert(
		fc.property(fc.array(part), parts => {
			const text = parts.join('');
			assert.equal(read(...text), read(text));
		}),
	);
});
