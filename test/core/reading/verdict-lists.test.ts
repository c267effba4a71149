import assert from 'node:assert/strict';
import {test} from 'node:test';
import {parseVerdict} from '../../../source/core/reading/verdict.js';

test('refinement areas come from elements or, without any, from lines; stray words were areas in the original', () => {
	const read = (content: string) =>
		parseVerdict(`<refinement_areas>${content}</refinement_areas>`)
			.refinementAreas;
	assert.deepEqual(read('so: <AREA>a</AREA>, <area id="2"> b\nc </area>'), [
		'a',
		'b\nc',
	]);
	assert.deepEqual(read('\n- a\n* b\n3. c\n\n'), ['a', 'b', 'c']);
	assert.deepEqual(read('None.'), []);
	assert.deepEqual(read('<area>none</area>'), []);
});

test('dissent may be plain text, and none is no dissent', () => {
	const read = (content: string) =>
		parseVerdict(`<dissent>${content}</dissent>`).dissent;
	assert.deepEqual(read(' B says Lyon. '), [{text: 'B says Lyon.', who: []}]);
	assert.deepEqual(read("<point who='Answer B and C'>Lyon</point>"), [
		{text: 'Lyon', who: ['B', 'C']},
	]);
	assert.deepEqual(read('<POINT labels="AA, B">Lyon</POINT>'), [
		{text: 'Lyon', who: ['AA', 'B']},
	]);

	for (const none of [
		'',
		' \n',
		'none',
		'None.',
		'*None*',
		'<point>none</point>',
		'n/a',
	]) {
		assert.deepEqual(read(none), [], none);
	}
});

test('a ranking is read from levels, lines, commas and elements, which the original left empty', () => {
	const read = (content: string) =>
		parseVerdict(`<ranking>${content}</ranking>`).ranking;
	const ordered = [['B'], ['A', 'C'], ['AA']];

	for (const content of [
		'B>A=C>AA',
		' [B] &gt; [A = C] &gt; [AA] ',
		'1. Answer B\n2. Answer A, Answer C\n3. Answer AA',
		'B, A = C, AA',
		'<rank position="2">A</rank><rank position="1">[B]</rank><rank position="2">C</rank><rank position="3">AA</rank>',
		'B>A=C>AA>B',
	]) {
		assert.deepEqual(read(content), ordered, content);
	}

	assert.deepEqual(read('b a c'), [['B'], ['A'], ['C']]);
	assert.deepEqual(read('<rank>B</rank><rank>A</rank>'), [['B'], ['A']]);
	assert.deepEqual(read('all equal'), []);
	assert.ok(
		parseVerdict('<ranking>all equal</ranking>').problems.includes(
			"The arbiter's ranking could not be read.",
		),
	);
});

test('groups are read from bars, brackets, lines and elements', () => {
	for (const content of [
		'A,C|B,AA',
		'[A, C] [B, AA]',
		'[["A","C"],["B","AA"]]',
		'{A, C}, {B, AA}',
		'Answer A, Answer C\nAnswer B and Answer AA\n',
		'<group>A C</group><group>B AA</group>',
		'A,C|B,AA|A',
	]) {
		assert.deepEqual(
			parseVerdict(`<groups>${content}</groups>`).groups,
			[
				['A', 'C'],
				['B', 'AA'],
			],
			content,
		);
	}
});
