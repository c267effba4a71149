import {Box, Text} from 'ink';
import {columnsOf, cut} from '../../text/columns.js';
import {type Theme} from '../theme.js';
import {type SlashMatch} from './completion.js';

/**
The commands that can be meant, at most `rows` of them, with the one that is chosen in view.
*/
export function SlashMenu({
	matches,
	choice,
	width,
	rows,
	theme,
}: {
	readonly matches: readonly SlashMatch[];
	readonly choice: number;
	readonly width: number;
	readonly rows: number;
	readonly theme: Theme;
}) {
	const first = Math.min(
		Math.max(choice - Math.floor(rows / 2), 0),
		Math.max(matches.length - rows, 0),
	);
	const usages = matches.map(
		({item: {name, argument}}) => `/${name} ${argument ?? ''}`,
	);
	const widest = Math.max(...usages.map(usage => columnsOf(usage)));

	return (
		<Box flexDirection="column" width={width}>
			{matches.slice(first, first + rows).map(({item}, index) => {
				const isChosen = first + index === choice;
				const usage = usages[first + index]!.padEnd(widest);
				const line = `${isChosen ? '›' : ' '} ${usage}  ${item.title}`;

				return (
					<Text key={item.name} {...(isChosen ? theme.selected : theme.plain)}>
						{cut(line, width)}
					</Text>
				);
			})}
		</Box>
	);
}
