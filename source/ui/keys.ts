import {type Key} from 'ink';

/**
One key as it was pressed. `chord` names it: `ctrl+k`, `shift+enter`, `alt+1`, `up`, `f1`, `escape`; a character is its own name, a space too. `text` is what it would type, empty for keys that type nothing. Several characters that arrived as one (an input method, a terminal that was busy) have the chord `text`; what was pasted has `paste`.
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
What Ink tells of a chunk of input, as the keys that made it: a carriage return inside a chunk is an Enter of its own, and a line feed is Ctrl+J.
*/
export function keyPressesOf(input: string, key: Key): KeyPress[] {
	const name = named.find(([flag]) => key[flag])?.[1];

	if (name !== undefined) {
		return [{chord: chordOf(name, key), text: ''}];
	}

	if (key.ctrl || key.meta) {
		return input === ''
			? []
			: [{chord: chordOf(input.toLowerCase(), key), text: ''}];
	}

	return input.split(/([\r\n])/).flatMap(part => pressesIn(part));
}

function pressesIn(part: string): KeyPress[] {
	switch (part) {
		case '': {
			return [];
		}

		case '\r': {
			return [{chord: 'enter', text: ''}];
		}

		case '\n': {
			return [{chord: 'ctrl+j', text: ''}];
		}

		default: {
			return [{chord: [...part].length === 1 ? part : 'text', text: part}];
		}
	}
}

const chordOf = (name: string, {ctrl, meta, shift}: Key) =>
	[ctrl && 'ctrl', meta && name !== 'escape' && 'alt', shift && 'shift', name]
		.filter(Boolean)
		.join('+');

/**
A pasted text as a key.
*/
export function pasteOf(text: string): KeyPress {
	return {chord: 'paste', text: text.replaceAll(/\r\n?/g, '\n')};
}
