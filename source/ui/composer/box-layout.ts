import {hasChip, labelOf} from './chips.js';
import {type Composer} from './composer.js';
import {type Layout} from './screen-lines.js';

/**
Columns at the left of the text, for the prompt.
*/
export const gutter = 2;

/**
How the text of a box of so many columns is laid out.
*/
export function layoutOf({editor, chips}: Composer, width: number): Layout {
	return {
		width: width - gutter,
		show: hasChip(editor.text)
			? grapheme => labelOf(chips, grapheme)
			: undefined,
	};
}
