import fc from 'fast-check';
import {type KeyPress, pasteOf} from '../../source/ui/keys.js';

/**
A key by its chord: a single character types itself, a longer chord types nothing.
*/
export function press(chord: string): KeyPress {
	return {chord, text: [...chord].length === 1 ? chord : ''};
}

/**
Pieces of text that have been trouble somewhere.
*/
export const piece = fc.constantFrom(
	'a',
	'Word ',
	' ',
	'\n',
	'\t',
	'-',
	'é',
	'e\u0301',
	'\u0301',
	'日本',
	'👍🏽',
	'👩‍🚀',
	'\u200D',
	'🇩',
	'🇪',
	'\u{E0200}',
	'\u{E0201}',
	'\uD83D',
	'\u001B[31m',
	'\u202E',
	'one\r\ntwo\rthree',
	'x'.repeat(30),
);

/**
Any key an editor has, what types, and what is pasted.
*/
export const anyKey = (chords: readonly string[]) =>
	fc.oneof(
		{weight: 3, arbitrary: fc.constantFrom(...chords).map(press)},
		{weight: 2, arbitrary: piece.map(text => ({chord: 'text', text}))},
		{
			weight: 1,
			arbitrary: fc
				.array(piece, {maxLength: 20})
				.map(pieces => pasteOf(pieces.join(''))),
		},
	);
