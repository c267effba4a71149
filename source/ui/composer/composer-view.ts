import {columnsOf} from '../../text/columns.js';
import {gutter, layoutOf} from './box-layout.js';
import {expanded} from './chips.js';
import {type Composer} from './composer.js';
import {editorView} from './editor.js';
import {foundBack} from './recall.js';
import {screenLines} from './screen-lines.js';

/**
How many rows a box of so many columns would like, of at most `most`.
*/
export function composerRows(
	composer: Composer,
	width: number,
	most: number,
): number {
	const lines = composer.search
		? 1
		: screenLines(composer.editor.text, layoutOf(composer, width)).length;
	return Math.min(lines, most);
}

/**
What is drawn right of the prompt in a box of `width` columns: at most `rows` lines, and where the cursor is in them.
*/
export function composerView(
	composer: Composer,
	{width, rows}: {width: number; rows: number},
): ReturnType<typeof editorView> {
	const {editor, search, history, chips} = composer;

	if (!search) {
		return editorView(editor, {...layoutOf(composer, width), rows});
	}

	const back = foundBack(composer);
	const match = back === null ? '' : expanded(chips, history.at(-back)!);
	const asked = `(search) ${search.query}`;
	const found = back === null && search.query ? 'nothing' : match;
	const line = `${asked}: ${found.replaceAll(/\s+/g, ' ')}`;
	const room = {width: width - gutter};

	return {
		lines: [screenLines(line, room)[0]!.shown],
		cursor: {x: Math.min(columnsOf(asked), room.width - 1), y: 0},
		above: 0,
		below: 0,
	};
}
