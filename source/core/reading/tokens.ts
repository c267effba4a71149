/**
Longer tags and fence lines are plain text, so that no text makes a reader wait or look far ahead.
*/
export const longestMark = 200;

export type Tag = {
	readonly type: 'tag';
	readonly name: string;
	readonly attributes: string;
	readonly isClosing: boolean;
	readonly isEmpty: boolean;
	readonly start: number;
	readonly end: number;
};

export type FenceMark = {
	readonly type: 'fence';
	readonly mark: string;
	readonly length: number;
	readonly isBare: boolean;
	readonly start: number;
	readonly end: number;
};

export type Token = Tag | FenceMark;

export type Reading = {
	readonly names: readonly string[];

	/**
	More text may follow, so that what could still become a token has to wait.
	*/
	readonly isPartial: boolean;
};

/**
How a tag or key is compared: `needs_iteration`, `needsIteration` and `NEEDS-ITERATION` are one.
*/
export function plainName(name: string): string {
	return name.toLowerCase().replaceAll(/[_-]/g, '');
}

function readTag(
	text: string,
	start: number,
	reading: Reading,
): Tag | number | null {
	const window = text.slice(start + 1, start + longestMark);
	const length = window.search(/[<>]/);

	if (length === -1 || window[length] === '<') {
		const mayGoOn =
			reading.isPartial && length === -1 && window.length < longestMark - 1;
		return mayGoOn && mayBecomeTag(window, reading.names) ? null : start + 1;
	}

	const match = /^(\/\s*)?([\w-]+)((?:[\s/][^]*)?)$/.exec(
		window.slice(0, length),
	);
	const name = plainName(match?.[2] ?? '');
	const end = start + length + 2;

	if (!match || !reading.names.includes(name)) {
		return start + 1;
	}

	if (text[start - 1] === '`') {
		if (end === text.length && reading.isPartial) {
			return null;
		}

		if (text[end] === '`') {
			return end;
		}
	}

	const attributes = (match[3] ?? '').trim();
	const isClosing = match[1] !== undefined;
	return {
		type: 'tag',
		name,
		attributes,
		isClosing,
		isEmpty: !isClosing && attributes.endsWith('/'),
		start,
		end,
	};
}

function mayBecomeTag(beginning: string, names: readonly string[]): boolean {
	const [start, written] = /^(?:\/\s*)?([\w-]*)/.exec(beginning)!;
	const name = plainName(written!);
	const rest = beginning.slice(start.length);
	return rest === ''
		? names.some(known => known.startsWith(name))
		: /^[\s/]/.test(rest) && names.includes(name);
}

function readFence(
	text: string,
	start: number,
	{isPartial}: Reading,
): FenceMark | number | null {
	const mark = text[start]!;
	let end = start;

	while (text[end] === mark && end - start < longestMark) {
		end++;
	}

	const length = end - start;

	if (!isLineStart(text, start) || length === longestMark) {
		return end;
	}

	if (end === text.length && isPartial) {
		return null;
	}

	const window = text.slice(end, end + longestMark);
	const stop = window.search(/[\n<]/);

	if (stop === -1 && isPartial && window.length < longestMark) {
		return length < 3 ? end : null;
	}

	const info = stop === -1 ? window : window.slice(0, stop);

	if (length < 3 || info.length === longestMark || info.includes('`')) {
		return end;
	}

	const isBare = info.trim() === '';
	return {type: 'fence', mark, length, isBare, start, end: end + info.length};
}

function isLineStart(text: string, position: number): boolean {
	let before = position - 1;

	while (text[before] === ' ' || text[before] === '\t') {
		before--;
	}

	return before < 0 || text[before] === '\n' || text[before] === '>';
}

/**
The next tag or fence from `from` on. Without one, `start` tells up to where all is plain text: the end, or what may become a token when more text arrives.
*/
export function nextToken(
	text: string,
	from: number,
	reading: Reading,
): Token | {readonly type: 'end'; readonly start: number} {
	const marks = /[<`~]/g;
	marks.lastIndex = from;

	for (let match = marks.exec(text); match; match = marks.exec(text)) {
		const read =
			match[0] === '<'
				? readTag(text, match.index, reading)
				: readFence(text, match.index, reading);

		if (read === null) {
			return {type: 'end', start: match.index};
		}

		if (typeof read !== 'number') {
			return read;
		}

		marks.lastIndex = read;
	}

	return {type: 'end', start: text.length};
}
