import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {columnsIn, plainLines, textOf} from '../../source/text/spans.js';
import {markdownLines} from '../../source/text/markdown.js';
import {hostileTexts} from '../helpers/hostile-text.js';

const shown = (text: string, width = 60) =>
	markdownLines(text, width).map(line => textOf(line));

/**
The pieces of the first line with what they are.
*/
const marked = (text: string) =>
	markdownLines(text, 60)[0]!.map(span => `${span.mark}: ${span.text}`);

test('paragraphs are wrapped and stand apart', () => {
	assert.deepEqual(shown('one two three\n\nfour', 9), [
		'one two',
		'three',
		'',
		'four',
	]);
});

test('a line that was broken on purpose stays broken', () => {
	assert.deepEqual(shown('roses are red\n violets are blue'), [
		'roses are red',
		'violets are blue',
	]);
	assert.deepEqual(shown('a<br>b  \nc'), ['a', 'b', 'c']);
});

test('a heading is marked and loses its signs', () => {
	assert.deepEqual(marked('## The *answer*\ntext'), [
		'heading: The ',
		'heading: answer',
	]);
});

test('emphasis, code and what is deleted are marked', () => {
	assert.deepEqual(
		marked(String.raw`a **b _c_** *d **e*** ~~f~~ \*g\* ` + '`h*`'),
		[
			'plain: a ',
			'strong: b ',
			'strong: c',
			'plain:  ',
			'emphasis: d ',
			'strong: e',
			'plain:  ',
			'deleted: f',
			'plain:  ',
			'plain: *',
			'plain: g',
			'plain: *',
			'plain:  ',
			'code: h*',
		],
	);
});

test('a link shows its address where the text does not', () => {
	assert.deepEqual(marked('[docs](https://example.org "t")'), [
		'link: docs',
		'quiet:  (https://example.org)',
	]);

	assert.equal(
		shown('[docs](https://example.org?a&amp;b)')[0],
		'docs (https://example.org?a&b)',
	);

	for (const text of [
		'https://example.org',
		'www.example.org',
		'someone@example.org',
	]) {
		assert.deepEqual(marked(text), [`link: ${text}`]);
	}

	assert.deepEqual(shown('![a cat](cat.png) [](b)'), ['a cat (cat.png) b']);
	assert.deepEqual(shown('see [1]\n\n[1]: https://example.org'), [
		'see 1 (https://example.org)',
		'',
		'[1]: https://example.org',
	]);
});

test('lists keep their numbers, their depth and their boxes', () => {
	assert.deepEqual(
		shown('9. nine is wrapped\n10. ten\n    - a\n      - b\n\nend', 18),
		[
			' 9. nine is',
			'    wrapped',
			'10. ten',
			'    - a',
			'      - b',
			'',
			'end',
		],
	);
	assert.deepEqual(shown('- [x] done\n- [ ] open\n\n1. one\n\n2. two'), [
		'[x] done',
		'[ ] open',
		'',
		'1. one',
		'',
		'2. two',
	]);
	assert.deepEqual(shown('-\n- a'), ['-', '- a']);
});

test('code keeps its spaces and its signs, and nothing is drawn around it', () => {
	assert.deepEqual(shown('a\n\n```js\nif (x) {\n\n\ty = `*z*`;\n}\n```'), [
		'a',
		'',
		'  if (x) {',
		'',
		'      y = `*z*`;',
		'  }',
	]);
});

test('a quote is quoted on every line', () => {
	assert.deepEqual(shown('> one two three\n>\n> four\n> > five', 12), [
		'> one two',
		'> three',
		'>',
		'> four',
		'>',
		'> > five',
	]);
});

test('a rule is as wide as the pane', () => {
	assert.deepEqual(shown('a\n\n---', 10), ['a', '', '──────────']);
});

test('HTML is shown as it is written', () => {
	assert.deepEqual(shown('a <b>c</b> &lt;d&gt;\n\n<div>\ne &amp;\n</div>'), [
		'a <b>c</b> <d>',
		'',
		'<div>',
		'e &amp;',
		'</div>',
	]);
});

const table = '| name | cost |\n|:--|--:|\n| **日本** | 1 |\n| b | 200<br>!|\n';

test('a table stands in columns where it fits', () => {
	assert.deepEqual(shown(table), [
		'name   cost',
		'────  ─────',
		'日本      1',
		'b     200 !',
	]);
});

test('a table that is too wide becomes a line for each cell', () => {
	assert.deepEqual(shown(table, 10), [
		'name: 日本',
		'cost: 1',
		'',
		'name: b',
		'cost: 200',
		'!',
	]);
});

test('what controls a terminal gets through nowhere', () => {
	const text = shown(
		'\u001B[2Ja\u200D[b](&#27;[31m&#x9b;c) `\u0007`\n\n    \u001B]0;t\u0007x\u202E',
	).join('\n');

	assert.doesNotMatch(text, /[^\P{Control}\n]|\p{Format}/u);
	assert.match(text, /<U\+202E>/);
});

