import {plain} from '../../text/plain.js';
import {type KeyPress} from '../keys.js';
import {
	leftOf,
	lineAround,
	rightOf,
	snapped,
	wordEnd,
	wordStart,
} from '../graphemes.js';
import {
	type Layout,
	offsetAt,
	placeOf,
	screenLines,
	slidingLine,
} from './screen-lines.js';

/**
A text being edited. Its lines end in line feeds, and there is nothing else in it that does something to a terminal.
*/
export type Editor = {
	readonly text: string;

	/**
	Where the cursor is: an offset between two graphemes.
	*/
	readonly at: number;

	/**
	The column that up and down try to keep.
	*/
	readonly column: number | null;

	/**
	What was cut last, to be put back by Ctrl+Y.
	*/
	readonly killed: string;

	/**
	What the last key did, where the next of its kind goes on with it.
	*/
	readonly doing: 'type' | 'kill' | null;

	/**
	What to go back to, the latest last.
	*/
	readonly past: ReadonlyArray<{readonly text: string; readonly at: number}>;
};

export type EditorOptions = {
	/**
	False turns line feeds into spaces, and leaves up and down to others.
	*/
	readonly isMultiline: boolean;

	/**
	How it is drawn, for up and down; null moves by lines of the text.
	*/
	readonly layout?: Layout | null;
};

const longestPast = 200;

export const emptyEditor: Editor = {
	text: '',
	at: 0,
	column: null,
	killed: '',
	doing: null,
	past: [],
};

/**
An editor of this text, with the cursor at its end.
*/
export function editorWith(text: string): Editor {
	const tidy = tidied(text);
	return {...emptyEditor, text: tidy, at: tidy.length};
}

/**
A text without what would do something to a terminal, and with line feeds at the ends of its lines.
*/
export function cleaned(text: string): string {
	return plain(text.replaceAll(/\r\n?/g, '\n')).toWellFormed();
}

const tidied = (text: string) => cleaned(text).replaceAll('\t', '    ');

/**
The editor after a key; null when it is none of its keys, or up or down where there is no further line.
*/
export function pressEditor(
	editor: Editor,
	key: KeyPress,
	{isMultiline, layout = null}: EditorOptions,
): Editor | null {
	if (key.text !== '') {
		const text = tidied(key.text);
		const isTyped = key.chord !== 'paste';
		return inserted(editor, isMultiline ? text : oneLine(text), isTyped);
	}

	if (isMultiline) {
		if (lineKeys.has(key.chord)) {
			return inserted(editor, '\n', false);
		}

		if (key.chord === 'up' || key.chord === 'down') {
			return movedTo(
				editor,
				key.chord,
				layout ?? {width: Number.MAX_SAFE_INTEGER},
			);
		}
	}

	return keys.get(key.chord)?.(editor) ?? null;
}

const oneLine = (text: string) => text.replaceAll('\n', ' ');
const lineKeys = new Set(['ctrl+j', 'shift+enter', 'alt+enter']);

/**
The editor with a part of its text replaced, as a step that can be undone; the cursor is behind what was put in.
*/
export function replaced(
	editor: Editor,
	{from, to, by}: {from: number; to: number; by: string},
): Editor {
	const text = editor.text.slice(0, from) + by + editor.text.slice(to);
	const {past, at} = editor;

	return text === editor.text
		? {...editor, doing: null}
		: {
				...editor,
				text,
				at: snapped(text, from + by.length),
				column: null,
				doing: null,
				past: [...past.slice(1 - longestPast), {text: editor.text, at}],
			};
}

function inserted(editor: Editor, by: string, isTyped: boolean): Editor {
	const {at, past, doing} = editor;
	const next = replaced(editor, {from: at, to: at, by});

	if (!isTyped) {
		return next;
	}

	// Words are undone, not letters.
	const goesOn = doing === 'type' && !/^\s/.test(by);
	return {...next, doing: 'type', past: goesOn ? past : next.past};
}

function killed(editor: Editor, from: number, to: number): Editor {
	if (from === to) {
		return editor;
	}

	const cut = editor.text.slice(from, to);
	const before = editor.doing === 'kill' ? editor.killed : '';

	return {
		...replaced(editor, {from, to, by: ''}),
		killed: from < editor.at ? cut + before : before + cut,
		doing: 'kill',
	};
}

function moved(editor: Editor, at: number): Editor {
	return {...editor, at: snapped(editor.text, at), column: null, doing: null};
}

