import {columnsOf, cut} from '../../text/columns.js';
import {type PaneState} from '../run-views.js';
import {type Tone} from '../theme.js';

/**
A piece of one line and how it looks.
*/
export type Span = {readonly text: string; readonly tone: Tone};

export const span = (text: string, tone: Tone = 'plain'): Span => ({
	text,
	tone,
});

export const widthOf = (spans: readonly Span[]): number =>
	spans.reduce((sum, {text}) => sum + columnsOf(text), 0);

/**
The spans in at most `width` columns, with an ellipsis where they were cut.
*/
export function fitted(spans: readonly Span[], width: number): Span[] {
	const shown: Span[] = [];
	let room = width;

	for (const {text, tone} of spans) {
		const columns = columnsOf(text);

		if (columns > room) {
			return room > 0 ? [...shown, span(cut(text, room), tone)] : shown;
		}

		shown.push(span(text, tone));
		room -= columns;
	}

	return shown;
}

/**
A title that takes the whole width: what follows the spans is a rule, with `right` at its end where that fits.
*/
export function titled(
	spans: readonly Span[],
	width: number,
	right: readonly Span[] = [],
): Span[] {
	const left = fitted(spans, width);
	const room = width - widthOf(left);
	const end = right.length > 0 ? [span(' '), ...right] : [];
	const rule = room - 1 - widthOf(end);

	return rule < 1 ? left : [...left, span(` ${'─'.repeat(rule)}`), ...end];
}

/**
As many of the parts as fit into `width` columns, the first ones before the others, with `between` in between.
*/
export function joined(
	parts: readonly string[],
	width: number,
	between = '  ',
): string {
	let text = '';

	for (const part of parts) {
		const longer = text === '' ? part : `${text}${between}${part}`;

		if (columnsOf(longer) <= width) {
			text = longer;
		}
	}

	return text;
}

/**
A text in exactly `width` columns.
*/
export function padded(text: string, width: number): string {
	const shown = cut(text, width);
	return shown + ' '.repeat(Math.max(0, width - columnsOf(shown)));
}

/**
A name in at most `width` columns. What tells it from others of the same model, `#2`, stays at its end.
*/
export function cutName(name: string, width: number): string {
	const end = /#\d+$/.exec(name)?.[0] ?? '';
	const room = width - end.length;
	return columnsOf(name) > width && room > 1
		? cut(name.slice(0, name.length - end.length), room) + end
		: cut(name, width);
}

/**
Columns that a name keeps beside its marks.
*/
const leastName = 6;

/**
A name and what is told about it in at most `width` columns. The name is cut first; marks that leave it no room are left out, the last ones first.
*/
export function nameWithMarks(
	name: string,
	marks: readonly string[],
	width: number,
): {readonly name: string; readonly about: string} {
	const told = joined(
		marks,
		Math.max(0, width - Math.min(leastName, columnsOf(name)) - 1),
		' · ',
	);
	const about = told === '' ? '' : ` ${told}`;

	return {
		name: cutName(name, Math.max(1, width - columnsOf(about))),
		about,
	};
}

const tones = {
	waiting: 'plain',
	queued: 'plain',
	thinking: 'plain',
	answering: 'plain',
	retrying: 'warn',
	answered: 'good',
	truncated: 'warn',
	refused: 'bad',
	empty: 'bad',
	failed: 'bad',
	stopped: 'warn',
	cancelled: 'warn',
	'left-out': 'dim',
	'not-asked': 'dim',
} as const satisfies Record<PaneState, Tone>;

export const toneOf = (state: PaneState): Tone => tones[state];
