import {columnsOf, cut, wrapped} from '../text/columns.js';
import {escaped} from '../text/escaped.js';
import {plain} from '../text/plain.js';
import {type Place} from './command.js';

/**
The size of a terminal, where one that does not tell it, or tells nothing, has the usual one.
*/
export function sizeOf({columns = 0, rows = 0}: Place['stdout']): {
	readonly columns: number;
	readonly rows: number;
} {
	return {
		columns: columns > 0 ? columns : 80,
		rows: rows > 0 ? rows : 24,
	};
}

/**
How wide lines may be: the terminal, or without end.
*/
export function widthOf({stdout}: Pick<Place, 'stdout'>): number {
	return stdout.isTTY ? sizeOf(stdout).columns : Infinity;
}

/**
Sentences for a stream: broken between words on a terminal, left alone elsewhere.
*/
export function paragraph(
	text: string,
	stream: Place['stdout'] | Place['stderr'],
): string {
	const lines = stream.isTTY
		? wrapped(plain(text), sizeOf(stream).columns)
		: [plain(text)];
	return `${lines.join('\n')}\n`;
}

/**
Rows under a line of headings, in aligned columns; lines longer than `width` are cut.
*/
export function table(
	headings: readonly string[],
	rows: ReadonlyArray<readonly string[]>,
	width: number,
): string {
	return aligned([headings, ...rows])
		.map(line => `${cut(line, width)}\n`)
		.join('');
}

/**
The same where the columns under some headings share the room that the others leave; where that is too little to read anything, lines are cut.
*/
export function sharedTable(
	headings: readonly string[],
	rows: ReadonlyArray<readonly string[]>,
	{width, shared}: {readonly width: number; readonly shared: readonly string[]},
): string {
	const all = [headings, ...rows].map(row => row.map(cell => oneLine(cell)));
	const needs = headings.map((heading, column) => ({
		column,
		isShared: shared.includes(heading),
		need: all.reduce(
			(most, row) => Math.max(most, columnsOf(row[column] ?? '')),
			0,
		),
	}));
	const gaps = 2 * (headings.length - 1);
	let room = needs.reduce(
		(rest, {isShared, need}) => (isShared ? rest : rest - need),
		width - gaps,
	);
	const sharing = needs
		.filter(({isShared}) => isShared)
		.toSorted((left, right) => left.need - right.need);
	const most = new Map(
		sharing.map(({column, need}, index) => {
			const fair = Math.floor(room / (sharing.length - index));
			const share = Math.min(need, Math.max(leastShare, fair));
			room -= share;
			return [column, share];
		}),
	);

	return table(
		headings,
		rows.map(row =>
			row.map((cell, column) =>
				cut(oneLine(cell), most.get(column) ?? Infinity),
			),
		),
		width,
	);
}

/**
Columns in which something can be read.
*/
const leastShare = 12;

/**
The same where no cell may be lost: what is too wide for columns is broken between cells.
*/
export function wholeTable(
	headings: readonly string[],
	rows: ReadonlyArray<readonly string[]>,
	width: number,
): string {
	const all = [headings, ...rows];
	const lines = aligned(all);

	return lines.every(line => columnsOf(line) <= width)
		? lines.map(line => `${line}\n`).join('')
		: all
				.map(row => row.map(cell => oneLine(cell) || '-'))
				.map(cells => `${broken(cells, width).join('\n')}\n`)
				.join('');
}

function aligned(rows: ReadonlyArray<readonly string[]>): string[] {
	const all = rows.map(row => row.map(cell => oneLine(cell)));
	const widths = all[0]!.map((_, column) =>
		all.reduce((most, row) => Math.max(most, columnsOf(row[column] ?? '')), 0),
	);

	return all.map(row =>
		row
			.map(
				(cell, column) => cell + ' '.repeat(widths[column]! - columnsOf(cell)),
			)
			.join('  ')
			.trimEnd(),
	);
}

/**
Cells one behind the other, those that do not fit in lines of their own, which are indented.
*/
function broken(cells: readonly string[], width: number): string[] {
	const lines: string[] = [];

	for (const cell of cells) {
		const last = lines.at(-1);
		const longer = `${last}  ${cell}`;

		if (last !== undefined && columnsOf(longer) <= width) {
			lines[lines.length - 1] = longer;
		} else {
			lines.push(last === undefined ? cell : `    ${cell}`);
		}
	}

	return lines.map(line => cut(line, width));
}

const oneLine = (text: string) => plain(text).replaceAll(/\s+/g, ' ').trim();

/**
The beginning of a text, for a cell of a table.
*/
export function excerpt(text: string): string {
	return cut(oneLine(text.slice(0, 500)), 48);
}

/**
JSON as every `--json` prints it.
*/
export function json(value: unknown): string {
	return `${escaped(JSON.stringify(value, null, 2))}\n`;
}

/**
A moment, in milliseconds since the Unix epoch, as the clock on the wall here shows it.
*/
export function localTime(at: number): string {
	const date = new Date(at);
	const two = (number: number) => String(number).padStart(2, '0');

	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/**
The same to the minute.
*/
export function minuteOf(at: number): string {
	return localTime(at).slice(0, -3);
}

/**
The same without the year when it is this one.
*/
export function shortMinuteOf(at: number): string {
	const minute = minuteOf(at);
	const year = `${new Date().getFullYear()}-`;
	return minute.startsWith(year) ? minute.slice(year.length) : minute;
}

/**
Whether a table of the log is for a terminal with too little room for whole ids.
*/
export function isNarrow(width: number): boolean {
	return width < 120;
}
