import {Box, Text} from 'ink';
import {
	type ArbiterHead,
	type PaneHead,
	type ZoomPart,
	type ZoomView,
} from '../run-views.js';
import {windowOf, type Scroll} from '../scroll.js';
import {type Theme, type Tone} from '../theme.js';
import {zoomLines} from '../zoom-source.js';
import {titleOfArbiter} from './arbiter-rows.js';
import {Line} from './line.js';
import {numberParts} from './number-parts.js';
import {titleSpans} from './pane.js';
import {joined, span, titled, widthOf} from './spans.js';

type Props = {
	readonly view: ZoomView;

	/**
	Of the instance or the arbiter that is zoomed.
	*/
	readonly head: PaneHead | ArbiterHead;
	readonly scroll: Scroll;
	readonly width: number;
	readonly rows: number;
	readonly theme: Theme;
};

/**
The whole text of one instance, or of the arbiter, over all iterations: one row for the title, the rest for the text.
*/
export function ZoomPane({view, head, scroll, width, rows, theme}: Props) {
	const visible = Math.max(0, rows - 1);
	const {from, to, below} = windowOf(scroll, {total: view.total, visible});
	const title =
		'id' in head ? titleSpans(head, width, true) : titleOfArbiter(head, true);
	const mark = below > 0 ? `↓ ${below} new below` : '';
	const room = width - widthOf(title) - mark.length - 4;
	const figures = joined(numberParts(head.numbers, head.state), room);

	return (
		<Box flexDirection="column" width={width} height={rows}>
			<Line
				spans={titled(title, width, [
					span(figures, 'dim'),
					span(mark === '' ? '' : ` ${mark}`, 'accent'),
				])}
				theme={theme}
			/>
			{blocks(zoomLines(view, from, to), width).map(({kind, text}, index) => (
				<Text key={index} {...theme[tones[kind]]} wrap="truncate">
					{text}
				</Text>
			))}
		</Box>
	);
}

const tones = {
	rule: 'dim',
	note: 'warn',
	thinking: 'dim',
	earlier: 'dim',
	answer: 'plain',
} as const satisfies Record<ZoomPart['kind'], Tone>;

type Shown = {readonly kind: ZoomPart['kind']; readonly text: string};

/**
Lines of one kind together, so that there is one text for each kind and not for each line. What was thought is told apart by a mark as well, which needs no colour.
*/
function blocks(lines: readonly Shown[], width: number): Shown[] {
	const shown: Array<{kind: ZoomPart['kind']; text: string}> = [];

	for (const {kind, text} of lines) {
		const line = kind === 'rule' ? ruled(text, width) : text;
		const last = shown.at(-1);

		if (last?.kind === kind) {
			last.text += `\n${line}`;
		} else {
			shown.push({kind, text: line});
		}
	}

	return shown;
}

function ruled(text: string, width: number): string {
	return titled([span(`── ${text}`)], width)
		.map(each => each.text)
		.join('');
}
