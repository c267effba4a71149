import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {wordsOf} from '../../source/store/words.js';
import {columnsOf} from '../../source/text/columns.js';
import {lineWith, markedWords} from '../../source/ui/marked-words.js';
import {type TranscriptSpan} from '../../source/ui/transcript.js';

const patterns = (query: string) => wordsOf(query).map(({pattern}) => pattern);

const shown = (line: readonly TranscriptSpan[], query: string) =>
	markedWords(line, patterns(query))
		.map(({text, tone}) => (tone === 'selected' ? `[${text}]` : text))
		.join('');

const plain = (text: string): TranscriptSpan => ({text, tone: 'plain'});

test('words are marked where they begin, whatever their case and accents, and not within others', () => {
	const line = [plain('A ledger on the Édge; edges'), plain('.')];
	assert.equal(shown(line, 'edge'), 'A ledger on the [Édge]; [edge]s.');
	assert.equal(shown(line, '"edge"'), 'A ledger on the [Édge]; edges.');
	assert.equal(
		shown(line, '"the edge" led'),
		'A [led]ger on [the Édge]; edges.',
	);
});

test('a word that is in two tones keeps the rest of its look', () => {
	const line = [plain('un'), {...plain('seen'), bold: true}, plain(' here')];
	assert.deepEqual(markedWords(line, patterns('unse')), [
		{text: 'un', tone: 'selected'},
		{text: 'se', tone: 'selected', bold: true},
		{text: 'en', tone: 'plain', bold: true},
		{text: ' here', tone: 'plain'},
	]);
	assert.equal(markedWords(line, patterns('nowhere')), line);
});

test('whatever is marked, the text stays the same and as wide', () => {
	const text = fc.string({unit: 'grapheme', maxLength: 20});

	fc.assert(
		fc.property(fc.array(text, {maxLength: 4}), text, (texts, query) => {
			const line = texts.map(each => plain(each.normalize('NFC')));
			const before = line.map(each => each.text).join('');
			const after = markedWords(line, patterns(query))
				.map(each => each.text)
				.join('');
			assert.equal(after.normalize('NFC'), before.normalize('NFC'));
			assert.equal(columnsOf(after), columnsOf(before));
		}),
	);
});

test('the first line with most of the words is found, and none where there are none', () => {
	const lines = ['A ledger.', 'An edge.', 'The edge of it.', 'Of an edge.'];
	assert.equal(lineWith(lines, patterns('edge of')), 2);
	assert.equal(lineWith(lines, patterns('edge')), 1);
	assert.equal(lineWith(lines, patterns('cliff')), -1);
	assert.equal(lineWith([], []), -1);
});
