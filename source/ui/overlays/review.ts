import {type DoubtEntry} from '../log-entries.js';
import {type Request} from '../requests.js';
import {type Scroll} from '../scroll.js';
import {within} from './list.js';
import {type OverlayStep} from './overlay.js';
import {endOfId} from './review-rows.js';

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
	The one that is picked, of those that are not decided, and which of its proposals is marked; null before one is.
	*/
	readonly at: number;
	readonly choice: number | null;
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

	/**
	What was decided last, in words; null when nothing was.
	*/
	readonly last: string | null;

	/**
	What there is to say of the last key; null when it speaks for itself.
	*/
	readonly said: string | null;

	/**
	What is to be done as soon as the answers are there; null for nothing.
	*/
	readonly wish: Wish | null;

	/**
	The one to pick when it comes, since its decision was taken back.
	*/
	readonly reopened: string | null;
};

/**
An answer, by its number in the list, and what becomes of it: it is only looked at, or it gets none of its proposals or one, by its number.
*/
export type Wish = {
	readonly answer: number;
	readonly does: 'look' | 'none' | number;
};

/**
What the keys of the list do, for the help.
*/
export const reviewKeys: ReadonlyArray<{
	readonly keys: string;
	readonly help: string;
}> = [
	{keys: '1–9', help: 'it belongs where this proposal says'},
	{keys: '←→', help: 'mark a proposal'},
	{keys: 'Enter', help: 'the same for the proposal that is marked'},
	{keys: 'n', help: 'it belongs to none of them'},
	{keys: 's', help: 'decide it later'},
	{
		keys: 'u',
		help: 'take back what was decided last, in earlier sessions too',
	},
	{keys: '↑↓', help: 'choose another answer'},
	{keys: 'PgUp PgDn', help: 'scroll its texts'},
	{keys: '?, F1', help: 'these keys'},
	{keys: 'Esc', help: 'close the list'},
];

/**
What is typed behind the command, as `3`, `3 accept 2`, `3 2` or `3 none`; null for nothing, undefined for anything else.
*/
export function wishIn(typed: string): Wish | null | undefined {
	const parts =
		/^(?<answer>\d{1,6})(?:\s+(?:(?:accept\s+)?(?<proposal>\d{1,6})|(?<none>none)))?$/v.exec(
			typed,
		)?.groups;

	if (!parts) {
		return typed === '' ? null : undefined;
	}

	const {answer, proposal, none} = parts;
	return {
		answer: Number(answer),
		does:
			none === undefined
				? proposal === undefined
					? 'look'
					: Number(proposal)
				: 'none',
	};
}

export const nothingOpen = [
	'Nothing is to be decided.',
	'Runs of the Python plug-in are looked for with: consortium-tui logs backfill',
] as const;

/**
For whoever opens it to ask for the first page.
*/
export function reviewOf(wish: Wish | null = null): Review {
	return {
		type: 'review',
		entries: null,
		open: 0,
		at: 0,
		choice: null,
		scroll: {top: 0},
		decided: [],
		skipped: [],
		isAwaiting: true,
		last: null,
		said: null,
		wish,
		reopened: null,
	};
}

export function openIn({entries, decided}: Review): readonly DoubtEntry[] {
	return (entries ?? []).filter(({id}) => !decided.includes(id));
}

export function pickedIn(review: Review): DoubtEntry | undefined {
	const open = openIn(review);
	return open[within(review.at, open.length)];
}

export const nothingProposed = 'Nothing is proposed here; n puts it away.';

/**
Decide for a proposal by its number.
*/
export function accepted(
	review: Review,
	picked: DoubtEntry,
	number: number,
): OverlayStep {
	if (number >= 1 && number <= picked.proposals.length) {
		return withDecision(review, picked, number - 1);
	}

	const said =
		picked.proposals.length === 0
			? nothingProposed
			: `There is no proposal ${number}.`;
	return {overlay: {...review, said}};
}

export function moved(review: Review, to: number): OverlayStep {
	const at = within(to, openIn(review).length);
	return withNextPage({...review, at, choice: null, scroll: {top: 0}});
}

export function withDecision(
	review: Review,
	{id, response, proposals}: DoubtEntry,
	choice: number | null,
): OverlayStep {
	const chosen = choice === null ? null : proposals[choice]!;
	const place = chosen
		? `run …${endOfId(chosen.runId)}`
		: proposals.length === 0
			? 'put away'
			: 'no run';
	const next = moved(
		{
			...review,
			decided: [...review.decided, id],
			open: review.open - 1,
			last: `${response?.model ?? 'an answer'} → ${place}`,
		},
		review.at,
	);
	const request: Request = {type: 'decide-doubt', id, choice};
	return {...next, requests: [request, ...(next.requests ?? [])]};
}

/**
What is open again is picked.
*/
export function reopened(review: Review, id: string): Review {
	const next = {
		...review,
		decided: review.decided.filter(each => each !== id),
		open: review.open + 1,
		choice: null,
		scroll: {top: 0},
		last: null,
	};
	return {...next, at: placeOf(next, id)};
}

export function placeOf(review: Review, id: string): number {
	return Math.max(
		0,
		openIn(review).findIndex(each => each.id === id),
	);
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
