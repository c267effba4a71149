import {type Extent} from './view.js';

/**
Which line stands at the top; null follows the end.
*/
export type Scroll = {readonly top: number | null};

export type ScrollBy =
	'line-up' | 'line-down' | 'page-up' | 'page-down' | 'start' | 'end';

/**
The lines that can be seen, `from` up to but not with `to`, and how many there are above and below them.
*/
export type Window = {
	readonly from: number;
	readonly to: number;
	readonly above: number;
	readonly below: number;
};

/**
The view after a move. It stays where it is when lines are added, until it reaches the end, which it then follows. A page keeps one line of the last.
*/
export function scrolled(scroll: Scroll, by: ScrollBy, extent: Extent): Scroll {
	const {from} = windowOf(scroll, extent);
	const last = lastTop(extent);
	const page = Math.max(1, extent.visible - 1);
	const steps = {
		'line-up': from - 1,
		'line-down': from + 1,
		'page-up': from - page,
		'page-down': from + page,
		start: 0,
		end: last,
	} as const satisfies Record<ScrollBy, number>;
	const top = Math.max(0, steps[by]);

	return {top: top >= last ? null : top};
}

export function windowOf({top}: Scroll, extent: Extent): Window {
	const {total, visible} = extent;
	const last = lastTop(extent);
	const from = Math.min(top ?? last, last);
	const to = Math.min(from + visible, total);

	return {from, to, above: from, below: total - to};
}

const lastTop = ({total, visible}: Extent) => Math.max(0, total - visible);
