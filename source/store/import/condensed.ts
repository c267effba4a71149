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
The same condensed JSON with the texts of other rows in it: it refers to nothing but the answer of the response itself, so that it can be read wherever that is. Nothing else in it is changed.
*/
export function selfContained(
	json: string,
	id: string,
	textOf: (key: string) => string | null,
): string {
	// Inside of a string, the quotes would have backslashes before them.
	return json.replaceAll(
		/\{\s*"\$"\s*:\s*("(?:[^"\\]|\\.)*")\s*\}/gv,
		(whole, quoted: string) => {
			const key = parsed(quoted);
			const text =
				typeof key === 'string' && key !== `r:${id}` ? textOf(key) : null;
			return text === null ? whole : JSON.stringify(text);
		},
	);
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
