import {Box, Text} from 'ink';
import {unreachable} from '../../core/unreachable.js';
import {columnsOf} from '../../text/columns.js';
import {type Request} from '../requests.js';
import {type Theme} from '../theme.js';
import {confirmFace} from './confirm.js';
import {conversationsFace} from './conversations.js';
import {costsFace} from './costs.js';
import {formFace} from './form-face.js';
import {helpFace} from './help.js';
import {keyEntryFace} from './key-entry.js';
import {KeyField} from './key-field.js';
import {modelPickerFace} from './model-picker.js';
import {type Overlay, type Space} from './overlay.js';
import {paletteFace} from './palette.js';
import {readerFace} from './reader.js';
import {fitted, margin, oneLine, roomOf, type Face, type Row} from './rows.js';
import {switcherFace} from './switcher-face.js';

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
	const provider = overlay.type === 'key-entry' ? overlay.provider : null;

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
				{face.rows.slice(0, room.rows).map((row, index) => (
					<RowText key={index} row={fitted(row, room.columns)} theme={theme} />
				))}
				{provider !== null && (
					<KeyField
						theme={theme}
						onSubmit={key => {
							onRequest({type: 'store-key', provider, key});
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

function faceOf(overlay: Overlay, space: Space): Face {
	const room = roomOf(space);

	switch (overlay.type) {
		case 'confirm': {
			return confirmFace(overlay, room);
		}

		case 'conversations': {
			return conversationsFace(overlay, room);
		}

		case 'costs': {
			return costsFace(overlay, space.screen, room);
		}

		case 'form': {
			return formFace(overlay, room);
		}

		case 'help': {
			return helpFace(overlay, room);
		}

		case 'key-entry': {
			return keyEntryFace(overlay, room);
		}

		case 'model-picker': {
			return modelPickerFace(overlay, room);
		}

		case 'palette': {
			return paletteFace(overlay, room);
		}

		case 'reader': {
			return readerFace(overlay, room);
		}

		case 'switcher': {
			return switcherFace(overlay, room);
		}

		default: {
			return unreachable(overlay);
		}
	}
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
				: row.map(({text, tone, ...added}, index) => (
						<Text key={index} {...theme[tone]} {...added}>
							{text}
						</Text>
					))}
		</Text>
	);
}
