import {type Key} from 'ink';
import {graphemesOf} from './graphemes.js';

/**
One key as it was pressed. `chord` names it: `ctrl+k`, `shift+enter`, `alt+1`, `up`, `f1`, `escape`; a character is its own name, a space too. `text` is what it would type, empty for keys that type nothing. More characters at once than anybody types (an input method, a paste that the terminal did not mark) have the chord `text`; what was pasted has `paste`.
*/
export type KeyPress = {
	readonly chord: string;
	readonly text: string;
};

const named = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['escape', 'escape'],
	['tab', 'tab'],
	['backspace', 'backspace'],
	['delete', 'delete'],
	['return', 'enter'],
] as const satisfies ReadonlyArray<readonly [keyof Key, string]>;

/**
Terminals with the kitty protocol tell these apart, all others cannot: the same key does the same everywhere.
*/
const aliases = new Map([
	['ctrl+h', 'backspace'],
	['ctrl+i', 'tab'],
	['ctrl+m', 'enter'],
	['ctrl+[', 'escape'],
	['ctrl+shift+-', 'ctrl+_'],
]);

const mostTyped = 256;

/**
What Ink tells of a chunk of input, as the keys that made it: keys pressed while the program was busy arrive as one. Ink gives function keys no name; they are read from `sequence`, the bytes it was told by.
*/
export function keyPressesOf(
	input: string,
	key: Key,
	sequence = '',
): KeyPress[] {
	if (key.eventType === 'release') {
		return [];
	}

	const name =
		named.find(([flag]) => key[flag])?.[1] ?? functionKeyOf(sequence);

	if (name !== null) {
		return [{chord: chordOf(name, key), text: ''}];
	}

	if (key.ctrl || key.meta || key.super || key.hyper) {
		return input === ''
			? []
			: [{chord: chordOf(input.toLowerCase(), key), text: ''}];
	}

	// A sequence that was cut off: Ink takes its beginning away and tells the rest, but nobody typed it.
	if (sequence.startsWith('\u001B') && key.eventType === undefined) {
		return [];
	}

	return input
		.split(/([\0-\u001F\u007F-\u009F])/)
		.flatMap(part => pressesIn(part));
}

function pressesIn(part: string): KeyPress[] {
	if (/^[\0-\u001F\u007F-\u009F]/.test(part)) {
		const chord = controlOf(part.codePointAt(0)!);
		return chord === null ? [] : [{chord, text: ''}];
	}

	return part.length > mostTyped
		? [{chord: 'text', text: part}]
		: graphemesOf(part).map(text => ({chord: text, text}));
}

/**
The key of a control character: Ctrl takes 64 from the code of a capital letter. Ink names it as long as it comes alone.
*/
function controlOf(code: number): string | null {
	if (code > 127) {
		return null;
	}

	if (code === 13 || code === 127) {
		return code === 13 ? 'enter' : 'backspace';
	}

	const letter = String.fromCodePoint(code + 64).toLowerCase();
	const chord = code === 0 ? 'ctrl+ ' : `ctrl+${letter}`;
	return aliases.get(chord) ?? chord;
}

const vtNumbers = [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24];

/**
The name of the function key that sends this: as F1 to F4 of a VT100, as those of the Linux console, or by number, each with its modifiers.
*/
function functionKeyOf(sequence: string): string | null {
	const [, vt100, linux, number] =
		/^\u001B+(?:(?:O|\[(?:1;[\d:]+)?)([P-S])|\[\[([A-E])|\[(\d+)(?:;[\d:]+)?~)$/.exec(
			sequence,
		) ?? [];
	const index = vt100
		? 'PQRS'.indexOf(vt100)
		: linux
			? 'ABCDE'.indexOf(linux)
			: vtNumbers.indexOf(Number(number));

	return index === -1 ? null : `f${index + 1}`;
}

function chordOf(
	name: string,
	{ctrl, meta, shift, super: isSuper, hyper}: Key,
): string {
	const chord = [
		ctrl && 'ctrl',
		meta && name !== 'escape' && 'alt',
		shift && 'shift',
		(isSuper || hyper) && 'super',
		name,
	]
		.filter(Boolean)
		.join('+');
	return aliases.get(chord) ?? chord;
}

/**
A pasted text as a key.
*/
export function pasteOf(text: string): KeyPress {
	return {chord: 'paste', text: text.replaceAll(/\r\n?/g, '\n')};
}
