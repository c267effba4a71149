import {columnsOf} from '../../text/columns.js';
import {type Tone} from '../theme.js';
import {filled, oneLine, piece, type Row} from './rows.js';

/**
A column of a table; its title is its name too.
*/
export type Column<Item> = {
	readonly title: string;
	readonly textOf: (item: Item) => string;

	/**
	Words begin where the column does, figures end where it does.
	*/
	readonly isText?: true;
};

export type Table<Item> = {
	/**
	What a row is of, at the left: it is cut where the others leave no room.
	*/
	readonly name: Column<Item>;

	/**
	As they stand beside each other.
	*/
	readonly columns: ReadonlyArray<Column<Item>>;

	/**
	The titles of those that may be left out, the first one first.
	*/
	readonly givingWay: readonly string[];

	/**
	What is left to the name at least, in columns.
	*/
	readonly leastName: number;
};

const gap = 2;

/**
A table of these items in so many columns: its titles, and what makes a row of an item.
*/
export function layTable<Item>(
	{name, columns, givingWay, leastName}: Table<Item>,
	items: readonly Item[],
	width: number,
): {readonly titles: Row; readonly rowOf: (item: Item, tone?: Tone) => Row} {
	const widths = new Map(
		[name, ...columns].map(column => [
			column,
			Math.max(
				...[
					column.title,
					...items.map(item => oneLine(column.textOf(item))),
				].map(text => columnsOf(text)),
			),
		]),
	);
	const needed = (some: ReadonlyArray<Column<Item>>) =>
		some.reduce((sum, column) => sum + widths.get(column)! + gap, 0);
	let shown = columns;

	for (const title of givingWay) {
		if (needed(shown) <= width - leastName) {
			break;
		}

		shown = shown.filter(column => column.title !== title);
	}

	const nameWidth = Math.max(
		1,
		Math.min(widths.get(name)!, width - needed(shown)),
	);
	const line = (textOf: (column: Column<Item>) => string, tone: Tone): Row => [
		...filled([piece(textOf(name), tone)], nameWidth),
		...shown.map(column => {
			const text = oneLine(textOf(column));
			const rest = ' '.repeat(widths.get(column)! - columnsOf(text));
			const before = ' '.repeat(gap);
			return piece(before + (column.isText ? text + rest : rest + text), tone);
		}),
	];

	return {
		titles: line(({title}) => title, 'dim'),
		rowOf: (item, tone = 'plain') => line(({textOf}) => textOf(item), tone),
	};
}
