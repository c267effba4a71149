import {Box, Text} from 'ink';
import {memo} from 'react';
import {columnsOf} from '../../text/columns.js';
import {markedWords} from '../marked-words.js';
import {windowOf, type Scroll} from '../scroll.js';
import {type Theme} from '../theme.js';
import {type TranscriptLine, type TranscriptSpan} from '../transcript.js';

const gap = 2;

function TranscriptPane({
	lines,
	words,
	scroll,
	rows,
	columns,
	theme,
	isFocused,
}: {
	readonly lines: readonly TranscriptLine[];
	readonly words: readonly RegExp[];
	readonly scroll: Scroll;
	readonly rows: number;
	readonly columns: number;
	readonly theme: Theme;
	readonly isFocused: boolean;
}) {
	const tone = isFocused ? 'accent' : 'dim';
	const {from, to, above, below} = windowOf(scroll, {
		total: lines.length,
		visible: rows,
	});
	const shown = Array.from({length: rows}, (_, row) =>
		from + row < to ? markedWords(lines[from + row]!, words) : [],
	);

	// The mark takes the last row, so that the line in it is below as well.
	if (below > 0 && rows > 0) {
		shown[rows - 1] = [{text: `↓ ${below + 1} more lines below`, tone}];
	}

	if (above > 0 && rows > 1) {
		const text = `↑ ${above} more above`;
		const free = columns - columnsOf(textOf(shown[0]!)) - columnsOf(text);
		shown[0] =
			free < gap
				? shown[0]!
				: [...shown[0]!, {text: ' '.repeat(free), tone: 'plain'}, {text, tone}];
	}

	return (
		<Box
			flexDirection="column"
			height={rows}
			width={columns}
			flexShrink={0}
			overflow="hidden"
		>
			{shown.map((line, row) => (
				<Row key={from + row} line={line} theme={theme} />
			))}
		</Box>
	);
}

/**
The turns of the conversation, exactly `rows` high. Where the end is out of sight, the last row says how much is below.
*/
export const Transcript = memo(TranscriptPane);

const textOf = (line: TranscriptLine) => line.map(({text}) => text).join('');

function RowText({
	line,
	theme,
}: {
	readonly line: TranscriptLine;
	readonly theme: Theme;
}) {
	// An empty text has no height.
	return (
		<Text wrap="truncate">
			{line.length === 0
				? ' '
				: line.map((span, index) => (
						<Text key={index} {...lookOf(span, theme)}>
							{span.text}
						</Text>
					))}
		</Text>
	);
}

const Row = memo(RowText);

function lookOf({text: _, tone, ...added}: TranscriptSpan, theme: Theme) {
	return {...theme[tone], ...added};
}
