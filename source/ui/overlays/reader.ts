import {plainLines} from '../../text/spans.js';
import {type KeyPress} from '../keys.js';
import {markedWords} from '../marked-words.js';
import {scrolled, windowOf, type Scroll, type ScrollBy} from '../scroll.js';
import {answerLines} from '../transcript.js';
import {type OverlayStep} from './overlay.js';
import {keysIn, type Face, type Room, type Row} from './rows.js';

/**
A long text to be read.
*/
export type Reader = {
	readonly type: 'reader';
	readonly title: string;
	readonly content: Content;
	readonly scroll: Scroll;

	/**
	To be seen wherever they stand in it.
	*/
	readonly words: readonly RegExp[];

	/**
	The conversation that Enter goes on with, where the text is of one.
	*/
	readonly continues?: string;
};

type Content = {
	readonly text: string;
	readonly form: 'markdown' | 'plain';
};

export function readerOf(
	title: string,
	text: string,
	form: Content['form'] = 'markdown',
	{top = 0, words = []}: {top?: number; words?: readonly RegExp[]} = {},
): Reader {
	return {type: 'reader', title, content: {text, form}, scroll: {top}, words};
}

const moves = new Map<string, ScrollBy>([
	['up', 'line-up'],
	['k', 'line-up'],
	['down', 'line-down'],
	['j', 'line-down'],
	['pageup', 'page-up'],
	['b', 'page-up'],
	['pagedown', 'page-down'],
	[' ', 'page-down'],
	['home', 'start'],
	['end', 'end'],
]);

/**
Where a key scrolls to, as in a pager; null for any other key.
*/
export function pressScroll(
	scroll: Scroll,
	{chord}: KeyPress,
	extent: {readonly total: number; readonly visible: number},
): Scroll | null {
	const by = moves.get(chord);
	return by ? scrolled(scroll, by, extent) : null;
}

/**
The rows that can be seen, and a note of how many there are above and below.
*/
export function scrolledRows(
	rows: readonly Row[],
	scroll: Scroll,
	visible: number,
): {readonly rows: readonly Row[]; readonly note: string} {
	const {from, to, above, below} = windowOf(scroll, {
		total: rows.length,
		visible,
	});

	return {
		rows: rows.slice(from, to),
		note: [above > 0 && `↑ ${above}`, below > 0 && `↓ ${below} more`]
			.filter(Boolean)
			.join(' · '),
	};
}

export function pressReader(
	reader: Reader,
	key: KeyPress,
	room: Room,
): OverlayStep {
	const {text} = reader.content;

	switch (key.chord) {
		case 'enter': {
			const {continues: id} = reader;
			return {
				overlay: null,
				...(id !== undefined && {
					requests: [{type: 'continue', id, afterTurn: null}],
				}),
			};
		}

		case 'escape':
		case 'q': {
			return {overlay: null};
		}

		case 'c': {
			return {overlay: reader, requests: [{type: 'copy', text}]};
		}

		case 'e': {
			return {overlay: reader, requests: [{type: 'view', text}]};
		}

		default: {
			const total = linesOf(reader.content, room.columns).length;
			const scroll = pressScroll(reader.scroll, key, {
				total,
				visible: room.rows,
			});
			return {overlay: scroll ? {...reader, scroll} : reader};
		}
	}
}

export function readerFace(
	{title, content, scroll, words, continues}: Reader,
	{columns, rows}: Room,
): Face {
	const shown = scrolledRows(linesOf(content, columns), scroll, rows);

	return {
		title,
		note: shown.note,
		rows: shown.rows.map(row => markedWords(row, words)),
		keys: keysIn(columns, [
			...(continues === undefined ? [] : ['Enter go on']),
			'↑↓ PgUp PgDn scroll',
			'c copy',
			'e in your editor',
			'Esc close',
		]),
	};
}

const known = new WeakMap<
	Content,
	{readonly columns: number; readonly lines: readonly Row[]}
>();

/**
The text in lines, laid out once for each width.
*/
function linesOf(content: Content, columns: number): readonly Row[] {
	const last = known.get(content);

	if (last?.columns === columns) {
		return last.lines;
	}

	const {text, form} = content;
	const lines =
		form === 'markdown'
			? answerLines(text, columns)
			: plainLines(text, columns).map((line): Row =>
					line.map(({text: said}) => ({text: said, tone: 'plain'})),
				);
	known.set(content, {columns, lines});
	return lines;
}
