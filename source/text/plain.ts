/**
In this order: strings that end in BEL or ST (window titles, links, device commands), control sequences, other escape sequences, single control characters except tab and newline, and what reorders the text around it. No part can match across the beginning of another, so the time is linear in the length.
*/
const unsafe =
	/(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\n\u0007\u001B\u0090\u0098\u009C-\u009F]*(?:\u0007|\u001B\\|\u009C)|(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B[ -/]*[0-Z\\^-~]|[\0-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;

/**
A text that cannot do anything to a terminal but be shown: without escape sequences and control characters, and with marks that reverse the direction of text made visible as `<U+202E>`. A text that comes in pieces is as safe, but a sequence cut in two leaves its harmless rest to be seen.
*/
export function plain(text: string): string {
	return text.replaceAll(unsafe, match =>
		match >= '\u202A' && match <= '\u2069'
			? `<U+${match.codePointAt(0)!.toString(16).toUpperCase()}>`
			: '',
	);
}
