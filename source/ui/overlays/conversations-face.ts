import {costText} from '../../text/phrases.js';
import {type ConversationEntry} from '../services.js';
import {shownIn, type Conversations} from './conversations.js';
import {listRows, placeText, searchRow} from './list.js';
import {piece, spread, type Face, type Room, type Row} from './rows.js';

/**
What the keys of the list do, for its last row and for the help.
*/
export const conversationKeys: ReadonlyArray<{
	readonly keys: string;
	readonly word: string;
	readonly help: string;
}> = [
	{keys: 'Enter', word: 'go on', help: 'go on with the conversation'},
	{keys: 'v', word: 'read', help: 'read it'},
	{
		keys: 'f',
		word: 'fork',
		help: 'go on after one of its questions, in a fork',
	},
	{keys: 'r', word: 'rename', help: 'give it a name'},
	{keys: 'Del', word: 'delete', help: 'delete it'},
	{keys: 'u', word: 'undo', help: 'bring back what was deleted last'},
	{keys: '/', word: 'search', help: 'search; Tab does too, and ends it'},
];

export function conversationsFace(
	overlay: Conversations,
	{columns, rows}: Room,
): Face {
	const {list, isSearching, entries, awaited, isWhole, deleted} = overlay;
	const shown = shownIn(overlay);
	const hint = 'type words to look for';

	return {
		title: 'Earlier conversations',
		note: awaited
			? 'looking…'
			: `${placeText(list.at, shown.length)}${isWhole || entries?.length === 0 ? '' : '+'}`,
		rows: [
			deleted.length > 0 && !isSearching
				? [piece(deletedText(deleted.length), 'warn')]
				: searchRow(list.query, columns, {hint, isFocused: isSearching}),
			...(shown.length === 0 && !awaited
				? [[piece('Nothing was found in the log.', 'dim')]]
				: listRows(
						shown.map(entry => entryOf(entry, overlay, columns - 2)),
						list.at,
						{columns, rows: rows - 1},
					)),
		],
		keys: isSearching
			? '↑↓ choose · Enter go on · Tab letters act again · Esc end the search'
			: conversationKeys.map(({keys, word}) => `${keys} ${word}`).join(' · '),
	};
}

const deletedText = (count: number) =>
	count === 1
		? 'Deleted. u brings it back, as long as this list is open.'
		: `${count} deleted. u brings them back, the latest first, as long as this list is open.`;

/**
The cost and the consortium give way first, then the turns; what can be resumed is said at any width.
*/
function entryOf(
	entry: ConversationEntry,
	{open}: Conversations,
	columns: number,
): Row {
	const {id, title, consortium, turns, costUsd, costIsComplete} = entry;
	const marks = [
		...(id === open ? ['on the screen'] : []),
		...(entry.forkedFrom === null ? [] : ['fork']),
		...(entry.isBrokenOff
			? [
					columns >= 90
						? 'broken off: Enter goes on, then /resume'
						: 'broken off',
				]
			: []),
	];
	const facts = [
		...(columns >= 70 ? [consortium] : []),
		`${turns} turn${turns === 1 ? '' : 's'}`,
		...(columns >= 90 ? [costText(costUsd, costIsComplete)] : []),
	];

	return spread(
		[piece(`${dateText(entry.lastAt)}  `, 'dim'), piece(title)],
		[
			...marks.map(mark => piece(`${mark} · `, 'warn')),
			piece(facts.join(' · '), 'dim'),
		],
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
