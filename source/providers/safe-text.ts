const keyLike =
	/\b(?:bearer\s+\S+|(?:sk|pk|rk|gsk|xai|pplx|nvapi|hf|r8|tgp)[-_][\w*\-.]{6,}|aiza[\w-]{10,}|(?=\w*\d)\w{32,})/giu;

/**
Far more than is ever shown.
*/
const longestRead = 4000;

/**
The first sentence of what a server said, on one line, without its full stop and without anything that looks like a key: some servers repeat the key they refuse.
*/
export function safeText(text: string, key: string | null): string {
	const line = text
		.slice(0, longestRead)
		// What colours a terminal leaves letters behind when only its first character goes.
		.replaceAll(/\p{Control}\[[\d;]*[a-z]/giu, '')
		.replaceAll(/[\s\p{Control}\p{Format}]+/gu, ' ')
		.trim();
	const open =
		key === null || key.length < 6 ? line : line.replaceAll(key, '[key]');
	const sentence = /^.*?[!.?](?=\s|$)/u.exec(open)?.[0] ?? open;

	return sentence.replaceAll(keyLike, '[key]').replace(/ ?[,.:;]?$/u, '');
}

/**
A text of at most `length` characters.
*/
export function shortened(text: string, length: number): string {
	const characters = [...text];

	return characters.length > length
		? `${characters.slice(0, length - 1).join('')}…`
		: text;
}
