import {fuzzy} from '../fuzzy.js';
import {type Composer} from './composer.js';

/**
What can stand after a command. A value that ends in `=` is the beginning of one, and those that go on from it are offered once it is there.
*/
export type SlashValue = {readonly value: string; readonly title: string};

/**
What can be asked for by its name after a slash. `argument` says what follows it, in brackets where it may be left out; null when nothing does. `values` are what it could be, where that can be told.
*/
export type SlashCommand = {
	readonly name: string;
	readonly argument: string | null;
	readonly title: string;
	readonly values?: readonly SlashValue[];
};

/**
One row of the menu.
*/
export type MenuItem = {
	readonly usage: string;
	readonly title: string;

	/**
	What the box holds when it is taken, ready for what follows.
	*/
	readonly text: string;

	/**
	What Enter sends; null when it needs an argument first.
	*/
	readonly sent: string | null;
};

export type Menu = {
	readonly items: readonly MenuItem[];
	readonly choice: number;
};

export const openMenu: Composer['menu'] = {choice: 0, isClosed: false};
export const closedMenu: Composer['menu'] = {choice: 0, isClosed: true};

/**
The commands meant by a text that is a slash and the beginning of a word, or the values meant after a command, best first; null when there is no menu.
*/
export function menuOf(
	{editor, search, menu}: Composer,
	commands: readonly SlashCommand[],
): Menu | null {
	const [, name, gap, typed] =
		/^\/(\S*)(?:( +)(\S*))?$/.exec(editor.text) ?? [];

	if (name === undefined || search !== null || menu.isClosed) {
		return null;
	}

	const items =
		gap === undefined
			? fuzzy(name, commands, command => command.name).map(({item}) =>
					commandItem(item),
				)
			: valueItems(commands.find(command => command.name === name) ?? null, {
					before: `/${name}${gap}`,
					typed: typed!,
				});

	return items.length === 0
		? null
		: {items, choice: Math.min(menu.choice, items.length - 1)};
}

function commandItem({name, argument, title}: SlashCommand): MenuItem {
	const text = `/${name}`;

	return argument === null
		? {usage: text, title, text, sent: text}
		: {
				usage: `${text} ${argument}`,
				title,
				text: `${text} `,
				sent: argument.startsWith('[') ? text : null,
			};
}

function valueItems(
	command: SlashCommand | null,
	{before, typed}: {readonly before: string; readonly typed: string},
): MenuItem[] {
	const begun = /^(?:[^=]*=)?/.exec(typed)![0];
	const values = (command?.values ?? []).filter(
		({value}) => /^(?:[^=]*=(?=.))?/.exec(value)![0] === begun,
	);

	return fuzzy(typed.slice(begun.length), values, ({value}) =>
		value.slice(begun.length),
	).map(({item: {value, title}}) => {
		const text = before + value;
		// Only what stands there already is sent: what an argument does can be more than was meant.
		return {usage: value, title, text, sent: value === typed ? text : null};
	});
}
