import {memo} from 'react';
import {Box, Text} from 'ink';
import {columnsOf, cut, wrapped} from '../../text/columns.js';
import {barText, glyphOf, shareText} from '../../text/phrases.js';
import {type PaneHead, type PaneView} from '../run-views.js';
import {type Theme} from '../theme.js';
import {Line} from './line.js';
import {numberParts} from './number-parts.js';
import {
	joined,
	nameWithMarks,
	span,
	titled,
	toneOf,
	type Span,
} from './spans.js';

type Props = {
	readonly view: PaneView;
	readonly width: number;
	readonly height: number;
	readonly isFocused: boolean;
	readonly theme: Theme;
};

const leastWithFooter = 4;

/**
An instance as a card: a title, the end of its text, and its figures where there is a row for them.
*/
export const Pane = memo(({view, width, height, isFocused, theme}: Props) => {
	const {head, kind} = view;
	const hasFooter = height >= leastWithFooter;
	const room = Math.max(0, height - 1 - (hasFooter ? 1 : 0));
	const why = reasonLines(head, width).slice(0, room);
	const inside = why.length < room && head.inside !== null;
	const taken = why.length + (inside ? 1 : 0);
	const lines = room > taken ? view.lines.slice(taken - room) : [];

	return (
		<Box flexDirection="column" width={width} height={height}>
			<Title head={head} width={width} isFocused={isFocused} theme={theme} />
			{why.length > 0 && (
				<Text {...theme[toneOf(head.state)]} wrap="truncate">
					{why.join('\n')}
				</Text>
			)}
			{inside && (
				<Line spans={[span(cut(head.inside, width), 'dim')]} theme={theme} />
			)}
			<Box flexDirection="column" flexGrow={1}>
				{lines.map((line, index) => (
					<Line
						key={index}
						spans={[span(line, kind === 'answer' ? 'plain' : 'dim')]}
						theme={theme}
					/>
				))}
			</Box>
			{hasFooter && (
				<Footer
					head={head}
					earlier={view.earlier}
					width={width}
					theme={theme}
				/>
			)}
		</Box>
	);
});

function reasonLines({failure, whyNot}: PaneHead, width: number): string[] {
	const reason = failure ?? whyNot;
	return reason === null ? [] : wrapped(reason, width);
}

type TitleProps = Omit<Props, 'view' | 'height'> & {readonly head: PaneHead};

const Title = memo(({head, width, isFocused, theme}: TitleProps) => (
	<Line
		spans={titled(titleSpans(head, width, isFocused), width)}
		theme={theme}
	/>
));

/**
The number, the name, what the strategy says of it, and the state, which is whole always.
*/
export function titleSpans(
	{number, name, marks, state, word}: PaneHead,
	width: number,
	isFocused: boolean,
): Span[] {
	const mark = isFocused ? '▸' : ' ';
	const sign = `${glyphOf(state)} ${word}`;
	const all = width - columnsOf(`${mark}${number}  ${sign}`);
	const {name: shown, about} = nameWithMarks(name, marks, all);
	const isRoomy = columnsOf(shown + about) + 2 <= all;

	return [
		span(`${mark}${number} ${shown}`, isFocused ? 'selected' : 'heading'),
		...(about === '' ? [] : [span(about, 'accent')]),
		span(isRoomy ? ' ─ ' : ' '),
		span(sign, toneOf(state)),
	];
}

type FooterProps = {
	readonly head: PaneHead;
	readonly earlier: number | null;
	readonly width: number;
	readonly theme: Theme;
};

const Footer = memo(({head, earlier, width, theme}: FooterProps) => {
	const {confidence, state, numbers} = head;
	const parts = numberParts(numbers, state);

	if (earlier !== null) {
		return (
			<Line
				spans={[
					span(joined([`from iteration ${earlier}`, ...parts], width), 'dim'),
				]}
				theme={theme}
			/>
		);
	}

	const isDone = state === 'answered' || state === 'truncated';
	const bar = barText(confidence, width < 30 ? 5 : 10);
	const share = shareText(confidence);
	const taken = isDone ? columnsOf(`${bar} ${share}  `) : 0;
	const rest = joined(parts, width - taken);

	return isDone ? (
		<Box>
			<Bar bar={bar} share={share} theme={theme} />
			<Text {...theme.dim} wrap="truncate">
				{rest === '' ? '' : `  ${rest}`}
			</Text>
		</Box>
	) : (
		<Line spans={[span(rest, 'dim')]} theme={theme} />
	);
});

function Bar({
	bar,
	share,
	theme,
}: {
	readonly bar: string;
	readonly share: string;
	readonly theme: Theme;
}) {
	return (
		<Box aria-role="progressbar" flexShrink={0}>
			<Text aria-label={`stated confidence: ${share}`}>
				<Text {...theme.accent}>{bar}</Text> {share}
			</Text>
		</Box>
	);
}
