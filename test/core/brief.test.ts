import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {boundaryFor, labelOf, masked} from '../../source/core/brief.js';
import {vectors} from '../helpers/vectors.js';

const {mask_names: samples} = vectors<{
	mask_names: ReadonlyArray<{text: string; names: string[]; masked: string}>;
}>('judging');

test('labels go on behind Z', () => {
	assert.deepEqual(
		[0, 1, 25, 26, 27, 51, 52, 255].map(index => labelOf(index)),
		['A', 'B', 'Z', 'AA', 'AB', 'AZ', 'BA', 'IV'],
	);
});

test('no text contains the boundary, whatever it guesses', () => {
	const first = boundaryFor('run|1', []);
	assert.match(first, /^[0-9a-f]{32}$/v);
	const second = boundaryFor('run|1', [`I know it: ${first}`]);
	assert.notEqual(second, first);
	assert.notEqual(boundaryFor('run|1', [first, second]), second);
	assert.equal(boundaryFor('run|1', []), first, 'the same for the same run');
	assert.notEqual(boundaryFor('run|2', []), first);
});

test('names of models are masked where they stand as words, the longest first', () => {
	assert.equal(
		masked('As openai/gpt-6.1-sol I say gpt-6.1-sol, not GPT-6.1-SOL-mini.', [
			'gpt-6.1-sol',
			'openai/gpt-6.1-sol',
		]),
		'As [model] I say [model], not GPT-6.1-SOL-mini.',
	);
	assert.equal(
		masked('claude-monet painted this', ['claude']),
		'claude-monet painted this',
	);
	assert.equal(masked('a+b', ['a']), 'a+b', 'too short to be a name');

	for (const {text, names, masked: expected} of samples) {
		assert.equal(masked(text, names), expected);
	}
});

test('any name at all can be masked', () => {
	fc.assert(
		fc.property(
			fc.string({minLength: 3}),
			fc.string({unit: 'binary'}),
			(name, text) => {
				const result = masked(`x ${name} ${text}`, [name]);
				assert.equal(typeof result, 'string');

				if (/^[\p{L}\p{N}_](?:.*[\p{L}\p{N}_])?$/v.test(name)) {
					assert.ok(result.startsWith('x [model]'), result);
				}
			},
		),
	);
});
