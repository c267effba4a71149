import {type KeyPress} from '../keys.js';
import {type DoubtEntry} from '../log-entries.js';
import {helpOf} from './help.js';
import {movedIn, within} from './list.js';
import {type OverlayStep} from './overlay.js';
import {pressScroll} from './reader.js';
import {
	accepted,
	moved,
	nothingProposed,
	openIn,
	pickedIn,
	reopened,
	reviewKeys,
	withDecision,
	type Review,
} from './review.js';
import {detailRows, listHeight, markOf} from './review-rows.js';
import {type Room} from './rows.js';

export function pressReview(
	before: Review,
	key: KeyPress,
	room: Room,
): OverlayStep {
	const {chord} = key;
	const review = {...before, said: null};

	switch (chord) {
		case 'escape':
		case 'q': {
			return {overlay: null};
		}

		case '?':
		case 'f1': {
			return {
				overlay: review,
				opens: helpOf([{title: 'In the review list', rows: reviewKeys}]),
			};
		}

		case 'u': {
			return undone(review);
		}

		default: {
			const picked = pickedIn(review);
			return picked
				? pressAnswer(review, key, {picked, room})
				: {overlay: review};
		}
	}
}

function pressAnswer(
	review: Review,
	key: KeyPress,
	{picked, room}: {readonly picked: DoubtEntry; readonly room: Room},
): OverlayStep {
	const {chord} = key;

	if (/^[1-9]$/.test(chord)) {
		return accepted(review, picked, Number(chord));
	}

	switch (chord) {
		case 'enter': {
			return review.choice === null
				? marked(review, {picked, to: 0, room})
				: accepted(review, picked, review.choice + 1);
		}

		case 'left':
		case 'right': {
			const last = picked.proposals.length - 1;
			const to =
				chord === 'left'
					? (review.choice ?? last + 1) - 1
					: (review.choice ?? -1) + 1;
			return marked(review, {picked, to, room});
		}

		case 'n': {
			return withDecision(review, picked, null);
		}

		case 's': {
			const skipped = [...new Set([...review.skipped, picked.id])];
			return moved({...review, skipped}, review.at + 1);
		}

		case 'up':
		case 'down': {
			const total = openIn(review).length;
			return moved(
				review,
				movedIn(review.at, chord, {total, page: 1}) ?? review.at,
			);
		}

		default: {
			return {overlay: scrolledBy(review, {picked, key, room})};
		}
	}
}

/**
Mark a proposal, where it can be seen, for Enter to accept.
*/
function marked(
	review: Review,
	{
		picked,
		to,
		room,
	}: {readonly picked: DoubtEntry; readonly to: number; readonly room: Room},
): OverlayStep {
	const total = picked.proposals.length;

	if (total === 0) {
		return {overlay: {...review, said: nothingProposed}};
	}

	const choice = within(to, total);
	const row = detailRows(picked, choice, room.columns).findIndex(pieces =>
		pieces.some(({text}) => text === markOf(choice + 1)),
	);
	const isSeen = row < detailHeight(review, room);
	return {
		overlay: {
			...review,
			choice,
			scroll: {top: isSeen ? 0 : row},
			said: `${choice + 1} is marked: Enter accepts it.`,
		},
	};
}

/**
What was decided before this list was opened is known to the log alone.
*/
function undone(review: Review): OverlayStep {
	if (review.entries === null) {
		return {overlay: review};
	}

	const id = review.decided.at(-1) ?? null;

	return {
		overlay:
			id === null
				? review
				: {...reopened(review, id), said: 'Taken back: it is open again.'},
		requests: [{type: 'undo-decision', id}],
	};
}

function detailHeight(review: Review, room: Room): number {
	return room.rows - listHeight(openIn(review).length, room) - 1;
}

function scrolledBy(
	review: Review,
	{
		picked,
		key,
		room,
	}: {
		readonly picked: DoubtEntry;
		readonly key: KeyPress;
		readonly room: Room;
	},
): Review {
	const scroll = pressScroll(review.scroll, key, {
		total: detailRows(picked, review.choice, room.columns).length,
		visible: detailHeight(review, room),
	});
	return scroll ? {...review, scroll} : review;
}
