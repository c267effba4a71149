import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {
	type Editor,
	editorView,
	editorWith,
	emptyEditor,
	pressEditor,
} from '../../../source/ui/composer/editor.js';
import {type KeyPress, pasteOf} from '../../../source/ui/keys.js';
import {columnsOf} from '../../../source/text/columns.js';
import {anyKey, piece, press} from '../../helpers/keys.js';

const many = {isMultiline: true};

const pressAll = (
	editor: Editor,
	chords: readonly string[],
	options = many,
): Editor =>
	chords.reduce(
		(now, chord) => pressEditor(now, press(chord), options) ?? now,
		editor,
	);

// The cursor is drawn as a bar.
const seen = ({text, at}: Editor) => `${text.slice(0, at)}|${text.slice(at)}`;
const from = (marked: string): Editor => ({
	...editorWith(marked.replace('|', '')),
	at: marked.indexOf('|'),
});

for (const [chord, before, after] of [
	['x', 'a|b', 'ax|b'],
	['left', 'a👩‍🚀|', 'a|👩‍🚀'],
	['left', '|a', '|a'],
	['left', 'a\n|b', 'a|\nb'],
	['right', '|e\u0301x', 'e\u0301|x'],
	['right', 'a|\nb', 'a\n|b'],
	['ctrl+b', 'ab|', 'a|b'],
	['ctrl+f', '|ab', 'a|b'],
	['ctrl+a', 'one\ntwo|', 'one\n|two'],
	['home', 'one\ntwo|', 'one\n|two'],
	['ctrl+e', 'o|ne\ntwo', 'one|\ntwo'],
	['end', 'o|ne\ntwo', 'one|\ntwo'],
	['ctrl+home', 'one\ntwo|', '|one\ntwo'],
	['ctrl+end', '|one\ntwo', 'one\ntwo|'],
	['backspace', 'a👍🏽|b', 'a|b'],
	['backspace', 'a\n|b', 'a|b'],
	['backspace', '|b', '|b'],
	['ctrl+h', 'ab|', 'a|'],
	['delete', 'a|🇩🇪b', 'a|b'],
	['ctrl+d', 'a|bc', 'a|c'],
	['alt+b', 'one two-three  |', 'one two-|three  '],
	['alt+left', 'one tw|o', 'one |two'],
	['ctrl+left', 'one |two', '|one two'],
	['alt+f', 'one| two', 'one two|'],
	['alt+right', 'o|ne two', 'one| two'],
	['ctrl+right', 'one two|', 'one two|'],
	['alt+d', 'one| two three', 'one| three'],
	['ctrl+w', 'see two-three |x', 'see |x'],
	['alt+backspace', 'see two-three|', 'see two-|'],
	['ctrl+u', 'one\ntwo three|!', 'one\n|!'],
	['ctrl+j', 'a|b', 'a\n|b'],
	['shift+enter', 'a|b', 'a\n|b'],
	['alt+enter', 'a|b', 'a\n|b'],
	['up', 'one\ntw|o', 'on|e\ntwo'],
	['down', 'one|\no', 'one\no|'],
] as const) {
	test(`${chord} makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, () => {
		assert.equal(seen(pressAll(from(before), [chord])), after);
	});
}

test('keys of others are left to them', () => {
	for (const chord of [
		'enter',
		'escape',
		'tab',
		'shift+tab',
		'ctrl+k',
		'ctrl+p',
		'ctrl+c',
		'f1',
		'alt+1',
		'alt+up',
		'pageup',
	]) {
		assert.equal(pressEditor(editorWith('a'), press(chord), many), null, chord);
	}

	assert.equal(pressEditor(from('o|ne\ntwo'), press('up'), many), null);
	assert.equal(pressEditor(from('one\nt|wo'), press('down'), many), null);
	assert.equal(pressEditor(emptyEditor, press('ctrl+d'), many), null);
});

test('a single line takes no line feeds and no up and down', () => {
	const single = {isMultiline: false};
	const pasted = pressEditor(emptyEditor, pasteOf('a\r\nb\nc'), single);

	assert.equal(pasted?.text, 'a b c');

	for (const chord of ['ctrl+j', 'shift+enter', 'up', 'down']) {
		assert.equal(pressEditor(editorWith('a'), press(chord), single), null);
	}
});

test('a paste loses what would act on the terminal and nothing else', () => {
	const pasted = pressEditor(
		emptyEditor,
		pasteOf('\u001B[31mred\u001B[0m\tblue\r\n\u0007日本 \uD83D!\r'),
		many,
	);

	assert.equal(pasted?.text, 'red    blue\n日本 \uFFFD!\n');
});

test('up and down go by lines of the screen and keep the column', () => {
	const layout = {width: 5};
	const editor = from('abcdefgh\nx\n日本語日|');
	const ups = ['up', 'up', 'up', 'up'];
	const states = ups.map((_, index) =>
		ups
			.slice(0, index + 1)
			.reduce<Editor | null>(
				(now, chord) =>
					now && pressEditor(now, press(chord), {...many, layout}),
				editor,
			),
	);

	assert.deepEqual(
		states.map(state => state && seen(state)),
		[
			'abcdefgh\nx\n日|本語日',
			'abcdefgh\nx|\n日本語日',
			'abcdefgh|\nx\n日本語日',
			'abc|defgh\nx\n日本語日',
		],
	);
});

test('what was cut comes back, cuts in a row as one', () => {
	const cut = pressAll(from('one two three| four'), ['ctrl+w', 'ctrl+w']);
	assert.equal(seen(cut), 'one | four');
	assert.equal(seen(pressAll(cut, ['ctrl+y'])), 'one two three| four');

	const both = pressAll(from('a b|c d'), ['ctrl+u', 'alt+d', 'ctrl+y']);
	assert.equal(seen(both), 'a bc| d');

	const apart = pressAll(from('one two|'), ['ctrl+w', 'left', 'ctrl+w']);
	assert.equal(apart.killed, 'one');
});

test('undo goes back by words, pastes and cuts', () => {
	const editor = pressAll(emptyEditor, [...'one two', 'ctrl+w', 'ctrl+u']);
	const texts = [editor.text];
	let now = editor;

	for (let step = 0; step < 5; step++) {
		now = pressAll(now, ['ctrl+_']);
		texts.push(now.text);
	}

	assert.deepEqual(texts, ['', 'one ', 'one two', 'one', '', '']);
});

test('the view shows the lines around the cursor', () => {
	const editor = from('1\n2\n3\n4|\n5\n6');

	assert.deepEqual(editorView(editor, {width: 10, rows: 3}), {
		lines: ['3', '4', '5'],
		cursor: {x: 1, y: 1},
		above: 2,
		below: 1,
	});
	assert.deepEqual(editorView(from('1|\n2\n3'), {width: 10, rows: 2}), {
		lines: ['1', '2'],
		cursor: {x: 1, y: 0},
		above: 0,
		below: 1,
	});
});

test('a line that is too long goes on in the next, where its cursor is', () => {
	const {lines, cursor} = editorView(from('abcdefgh|'), {width: 5, rows: 9});
	assert.deepEqual(lines, ['abcd', 'efgh']);
	assert.deepEqual(cursor, {x: 4, y: 1});

	const middle = editorView(from('abcd|efgh'), {width: 5, rows: 9});
	assert.deepEqual(middle.cursor, {x: 0, y: 1});
});

test('a single row slides along its line', () => {
	const view = (marked: string) =>
		editorView(from(marked), {width: 6, rows: 1});

	assert.deepEqual(view('abcdefgh|').lines, ['defgh']);
	assert.deepEqual(view('abcdefgh|').cursor, {x: 5, y: 0});
	assert.deepEqual(view('a|bcdefgh').lines, ['abcde']);
	assert.deepEqual(view('a|bcdefgh').cursor, {x: 1, y: 0});
	assert.deepEqual(view('日本語|日').lines, ['本語']);
});

test('a mask hides what is typed', () => {
	const show = () => '•';
	const {lines} = editorView(editorWith('secret'), {width: 20, rows: 1, show});
	assert.deepEqual(lines, ['••••••']);
	assert.deepEqual(
		editorView(editorWith('secret'), {width: 20, rows: 2, show}).lines,
		['••••••'],
	);
});

const chords = [
	'ctrl+home',
	'up',
	'down',
	'left',
	'right',
	'up',
	'down',
	'home',
	'end',
	'alt+b',
	'alt+f',
	'alt+d',
	'backspace',
	'delete',
	'ctrl+w',
	'ctrl+u',
	'ctrl+y',
	'ctrl+_',
	'ctrl+j',
	'alt+backspace',
];
const boundaries = (text: string) =>
	new Set([
		...Array.from(new Intl.Segmenter('en').segment(text), ({index}) => index),
		text.length,
	]);

test('whatever is pressed, the text is sound and the cursor is in it and in view', () => {
	const reached = new Set<string>();

	fc.assert(
		fc.property(
			fc.array(anyKey(chords), {maxLength: 60, size: 'max'}),
			fc.integer({min: 4, max: 30}),
			fc.integer({min: 1, max: 6}),
			fc.boolean(),
			(keys: KeyPress[], width, rows, isMultiline) => {
				let editor = emptyEditor;

				for (const key of keys) {
					const next = pressEditor(editor, key, {isMultiline, layout: {width}});

					if (next && next !== editor) {
						reached.add(key.chord);
					}

					editor = next ?? editor;
					assert.ok(editor.text.isWellFormed());
					assert.doesNotMatch(
						editor.text,
						/[\0-\u0009\u000B-\u001F\u007F-\u009F]/,
					);
					assert.ok(boundaries(editor.text).has(editor.at), seen(editor));
					assert.ok(isMultiline || !editor.text.includes('\n'));

					const {lines, cursor} = editorView(editor, {width, rows});
					assert.ok(lines.length <= rows);
					assert.notEqual(lines[cursor.y], undefined);
					assert.ok(cursor.x >= 0);
					assert.ok(cursor.x < width);

					for (const line of lines) {
						assert.ok(columnsOf(line) < width, JSON.stringify(line));
					}
				}
			},
		),
		{numRuns: 300},
	);
	assert.deepEqual(
		chords.filter(chord => !reached.has(chord)),
		[],
	);
});

test('the lines of the view are the text', () => {
	fc.assert(
		fc.property(
			fc.array(piece, {maxLength: 30}),
			fc.integer({min: 4, max: 30}),
			(pieces, width) => {
				const editor = editorWith(pieces.join(''));
				const {lines} = editorView(editor, {width, rows: 10_000});
				assert.equal(lines.join(''), editor.text.replaceAll('\n', ''));
			},
		),
	);
});

test('a character is gone again after backspace', () => {
	fc.assert(
		fc.property(
			fc.array(piece, {maxLength: 10}),
			fc.constantFrom('a', ' ', '日', '👩‍🚀', '\n', 'é'),
			(pieces, text) => {
				// A joiner takes in what is typed behind it.
				const editor = editorWith(`${pieces.join('')}.`);
				const typed = pressEditor(editor, {chord: text, text}, many)!;
				const back = pressAll(typed, ['backspace']);
				assert.equal(seen(back), seen(editor));
			},
		),
	);
});

test('word by word one gets to both ends', () => {
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 20}), pieces => {
			let editor = editorWith(pieces.join(''));

			for (const [chord, end] of [
				['alt+b', 0],
				['alt+f', editor.text.length],
			] as const) {
				while (editor.at !== end) {
					const {at} = editor;
					editor = pressAll(editor, [chord]);
					assert.notEqual(editor.at, at, JSON.stringify(seen(editor)));
				}
			}
		}),
	);
});
