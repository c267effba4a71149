import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {fuzzy} from '../../source/ui/fuzzy.js';

const found = (query: string, texts: readonly string[]) =>
	fuzzy(query, texts, text => text).map(({item}) => item);

test('an empty query finds everything in its order', () => {
	assert.deepEqual(found('  ', ['b', 'a', '']), ['b', 'a', '']);
});

test('characters may be apart, but must be in order', () => {
	assert.deepEqual(found('cp5', ['claude-opus-5', 'opus-c5', 'gpt']), [
		'claude-opus-5',
	]);
	assert.deepEqual(found('x', ['']), []);
});

test('the beginning, then the beginnings of words, then runs come first', () => {
	assert.deepEqual(
		found('so', ['reason', 'also', 'gpt-sol', 's-opus', 'solo']),
		['solo', 's-opus', 'gpt-sol', 'also', 'reason'],
	);
});

test('of equals the shorter comes first, then the one that came first', () => {
	assert.deepEqual(found('re', ['retry', 'redo', 'resume', 'reap']), [
		'redo',
		'reap',
		'retry',
		'resume',
	]);
});

test('the best way to match is told, not the first', () => {
	const [match] = fuzzy('an', ['a banana an'], text => text);
	assert.deepEqual(match?.positions, [9, 10]);
	assert.deepEqual(fuzzy('é', ['👍 É'], text => text)[0]?.positions, [3]);
});

test('case does not matter', () => {
	assert.deepEqual(found('OPUS', ['Opus', 'opus']), ['Opus', 'opus']);
	assert.deepEqual(found('nc', ['newConversation']), ['newConversation']);
});

test('what is found has the characters where it says', () => {
	fc.assert(
		fc.property(
			fc.string({
				unit: fc.constantFrom('a', 'b', '-', '日', '👍'),
				maxLength: 4,
			}),
			fc.array(fc.string({unit: fc.constantFrom('a', 'B', '-', '日', '👍')})),
			(query, texts) => {
				const matches = fuzzy(query, texts, text => text);
				const pattern = new RegExp([...query].join('.*'), 'iu');

				assert.deepEqual(
					matches.map(({item}) => item).toSorted(),
					texts.filter(text => pattern.test(text)).toSorted(),
				);

				for (const {item, positions} of matches) {
					assert.equal(
						positions
							.map(at => String.fromCodePoint(item.codePointAt(at)!))
							.join('')
							.toLowerCase(),
						query,
					);
					assert.deepEqual(
						positions,
						[...new Set(positions)].toSorted((one, other) => one - other),
					);
				}
			},
		),
	);
});
