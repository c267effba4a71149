import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {createSynthesisStream} from '../../../source/core/reading/synthesis-stream.js';
import {
	parseVerdict,
	type ParsedVerdict,
} from '../../../source/core/reading/verdict.js';
import {hostileTexts, timersHaveRun} from '../../helpers/hostile-text.js';

const stream = (pieces: Iterable<string>) => {
	const {push} = createSynthesisStream();
	const heads: ParsedVerdict[] = [];
	const texts: string[] = [];

	for (const piece of pieces) {
		const {head, text} = push(piece);
		texts.push(text);

		if (head) {
			heads.push(head);
		}
	}

	return {heads, texts, text: texts.join('')};
};

const start = '<confidence>0.9</confidence>\n<groups>A,B|C</groups>\n';

test('the head is told once, when the synthesis begins', () => {
	const {push} = createSynthesisStream();
	assert.equal(push(`${start}<synthe`).head, null);
	const {head, text} = push('sis>\n');
	assert.equal(head?.confidence, 0.9);
	assert.deepEqual(head?.groups, [['A', 'B'], ['C']]);
	assert.equal(head?.synthesis, null);
	assert.equal(head?.needsIteration, null);
	assert.deepEqual(head?.problems, []);
	assert.equal(text, '');
	assert.deepEqual(push(' So it is</synthesis>'), {
		head: null,
		text: 'So it is',
	});
});

test('a synthesis without anything before it has an empty head', () => {
	const {heads, text} = stream(['Well: ', '<synthesis>S</synthesis>']);
	assert.equal(heads.length, 1);
	assert.equal(heads[0]?.confidence, null);
	assert.equal(text, 'S');
});

test('text is told as soon as it is certain, white space and a possible end are held back', () => {
	const pieces = [
		`${start}<synthesis> `,
		'\nSo ',
		'it',
		' \n',
		'is a < b',
		'</synth',
		'etic> ',
		'</synthesis',
		'>',
	];
	assert.deepEqual(stream(pieces).texts, [
		'',
		'So',
		' it',
		'',
		' \nis a < b',
		'',
		'</synthetic>',
		'',
		'',
	]);
});

test('after the closing tag nothing more is told', () => {
	const pieces = ['<synthesis>S</synthesis> more ', '<synthesis>T</synthesis>'];
	assert.equal(stream(pieces).text, 'S');
	assert.equal(stream([pieces.join('')]).text, 'S');
	assert.equal(stream(pieces.join('')).text, 'S');
});

test('a synthesis in thinking, in code or in another section is not told', () => {
	for (const text of [
		'<think><synthesis>x</synthesis></think>',
		'<analysis>I fill <synthesis>x</synthesis>.</analysis>',
		'So:\n```xml\n<synthesis>x</synthesis>\n```\n',
		'The tag `<synthesis>` follows.',
	]) {
		assert.deepEqual(stream([text]).heads, [], text);
		assert.equal(stream([text, '<synthesis>S</synthesis>']).text, 'S', text);
		assert.equal(stream(`${text}<synthesis>S</synthesis>`).text, 'S', text);
	}
});

test('a fence around everything is looked through', () => {
	for (const pieces of [
		[`\`\`\`xml\n${start}<synthesis>S</synthesis>\n\`\`\``],
		`\`\`\`xml\n${start}<synthesis>S</synthesis>\n\`\`\``,
	]) {
		const {heads, text} = stream(pieces);
		assert.equal(text, 'S');
		assert.equal(heads[0]?.confidence, 0.9);
	}
});

test('a blank between a backtick and a tag counts, however they are cut', () => {
	const text = '` <synthesis>`x`</synthesis>';
	assert.equal(stream(text).text, '`x`');
	assert.equal(stream([text]).text, '`x`');
});

test('words before a fence make it code, however they are cut', () => {
	assert.equal(
		stream(['So:', '\n', '```\n', '<synthesis>x</synthesis>']).text,
		'',
	);
});

test('text behind a doubtful end waits until the end is known', () => {
	const {push} = createSynthesisStream();
	assert.equal(
		push('<synthesis>So:\n```xml\n</synthesis>\n').text,
		'So:\n```xml',
	);
	assert.equal(push('more\n').text, '');
	assert.equal(push('```\nDone.').text, '\n</synthesis>\nmore\n```\nDone.');
});

test('what is told of a verdict that breaks off is the beginning of its synthesis', () => {
	const whole = `${start}<synthesis>So:\n\`\`\`x\n</synthesis>\n\`\`\`\nDone <b>now</b>.</synthesis>`;

	for (let length = 0; length <= whole.length; length++) {
		const text = whole.slice(0, length);
		const {heads, text: told} = stream(text);
		assert.ok(
			heads.length === 0 ||
				parseVerdict(text).synthesis === null ||
				parseVerdict(text).synthesis!.startsWith(told),
			text,
		);
	}
});

const fragment = fc.oneof(
	fc.constantFrom(
		'So',
		' ',
		'\n',
		'\r\n',
		'  \n',
		'<',
		'</',
		'<b>',
		'a < b',
		'</synth',
		'`',
		'🙂',
		'<think>',
		'`</synthesis>`',
		'<confidence>0.1</confidence>',
		'<synthesis>in</synthesis>',
		'\n```xml\n<synthesis>x\n</synthesis>\n```\n',
		'\n~~~\n</synthesis> a\n~~~ \n',
		'<analysis>',
	),
	fc.string({maxLength: 5}).filter(text => !/[`~]/.test(text)),
);

test('in whatever pieces a verdict comes, its texts together are its synthesis', () => {
	let told = 0;
	let held = 0;
	fc.assert(
		fc.property(
			fc.array(fragment, {maxLength: 12}),
			fc.array(fc.integer({min: 1, max: 9}), {minLength: 1}),
			fc.boolean(),
			(fragments, sizes, isWrapped) => {
				const body = fragments.join('');
				const verdict = `<think>hm</think>${start}<synthesis>${body}</synthesis>\n`;
				const whole = isWrapped ? `\`\`\`xml\n${verdict}\`\`\`` : verdict;
				const pieces: string[] = [];

				for (let at = 0; at < whole.length; at += pieces.at(-1)!.length) {
					const size = sizes[pieces.length % sizes.length]!;
					pieces.push(whole.slice(at, at + size));
				}

				const {heads, text} = stream(pieces);
				const {synthesis} = parseVerdict(whole);
				assert.equal(heads.length, 1);
				assert.equal(heads[0]?.confidence, 0.9);
				assert.equal(text, synthesis ?? '');
				told += text === '' ? 0 : 1;
				held += body.includes('</synthesis>') ? 1 : 0;
			},
		),
		{numRuns: 2000},
	);
	assert.ok(told > 500, 'most verdicts have a text');
	assert.ok(held > 200, 'many have a closing tag within');
});

for (const [name, text] of hostileTexts) {
	test(
		`a megabyte of ${name} is streamed in time`,
		{timeout: 10_000},
		async () => {
			const {push} = createSynthesisStream();
			let {length} = push('<synthesis>').text;

			for (let at = 0; at < text.length; at += 3) {
				length += push(text.slice(at, at + 3)).text.length;
			}

			assert.ok(length <= text.length);
			await timersHaveRun();
		},
	);
}
