import {costText} from '../../text/phrases.js';
import {type KeyPress} from '../keys.js';
import {type Loaded, type Request} from '../requests.js';
import {type ConversationEntry} from '../services.js';
import {
	firstList,
	listRows,
	placeText,
	pressList,
	searchRow,
	type List,
} from './list.js';
import {type OverlayStep} from './overlay.js';
import {piece, spread, type Face, type Room, type Row} from './rows.js';

/**
The conversations of the log, page by page.
*/
export type Conversations = {
	readonly type: 'conversations';
	readonly list: List;

	/**
	Those for the last query that was answered; null before the first.
	*/
	readonly entries: readonly ConversationEntry[] | null;

	/**
	What was asked for and has not come; null when nothing is on its way.
	*/
	readonly awaited: Page | null;

	/**
	There are no further pages.
	*/
	readonly isWhole: boolean;
};

type Page = {
	readonly query: string;
	readonly before: ConversationEntry | null;
};

/**
For whoever opens it to ask for the first page.
*/
export function conversationsOf(): Conversations {
	return {
		type: 'conversations',
		list: firstList,
		entries: null,
		awaited: {query: '', before: null},
		isWhole: false,
	};
}

const load = (page: Page): Request => ({
	type: 'load',
	what: {kind: 'conversations', ...page},
});

export function pressConversations(
	overlay: Conversations,
	key: KeyPress,
	{rows}: Room,
): OverlayStep {
	if (key.chord === 'escape') {
		return {overlay: null};
	}

	const entries = overlay.entries ?? [];

	if (key.chord === 'enter') {
		const entry = entries[overlay.list.at];
		return entry
			? {
					overlay: null,
					requests: [{type: 'open-conversation', id: entry.id}],
				}
			: {overlay};
	}

	const list = pressList(overlay.list, key, {
		total: entries.length,
		page: rows - 1,
	});

	if (!list) {
		return {overlay};
	}

	const query = list.query.text.trim();

	if (query !== overlay.list.query.text.trim()) {
		const page = {query, before: null};
		return {
			overlay: {...overlay, list, awaited: page, isWhole: false},
			requests: [load(page)],
		};
	}

	return withNextPage({...overlay, list}, rows);
}

/**
When the last of what is there comes near, ask for more.
*/
function withNextPage(overlay: Conversations, rows: number): OverlayStep {
	const {list, entries, awaited, isWhole} = overlay;
	const before = entries?.at(-1);

	if (
		before === undefined ||
		awaited !== null ||
		isWhole ||
		list.at < entries!.length - rows
	) {
		return {overlay};
	}

	const page = {query: list.query.text.trim(), before};
	return {overlay: {...overlay, awaited: page}, requests: [load(page)]};
}

export function conversationsLoaded(
	overlay: Conversations,
	loaded: Loaded,
): OverlayStep {
	const {awaited, entries, list} = overlay;

	// What was asked for before the query changed comes too late.
	if (
		loaded.kind !== 'conversations' ||
		loaded.query !== awaited?.query ||
		loaded.before?.id !== awaited.before?.id
	) {
		return {overlay};
	}

	return {
		overlay: {
			...overlay,
			awaited: null,
			isWhole: loaded.entries.length === 0,
			entries: loaded.before
				? [...(entries ?? []), ...loaded.entries]
				: loaded.entries,
			list: loaded.before ? list : {...list, at: 0},
		},
	};
}

export function conversationsFace(
	{list, entries, awaited, isWhole}: Conversations,
	{columns, rows}: Room,
): Face {
	const all = entries ?? [];

	return {
		title: 'Earlier conversations',
		note: awaited
			? 'looking…'
			: `${placeText(list.at, all.length)}${isWhole || all.length === 0 ? '' : '+'}`,
		rows: [
			searchRow(list.query, columns, {hint: 'type words to look for'}),
			...(all.length === 0 && !awaited
				? [[piece('Nothing was found in the log.', 'dim')]]
				: listRows(
						all.map(entry => entryOf(entry, columns - 2)),
						list.at,
						{columns, rows: rows - 1},
					)),
		],
		keys: '↑↓ choose · Enter read it · Esc close',
	};
}

/**
The cost and the consortium give way first, then the turns.
*/
function entryOf(entry: ConversationEntry, columns: number): Row {
	const {title, consortium, turns, costUsd, costIsComplete, lastAt} = entry;
	const facts = [
		...(columns >= 70 ? [consortium] : []),
		`${turns} turn${turns === 1 ? '' : 's'}`,
		...(columns >= 90 ? [costText(costUsd, costIsComplete)] : []),
	];

	return spread(
		[piece(`${dateText(lastAt)}  `, 'dim'), piece(title)],
		[piece(facts.join(' · '), 'dim')],
		columns,
	);
}

/**
A moment in the time of this place: `2026-03-01 14:05`.
*/
export function dateText(at: number): string {
	const date = new Date(at);
	const two = (number: number) => String(number).padStart(2, '0');
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
