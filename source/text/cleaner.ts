import {harmless, unfinished, unsafe} from './plain.js';

/**
Longer than any link or title; whoever opens a string and never closes it is held back no further.
*/
const longestHeld = 1024;

/**
Beside what is unsafe: line ends of other systems, tabs, halves of characters, and what terminals do not agree how wide it is (joiners, variation selectors, skin tones, everything else without a width of its own but accents).
*/
const unfit = new RegExp(
	String.raw`\r\n?|[\t\u2028\u2029\p{Surrogate}]|${unsafe.source}|[\p{Format}\p{Default_Ignorable_Code_Point}\u{1F3FB}-\u{1F3FF}]`,
	'gu',
);

const replacements: Readonly<Record<string, string>> = {
	'\r': '\n',
	'\r\n': '\n',
	'\u2028': '\n',
	'\u2029': '\n',
	'\t': '    ',
};

/**
Also half of a line end, and half of a character.
*/
const cutOff = new RegExp(
	String.raw`${unfinished.source}|[\r\uD800-\uDBFF]$`,
	'u',
);

/**
A text for a screen of fixed columns: as safe as `plain()` makes it, with line feeds alone for line ends, spaces for tabs, and without characters that terminals measure differently.
*/
export function cleaned(text: string): string {
	return text.replaceAll(unfit, match =>
		/^\p{Surrogate}$/u.test(match)
			? '\uFFFD'
			: (replacements[match] ?? harmless(match)),
	);
}

export type Cleaner = {
	/**
	The clean text that is certain by now.
	*/
	readonly push: (piece: string) => string;

	/**
	What was held back, at the end of the text.
	*/
	readonly end: () => string;
};

/**
The same for a text that comes in pieces: joined, what it returns is `cleaned()` of the whole, wherever it was cut. An escape sequence that is not complete is held back, up to 1024 characters of it; one that grows longer loses its power and shows its rest.
*/
export function createCleaner(): Cleaner {
	let held = '';

	return {
		push(piece) {
			const text = held + piece;
			const end = cutOff.exec(text)?.index ?? text.length;
			const isHeld = text.length - end <= longestHeld;
			held = isHeld ? text.slice(end) : '';
			return cleaned(isHeld ? text.slice(0, end) : text);
		},
		end() {
			const rest = cleaned(held);
			held = '';
			return rest;
		},
	};
}
