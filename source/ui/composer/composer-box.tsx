import {Box, Text} from 'ink';
import {columnsOf} from '../../text/columns.js';
import {Caret} from '../caret.js';
import {type Theme} from '../theme.js';
import {gutter} from './box-layout.js';
import {type Composer, isEmpty} from './composer.js';
import {composerView} from './composer-view.js';

/**
The box a person types in, drawn from the left edge of the screen. `top` is the row of its first line there, `prompt` one column wide. `placeholder` is seen while the box is empty, `hint` at the right of the first line as long as there is room.
*/
export function ComposerBox({
	composer,
	width,
	rows,
	top,
	isFocused,
	theme,
	prompt,
	placeholder,
	hint,
}: {
	readonly composer: Composer;
	readonly width: number;
	readonly rows: number;
	readonly top: number;
	readonly isFocused: boolean;
	readonly theme: Theme;
	readonly prompt: string;
	readonly placeholder: string;
	readonly hint: string;
}) {
	const {lines, cursor, above, below} = composerView(composer, {width, rows});
	const isBlank = isEmpty(composer) && !composer.search;
	const shown = isBlank ? [placeholder] : lines;
	const space = width - gutter - columnsOf(shown[0]!) - columnsOf(hint);

	const signOf = (row: number) => {
		if (row === 0) {
			return above > 0 ? '↑' : prompt;
		}

		return below > 0 && row === shown.length - 1 ? '↓' : ' ';
	};

	return (
		<Box flexDirection="column" width={width}>
			{shown.map((line, row) => (
				<Text key={row} wrap="truncate">
					<Text {...(isFocused ? theme.accent : theme.dim)}>
						{signOf(row).padEnd(gutter)}
					</Text>
					<Text {...(isBlank ? theme.dim : theme.plain)}>{line}</Text>
					{row === 0 && space > 1 && (
						<Text {...theme.dim}>{' '.repeat(space) + hint}</Text>
					)}
				</Text>
			))}
			{isFocused && <Caret x={gutter + cursor.x} y={top + cursor.y} />}
		</Box>
	);
}
