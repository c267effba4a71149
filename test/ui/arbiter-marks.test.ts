import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {createArbiterMarks} from '../../source/ui/arbiter-marks.js';

const read = (...pieces: readonly string[]) => {
	const marks = createArbiterMarks();
	return pieces.map(piece => marks.push(piece)).join('') + marks.end();
};

test('the sections of an arbiter are named in words, and what closes them is not shown', () => {
	const text = `<analysis>Two agree.</analysis>
<dissent><point labels="B,C">Grey.</point></dissent>
<ranking>A=B>C</ranking>
<NEEDS_ITERATION>true</NEEDS_ITERATION>`;
	const shown = `analysis: Two agree.
dissent: point B,C: Grey.
ranking: A=B>C
needs iteration: true`;

	assert.equal(read(text), shown);
	assert.equal(read(...text), shown);
});

test('what is no section of an arbiter is shown as it is', () => {
	for (const text of [
		'a < b and <b>bold</b>, x << 2.',
		'<points>no</points>',
		'<areas >',
		'<point <b',
		`<point ${'x'.repeat(500)}>`,
		'cut off: <analy',
		'a <',
	]) {
		assert.equal(read(text), text);
		assert.equal(read(...text), text);
	}
});

test('however an arbiter is cut, the same is shown', () => {
	const part = fc.constantFrom(
		'<point labels="A,B">',
		'<point ',
		'labels="C"',
		'</point>',
		'<analysis>',
		'</analysis',
		'>',
		'<',
		'<ran',
		'king',
		'\n',
		'word ',
	);
	fc.assert(
		fc.property(
			fc.array(part),
			fc.array(fc.nat({max: 30})),
			(parts, lengths) => {
				const text = parts.join('');
				let from = 0;
				const pieces = lengths.map(length => {
					from += length;
					return text.slice(from - length, from);
				});
				const shown = read(text);
				assert.equal(read(...text), shown);
				assert.equal(read(...pieces, text.slice(from)), shown);
			},
		),
	);
});
