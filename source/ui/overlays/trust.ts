import {type KeyPress} from '../keys.js';
import {windowOf, type Scroll} from '../scroll.js';
import {type OverlayStep} from './overlay.js';
import {pressScroll, scrolledRows} from './reader.js';
import {
	blank,
	keysIn,
	paragraph,
	piece,
	type Face,
	type Room,
	type Row,
} from './rows.js';

/**
Commands that a run would run on this machine, to be confirmed before the first time.
*/
export type Trust = {
	readonly type: 'trust';
	readonly commands: readonly string[];
	readonly scroll: Scroll;
};

export function trustOf(commands: readonly string[]): Trust {
	return {type: 'trust', commands, scroll: {top: 0}};
}

/**
What there is to decide, without the commands.
*/
export function trustQuestion({commands}: Trust): string {
	return commands.length === 1
		? 'This consortium checks each answer with a command on this machine, which was not confirmed yet. It is given the answer and sees no keys.'
		: `This consortium checks each answer with ${commands.length} commands on this machine, which were not confirmed yet. They are given the answer and see no keys.`;
}

/**
There is no yes before the last row was seen: what does harm may stand there.
*/
export function pressTrust(
	trust: Trust,
	key: KeyPress,
	{columns, rows}: Room,
): OverlayStep {
	const answer = (isTrusted: boolean): OverlayStep => ({
		overlay: null,
		requests: [{type: 'trust', isTrusted}],
	});
	const extent = {total: rowsOf(trust, columns).length, visible: rows};

	switch (key.chord.toLowerCase()) {
		case 'y': {
			return windowOf(trust.scroll, extent).below === 0
				? answer(true)
				: {overlay: trust};
		}

		case 'n':
		case 'escape': {
			return answer(false);
		}

		default: {
			const scroll = pressScroll(trust.scroll, key, extent);
			return {overlay: scroll ? {...trust, scroll} : trust};
		}
	}
}

export function trustFace(trust: Trust, {columns, rows}: Room): Face {
	const all = rowsOf(trust, columns);
	const {below} = windowOf(trust.scroll, {total: all.length, visible: rows});
	const shown = scrolledRows(all, trust.scroll, rows);

	return {
		title: 'Run this on your machine?',
		note: shown.note,
		rows: shown.rows,
		keys: keysIn(columns, [
			below > 0
				? '↓ PgDn read to its end first'
				: 'y run it, and do not ask again',
			...(all.length > rows && below === 0 ? ['↑ PgUp scroll'] : []),
			'n no',
			'Esc no',
		]),
	};
}

/**
Each row of a command has a bar before it, so that no command can look like the words around it.
*/
function rowsOf(trust: Trust, columns: number): readonly Row[] {
	return [
		...paragraph(trustQuestion(trust), columns),
		...trust.commands.flatMap(command => [
			blank,
			...paragraph(command, columns - 2, {tone: 'code'}).map(row => [
				piece('│ ', 'dim'),
				...row,
			]),
		]),
	];
}
