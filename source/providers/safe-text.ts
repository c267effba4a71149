const namedKey =
	/\b(?:bearer\s+\S+|(?:sk|pk|rk|gsk|xai|pplx|nvapi|hf|r8|tgp)[-_][\w*\-.]{6,}|aiza[\w-]{10,})/giu;

/**
What a key without a prefix of its maker looks like, but the name of a request as well.
*/
const longWord = /\b(?=\w*\d)\w{32,}/giu;

/**
Strings that end in BEL or ST (window titles, links, device commands), and then control sequences: what is for a terminal leaves letters behind when only its control characters go.
*/
const forTerminals =
	/(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)?|(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]/g;

/**
A shorter key is no secret, but a word such as `none` for a server that wants any.
*/
const shortestKey = 6;

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
		.replaceAll(forTerminals, '')
		.replaceAll(/[\s\p{Control}\p{Format}]+/gu, ' ')
		.trim();
	const open =
		key === null || key.length < shortestKey
			? line
			: line.replaceAll(key, '[key]');
	const sentence = /^.*?[!.?](?=\s|$)/u.exec(open)?.[0] ?? open;

	return sentence
		.replaceAll(namedKey, '[key]')
		.replaceAll(longWord, '[key]')
		.replace(/ ?[,.:;]?$/u, '');
}

/**
A server's name for a request; null when it is none, or may be a key.
*/
export function safeId(id: string | null, key: string | null): string | null {
	return id !== null &&
		/^[\w.:-]{1,128}$/.test(id) &&
		!holdsKey(id, key) &&
		id.replaceAll(namedKey, '') === id
		? id
		: null;
}

/**
A server's name for a model: one line of at most 200 characters; null when it is none, or holds the key.
*/
export function safeName(name: unknown, key: string | null): string | null {
	return typeof name === 'string' &&
		/^[^\p{Other}\p{Zl}\p{Zp}]{1,200}$/u.test(name) &&
		!holdsKey(name, key)
		? name
		: null;
}

/**
The beginning of a long key is enough: the names it could stand in are cut.
*/
function holdsKey(text: string, key: string | null): boolean {
	return (
		key !== null &&
		key.length >= shortestKey &&
		text.toLowerCase().includes(key.slice(0, 64).toLowerCase())
	);
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
