import {type FuzzyMatch, fuzzy} from '../fuzzy.js';
import {type Composer} from './composer.js';

/**
What can be asked for by its name after a slash. `argument` says what follows it, in brackets where it may be left out; null when nothing does.
*/
export type SlashCommand = {
	readonly name: string;
	readonly argument: string | null;
	readonly title: string;
};

export type SlashMatch = FuzzyMatch<SlashCommand>;

export const openMenu: Composer['menu'] = {choice: 0, isClosed: false};
export const closedMenu: Composer['menu'] = {choice: 0, isClosed: true};

/**
The commands meant by a text that is a slash and the beginning of a word, best first; null when there is no menu.
*/
export function menuOf(
	{editor, search, menu}: Composer,
	commands: readonly SlashCommand[],
): {matches: readonly SlashMatch[]; choice: number} | null {
	const isAsked =
		search === null && !menu.isClosed && /^\/\S*$/.test(editor.text);
	const matches = isAsked
		? fuzzy(editor.text.slice(1), commands, ({name}) => name)
		: [];

	return matches.length === 0
		? null
		: {matches, choice: Math.min(menu.choice, matches.length - 1)};
}

/**
The text that asks for a command, ready for its argument.
*/
export function slashText({name, argument}: SlashCommand): string {
	return argument === null ? `/${name}` : `/${name} `;
}

/**
Whether a command says anything without its argument.
*/
export function isComplete({argument}: SlashCommand): boolean {
	return argument === null || argument.startsWith('[');
}
