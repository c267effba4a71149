import {dateText} from '../../text/phrases.js';
import {type DoubtEntry} from '../log-entries.js';
import {listRows, placeText} from './list.js';
import {scrolledRows} from './reader.js';
import {nothingOpen, openIn, pickedIn, type Review} from './review.js';
import {detailRows, listHeight} from './review-rows.js';
import {
	paragraph,
	piece,
	spread,
	type Face,
	type Room,
	type Row,
} from './rows.js';

/**
What the keys of the list do, for the help.
*/
export const reviewKeys: ReadonlyArray<{
	readonly keys: string;
	readonly help: string;
}> = [
	{
		keys: '1–9 Enter',
		help: 'it belongs where this proposal says',
	},
	{keys: 'n', help: 'it belongs to none of them'},
	{keys: 's', help: 'decide it later'},
	{keys: 'u', help: 'take back what was decided last'},
	{keys: '←→', help: 'choose another proposal'},
	{keys: '↑↓', help: 'choose another answer'},
	{keys: 'PgUp PgDn', help: 'scroll its texts'},
];

export function reviewFace(review: Review, room: Room): Face {
	const {entries, open, at, choice, scroll, decided} = review;
	const {columns, rows} = room;
	const left = openIn(review);
	const picked = pickedIn(review);
	const counts = [
		...(left.length === 0 ? [] : [placeText(at, open)]),
		...(decided.length === 0 ? [] : [`${decided.length} decided`]),
	];
	const face = {
		title: 'To be decided: which run does an answer belong to?',
		note: entries === null ? 'looking…' : counts.join(' · '),
	};

	if (!picked) {
		return {
			...face,
			rows:
				entries === null
					? []
					: nothingOpen.flatMap(text => paragraph(text, columns)),
			keys: decided.length === 0 ? 'Esc close' : 'u undo · Esc close',
		};
	}

	const height = listHeight(left.length, room);
	const detail = scrolledRows(
		detailRows(picked, choice, columns),
		scroll,
		rows - height - 1,
	);

	return {
		...face,
		rows: [
			...listRows(
				left.map(doubt => entryOf(doubt, review, columns - 2)),
				at,
				{columns, rows: height},
			),
			ruleRow(detail.note, columns),
			...detail.rows,
		],
		keys: '1–9 Enter accept · n none · s skip · u undo · ←→↑↓ choose · PgDn scroll · Esc',
	};
}

function entryOf(
	{id, reason, response}: DoubtEntry,
	{skipped}: Review,
	columns: number,
): Row {
	const facts = [
		...(skipped.includes(id) ? ['skipped'] : []),
		...(response && columns >= 70 ? [response.model] : []),
		...(typeof response?.at === 'number' && columns >= 50
			? [dateText(response.at)]
			: []),
	];
	return spread([piece(reason)], [piece(facts.join(' · '), 'dim')], columns);
}

/**
A line between the list and the one that is picked, with how much of it is not seen.
*/
function ruleRow(note: string, columns: number): Row {
	const right = note === '' ? '' : ` ${note}`;
	return [
		piece(`${'─'.repeat(Math.max(0, columns - right.length))}${right}`, 'dim'),
	];
}
