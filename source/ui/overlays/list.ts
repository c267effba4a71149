import {emptyEditor, pressEditor, type Editor} from '../composer/editor.js';
import {type KeyPress} from '../keys.js';
import {
	blank,
	editorRows,
	entryRow,
	piece,
	type Room,
	type Row,
} from './rows.js';

/**
A list to choose from: what is searched for in it, and which of the entries that are left is picked, from 0.
*/
export type List = {readonly query: Editor; readonly at: number};

export const firstList: List = {query: emptyEditor, at: 0};

/**
The place after a key that moves in a list of `total` entries; null for any other key.
*/
export function movedIn(
	at: number,
	chord: string,
	{total, page}: {readonly total: number; readonly page: number},
): number | null {
	const moves = new Map([
		['up', at - 1],
		['down', at + 1],
		['pageup', at - Math.max(1, page)],
		['pagedown', at + Math.max(1, page)],
		['home', 0],
		['end', total - 1],
	]);
	const to = moves.get(chord);
	return to === undefined ? null : within(to, total);
}

/**
The place nearest to `at` in a list of `total` entries; 0 when it is empty.
*/
export function within(at: number, total: number): number {
	return Math.max(0, Math.min(at, total - 1));
}

/**
The list after a key that moves in it or changes what is searched for; null for any other key. What is newly searched for begins at the best match.
*/
export function pressList(
	list: List,
	key: KeyPress,
	extent: {readonly total: number; readonly page: number},
): List | null {
	const isTextKey = key.chord === 'home' || key.chord === 'end';
	const to =
		isTextKey && list.query.text !== ''
			? null
			: movedIn(list.at, key.chord, extent);

	if (to !== null) {
		return {...list, at: to};
	}

	const query = pressEditor(list.query, key, {isMultiline: false});
	return query && {query, at: query.text === list.query.text ? list.at : 0};
}

/**
The rows of a list around the one that is picked, exactly `rows` of them. Under each entry there may be a second row.
*/
export function listRows(
	entries: readonly Row[],
	at: number,
	{columns, rows}: Room,
	seconds: readonly Row[] = [],
): Row[] {
	const each = seconds.length > 0 ? 2 : 1;
	const visible = Math.max(1, Math.floor(rows / each));
	const picked = within(at, entries.length);
	const last = Math.max(0, entries.length - visible);
	const from = Math.min(Math.max(0, picked - Math.floor(visible / 2)), last);
	const shown = entries
		.slice(from, from + visible)
		.flatMap((entry, index) => [
			entryRow(entry, from + index === picked, columns),
			...seconds.slice(from + index, from + index + each - 1),
		]);

	return Array.from({length: rows}, (_, row) => shown[row] ?? blank);
}

/**
The row that shows what is searched for.
*/
export function searchRow(
	query: Editor,
	columns: number,
	{
		hint,
		isFocused = true,
	}: {readonly hint: string; readonly isFocused?: boolean},
): Row {
	const sign = piece('/ ', isFocused ? 'accent' : 'dim');

	if (!isFocused) {
		return [sign, query.text === '' ? piece(hint, 'dim') : piece(query.text)];
	}

	const [row] = editorRows(query, {columns: columns - 2, rows: 1});
	return [sign, ...row!, ...(query.text === '' ? [piece(hint, 'dim')] : [])];
}

/**
How far in a list the one that is picked stands.
*/
export function placeText(at: number, total: number): string {
	return total === 0 ? 'none' : `${within(at, total) + 1} of ${total}`;
}