const pieces = fc.string({
	unit: fc.constantFrom(
		...'>*_-+#`~[]()<>|:!\\&=1.aé日 \n\t',
		'\n\n',
		'- ',
		'1. ',
		'```',
		'|-|',
		'   ',
		'**',
		'www.a.b',
		'word',
		'&#27;',
		'\u001B[1m',
		'👍',
	),
	maxLength: 150,
});

test('no line of any text is too wide', () => {
	fc.assert(
		fc.property(pieces, fc.integer({min: 2, max: 40}), (text, width) => {
			const lines = markdownLines(text, width);

			for (const line of lines) {
				assert.ok(columnsIn(line) <= width, textOf(line));
				assert.ok(
					line.every(span => span.text !== '' && !span.text.includes('\n')),
				);
			}
		}),
		{numRuns: 2000},
	);
});

test('no letter gets lost where there are no fences and no tables', () => {
	const count = (text: string) => text.split(/[é日]/).length;

	fc.assert(
		fc.property(pieces, text => {
			const source = text.replaceAll(/[`~|]/g, '.');
			assert.ok(count(shown(source).join('\n')) >= count(source));
		}),
		{numRuns: 2000},
	);
});

for (const piece of [
	'>',
	'> ',
	'*',
	'* ',
	'[',
	'![',
	'`',
	'_a',
	'*a_',
	'**a *',
	'[a](',
	'http://a(',
	'1. ',
	'> - ',
	'a\n-\n',
	'|\n|-|\n',
	'- a\n(>\n',
	'<a ',
	'\\',
	'~~a',
]) {
	test(`ten thousand times ${JSON.stringify(piece)} is shown`, () => {
		const lines = markdownLines(piece.repeat(10_000), 40);

		assert.ok(lines.length > 0);
		assert.ok(lines.every(line => columnsIn(line) <= 40));
	});
}

test('a table cannot be made to have millions of cells', () => {
	const columns = 2000;
	const text = `${'a|'.repeat(columns)}\n${'-|'.repeat(columns)}\n${'b|\n'.repeat(10_000)}`;

	assert.ok(markdownLines(text, 40).length >= 10_000);
});

for (const [what, text] of [
	['too long', `# a\n\n${'b '.repeat(50_000)}`],
	['too deep', `# a\n\n${'> '.repeat(50)}b`],
	['divided too often', `# a\n\n${'b\n-\n'.repeat(201)}`],
	[
		'a table with too many cells',
		`# a\n${'|-'.repeat(1000)}\n${'|\n'.repeat(100)}`,
	],
	['too long without an empty line', `# a\n${'- b\n(>\n'.repeat(4000)}`],
] as const) {
	test(`a text that is ${what} for the lexer is shown as it is`, () => {
		assert.deepEqual(markdownLines(text, 40), plainLines(text.trimEnd(), 40));
	});
}

test('a paragraph with too many delimiters is shown as it is, and others are not', () => {
	const tangled = '*a* '.repeat(151).trim();

	assert.equal(shown(`*b*\n\n${tangled}`, 1000).join('\n'), `b\n\n${tangled}`);
	assert.equal(shown(tangled.slice(4), 1000)[0], 'a '.repeat(150).trim());
});

test('a list may be deeper than the pane is wide', () => {
	const text = Array.from(
		{length: 200},
		(_, depth) => `${'  '.repeat(depth)}- a${depth}`,
	).join('\n');
	const lines = shown(text, 30);

	assert.ok(lines.every(line => line.length <= 30));
	assert.match(lines.at(-1)!, /a199$/);
});

test('as much as may be Markdown of what confuses readers of tags is shown', () => {
	for (const [what, text] of hostileTexts) {
		assert.ok(markdownLines(text.slice(0, 100_000), 80).length > 0, what);
	}
});

test('two megabytes of an ordinary answer are shown as they are', () => {
	const text = '# Title\n\nSome **bold** words and `code`.\n\n'.repeat(50_000);
	const lines = shown(text, 80);

	assert.equal(lines[0], '# Title');
	assert.equal(lines.length, 4 * 50_000 - 1);
});

test('as long as an answer may be, it is shown as Markdown', () => {
	const text = '# Title\n\nSome **bold** words and `code`.\n\n'.repeat(2300);
	const lines = shown(text, 80);

	assert.ok(text.length > 90_000);
	assert.equal(lines[0], 'Title');
	assert.equal(lines.length, 4 * 2300 - 1);
});

test('a program of thousands of lines is still code', () => {
	const text = `Here:\n\n\`\`\`\n${'let a = 1; // *x*\n\n'.repeat(2000)}\`\`\`\n\nDone **now**.`;
	const lines = markdownLines(text, 80);

	assert.equal(textOf(lines.at(-1)!), 'Done now.');
	assert.equal(lines[2]!.at(-1)!.mark, 'code');
});
