import {type CommandId, type commands} from '../commands.js';
import {fuzzy} from '../fuzzy.js';
import {type KeyPress} from '../keys.js';
import {
	firstList,
	listRows,
	placeText,
	pressList,
	searchRow,
	type List,
} from './list.js';
import {type OverlayStep} from './overlay.js';
import {marked, piece, spread, type Face, type Room} from './rows.js';

type Command = (typeof commands)[number];

/**
All commands, to be found by a few letters.
*/
export type Palette = {
	readonly type: 'palette';
	readonly commands: readonly Command[];

	/**
	By the id of the command.
	*/
	readonly keys: ReadonlyMap<string, string>;
	readonly list: List;
};

export function paletteOf(
	all: readonly Command[],
	keys: ReadonlyMap<CommandId | string, string>,
): Palette {
	return {type: 'palette', commands: all, keys, list: firstList};
}

const matchesOf = ({commands: all, list}: Palette) =>
	fuzzy(list.query.text, all, titleOf);

const titleOf = ({title, slash, argument}: Command) =>
	[title, slash === null ? '' : ` /${slash}`, argument && ` ${argument}`]
		.filter(Boolean)
		.join('');

export function pressPalette(
	palette: Palette,
	key: KeyPress,
	{rows}: Room,
): OverlayStep {
	if (key.chord === 'escape') {
		return {overlay: null};
	}

	const matches = matchesOf(palette);

	if (key.chord === 'enter') {
		const match = matches[palette.list.at];
		return match ? {overlay: null, command: match.item.id} : {overlay: palette};
	}

	const list = pressList(palette.list, key, {
		total: matches.length,
		page: rows - 1,
	});
	return {overlay: list ? {...palette, list} : palette};
}

export function paletteFace(palette: Palette, {columns, rows}: Room): Face {
	const {list, keys} = palette;
	const matches = matchesOf(palette);
	const entries = matches.map(({item, positions}) =>
		spread(
			marked(titleOf(item), positions),
			[piece(keys.get(item.id) ?? '', 'dim')],
			columns - 2,
		),
	);

	return {
		title: 'Commands',
		note: placeText(list.at, matches.length),
		rows: [
			searchRow(list.query, columns, {hint: 'type to find a command'}),
			...listRows(entries, list.at, {columns, rows: rows - 1}),
		],
		keys: '↑↓ choose · Enter do it · Esc close',
	};
}
