import {Box, Text} from 'ink';
import {columnsOf, cut} from '../../text/columns.js';
import {type Theme} from '../theme.js';
import {type MenuItem} from './completion.js';

/**
What can be meant, in at most `rows` rows, of which there are 3 where that is not all: the one that is chosen is in view, and the first and the last row say how many are not.
*/
export function SlashMenu({
	items,
	choice,
	width,
	rows,
	theme,
}: {
	readonly items: readonly MenuItem[];
	readonly choice: number;
	readonly width: number;
	readonly rows: number;
	readonly theme: Theme;
}) {
	const {from, to} = partInView(items.length, choice, rows);
	const widest = Math.max(...items.map(({usage}) => columnsOf(usage)));

	return (
		<Box flexDirection="column" width={width}>
			<More sign="↑" count={from} theme={theme} />
			{items.slice(from, to).map(({usage, title}, index) => {
				const isChosen = from + index === choice;
				const gap = ' '.repeat(widest - columnsOf(usage));
				const line = `${isChosen ? '›' : ' '} ${usage}${gap}  ${title}`;

				return (
					<Text key={index} {...(isChosen ? theme.selected : theme.plain)}>
						{cut(line, width)}
					</Text>
				);
			})}
			<More sign="↓" count={items.length - to} theme={theme} />
		</Box>
	);
}

function More({
	sign,
	count,
	theme,
}: {
	readonly sign: string;
	readonly count: number;
	readonly theme: Theme;
}) {
	return count > 0 && <Text {...theme.dim}>{`  ${sign} ${count} more`}</Text>;
}

/**
The items that are shown, where a row at either end is left for those that are not.
*/
function partInView(
	total: number,
	choice: number,
	rows: number,
): {readonly from: number; readonly to: number} {
	if (total <= rows) {
		return {from: 0, to: total};
	}

	if (choice < rows - 1) {
		return {from: 0, to: rows - 1};
	}

	if (choice > total - rows) {
		return {from: total - rows + 1, to: total};
	}

	const from = choice - Math.floor((rows - 2) / 2);
	return {from, to: from + rows - 2};
}
