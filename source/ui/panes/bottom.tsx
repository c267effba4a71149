import {Box, Text} from 'ink';
import {memo} from 'react';
import {columnsOf, cut} from '../../text/columns.js';
import {plain} from '../../text/plain.js';
import {type Notice} from '../app-state.js';
import {noticeLines} from '../notice-lines.js';
import {queueRows, shownQueue} from '../queue.js';
import {type Theme} from '../theme.js';

/**
The last rows: a notice while there is one, else the keys that help most.
*/
export const Footer = memo(drawFooter);

function drawFooter({
	notice,
	hints,
	columns,
	theme,
}: {
	readonly notice: Notice | null;
	readonly hints: string;
	readonly columns: number;
	readonly theme: Theme;
}) {
	const lines = noticeLines(notice, columns);

	return notice ? (
		<Box flexDirection="column" height={lines.length} flexShrink={0}>
			{lines.map(line => (
				<Text key={line} {...theme[notice.tone]} wrap="truncate">
					{line}
				</Text>
			))}
		</Box>
	) : (
		<Text {...theme.dim} wrap="truncate">
			{cut(hints, columns - 1)}
		</Text>
	);
}

/**
The messages that wait for the run to end, the latest two of them, above a rule.
*/
export const Queue = memo(drawQueue);

function drawQueue({
	queue,
	columns,
	theme,
}: {
	readonly queue: readonly string[];
	readonly columns: number;
	readonly theme: Theme;
}) {
	return (
		<Box flexDirection="column" height={queueRows(queue)}>
			{queue.slice(-shownQueue).map((text, index, shown) => (
				<Text key={`${index} ${text}`} {...theme.dim} wrap="truncate">
					{cut(
						`queued ${queue.length - shown.length + index + 1}: ${plain(text).replaceAll(/\s+/g, ' ')}${index === shown.length - 1 ? '  (Alt+Up takes it back)' : ''}`,
						columns - 1,
					)}
				</Text>
			))}
		</Box>
	);
}

/**
A thin line with a word on it.
*/
export const Rule = memo(drawRule);

function drawRule({
	label,
	columns,
	theme,
}: {
	readonly label: string;
	readonly columns: number;
	readonly theme: Theme;
}) {
	const text = label === '' ? '' : ` ${label} `;

	return (
		<Text {...theme.dim} wrap="truncate">
			{`──${text}${'─'.repeat(Math.max(0, columns - 2 - columnsOf(text)))}`}
		</Text>
	);
}
