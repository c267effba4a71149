import {cut} from '../../text/columns.js';
import {momentText} from '../../text/phrases.js';
import {type DoubtEntry} from '../log-entries.js';
import {listRows, placeText} from './list.js';
import {scrolledRows} from './reader.js';
import {nothingOpen, openIn, pickedIn, type Review} from './review.js';
import {detailRows, listHeight} from './review-rows.js';
import {
	columnsIn,
	fitted,
	keysIn,
	oneLine,
	paragraph,
	piece,
	spread,
	type Face,
	type Room,
	type Row,
} from './rows.js';

export function reviewFace(review: Review, room: Room): Face {
	const {entries, open, at, choice, scroll, decided} = review;
	const said = saidIn(review);
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
					: [...(said === null ? [] : [said]), ...nothingOpen].flatMap(text =>
							paragraph(text, columns),
						),
			keys: 'u undo · ? keys · Esc close',
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
			ruleRow(said ?? '', detail.note, columns),
			...detail.rows,
		],
		keys: keysIn(columns, [
			'1–9 accept',
			'n none',
			'u undo',
			'←→ Enter choose',
			's skip',
			'PgDn scroll',
			'? keys',
			'Esc',
		]),
	};
}

/**
What the last key or the last decision has to say; null for nothing.
*/
function saidIn({said, last}: Review): string | null {
	return said ?? (last === null ? null : `${last}: u takes it back`);
}

/**
Who answered, the question of the likeliest run, and when.
*/
function entryOf(
	{id, reason, response, proposals}: DoubtEntry,
	{skipped}: Review,
	columns: number,
): Row {
	const question = proposals.find(({run}) => run)?.run?.question ?? reason;
	const facts = [
		...(skipped.includes(id) ? ['skipped'] : []),
		...(typeof response?.at === 'number' ? [momentText(response.at, 's')] : []),
	];
	return spread(
		[
			piece(cut(oneLine(response?.model ?? 'gone'), mostOfName)),
			piece('  '),
			piece(question.trim()),
		],
		[piece(facts.join(' · '), 'dim')],
		columns,
	);
}

const mostOfName = 24;

/**
A line between the list and the one that is picked, with what there is to say, and how much of it is not seen.
*/
function ruleRow(said: string, note: string, columns: number): Row {
	const right = note === '' ? '' : ` ${note}`;
	const room = Math.max(0, columns - right.length);
	const left = said === '' ? [] : fitted([piece(`── ${said} `, 'warn')], room);
	const rule = '─'.repeat(Math.max(0, room - columnsIn(left)));
	return [...left, piece(`${rule}${right}`, 'dim')];
}
