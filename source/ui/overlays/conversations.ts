import {editorWith} from '../composer/editor.js';
import {type KeyPress} from '../keys.js';
import {type Loaded, type Request} from '../requests.js';
import {type ConversationEntry} from '../log-entries.js';
import {confirmOf} from './confirm.js';
import {forkOf} from './fork.js';
import {firstList, movedIn, pressList, within, type List} from './list.js';
import {type OverlayStep} from './overlay.js';
import {renameOf} from './rename.js';
import {type Room} from './rows.js';

/**
The conversations of the log, page by page. The list has the keys first, so that letters are actions; in the search, which `/` or Tab begins, they are letters.
*/
export type Conversations = {
	readonly type: 'conversations';
	readonly list: List;
	readonly isSearching: boolean;

	/**
	Those for what is looked for, deleted ones included; null until the first of them come.
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

	/**
	The one on the screen; null when it is not in the log.
	*/
	readonly open: string | null;

	/**
	Those that were deleted since the list was opened, the latest last.
	*/
	readonly deleted: readonly string[];
};

type Page = {
	readonly query: string;
	readonly before: ConversationEntry | null;
};

/**
For whoever opens it to ask for the first page.
*/
export function conversationsOf(
	open: string | null = null,
	query = '',
): Conversations {
	return {
		type: 'conversations',
		list: {...firstList, query: editorWith(query)},
		isSearching: false,
		entries: null,
		awaited: {query, before: null},
		isWhole: false,
		open,
		deleted: [],
	};
}

/**
Each once, though words may be found in it on several pages.
*/
export function shownIn({
	entries,
	deleted,
}: Conversations): readonly ConversationEntry[] {
	const gone = new Set(deleted);

	return (entries ?? []).filter(({id}) => {
		const isShown = !gone.has(id);
		gone.add(id);
		return isShown;
	});
}

const queryOf = ({list}: Conversations) => list.query.text.trim();

const load = (page: Page): Request => ({
	type: 'load',
	what: {kind: 'conversations', ...page},
});

const firstPage = (overlay: Conversations): OverlayStep => {
	const page = {query: queryOf(overlay), before: null};
	return {
		overlay: {...overlay, awaited: page, isWhole: false},
		requests: [load(page)],
	};
};

type Act = (
	overlay: Conversations,
	entry: ConversationEntry,
) => Omit<OverlayStep, 'overlay'> & {readonly overlay?: Conversations};

/**
What a key does to the one that is picked; the list stays open.
*/
const acts = new Map<string, Act>([
	[
		'enter',
		(_, entry) => ({
			requests: [
				entry.isImported || entry.hit
					? {type: 'open-conversation', entry}
					: {type: 'continue', id: entry.id, afterTurn: null},
			],
		}),
	],
	['v', (_, entry) => ({requests: [{type: 'open-conversation', entry}]})],
	[
		'f',
		(_, {id, title, isImported}) =>
			isImported
				? {requests: [{type: 'continue', id, afterTurn: null}]}
				: {
						opens: forkOf(id, title),
						requests: [{type: 'load', what: {kind: 'questions', id}}],
					},
	],
	['r', (_, {id, title}) => ({opens: renameOf(id, title)})],
	['delete', removed],
]);

function removed(
	overlay: Conversations,
	{id, title}: ConversationEntry,
): ReturnType<Act> {
	const request: Request = {type: 'delete-conversation', id};

	return id === overlay.open
		? {
				opens: confirmOf(
					`“${title}” is the conversation on the screen. Delete it, and begin a new one? u brings it back.`,
					request,
				),
			}
		: {
				overlay: {...overlay, deleted: [...overlay.deleted, id]},
				requests: [request],
			};
}

export function pressConversations(
	overlay: Conversations,
	key: KeyPress,
	room: Room,
): OverlayStep {
	const {chord} = key;
	const act =
		overlay.isSearching && chord !== 'enter' ? undefined : acts.get(chord);

	if (act) {
		const shown = shownIn(overlay);
		const entry = shown[within(overlay.list.at, shown.length)];
		return {overlay, ...(entry && act(overlay, entry))};
	}

	switch (chord) {
		case 'tab':
		case 'shift+tab': {
			return {overlay: {...overlay, isSearching: !overlay.isSearching}};
		}

		case 'escape': {
			return {
				overlay: overlay.isSearching ? {...overlay, isSearching: false} : null,
			};
		}

		default: {
			return overlay.isSearching
				? searched(overlay, key, room)
				: moved(overlay, chord, room);
		}
	}
}

function moved(
	overlay: Conversations,
	chord: string,
	{rows}: Room,
): OverlayStep {
	const {list} = overlay;

	if (chord === '/') {
		return {overlay: {...overlay, isSearching: true}};
	}

	if (chord === '?') {
		return {overlay, command: 'help'};
	}

	if (chord === 'u') {
		return undone(overlay);
	}

	const total = shownIn(overlay).length;
	const at = movedIn(list.at, chord, {total, page: rows - 1});
	return at === null
		? {overlay}
		: withNextPage({...overlay, list: {...list, at}}, rows);
}

function undone(overlay: Conversations): OverlayStep {
	const id = overlay.deleted.at(-1);

	if (id === undefined) {
		return {overlay};
	}

	return {
		overlay: {...overlay, deleted: overlay.deleted.slice(0, -1)},
		requests: [{type: 'restore-conversation', id}],
	};
}

function searched(
	overlay: Conversations,
	key: KeyPress,
	{rows}: Room,
): OverlayStep {
	const total = shownIn(overlay).length;
	const list = pressList(overlay.list, key, {total, page: rows - 1});

	if (!list) {
		return {overlay};
	}

	const next = {...overlay, list};
	// Nothing may be done to what was found for other words.
	return queryOf(next) === queryOf(overlay)
		? withNextPage(next, rows)
		: firstPage({...next, entries: null});
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
		list.at < shownIn(overlay).length - rows
	) {
		return {overlay};
	}

	const page = {query: queryOf(overlay), before};
	return {overlay: {...overlay, awaited: page}, requests: [load(page)]};
}

export function conversationsLoaded(
	overlay: Conversations,
	loaded: Loaded,
): OverlayStep {
	if (loaded.kind === 'conversation') {
		return changed(overlay, loaded);
	}

	const {awaited, entries, list} = overlay;

	// What was asked for before the query changed comes too late.
	if (
		loaded.kind !== 'conversations' ||
		loaded.query !== awaited?.query ||
		loaded.before?.id !== awaited.before?.id
	) {
		return {overlay};
	}

	const next = {
		...overlay,
		awaited: null,
		isWhole: loaded.entries.length === 0,
		entries: loaded.before
			? [...(entries ?? []), ...loaded.entries]
			: loaded.entries,
	};
	const at = within(list.at, shownIn(next).length);
	return {overlay: {...next, list: {...list, at}}};
}

/**
What has another name or is back is read again.
*/
function changed(
	overlay: Conversations,
	{id, became}: Extract<Loaded, {kind: 'conversation'}>,
): OverlayStep {
	const others = overlay.deleted.filter(each => each !== id);

	if (became === 'deleted') {
		const open = overlay.open === id ? null : overlay.open;
		return {overlay: {...overlay, deleted: [...others, id], open}};
	}

	return firstPage({...overlay, deleted: others});
}
