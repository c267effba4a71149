import {cut} from '../text/columns.js';
import {barText, countText} from '../text/phrases.js';

const drawEveryMs = 100;
const barCells = 20;
const escape = '\u001B';

export type Terminal = {
	readonly write: (text: string) => void;
	readonly columns: () => number;
	readonly now: () => number;
};

export type ImportProgressLine = {
	/**
	Rows read since the line began, and the share of the file, 0 to 1.
	*/
	readonly show: (rows: number, share: number) => void;

	/**
	Take the line off the screen.
	*/
	readonly close: () => void;
};

/**
One line for a terminal, redrawn in place at most ten times a second: how far a file is read, and how fast. `name` must be safe to show.
*/
export function createImportProgress(
	name: string,
	{write, columns, now}: Terminal,
): ImportProgressLine {
	const startedAt = now();
	let drawnAt = -Infinity;

	return {
		show(rows, share) {
			const at = now();

			if (at - drawnAt < drawEveryMs) {
				return;
			}

			drawnAt = at;
			const rate = rows / Math.max(0.001, (at - startedAt) / 1000);
			const line = `${barText(share, barCells)} ${Math.floor(share * 100)}% · ${countText(rows)} rows · ${countText(Math.round(rate))}/s · ${name}`;
			write(`\r${escape}[2K${cut(line, Math.max(20, columns() - 1))}`);
		},
		close() {
			if (drawnAt > -Infinity) {
				write(`\r${escape}[2K`);
			}
		},
	};
}
