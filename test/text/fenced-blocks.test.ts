import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {fencedBlocks} from '../../source/text/fenced-blocks.js';
import {hostileTexts, timersHaveRun} from '../helpers/hostile-text.js';

for (const [title, text, expected] of [
	['with a language', 'a\n```ts\nx\ny\n```\nb', ['x\ny']],
	['of tildes', '~~~\nx\n~~~', ['x']],
	['that is empty', '```\n```', ['']],
	['that holds shorter fences', '````md\n```\nx\n```\n````', ['```\nx\n```']],
	['that a longer fence closes', '```\nx\n`````', ['x']],
	['that holds fences of the other kind', '```\n~~~\n```', ['~~~']],
	[
		'that a fence with words does not close',
		'```\n```js\nx\n```',
		['```js\nx'],
	],
	['in a list', '1. so:\n\n   ```\n   if:\n     x\n   ```', ['if:\n  x']],
	['with the ends of lines of Windows', '```\r\nx\r\n```\r\n', ['x']],
	['one after the other', '```\na\n```\n```\nb\n```', ['a', 'b']],
	['that never closes', '```\nx', []],
	['of two backticks', '``\nx\n``', []],
	['of code within a line', '```x``` is\ncode\n```\ny\n```', ['y']],
] as const) {
	test(`a fenced block is found: one ${title}`, () => {
		assert.deepEqual(fencedBlocks(text), expected);
	});
}

test('any text has fenced blocks or none, and what is fenced is found', () => {
	const pieces = fc.array(
		fc.constantFrom(
			'```',
			'````',
			'~~~',
			'~',
			' ',
			'\t',
			'\n',
			'\r\n',
			'a',
			'`',
		),
	);
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string({unit: 'binary'}),
				pieces.map(each => each.join('')),
			),
			text => {
				assert.ok(Array.isArray(fencedBlocks(text)));
				const fence = '`'.repeat(text.length + 3);
				const lines = `${text}\n`.split(/\r?\n/).slice(0, -1);
				assert.deepEqual(fencedBlocks(`${fence}\n${text}\n${fence}`), [
					lines.join('\n'),
				]);
			},
		),
	);
});

for (const [title, text] of hostileTexts) {
	test(`a megabyte is read at once: ${title}`, {timeout: 5000}, async () => {
		assert.ok(Array.isArray(fencedBlocks(text)));
		await timersHaveRun();
	});
}
