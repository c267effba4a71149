import {cut, wrapped} from '../text/columns.js';
import {plain} from '../text/plain.js';
import {type Notice} from './app-state.js';

const mostLines = 3;

const signs = {
	plain: '·',
	good: '✓',
	warn: '!',
	bad: '✗',
} as const satisfies Record<Notice['tone'], string>;

/**
A notice in a few lines of the screen, with a sign for its tone; none without a notice.
*/
export function noticeLines(notice: Notice | null, columns: number): string[] {
	if (!notice) {
		return [];
	}

	const width = columns - 3;
	const lines = wrapped(plain(notice.text).replaceAll(/\s+/g, ' '), width);
	const rest = lines.slice(mostLines - 1).join(' ');
	const shown =
		lines.length > mostLines
			? [...lines.slice(0, mostLines - 1), cut(rest, width)]
			: lines;

	return shown.map(
		(line, index) => `${index === 0 ? signs[notice.tone] : ' '} ${line}`,
	);
}
