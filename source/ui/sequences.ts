import {plain} from '../text/plain.js';

const longestTitle = 80;

const oneLine = (text: string) =>
	plain(text).replaceAll(/\s+/g, ' ').trim().slice(0, longestTitle);

/**
What sets the window's title; null takes it away again. xterm and its kin keep a stack of titles: the one from before comes back.
*/
export function titleSequence(text: string | null): string {
	if (text === null) {
		return '\u001B]0;\u0007\u001B[23;0t';
	}

	const title = oneLine(text);
	return `\u001B]0;consortium-tui${title === '' ? '' : ` · ${title}`}\u0007`;
}

/**
What makes a terminal keep its title, to be brought back at the end.
*/
export const keepTitle = '\u001B[22;0t';

/**
The bell, and a notification where the terminal has them (OSC 9).
*/
export function notification(text: string): string {
	return `\u0007\u001B]9;${oneLine(text)}\u0007`;
}
