import {plain} from '../text/plain.js';

/**
Markup that is safe as it is. Nothing but the tag `markup` makes any.
*/
export type Html = {readonly markup: string};

type Piece = string | number | Html | readonly Html[];

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
	'\r': '',
};

/**
Markup with texts put in. Whatever is put in is text: it can neither open nor close anything, in an element or between quotation marks, and neither hide itself nor turn what stands around it.
*/
export function markup(
	{raw}: TemplateStringsArray,
	...pieces: readonly Piece[]
): Html {
	return {
		markup: raw
			.map((part, index) => part + markupOf(pieces[index] ?? ''))
			.join(''),
	};
}

function markupOf(piece: Piece): string {
	if (typeof piece === 'string' || typeof piece === 'number') {
		return plain(String(piece))
			.toWellFormed()
			.replaceAll(/[&<>"'\r]/g, sign => entities[sign]!);
	}

	return 'markup' in piece
		? piece.markup
		: piece.map(each => each.markup).join('\n');
}
