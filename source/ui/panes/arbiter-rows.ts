import {columnsOf, wrapped} from '../../text/columns.js';
import {barText, glyphOf, shareText} from '../../text/phrases.js';
import {
	type ArbiterHead,
	type ArbiterView,
	type Weighed,
	type Who,
} from '../run-views.js';
import {
	fitted,
	joined,
	span,
	titled,
	toneOf,
	widthOf,
	type Span,
} from './spans.js';

/**
A row of the arbiter's pane: spans, or bars that a screen reader is to know as such.
*/
export type ArbiterRow =
	| {readonly type: 'spans'; readonly spans: readonly Span[]}
	| {readonly type: 'bars'; readonly bars: readonly Bar[]};

export type Bar = {readonly spans: readonly Span[]; readonly label: string};

const row = (...spans: readonly Span[]): ArbiterRow => ({type: 'spans', spans});

type Size = {readonly width: number; readonly height: number};

/**
Blank columns between two bars.
*/
export const barGap = 3;
const mostDissent = 3;

/**
More than any screen has.
*/
const everything = 1000;

/**
The rows it has something to say in while it is not writing: of a run that has ended everything, before that the beginning of the last synthesis.
*/
export function arbiterNeeds({head, lines}: ArbiterView): number {
	const {above, below} = optionalRows(head, 80);
	const forText =
		lines.length === 0 ? 0 : head.phase === 'ended' ? everything : 2;
	return 1 + above.length + below.length + forText;
}

/**
The arbiter's pane in at most `height` rows. What it said gets at least half of them while it is being written; the rest tells of its verdicts, the most telling first.
*/
export function arbiterRows(
	view: ArbiterView,
	{width, height}: Size,
	isFocused: boolean,
): ArbiterRow[] {
	const {head, kind, lines, total} = view;
	const title = titleOfArbiter(head, isFocused);

	if (height <= 1) {
		return [row(...inOneLine(head, title, width))];
	}

	const isWriting = head.phase === 'arbiter' && kind !== 'earlier';
	const room = height - 1;
	const forText = Math.min(
		lines.length,
		isWriting ? Math.ceil(room / 2) : Math.min(2, room),
	);
	const {above, below} = optionalRows(head, width);
	const ranked = [...above, ...below]
		.toSorted((left, right) => left.rank - right.rank)
		.slice(0, room - forText);
	const kept = (rows: readonly Ranked[]) =>
		rows.filter(each => ranked.includes(each)).map(each => each.row);
	const textRows = room - ranked.length;
	const text = isWriting ? lines.slice(-textRows) : lines.slice(0, textRows);

	const hidden = total === null ? null : total - text.length;
	const left = above.length + below.length - ranked.length;
	const more = isWriting
		? moreText('↑', hidden)
		: moreText('↓', hidden === null ? null : hidden + left);

	return [
		row(
			...(more === ''
				? titled(title, width)
				: titled(fitted(title, width - more.length - 3), width, [
						span(more, 'accent'),
					])),
		),
		...kept(above),
		...text.map(line => row(span(line, kind === 'answer' ? 'plain' : 'dim'))),
		...kept(below),
	];
}

/**
That lines have no room here, and how many where they were counted.
*/
const moreText = (sign: string, hidden: number | null) =>
	hidden === null ? `${sign} more` : hidden > 0 ? `${sign} ${hidden} more` : '';

export function titleOfArbiter(
	{name, state, activity}: ArbiterHead,
	isFocused: boolean,
): Span[] {
	return [
		span(isFocused ? '▸' : ' ', 'accent'),
		span(name, isFocused ? 'selected' : 'heading'),
		span(' ─ ', 'dim'),
		span(`${glyphOf(state)} ${activity}`, toneOf(state)),
	];
}

type Ranked = {readonly rank: number; readonly row: ArbiterRow};

