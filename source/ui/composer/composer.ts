import {type KeyPress} from '../keys.js';
import {layoutOf} from './box-layout.js';
import {
	chipNear,
	type Chips,
	contentOf,
	encoded,
	expanded,
	taken,
} from './chips.js';
import {closedMenu, menuOf, openMenu, type SlashCommand} from './completion.js';
import {
	cleaned,
	type Editor,
	editorWith,
	emptyEditor,
	pressEditor,
	replaced,
} from './editor.js';
import {pressSearch, walked} from './recall.js';

/**
The box a person types in.
*/
export type Composer = {
	/**
	Chips are one character each in its text. While the history is searched it is the draft.
	*/
	readonly editor: Editor;
	readonly chips: Chips;

	/**
	What was sent or cleared, the latest last, with chips as they were.
	*/
	readonly history: readonly string[];

	/**
	How many entries of the history the text is back, and what became of those that were left on the way; 0 is the draft.
	*/
	readonly walk: {
		readonly back: number;
		readonly left: ReadonlyMap<number, Editor>;
	};

	/**
	A search backwards through the history, from so many entries back.
	*/
	readonly search: {readonly query: string; readonly from: number} | null;

	/**
	The menu of slash commands stays closed until the text changes.
	*/
	readonly menu: {readonly choice: number; readonly isClosed: boolean};
};

export type ComposerOptions = {
	/**
	Columns of the whole box.
	*/
	readonly width: number;

	/**
	What the slash menu offers.
	*/
	readonly commands: readonly SlashCommand[];
};

export type Pressed = {
	readonly composer: Composer;

	/**
	The text to send, with all that was pasted.
	*/
	readonly event: {readonly type: 'submit'; readonly text: string} | null;
};

const atDraft: Composer['walk'] = {back: 0, left: new Map()};

/**
An empty box that remembers, the latest last.
*/
export function emptyComposer(history: readonly string[] = []): Composer {
	return withHistory(
		{
			editor: emptyEditor,
			chips: [],
			history: [],
			walk: atDraft,
			search: null,
			menu: openMenu,
		},
		history,
	);
}

/**
The same box with a history from before, which goes ahead of what it remembers itself.
*/
export function withHistory(
	composer: Composer,
	earlier: readonly string[],
): Composer {
	const entries: string[] = [];
	let {chips} = composer;

	for (const entry of earlier) {
		const own = encoded(chips, cleaned(entry));
		entries.push(own.text);
		chips = own.chips;
	}

	return {...composer, chips, history: [...entries, ...composer.history]};
}

export function isEmpty({editor}: Composer): boolean {
	return editor.text === '';
}

/**
What would be sent: the text with all that was pasted.
*/
export function textOf({editor, chips}: Composer): string {
	return expanded(chips, editor.text);
}

/**
The box with another text, as a step that can be undone; chips stay when the text is the same.
*/
export function composerWith(composer: Composer, text: string): Composer {
	if (text === textOf(composer)) {
		return composer;
	}

	const {chips, text: own} = encoded(composer.chips, text);
	return {...withText({...composer, chips}, own), menu: closedMenu};
}

/**
The box with a text before what is typed in it, whose chips stay.
*/
export function prepended(composer: Composer, text: string): Composer {
	const {chips, text: own} = encoded(composer.chips, text);
	const lines = [own, composer.editor.text].filter(line => line !== '');
	return {
		...withText({...composer, chips}, lines.join('\n')),
		menu: closedMenu,
	};
}

/**
The empty box; what was in it is the newest entry of the history.
*/
export function clearComposer(composer: Composer): Composer {
	const {editor, chips, walk} = composer;
	const draft = walk.left.get(0);
	const texts =
		walk.back > 0 && draft ? [draft.text, editor.text] : [editor.text];
	let {history} = composer;

	for (const text of texts) {
		const meant = expanded(chips, text);
		const last = expanded(chips, history.at(-1) ?? '');

		if (meant.trim() !== '' && meant !== last) {
			history = [...history, text];
		}
	}

	return {
		...composer,
		editor: {...emptyEditor, killed: editor.killed},
		history,
		walk: atDraft,
		search: null,
		menu: openMenu,
	};
}

/**
The box after a key; null when it is none of its keys.
*/
export function pressComposer(
	composer: Composer,
	key: KeyPress,
	{width, commands}: ComposerOptions,
): Pressed | null {
	return composer.search
		? quiet(pressSearch(composer, composer.search, key))
		: (pressMenu(composer, key, commands) ?? pressBox(composer, key, width));
}

const quiet = (composer: Composer | null): Pressed | null =>
	composer && {composer, event: null};

function pressBox(
	composer: Composer,
	key: KeyPress,
	width: number,
): Pressed | null {
	switch (key.chord) {
		case 'enter': {
			return entered(composer);
		}

		case 'ctrl+r': {
			return quiet({...composer, search: {query: '', from: 1}});
		}

		case 'alt+e': {
			return quiet(unfolded(composer));
		}

		default: {
			const {chips, text} = taken(composer.chips, key);
			const next = pressEditor(
				composer.editor,
				{...key, text},
				{isMultiline: true, layout: layoutOf(composer, width)},
			);

			return quiet(
				next ? edited({...composer, chips}, next) : walked(composer, key.chord),
			);
		}
	}
}

function edited(composer: Composer, editor: Editor): Composer {
	return {
		...composer,
		editor,
		menu: editor.text === composer.editor.text ? composer.menu : openMenu,
	};
}

function withText(composer: Composer, text: string): Composer {
	const {editor} = composer;
	const by = editorWith(text).text;
	return edited(
		composer,
		replaced(editor, {from: 0, to: editor.text.length, by}),
	);
}

function entered(composer: Composer): Pressed {
	const {editor} = composer;
	const {text, at} = editor;

	if (text[at - 1] === '\\') {
		return {
			composer: edited(
				composer,
				replaced(editor, {from: at - 1, to: at, by: '\n'}),
			),
			event: null,
		};
	}

	const sent = textOf(composer);

	return sent.trim() === ''
		? {composer, event: null}
		: {
				composer: clearComposer(composer),
				event: {type: 'submit', text: sent},
			};
}

/**
The box with the chip at the cursor shown in full.
*/
function unfolded(composer: Composer): Composer | null {
	const {editor} = composer;
	const chip = chipNear(editor.text, editor.at);

	if (!chip) {
		return null;
	}

	const content = contentOf(
		composer.chips,
		editor.text.slice(chip.from, chip.to),
	)!;
	const {chips, text} = encoded(composer.chips, content);
	const by = editorWith(text).text;
	return edited({...composer, chips}, replaced(editor, {...chip, by}));
}

function pressMenu(
	composer: Composer,
	{chord}: KeyPress,
	commands: readonly SlashCommand[],
): Pressed | null {
	const menu = menuOf(composer, commands);

	if (!menu) {
		return null;
	}

	const {items, choice} = menu;
	const {text, sent} = items[choice]!;

	switch (chord) {
		case 'up':
		case 'down': {
			const step = chord === 'up' ? -1 : 1;
			const next = (choice + step + items.length) % items.length;
			return quiet({...composer, menu: {choice: next, isClosed: false}});
		}

		case 'escape': {
			return quiet({...composer, menu: closedMenu});
		}

		case 'enter': {
			return sent === null
				? quiet(withText(composer, text))
				: entered(withText(composer, sent));
		}

		case 'tab': {
			const next = withText(composer, text);
			// What is whole leaves the key to the app.
			return quiet(/[ =]$/.test(text) ? next : {...next, menu: closedMenu});
		}

		default: {
			return null;
		}
	}
}