function movedTo(
	editor: Editor,
	direction: 'up' | 'down',
	layout: Layout,
): Editor | null {
	const {text, at} = editor;
	const lines = screenLines(text, layout);
	const {x, y} = placeOf(text, at, {lines, layout});
	const line = lines[direction === 'up' ? y - 1 : y + 1];
	const column = editor.column ?? x;

	return line
		? {
				...editor,
				at: offsetAt(text, line, {column, layout}),
				column,
				doing: null,
			}
		: null;
}

function undone(editor: Editor): Editor {
	const last = editor.past.at(-1);

	return last
		? {
				...editor,
				...last,
				column: null,
				doing: null,
				past: editor.past.slice(0, -1),
			}
		: editor;
}

function wordBySpace({text, at}: Editor): number {
	const before = text.slice(0, at).trimEnd();
	return Math.max(before.lastIndexOf(' '), before.lastIndexOf('\n')) + 1;
}

const left = (editor: Editor) => moved(editor, leftOf(editor.text, editor.at));
const right = (editor: Editor) =>
	moved(editor, rightOf(editor.text, editor.at));
const lineStart = (editor: Editor) =>
	moved(editor, lineAround(editor.text, editor.at).start);
const lineEnd = (editor: Editor) =>
	moved(editor, lineAround(editor.text, editor.at).end);
const wordLeft = (editor: Editor) =>
	moved(editor, wordStart(editor.text, editor.at));
const wordRight = (editor: Editor) =>
	moved(editor, wordEnd(editor.text, editor.at));
const killWordLeft = (editor: Editor) =>
	killed(editor, wordStart(editor.text, editor.at), editor.at);
const killWordRight = (editor: Editor) =>
	killed(editor, editor.at, wordEnd(editor.text, editor.at));
const rubOut = (editor: Editor) => {
	const {text, at} = editor;
	return replaced(editor, {from: leftOf(text, at), to: at, by: ''});
};

const deleteAhead = (editor: Editor) => {
	const {text, at} = editor;
	return replaced(editor, {from: at, to: rightOf(text, at), by: ''});
};

const keys = new Map<string, (editor: Editor) => Editor | null>([
	['left', left],
	['ctrl+b', left],
	['right', right],
	['ctrl+f', right],
	['home', lineStart],
	['ctrl+a', lineStart],
	['end', lineEnd],
	['ctrl+e', lineEnd],
	['ctrl+home', editor => moved(editor, 0)],
	['ctrl+end', editor => moved(editor, editor.text.length)],
	['alt+b', wordLeft],
	['alt+left', wordLeft],
	['ctrl+left', wordLeft],
	['alt+f', wordRight],
	['alt+right', wordRight],
	['ctrl+right', wordRight],
	['backspace', rubOut],
	['shift+backspace', rubOut],
	['ctrl+h', rubOut],
	['delete', deleteAhead],
	// On an empty line it means the end of input, as in a shell.
	['ctrl+d', editor => (editor.text === '' ? null : deleteAhead(editor))],
	['ctrl+w', editor => killed(editor, wordBySpace(editor), editor.at)],
	['alt+backspace', killWordLeft],
	['ctrl+backspace', killWordLeft],
	['alt+d', killWordRight],
	['alt+delete', killWordRight],
	['ctrl+delete', killWordRight],
	[
		'ctrl+u',
		editor =>
			killed(editor, lineAround(editor.text, editor.at).start, editor.at),
	],
	['ctrl+y', editor => inserted(editor, editor.killed, false)],
	['ctrl+_', undone],
	['ctrl+/', undone],
	['ctrl+shift+-', undone],
]);

/**
What is drawn of an editor: at most `rows` lines, those around the cursor, and where the cursor is in them. `above` and `below` count the lines that are not drawn. A single row slides along its line.
*/
export function editorView(
	{text, at}: Editor,
	{rows, ...layout}: Layout & {readonly rows: number},
): {
	lines: string[];
	cursor: {x: number; y: number};
	above: number;
	below: number;
} {
	if (rows === 1) {
		const {start, end} = lineAround(text, at);
		const line = text.slice(start, end);
		const {shown, x} = slidingLine(line, at - start, layout);
		const above = text.slice(0, start).split('\n').length - 1;
		const below = text.slice(end).split('\n').length - 1;
		return {lines: [shown], cursor: {x, y: 0}, above, below};
	}

	const lines = screenLines(text, layout);
	const {x, y} = placeOf(text, at, {lines, layout});
	const hidden = Math.max(lines.length - rows, 0);
	const above = Math.min(Math.max(y - Math.floor(rows / 2), 0), hidden);

	return {
		lines: lines.slice(above, above + rows).map(({shown}) => shown),
		cursor: {x, y: y - above},
		above,
		below: hidden - above,
	};
}
