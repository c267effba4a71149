import {columnsOf, cut} from '../../text/columns.js';
import {graphemesOf} from '../graphemes.js';

/**
How a text is laid out: in lines of `width` columns, of which the last is left free for the cursor. `show` says what is drawn for a grapheme, when that is something else: a mask, a label.
*/
export type Layout = {
	/**
	At least 3.
	*/
	readonly width: number;
	readonly show?: ((grapheme: string) => string) | undefined;
};

/**
A line as the screen has it: a part of the text from `start` to `end`.
*/
export type ScreenLine = {
	readonly start: number;
	readonly end: number;
	readonly shown: string;

	/**
	Whether the text goes on in the next line without a line feed.
	*/
	readonly goesOn: boolean;
};

type Cell = {
	readonly length: number;
	readonly shown: string;
	readonly columns: number;
};

const printable = /^[ -~]*$/;
const roomOf = ({width}: Layout) => Math.max(width - 1, 2);

/**
All lines, at least one.
*/
export function screenLines(text: string, layout: Layout): ScreenLine[] {
	const cellOf = createRuler(layout);
	const lines: ScreenLine[] = [];
	let start = 0;

	for (const line of text.split('\n')) {
		// Most text is this, and it need not be measured.
		const isPlain = !layout.show && printable.test(line);
		lines.push(
			...(isPlain
				? plainLines(line, start, roomOf(layout))
				: linesOf(
						graphemesOf(line).map(each => cellOf(each)),
						start,
						roomOf(layout),
					)),
		);
		start += line.length + 1;
	}

	return lines;
}

function plainLines(line: string, offset: number, room: number): ScreenLine[] {
	const count = Math.max(Math.ceil(line.length / room), 1);

	return Array.from({length: count}, (_, index) => {
		const shown = line.slice(index * room, (index + 1) * room);
		const start = offset + index * room;
		const end = start + shown.length;
		return {start, end, shown, goesOn: index < count - 1};
	});
}

function linesOf(
	cells: readonly Cell[],
	offset: number,
	room: number,
): ScreenLine[] {
	const lines: ScreenLine[] = [];
	let [start, end, shown, columns] = [offset, offset, '', 0];

	for (const cell of cells) {
		if (columns + cell.columns > room) {
			lines.push({start, end, shown, goesOn: true});
			[start, shown, columns] = [end, '', 0];
		}

		end += cell.length;
		shown += cell.shown;
		columns += cell.columns;
	}

	return [...lines, {start, end, shown, goesOn: false}];
}

/**
A function that measures graphemes, each kind once: that is what takes the time.
*/
function createRuler(layout: Layout): (grapheme: string) => Cell {
	const known = new Map<string, Cell>();
	const room = roomOf(layout);

	return grapheme => {
		const cell = known.get(grapheme);

		if (cell) {
			return cell;
		}

		const whole = layout.show?.(grapheme) ?? grapheme;
		const shown = columnsOf(whole) > room ? cut(whole, room) : whole;
		const measured = {
			length: grapheme.length,
			shown,
			columns: Math.min(columnsOf(shown), room),
		};
		known.set(grapheme, measured);
		return measured;
	};
}

function cellsOf(text: string, layout: Layout): Cell[] {
	const cellOf = createRuler(layout);
	return graphemesOf(text).map(grapheme => cellOf(grapheme));
}

/**
Which of the lines the offset `at` is in, and how many columns are before it.
*/
export function placeOf(
	text: string,
	at: number,
	{lines, layout}: {lines: readonly ScreenLine[]; layout: Layout},
): {x: number; y: number} {
	const y = lines.findLastIndex(({start}) => start <= at);
	const cells = cellsOf(text.slice(lines[y]!.start, at), layout);
	return {x: cells.reduce((sum, {columns}) => sum + columns, 0), y};
}

/**
The offset in a line that is nearest to a column from the left.
*/
export function offsetAt(
	text: string,
	{start, end, goesOn}: ScreenLine,
	{column, layout}: {column: number; layout: Layout},
): number {
	let [at, x] = [start, 0];

	for (const {length, columns} of cellsOf(text.slice(start, end), layout)) {
		// The end of a line that goes on is the beginning of the next one.
		if (x + columns > column || (goesOn && at + length === end)) {
			break;
		}

		at += length;
		x += columns;
	}

	return at;
}

/**
One line as a window that slides, so that what is before the cursor can be seen.
*/
export function slidingLine(
	text: string,
	at: number,
	layout: Layout,
): {shown: string; x: number} {
	const room = roomOf(layout);
	const before = cellsOf(text.slice(0, at), layout);
	let [shown, x] = ['', 0];

	for (const cell of before.toReversed()) {
		if (x + cell.columns > room) {
			break;
		}

		shown = cell.shown + shown;
		x += cell.columns;
	}

	let columns = x;

	for (const cell of cellsOf(text.slice(at), layout)) {
		if (columns + cell.columns > room) {
			break;
		}

		shown += cell.shown;
		columns += cell.columns;
	}

	return {shown, x};
}
