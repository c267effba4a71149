const inString = String.raw`(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\n\u0007\u001B\u0090\u0098\u009C-\u009F]*`;
const inControl = String.raw`(?:\u001B\[|\u009B)[0-?]*[ -/]*`;
const inEscape = String.raw`\u001B[ -/]*`;

/**
What does something to a terminal, in this order: strings that end in BEL or ST (window titles, links, device commands), control sequences, other escape sequences, single control characters except tab and newline, and what reorders the text around it. No part can match across the beginning of another, so the time is linear in the length.
*/
export const unsafe = new RegExp(
	String.raw`${inString}(?:\u0007|\u001B\\|\u009C)|${inControl}[@-~]|${inEscape}[0-Z\\^-~]|[\0-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]`,
	'gu',
);

/**
The beginning of such a sequence at the end of a text.
*/
export const unfinished = new RegExp(
	String.raw`(?:${inString}\u001B?|${inControl}|${inEscape})$`,
	'u',
);

/**
What is shown in place of a match of `unsafe`: nothing, but for marks that reverse the direction of text.
*/
export function harmless(match: string): string {
	return /^[\u202A-\u202E\u2066-\u2069]/.test(match)
		? `<U+${match.codePointAt(0)!.toString(16).toUpperCase()}>`
		: '';
}

/**
A text that cannot do anything to a terminal but be shown: without escape sequences and control characters, and with marks that reverse the direction of text made visible as `<U+202E>`. A text that comes in pieces is as safe, but a sequence cut in two leaves its harmless rest to be seen.
*/
export function plain(text: string): string {
	return text.replaceAll(unsafe, match => harmless(match));
}
