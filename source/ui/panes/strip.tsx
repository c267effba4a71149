import {memo} from 'react';
import {Box} from 'ink';
import {columnsOf, cut} from '../../text/columns.js';
import {glyphOf, shareText} from '../../text/phrases.js';
import {gap, pageOf, type StripPlan} from '../grid-plan.js';
import {type PaneHead} from '../run-views.js';
import {type Theme} from '../theme.js';
import {Line} from './line.js';
import {cutName, joined, padded, span, toneOf, type Span} from './spans.js';

type Props = {
	readonly heads: readonly PaneHead[];
	readonly plan: StripPlan;
	readonly picked: number;
	readonly isFocused: boolean;
	readonly theme: Theme;
};

/**
All instances in a few rows. Those that have no place are counted.
*/
export const Strip = memo(({heads, plan, picked, isFocused, theme}: Props) => {
	const {across, down, cellWidth, hasCount} = plan;
	const {from, to} = pageOf(plan, {instances: heads.length, picked});
	const cells = heads
		.slice(from, to)
		.map((head, index) =>
			cellOf(head, plan, isFocused && from + index === picked),
		);

	if (hasCount) {
		const more = heads.length - cells.length;
		cells.push([span(cut(`+${more} more`, cellWidth), 'dim')]);
	}

	return (
		<Box flexDirection="column">
			{Array.from({length: down}, (_, row) => (
				<Line
					key={row}
					spans={cells
						.slice(row * across, (row + 1) * across)
						.flatMap((cell, index) => (index === 0 ? cell : [blank, ...cell]))}
					theme={theme}
				/>
			))}
		</Box>
	);
});

const blank = span(' '.repeat(gap));

/**
`✓ 12 name winner 72%`; what is not done says so in a word instead of a share. Marks have the room that the name leaves.
*/
function cellOf(
	{number, name, marks, state, word, confidence}: PaneHead,
	{cellWidth, hasNames}: StripPlan,
	isFocused: boolean,
): Span[] {
	const sign = isFocused ? '▸ ' : `${glyphOf(state)} `;
	const end = ` ${confidence === null ? word : shareText(confidence)}`;
	const room = Math.max(0, cellWidth - columnsOf(`${sign}${number} ${end}`));
	const shown = hasNames ? cutName(name, room) : '';
	const label = hasNames ? `${number} ${shown}` : String(number);
	const told = hasNames
		? joined(marks, room - columnsOf(shown) - 1, ' · ')
		: '';
	const about = told === '' ? '' : ` ${told}`;

	return [
		span(sign, toneOf(state)),
		span(label, isFocused ? 'selected' : 'heading'),
		span(about, 'accent'),
		span(
			padded(end, Math.max(0, cellWidth - columnsOf(sign + label + about))),
			'dim',
		),
	];
}
