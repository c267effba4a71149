import {type KeyPress} from './keys.js';

/**
Asks a terminal for the colour behind its text (OSC 11). Those that do not know it say nothing.
*/
export const backgroundQuery = '\u001B]11;?\u001B\\';

/**
Finds the terminal's reply among the keys, which Ink takes it for: Alt+], the colour as text, and Alt+\ or a bell. `press` is true for what belongs to the reply.
*/
export function createBackgroundReader(
	onBackground: (background: 'dark' | 'light') => void,
): (key: KeyPress) => boolean {
	let reply: string | null = null;

	const finish = (text: string) => {
		reply = null;
		const background = backgroundIn(text);

		if (background) {
			onBackground(background);
		}
	};

	return ({chord, text}) => {
		if (reply === null) {
			if (chord !== 'alt+]') {
				return false;
			}

			reply = '';
			return true;
		}

		// The bell is the control character of a G.
		if (chord === 'alt+\\' || chord === 'ctrl+g') {
			finish(reply);
			return true;
		}

		if (!/^[\da-gr:;/]+$/i.test(text) || reply.length > longestReply) {
			reply = null;
			return false;
		}

		reply += text;
		return true;
	};
}

const longestReply = 40;

/**
Light is what is nearer to white than to black, as the eye weighs the colours (Rec. 709).
*/
function backgroundIn(reply: string): 'dark' | 'light' | null {
	const [, ...parts] =
		/^11;rgba?:([\da-f]+)\/([\da-f]+)\/([\da-f]+)/i.exec(reply) ?? [];

	if (parts.length === 0) {
		return null;
	}

	const [red, green, blue] = parts.map(
		part => Number.parseInt(part, 16) / (16 ** part.length - 1),
	);
	return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! > 0.5
		? 'light'
		: 'dark';
}
