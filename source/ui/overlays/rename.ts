import {editorWith, pressEditor, type Editor} from '../composer/editor.js';
import {type KeyPress} from '../keys.js';
import {type OverlayStep} from './overlay.js';
import {blank, editorRows, piece, type Face, type Room} from './rows.js';

/**
The name of a conversation, to be edited.
*/
export type Rename = {
	readonly type: 'rename';
	readonly id: string;
	readonly name: Editor;
};

export function renameOf(id: string, name: string): Rename {
	return {type: 'rename', id, name: editorWith(name)};
}

export function pressRename(rename: Rename, key: KeyPress): OverlayStep {
	const {id, name} = rename;

	switch (key.chord) {
		case 'escape': {
			return {overlay: null};
		}

		case 'enter': {
			return {
				overlay: null,
				requests: [{type: 'rename-conversation', id, name: name.text.trim()}],
			};
		}

		default: {
			const typed = pressEditor(name, key, {isMultiline: false});
			return {overlay: typed ? {...rename, name: typed} : rename};
		}
	}
}

export function renameFace({name}: Rename, {columns}: Room): Face {
	const [row] = editorRows(name, {columns: columns - 2, rows: 1});

	return {
		title: 'Rename the conversation',
		note: '',
		rows: [
			[piece('> ', 'accent'), ...row!],
			blank,
			[piece('Without a name it is called by its first question.', 'dim')],
		],
		keys: 'Enter rename · Ctrl+U clear · Esc leave it',
	};
}
