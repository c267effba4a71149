import {columnsOf} from '../../text/columns.js';
import {type KeyPress} from '../keys.js';
import {type Scroll} from '../scroll.js';
import {type OverlayStep} from './overlay.js';
import {pressScroll, scrolledRows} from './reader.js';
import {
	blank,
	filled,
	paragraph,
	piece,
	type Face,
	type Room,
	type Row,
} from './rows.js';

export type HelpSection = {
	readonly title: string;
	readonly rows: ReadonlyArray<{readonly keys: string; readonly help: string}>;
};

/**
All keys.
*/
export type Help = {
	readonly type: 'help';
	readonly sections: readonly HelpSection[];
	readonly scroll: Scroll;
};

export function helpOf(sections: readonly HelpSection[]): Help {
	return {type: 'help', sections, scroll: {top: 0}};
}

const closing = new Set(['escape', 'enter', 'q', '?', 'f1']);

export function pressHelp(
	help: Help,
	key: KeyPress,
	{columns, rows}: Room,
): OverlayStep {
	if (closing.has(key.chord)) {
		return {overlay: null};
	}

	const total = helpRows(help.sections, columns).length;
	const scroll = pressScroll(help.scroll, key, {total, visible: rows});
	return {overlay: scroll ? {...help, scroll} : help};
}

export function helpFace(
	{sections, scroll}: Help,
	{columns, rows}: Room,
): Face {
	return {
		title: 'Keys',
		...scrolledRows(helpRows(sections, columns), scroll, rows),
		keys: '↑↓ PgUp PgDn scroll · Esc close',
	};
}

const leastColumn = 52;
const gap = 3;

/**
The sections one below the other, in as many columns of about the same height as there is room for.
*/
function helpRows(sections: readonly HelpSection[], columns: number): Row[] {
	const across = Math.max(1, Math.floor((columns + gap) / (leastColumn + gap)));
	const width = Math.floor((columns - gap * (across - 1)) / across);
	const blocks = sections.map(section => sectionRows(section, width));
	const total = blocks.reduce((sum, block) => sum + block.length, 0);
	const stacks: Row[][] = [[]];
	let before = 0;

	for (const block of blocks) {
		const stack = stacks.at(-1)!;
		// Half of a block beyond its share is nearer to the share than none of it.
		const isFull = before + block.length / 2 > (total / across) * stacks.length;

		if (isFull && stack.length > 0 && stacks.length < across) {
			stacks.push([...block]);
		} else {
			stack.push(...(stack.length > 0 ? [blank] : []), ...block);
		}

		before += block.length;
	}

	const height = Math.max(...stacks.map(({length}) => length));

	return Array.from({length: height}, (_, row) =>
		stacks.flatMap((stack, index) => {
			const cells = stack[row] ?? blank;
			return index === stacks.length - 1
				? cells
				: [...filled(cells, width), piece(' '.repeat(gap))];
		}),
	);
}

function sectionRows({title, rows}: HelpSection, width: number): Row[] {
	const most = Math.floor(width * 0.6);
	const longest = Math.max(0, ...rows.map(({keys}) => columnsOf(keys)));
	const keyWidth = Math.min(longest, most) + 2;

	return [
		[piece(title, 'heading')],
		...rows.flatMap(({keys, help}) =>
			paragraph(help, width - keyWidth).map((row, index): Row => [
				...filled(index === 0 ? [piece(keys, 'accent')] : blank, keyWidth - 1),
				piece(' '),
				...row,
			]),
		),
	];
}
