import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {table, wholeTable} from '../../source/commands/table.js';
import {columnsOf} from '../../source/text/columns.js';

const headings = ['name', 'state', 'address'];
const rows = [
	['one', 'ready', 'https://one.example'],
	['second', '', 'https://two.example'],
];

test('cells stand under their headings', () => {
	const expected = [
		'name    state  address',
		'one     ready  https://one.example',
		'second         https://two.example',
		'',
	].join('\n');
	assert.equal(table(headings, rows, Infinity), expected);
	assert.equal(wholeTable(headings, rows, 34), expected);
});

test('what is too wide is cut, or broken between cells where nothing may be lost', () => {
	assert.equal(
		table(headings, rows, 20).split('\n', 2)[1],
		'one     ready  http…',
	);
	assert.equal(
		wholeTable(headings, rows, 25),
		[
			'name  state  address',
			'one  ready',
			'    https://one.example',
			'second  -',
			'    https://two.example',
			'',
		].join('\n'),
	);
});

test('no line is ever wider than it may be, and no cell that fits a line is lost', () => {
	const cells = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), {
		minLength: 3,
		maxLength: 3,
	});
	fc.assert(
		fc.property(
			fc.array(cells, {minLength: 1, maxLength: 5}),
			fc.integer({min: 17, max: 60}),
			(content, width) => {
				const text = wholeTable(headings, content, width);
				assert.ok(text.split('\n').every(line => columnsOf(line) <= width));
				assert.deepEqual(
					text.split(/\s+/).filter(word => word !== ''),
					[headings, ...content].flat(),
				);
			},
		),
	);
});