function optionalRows(
	head: ArbiterHead,
	width: number,
): {readonly above: readonly Ranked[]; readonly below: readonly Ranked[]} {
	const {weighed, told, failure, dissent, refinementAreas, problems} = head;
	const {ending, phase} = head;
	const last = weighed.at(-1);
	const line = (rank: number, ...spans: readonly Span[]): Ranked => ({
		rank,
		row: row(...fitted(spans, width)),
	});
	const lines = (
		rank: number,
		mark: Span,
		text: string,
		tone: Span['tone'] = 'plain',
	): Ranked[] =>
		wrapped(text, Math.max(1, width - mark.text.length)).map((part, at) =>
			line(
				rank,
				at === 0 ? mark : span(' '.repeat(mark.text.length)),
				span(part, tone),
			),
		);

	return {
		above: [
			...(failure === null ? [] : [line(0, span(` ${failure}`, 'bad'))]),
			...(last ? [{rank: 1, row: barsIn(head, width)}] : []),
			...told.flatMap(({label, text}, index) =>
				lines(2 + index / 10, span(` ${label}: `, 'accent'), text),
			),
			...(last ? [line(3, span(` ${statedText(last, width)}`, 'dim'))] : []),
		],
		below:
			phase === 'arbiter'
				? []
				: [
						...dissent
							.slice(0, mostDissent)
							.map(({text, who}, index) =>
								line(
									4 + index,
									span(` dissent ${whoText(who)}: `, 'warn'),
									span(text),
								),
							),
						...(refinementAreas.length === 0
							? []
							: [
									line(
										5,
										span(' to refine: ', 'accent'),
										span(refinementAreas.join('; ')),
									),
								]),
						...problems.flatMap(problem =>
							lines(8, span(' ! ', 'warn'), problem, 'warn'),
						),
						...(ending ?? []).flatMap((reason, index) =>
							lines(
								// What is told of this run says more than why it ended.
								index === 0 ? 2.9 : 7,
								span(index === 0 ? endedMark : blankMark, 'accent'),
								reason,
							),
						),
					],
	};
}

const endedMark = ' ended: ';
const blankMark = ' '.repeat(endedMark.length);

const whoText = (who: readonly Who[]) =>
	who
		.map(({number, name}) => (number === 0 ? name : `${number} ${name}`))
		.join(', ') || 'of nobody named';

/**
As many of the last iterations as fit, and how far the answers of the last one agree.
*/
function barsIn({weighed, threshold}: ArbiterHead, width: number): ArbiterRow {
	const bars: Bar[] = [];
	const agreement = agreementBar(weighed.at(-1)!);
	let room = width - widthOf(agreement.spans);

	for (const each of weighed.toReversed()) {
		const bar = barOf(each, threshold, 10);
		room -= widthOf(bar.spans) + barGap;

		if (room < 0 && bars.length > 0) {
			break;
		}

		bars.unshift(bar);
	}

	return {
		type: 'bars',
		bars: room < 0 && bars.length === 1 ? bars : [...bars, agreement],
	};
}

function agreementBar({agreement}: Weighed): Bar {
	const text = `agreement ${agreement === null ? 'unknown' : shareText(agreement)}`;
	return {spans: [span(text, 'dim')], label: text};
}

function barOf(
	{iteration, confidence, vote, change}: Weighed,
	threshold: number,
	width: number,
): Bar {
	if (vote !== null) {
		return {
			spans: [span(` ${iteration} `, 'dim'), span(vote, 'good')],
			label: `iteration ${iteration}: ${vote}`,
		};
	}

	const share = shareText(confidence);
	const isMet = confidence !== null && confidence >= threshold;

	return {
		spans: [
			span(` ${iteration} `, 'dim'),
			span(barText(confidence, width, threshold), isMet ? 'good' : 'accent'),
			span(` ${share}`, isMet ? 'good' : 'plain'),
			span(changeText(change), 'dim'),
		],
		label: `confidence in iteration ${iteration}: ${share}, threshold ${shareText(threshold)}`,
	};
}

/**
In points of a hundred.
*/
function changeText(change: number | null): string {
	const points = change === null ? 0 : Math.round(change * 100);
	return points === 0 ? '' : ` ${points > 0 ? '▲' : '▼'}${Math.abs(points)}`;
}

/**
What the members said of their own answers: each by its number where there is room, else from the least to the most.
*/
function statedText({stated}: Weighed, width: number): string {
	const known = stated.flatMap(({confidence}) => confidence ?? []);
	const missing = stated.length - known.length;
	const each = `stated ${stated
		.map(
			({number, confidence}) =>
				`${number} ${confidence === null ? '?' : shareText(confidence)}`,
		)
		.join(' · ')}`;

	if (columnsOf(each) < width && known.length > 0) {
		return each;
	}

	return known.length === 0
		? 'stated: nothing'
		: `stated ${shareText(Math.min(...known))} to ${shareText(Math.max(...known))}${missing === 0 ? '' : `, ${missing} not`}`;
}

function inOneLine(
	{weighed, threshold, ending, phase}: ArbiterHead,
	title: readonly Span[],
	width: number,
): Span[] {
	const bars = weighed.flatMap(each => barOf(each, threshold, 6).spans);
	const last = weighed.at(-1);
	const rest = joined(
		[
			...(last ? agreementBar(last).spans.map(({text}) => text) : []),
			...(phase === 'ended' ? (ending ?? []).slice(0, 1) : []),
		],
		Math.max(0, width - widthOf([...title.slice(0, 2), ...bars]) - 3),
	);

	return fitted(
		weighed.length > 0 && phase !== 'arbiter'
			? [...title.slice(0, 2), ...bars, span(`   ${rest}`, 'dim')]
			: [...title, ...bars],
		width,
	);
}
