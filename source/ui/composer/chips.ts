import {type KeyPress} from '../keys.js';
import {cleaned} from './editor.js';

/**
Long texts that were pasted, kept beside the text: in it each is one character, the one at its place in a range of Unicode that is assigned to nothing. Chips are only ever added, so that a text with their characters means the same in the history and after undo.
*/
export type Chips = readonly string[];

const firstChip = 0xe_02_00;
const placeholders = /[\u{E0200}-\u{EFFFD}]/gu;
const [mostLines, mostCharacters] = [5, 800];

/**
A text from outside as it may stand beside chips: where it has a character of their range itself, that becomes a chip.
*/
export function encoded(
	chips: Chips,
	text: string,
): {chips: Chips; text: string} {
	if (!hasChip(text)) {
		return {chips, text};
	}

	const all = [...chips];
	const own = text.replaceAll(placeholders, character => {
		all.push(character);
		return String.fromCodePoint(firstChip + all.length - 1);
	});
	return {chips: all, text: own};
}

/**
What a key types: a long paste as a chip, with its tabs as they are.
*/
export function taken(
	chips: Chips,
	{chord, text}: KeyPress,
): {chips: Chips; text: string} {
	const content = cleaned(text);
	const isLong =
		content.length > mostCharacters || linesOf(content) > mostLines;

	return chord === 'paste' && isLong
		? {
				chips: [...chips, content],
				text: String.fromCodePoint(firstChip + chips.length),
			}
		: encoded(chips, content);
}

/**
The text with all that was pasted.
*/
export function expanded(chips: Chips, text: string): string {
	return text.replaceAll(placeholders, each => contentOf(chips, each) ?? each);
}

/**
Whether a text has a character of their range.
*/
export function hasChip(text: string): boolean {
	return /[\u{E0200}-\u{EFFFD}]/u.test(text);
}

/**
What a character stands for; null when it stands for itself.
*/
export function contentOf(chips: Chips, character: string): string | null {
	return chips[character.codePointAt(0)! - firstChip] ?? null;
}

/**
What is drawn for a character.
*/
export function labelOf(chips: Chips, character: string): string {
	const content = contentOf(chips, character);

	if (content === null) {
		return character;
	}

	const lines = linesOf(content);
	return lines > 1
		? `[pasted ${lines} lines]`
		: `[pasted ${[...content].length} characters]`;
}

/**
Where the chip is that is meant at the offset `at`: the last one before it, else the first behind it; null when there is none.
*/
export function chipNear(
	text: string,
	at: number,
): {from: number; to: number} | null {
	const all = Array.from(text.matchAll(placeholders), ({index, 0: each}) => ({
		from: index,
		to: index + each.length,
	}));
	return all.findLast(({to}) => to <= at) ?? all[0] ?? null;
}

// The line feed at the end of the last line begins no further one.
const linesOf = (text: string) => text.replace(/\n$/, '').split('\n').length;
