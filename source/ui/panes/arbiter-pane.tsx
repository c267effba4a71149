import {memo} from 'react';
import {Box, Text} from 'ink';
import {type ArbiterView} from '../run-views.js';
import {type Theme} from '../theme.js';
import {arbiterRows, barGap, type ArbiterRow} from './arbiter-rows.js';
import {Line} from './line.js';

type Props = {
	readonly view: ArbiterView;
	readonly width: number;
	readonly rows: number;
	readonly isFocused: boolean;
	readonly theme: Theme;
};

/**
What the arbiter does and what came of each iteration, exactly `rows` high.
*/
export const ArbiterPane = memo(
	({view, width, rows, isFocused, theme}: Props) => (
		<Box flexDirection="column" width={width} height={rows}>
			{arbiterRows(view, {width, height: rows}, isFocused).map((row, index) => (
				<Row key={index} row={row} theme={theme} />
			))}
		</Box>
	),
);

function Row({row, theme}: {readonly row: ArbiterRow; readonly theme: Theme}) {
	return row.type === 'spans' ? (
		<Line spans={row.spans} theme={theme} />
	) : (
		<Box columnGap={barGap}>
			{row.bars.map(({spans, label}) => (
				<Box key={label} aria-role="progressbar" flexShrink={0}>
					<Text aria-label={label}>
						<Line spans={spans} theme={theme} />
					</Text>
				</Box>
			))}
		</Box>
	);
}
