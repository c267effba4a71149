import {type KeyPress} from '../keys.js';
import {expanded} from './chips.js';
import {closedMenu} from './completion.js';
import {type Composer} from './composer.js';
import {type Editor, editorWith, pressEditor} from './editor.js';

type Search = NonNullable<Composer['search']>;

/**
How many entries back the search finds something; null when nowhere.
*/
export function foundBack(composer: Composer): number | null {
	const {search, history, chips} = composer;
	const query = search?.query.toLowerCase();

	if (!search || !query) {
		return null;
	}

	for (let back = search.from; back <= history.length; back++) {
		if (expanded(chips, history.at(-back)!).toLowerCase().includes(query)) {
			return back;
		}
	}

	return null;
}

/**
The box one entry further back or forward; null when the key is neither up nor down.
*/
export function walked(composer: Composer, chord: string): Composer | null {
	if (chord !== 'up' && chord !== 'down') {
		return null;
	}

	const back = composer.walk.back + (chord === 'up' ? 1 : -1);
	return back >= 0 && back <= composer.history.length
		? recalled(composer, back, composer.walk.left.get(back))
		: composer;
}

function recalled(
	composer: Composer,
	back: number,
	leftThere?: Editor,
): Composer {
	const {editor, history, walk} = composer;
	const left = new Map(walk.left).set(walk.back, editor);
	const entry = leftThere ?? editorWith(history.at(-back)!);
	const at = back === 0 ? entry.at : entry.text.length;

	return {
		...composer,
		editor: {...entry, at, killed: editor.killed},
		walk: {back, left},
		search: null,
		menu: closedMenu,
	};
}

/**
The box after a key while the history is searched; null when the search has no use for it.
*/
export function pressSearch(
	composer: Composer,
	search: Search,
	key: KeyPress,
): Composer | null {
	const back = foundBack(composer);

	switch (key.chord) {
		case 'escape':
		case 'ctrl+c':
		case 'ctrl+g': {
			return {...composer, search: null};
		}

		case 'enter':
		case 'tab':
		case 'right': {
			return back === null
				? {...composer, search: null}
				: recalled(composer, back);
		}

		case 'ctrl+r': {
			return back === null ? composer : older(composer, search, back);
		}

		default: {
			const query = pressEditor(editorWith(search.query), key, {
				isMultiline: false,
			})?.text;

			if (query === undefined) {
				return null;
			}

			// A longer query is searched for from where the shorter one was found.
			const from = query.startsWith(search.query) ? (back ?? search.from) : 1;
			return {...composer, search: {query, from}};
		}
	}
}

function older(composer: Composer, search: Search, back: number): Composer {
	const {history} = composer;
	let next = composer;
	let from: number | null = back;

	do {
		next = {...composer, search: {...search, from: from + 1}};
		from = foundBack(next);
	} while (from !== null && history.at(-from) === history.at(-back));

	return from === null ? composer : next;
}
