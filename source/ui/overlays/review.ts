import {type KeyPress} from '../keys.js';
import {type DoubtEntry} from '../log-entries.js';
import {type Loaded, type Request} from '../requests.js';
import {type Scroll} from '../scroll.js';
import {movedIn, within} from './list.js';
import {type OverlayStep} from './overlay.js';
import {pressScroll} from './reader.js';
import {detailRows, listHeight} from './review-rows.js';
import {type Room} from './rows.js';

/**
What the search for runs in the log was not sure of, for a person to decide.
*/
export type Review = {
	readonly type: 'review';

	/**
	Those that came, decided ones included; null before the first.
	*/
	readonly entries: readonly DoubtEntry[] | null;

	/**
	How many there were in all when the last of them came, those that were decided here left out.
	*/
	readonly open: number;

	/**
	The one that is picked, of those that are not decided, and which of its proposals.
	*/
	readonly at: number;
	readonly choice: number;
	readonly scroll: Scroll;

	/**
	By their ids, the latest last.
	*/
	readonly decided: readonly string[];
	readonly skipped: readonly string[];

	/**
	A page is on its way; none is when there are no more.
	*/
	readonly isAwaiting: boolean;
};

export const nothingOpen = [
	'Nothing is to be decided.',
	'Runs of the Python plug-in are looked for with: consortium-tui logs backfill',
] as const;

/**
For whoever opens it to ask for the first page.
*/
export function reviewOf(): Review {
	return {
		type: 'review',
		entries: null,
		open: 0,
		at: 0,
		choice: 0,
		scroll: {top: 0},
		decided: [],
		skipped: [],
		isAwaiting: true,
	};
}

export function openIn({entries, decided}: Review): readonly DoubtEntry[] {
	return (entries ?? []).filter(({id}) => !decided.includes(id));
}

export function pickedIn(review: Review): DoubtEntry | undefined {
	const open = openIn(review);
	return open[within(review.at, open.length)];
}

export function pressReview(
	review: Review,
	key: KeyPress,
	room: Room,
): OverlayStep {
	const {chord} = key;

	if (chord === 'escape' || chord === 'q') {
		return {overlay: null};
	}

	if (chord === 'u') {
		return undone(review);
	}

	const picked = pickedIn(review);

	if (!picked) {
		return {overlay: review};
	}

	if (chord === 'enter' || /^[1-9]$/.test(chord)) {
		const choice = chord === 'enter' ? review.choice : Number(chord) - 1;
		return choice < picked.proposals.length
			? withDecision(review, picked, choice)
			: {overlay: review};
	}

	switch (chord) {
		case 'n': {
			return withDecision(review, picked, null);
		}

		case 's': {
			const skipped = [...new Set([...review.skipped, picked.id])];
			return moved({...review, skipped}, review.at + 1);
		}

		case 'left':
		case 'right': {
			const to = review.choice + (chord === 'left' ? -1 : 1);
			const choice = within(to, picked.proposals.length);
			return {overlay: {...review, choice, scroll: {top: 0}}};
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
			return {overlay: scrolledBy(review, key, room)};
		}
	}
}

function scrolledBy(review: Review, key: KeyPress, room: Room): Review {
	const picked = pickedIn(review)!;
	const scroll = pressScroll(review.scroll, key, {
		total: detailRows(picked, review.choice, room.columns).length,
		visible: room.rows - listHeight(openIn(review).length, room) - 1,
	});
	return scroll ? {...review, scroll} : review;
}

function moved(review: Review, to: number): OverlayStep {
	const at = within(to, openIn(review).length);
	return withNextPage({...review, at, choice: 0, scroll: {top: 0}});
}

function withDecision(
	review: Review,
	{id}: DoubtEntry,
	choice: number | null,
): OverlayStep {
	const next = moved(
		{...review, decided: [...review.decided, id], open: review.open - 1},
		review.at,
	);
	const request: Request = {type: 'decide-doubt', id, choice};
	return {...next, requests: [request, ...(next.requests ?? [])]};
}

function undone(review: Review): OverlayStep {
	const id = review.decided.at(-1);

	return id === undefined
		? {overlay: review}
		: {
				overlay: reopened(review, id),
				requests: [{type: 'undo-decision', id}],
			};
}

/**
What is open again is picked.
*/
function reopened(review: Review, id: string): Review {
	const next = {
		...review,
		decided: review.decided.filter(each => each !== id),
		open: review.open + 1,
		choice: 0,
		scroll: {top: 0},
	};
	const at = openIn(next).findIndex(each => each.id === id);
	return {...next, at: Math.max(0, at)};
}

/**
So many before the end the next ones are asked for.
*/
const ahead = 10;

function withNextPage(review: Review): OverlayStep {
	const left = openIn(review).length;
	const isMore = !review.isAwaiting && review.open > left;

	return isMore && review.at >= left - ahead
		? {
				overlay: {...review, isAwaiting: true},
				requests: [
					{
						type: 'load',
						what: {kind: 'doubts', after: review.entries?.at(-1)?.id ?? null},
					},
				],
			}
		: {overlay: review};
}

export function reviewLoaded(review: Review, loaded: Loaded): OverlayStep {
	if (loaded.kind === 'doubt') {
		const isDecided = review.decided.includes(loaded.id);

		if (loaded.became === 'open' && isDecided) {
			return {overlay: reopened(review, loaded.id)};
		}

		if (loaded.became === 'decided' && !isDecided) {
			const ids = [...review.decided, loaded.id];
			return {overlay: {...review, decided: ids, open: review.open - 1}};
		}

		return {overlay: review};
	}

	const last = review.entries?.at(-1)?.id ?? null;

	if (loaded.kind !== 'doubts' || !review.isAwaiting || loaded.after !== last) {
		return {overlay: review};
	}

	const entries = [...(review.entries ?? []), ...loaded.entries];
	return {
		overlay: {
			...review,
			entries,
			// After an empty page no more is to be expected.
			open: loaded.entries.length === 0 ? openIn(review).length : loaded.open,
			isAwaiting: false,
		},
	};
}
