import {cut, cutAtStart} from '../../text/columns.js';
import {costText, dateText} from '../../text/phrases.js';
import {whereText} from '../hit-text.js';
import {type ConversationEntry, type Hit} from '../log-entries.js';
import {shownIn, type Conversations} from './conversations.js';
import {listRows, placeText, searchRow, within} from './list.js';
import {
	columnsIn,
	fitted,
	keysIn,
	oneLine,
	piece,
	spread,
	type Face,
	type Room,
	type Row,
} from './rows.js';

/**
What the keys of the list do, for its last row and for the help.
*/
export const conversationKeys: ReadonlyArray<{
	readonly keys: string;
	readonly word: string;
	readonly help: string;
}> = [
	{
		keys: 'Enter',
		word: 'go on',
		help: 'go on with the conversation; read words that were found, or one that was imported',
	},
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
	{keys: '?', word: 'keys', help: 'these keys'},
];

export function conversationsFace(
	overlay: Conversations,
	{columns, rows}: Room,
): Face {
	const {list, isSearching, entries, awaited, isWhole, deleted} = overlay;
	const shown = shownIn(overlay);
	const hint = isSearching
		? 'type words or "phrases"; all are looked for'
		: 'Press / to search every answer';

	const remarks = operator.test(list.query.text)
		? [[piece(noOperators, 'warn')]]
		: [];

	return {
		title: 'Earlier conversations',
		note: awaited
			? 'looking…'
			: `${placeText(list.at, shown.length)}${isWhole || entries?.length === 0 ? '' : '+'}`,
		rows: [
			deleted.length > 0 && !isSearching
				? [piece(deletedText(deleted.length), 'warn')]
				: searchRow(list.query, columns, {hint, isFocused: isSearching}),
			...remarks,
			...(shown.length === 0 && !awaited
				? [[piece('Nothing was found in the log.', 'dim')]]
				: listRows(
						shown.map(entry => entryOf(entry, overlay, columns - 2)),
						list.at,
						{columns, rows: rows - 1 - remarks.length},
						shown.flatMap(({hit}) => (hit ? [hitRow(hit, columns)] : [])),
					)),
		],
		keys: keysFor(overlay, columns),
	};
}

const operator = /(?<!\S)(?:AND|OR|NOT)\s+\S/v;
const noOperators = 'Words and "phrases" only; OR, NOT: consortium-tui logs -q';

/**
What can be done with the one that is picked.
*/
function keysFor(overlay: Conversations, columns: number): string {
	const {list, isSearching, deleted} = overlay;
	const shown = shownIn(overlay);
	const picked = shown[within(list.at, shown.length)];
	const enter =
		picked?.isImported === true || picked?.hit ? 'Enter read' : 'Enter go on';

	if (isSearching) {
		return keysIn(columns, [
			enter,
			'↑↓ choose',
			'Tab letters act again',
			'Esc end the search',
		]);
	}

	const undo = deleted.length > 0 ? ['u undo'] : [];
	const tail = ['/ search', '? keys', 'Esc close'];
	return keysIn(
		columns,
		picked?.isImported
			? [enter, 'Del delete', ...undo, ...tail]
			: [
					enter,
					...(picked?.hit ? [] : ['v read']),
					...undo,
					'f fork',
					'r rename',
					'Del delete',
					...tail,
				],
	);
}

const deletedText = (count: number) =>
	count === 1
		? 'Deleted. u brings it back, or later `logs undo`.'
		: `${count} deleted. u brings them back, the latest first, or later \`logs undo\`.`;

const mostOfName = 24;

/**
Whose words were found, and where. The words have signs too, and what stands before the first of them is cut where it would not be seen.
*/
function hitRow(hit: Hit, columns: number): Row {
	const most = Math.max(10, Math.floor(columns / 2));
	const where = [
		piece('    '),
		piece(`${cut(oneLine(whereText(hit)), most)}: `, 'dim'),
	];
	const room = Math.max(1, Math.floor((columns - columnsIn(where)) / 3));
	const parts = hit.snippet.map(({text, isMarked}, index) =>
		isMarked
			? piece(`«${text}»`, 'accent')
			: piece(
					index === 0 && hit.snippet.length > 1
						? cutAtStart(oneLine(text), room)
						: text,
				),
	);

	return fitted([...where, ...parts], columns);
}

/**
In narrow rows the cost is left out, and the consortium cut before the title, then the turns; what can be resumed is said at any width.
*/
function entryOf(
	entry: ConversationEntry,
	{open}: Conversations,
	columns: number,
): Row {
	const {id, title, turns, costUsd, costIsComplete, isImported} = entry;
	const marks = [
		...(id === open ? ['on the screen'] : []),
		...(isImported ? ['imported'] : []),
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
		`${turns} turn${turns === 1 ? '' : 's'}`,
		...(columns >= 90 && !isImported
			? [costText(costUsd, costIsComplete)]
			: []),
	];

	const left = [piece(`${dateText(entry.lastAt)}  `, 'dim'), piece(title)];
	const right = [
		...marks.map(mark => piece(`${mark} · `, 'warn')),
		piece(facts.join(' · '), 'dim'),
	];
	const free = columns - columnsIn([...left, ...right]) - ' ·   '.length;
	const most = columns >= 90 ? mostOfName : Math.min(mostOfName, free);
	const name =
		most <= 0
			? []
			: [piece(`${cut(oneLine(entry.consortium), most)} · `, 'dim')];
	return spread(left, right.toSpliced(marks.length, 0, ...name), columns);
}
