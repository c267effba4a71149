import {parsed} from './values.js';

/**
How llm keeps texts that a JSON value shares with its log: a string equal to one is written `{"$": key}`, one that holds some `{"$r": [piece, {"$": key}, …]}`. Keys are `r:` with the id of a response, and `f:` with the number of a fragment.
*/
type Reference = {readonly $: string};

/**
Put the texts back into condensed JSON. References whose key has no text, and everything else, stay as they are.
*/
export function expand(
	value: unknown,
	textOf: (key: string) => string | null,
): unknown {
	if (Array.isArray(value)) {
		return value.map(each => expand(each, textOf));
	}

	if (typeof value !== 'object' || value === null) {
		return value;
	}

	if (isReference(value)) {
		return textOf(value.$) ?? value;
	}

	const pieces = piecesOf(value);

	if (pieces) {
		const texts = pieces.map(piece =>
			typeof piece === 'string' ? piece : textOf(piece.$),
		);
		return texts.includes(null) ? value : texts.join('');
	}

	return Object.fromEntries(
		Object.entries(value).map(([name, each]) => [name, expand(each, textOf)]),
	);
}

/**
So many texts, and characters of them, are put into one value at most: a few bytes of JSON can name megabytes thousands of times.
*/
const mostTexts = 10_000;
const mostCharacters = 8_000_000;

/**
The same condensed JSON with the texts of other rows in it: it refers to nothing but the answer of the response itself, so that it can be read wherever that is. Nothing else in it is changed.

@returns Null when that would make it too large.
*/
export function selfContained(
	json: string,
	id: string,
	textOf: (key: string) => string | null,
): string | null {
	let texts = 0;
	let characters = 0;

	// Inside of a string, the quotes would have backslashes before them. What is longer than any key and its blanks would fill the stack.
	const contained = json.replaceAll(
		/\{\s{0,99}"\$"\s{0,99}:\s{0,99}("(?:[^"\\]|\\.){0,200}")\s{0,99}\}/gv,
		(whole, quoted: string) => {
			const key = parsed(quoted);

			if (
				texts >= mostTexts ||
				characters >= mostCharacters ||
				typeof key !== 'string' ||
				key === `r:${id}`
			) {
				return whole;
			}

			const text = textOf(key);
			texts++;
			characters += text?.length ?? 0;
			return text === null ? whole : JSON.stringify(text);
		},
	);
	return texts >= mostTexts || characters >= mostCharacters ? null : contained;
}

function isReference(value: object): value is Reference {
	return (
		Object.keys(value).length === 1 &&
		'$' in value &&
		typeof value.$ === 'string'
	);
}

function piecesOf(value: object): ReadonlyArray<string | Reference> | null {
	const pieces =
		Object.keys(value).length === 1 && '$r' in value ? value.$r : null;

	return Array.isArray(pieces) &&
		pieces.every(
			(piece: unknown): piece is string | Reference =>
				typeof piece === 'string' ||
				(typeof piece === 'object' && piece !== null && isReference(piece)),
		)
		? pieces
		: null;
}
