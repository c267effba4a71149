import {cleaned} from '../../text/cleaner.js';
import {columnsOf, cut} from '../../text/columns.js';
import {tailOf} from '../../text/tail.js';
import {editorView, type Editor} from '../composer/editor.js';
import {graphemesOf} from '../graphemes.js';
import {type Tone} from '../theme.js';
import {type TranscriptSpan} from '../transcript.js';

/**
A stretch of one row. Its text is clean and has no line feeds.
*/
export type Piece = TranscriptSpan & {
	/**
	The cursor stands before it.
	*/
	readonly hasCaret?: true;
};

/**
One row of the screen.
*/
export type Row = readonly Piece[];

/**
What an overlay has to write on, in columns and rows.
*/
export type Room = {readonly columns: number; readonly rows: number};

/**
An overlay as it is drawn: the rows under its title, and the keys that work in it.
*/
export type Face = {
	readonly title: string;

	/**
	At the right of the title.
	*/
	readonly note: string;
	readonly rows: readonly Row[];
	readonly keys: string;
};

/**
A text of any origin as a piece.
*/
export function piece(text: string, tone: Tone = 'plain'): Piece {
	return {text: oneLine(text), tone};
}

/**
A text of any origin without anything that leaves its row.
*/
export function oneLine(text: string): string {
	return cleaned(text).replaceAll('\n', ' ');
}

/**
Free columns at each side.
*/
export const margin = 1;

/**
What is left of the space of an overlay between its title and its keys.
*/
export function roomOf({columns, rows}: Room): Room {
	return {
		columns: Math.max(leastRoom.columns, columns - 2 * margin),
		rows: Math.max(leastRoom.rows, rows - 2),
	};
}

const leastRoom: Room = {columns: 20, rows: 4};

export const blank: Row = [];

/**
The columns before the facts of a consortium.
*/
export const labelWidth = 15;

/**
The columns before the fields of a form, among which are parameters with the names of their strategies.
*/
export const fieldWidth = 22;

export function columnsIn(row: Row): number {
	return row.reduce((sum, {text}) => sum + columnsOf(text), 0);
}

/**
A row of at most this many columns, with an ellipsis where it was cut.
*/
export function fitted(row: Row, columns: number): Row {
	if (columnsIn(row) <= columns) {
		return row;
	}

	const pieces: Piece[] = [];
	let room = columns - 1;

	for (const {text, tone} of row) {
		const shown = columnsOf(text) > room ? cut(`${text}…`, room + 1) : text;
		room -= columnsOf(shown);
		pieces.push({text: shown, tone});

		if (room < 0) {
			return pieces;
		}
	}

	return [...pieces, {text: '…', tone: 'dim'}];
}

/**
A row of exactly this many columns.
*/
export function filled(row: Row, columns: number): Row {
	const short = fitted(row, columns);
	const rest = columns - columnsIn(short);
	return rest > 0 ? [...short, piece(' '.repeat(rest))] : short;
}

/**
A row with the first pieces at its left and the others at its right; where there is no room for both, the left ones are cut.
*/
export function spread(left: Row, right: Row, columns: number): Row {
	const room = columns - columnsIn(right) - 2;
	return room < 8
		? fitted(left, columns)
		: [...filled(left, room), piece('  '), ...right];
}

/**
A text as rows, each behind `before`, which stands in the first one only.
*/
export function paragraph(
	text: string,
	columns: number,
	{tone = 'plain', before = ''}: {tone?: Tone; before?: string} = {},
): Row[] {
	const indent = columnsOf(before);
	const width = Math.max(2, columns - indent);

	return tailOf(cleaned(text), {width, keep: Infinity})
		.lines()
		.map((line, index) => [
			piece(index === 0 ? before : ' '.repeat(indent), 'dim'),
			{text: line, tone},
		]);
}

/**
An entry of a list. The one that is picked has a sign, so that it is seen without colours too.
*/
export function entryRow(row: Row, isPicked: boolean, columns: number): Row {
	return isPicked
		? filled([piece('› '), ...row], columns).map(({text}) => ({
				text,
				tone: 'selected',
			}))
		: fitted([piece('  '), ...row], columns);
}

/**
The keys of an overlay, the most important first. The last two stay where there is no room for all: they say how to learn the others, and how to leave.
*/
export function keysIn(columns: number, keys: readonly string[]): string {
	const all = keys.join(' · ');

	return columnsOf(all) <= columns || keys.length <= 2
		? all
		: keysIn(columns, keys.toSpliced(-3, 1));
}

/**
A text with some of its characters, by their offsets, made visible.
*/
export function marked(text: string, positions: readonly number[]): Row {
	const at = new Set(positions);
	let offset = 0;

	return graphemesOf(text).map(grapheme => {
		const isMarked = at.has(offset);
		offset += grapheme.length;
		return {text: grapheme, tone: isMarked ? 'accent' : 'plain'};
	});
}

/**
What is being typed, with its cursor, for which a column is kept free.
*/
export function editorRows(editor: Editor, {columns, rows}: Room): Row[] {
	const {lines, cursor} = editorView(editor, {
		width: Math.max(3, columns),
		rows,
	});

	return lines.map((line, y) =>
		y === cursor.y ? withCaret(line, cursor.x) : [piece(line)],
	);
}

function withCaret(line: string, x: number): Row {
	let before = '';

	for (const grapheme of graphemesOf(line)) {
		if (columnsOf(before) >= x) {
			break;
		}

		before += grapheme;
	}

	return [
		{text: before, tone: 'plain'},
		{text: line.slice(before.length), tone: 'plain', hasCaret: true},
	];
}

/**
Where the cursor stands in rows, from their upper left; null when it does not.
*/
export function caretIn(
	rows: readonly Row[],
): {readonly x: number; readonly y: number} | null {
	const y = rows.findIndex(row => row.some(({hasCaret}) => hasCaret));
	const row = rows[y];
	return row
		? {
				x: columnsIn(
					row.slice(
						0,
						row.findIndex(each => each.hasCaret),
					),
				),
				y,
			}
		: null;
}
