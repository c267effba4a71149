import {Buffer} from 'node:buffer';
import {plain} from '../../text/plain.js';

/**
Terminals and multiplexers cut what is longer.
*/
const longestCopy = 74_000;

/**
What puts a text into the clipboard, also from afar (OSC 52); null when it is longer than terminals take. Escape sequences in the text are taken out: whoever pastes it must not run them.
*/
export function clipboardSequence(text: string): string | null {
	const encoded = Buffer.from(plain(text)).toString('base64');
	return encoded.length > longestCopy ? null : `\u001B]52;c;${encoded}\u0007`;
}
