import {cleaned} from './cleaner.js';
import {columnsOf} from './columns.js';
import {tailOf} from './tail.js';

/**
What a piece of text is. `quiet` is what stands around the words: markers of lists and quotes, addresses, rules.
*/
export type Mark =
	| 'plain'
	| 'heading'
	| 'strong'
	| 'emphasis'
	| 'deleted'
	| 'code'
	| 'link'
	| 'quiet';

export type Span = {readonly text: string; readonly mark: Mark};

/**
A line of a screen. An empty one has no spans.
*/
export type Line = readonly Span[];

export function textOf(spans: readonly Span[]): string {
	return spans.map(({text}) => text).join('');
}

export function columnsIn(line: Line): number {
	return columnsOf(textOf(line));
}

/**
Clean spans in lines of at most `width` columns, at least 2; line feeds in them are kept.
*/
export function wrappedSpans(spans: readonly Span[], width: number): Line[] {
	const whole = textOf(spans);
	let at = 0;
	let index = 0;
	let start = 0;

	return tailOf(whole, {width, keep: Infinity})
		.lines()
		.map(text => {
			// A line is a piece of the whole, and only white space stands between two lines.
			at = whole.indexOf(text, at);
			const end = at + text.length;
			const line: Span[] = [];

			while (at < end) {
				const span = spans[index]!;
				const spanEnd = start + span.text.length;

				if (spanEnd > at) {
					const to = Math.min(end, spanEnd);
					line.push({text: whole.slice(at, to), mark: span.mark});
					at = to;
				} else {
					start = spanEnd;
					index++;
				}
			}

			return line;
		});
}

/**
Any text as it is, made clean and wrapped.
*/
export function plainLines(text: string, width: number): Line[] {
	return wrappedSpans([{text: cleaned(text), mark: 'plain'}], width);
}
