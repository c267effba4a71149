import {Box, Text} from 'ink';
import {columnsOf} from '../../text/columns.js';
import {Caret} from '../caret.js';
import {keyMistake} from '../../core/key-mistake.js';
import {type Request} from '../requests.js';
import {type Theme} from '../theme.js';
import {faceOf} from './face.js';
import {KeyField} from './key-field.js';
import {keyTyped} from './key-entry.js';
import {type Overlay, type Space} from './overlay.js';
import {
	caretIn,
	fitted,
	margin,
	oneLine,
	roomOf,
	type Face,
	type Row,
} from './rows.js';

/**
The rows before the first one of an overlay: the header of the screen, and its title.
*/
const above = 2;

/**
An overlay in all of its space: a title, what it shows, and its keys.
*/
export function OverlayView({
	overlay,
	columns,
	rows,
	screen,
	theme,
	onRequest,
	onClose,
}: Space & {
	readonly overlay: Overlay;
	readonly theme: Theme;
	readonly onRequest: (request: Request) => void;
	readonly onClose: () => void;
}) {
	const room = roomOf({columns, rows});
	const face = faceOf(overlay, {columns, rows, screen});
	const rowsShown = face.rows
		.slice(0, room.rows)
		.map(row => fitted(row, room.columns));
	const caret = caretIn(rowsShown);
	const about = overlay.type === 'key-entry' ? keyTyped(overlay) : null;

	return (
		<Box
			flexDirection="column"
			width={columns}
			height={rows}
			flexShrink={0}
			overflow="hidden"
			paddingX={margin}
		>
			<Title face={face} columns={room.columns} theme={theme} />
			<Box flexDirection="column" height={room.rows} overflow="hidden">
				{rowsShown.map((row, index) => (
					<RowText key={index} row={row} theme={theme} />
				))}
				{caret && <Caret x={margin + caret.x} y={above + caret.y} />}
				{about && (
					<KeyField
						theme={theme}
						mistakeIn={key => keyMistake(key, about)}
						onSubmit={key => {
							onRequest({type: 'store-key', provider: about.provider, key});
							onClose();
						}}
					/>
				)}
			</Box>
			<RowText
				row={fitted([{text: face.keys, tone: 'dim'}], room.columns)}
				theme={theme}
			/>
		</Box>
	);
}

function Title({
	face: {title, note},
	columns,
	theme,
}: {
	readonly face: Face;
	readonly columns: number;
	readonly theme: Theme;
}) {
	const right = note === '' ? '' : ` ${note}`;
	const room = columns - columnsOf(right) - 4;
	const left = fitted([{text: oneLine(title), tone: 'heading'}], room);
	const used = columnsOf(left.map(({text}) => text).join(''));
	const rule = '─'.repeat(Math.max(0, columns - used - 1 - columnsOf(right)));

	return (
		<RowText
			row={[...left, {text: ` ${rule}${right}`, tone: 'dim'}]}
			theme={theme}
		/>
	);
}

/**
An empty text has no height.
*/
function RowText({row, theme}: {readonly row: Row; readonly theme: Theme}) {
	return (
		<Text wrap="truncate">
			{row.length === 0
				? ' '
				: row.map(({text, tone, hasCaret: _, ...added}, index) => (
						<Text key={index} {...theme[tone]} {...added}>
							{text}
						</Text>
					))}
		</Text>
	);
}
