import {type RunState} from '../../core/run-state.js';
import {columnsOf} from '../../text/columns.js';
import {costText, countText, durationText} from '../../text/phrases.js';
import {type KeyPress} from '../keys.js';
import {type Scroll} from '../scroll.js';
import {type TurnView} from '../turn-view.js';
import {costTable, type CostRow, type Sum, type Use} from './cost-table.js';
import {type OverlayStep} from './overlay.js';
import {pressScroll, scrolledRows} from './reader.js';
import {
	blank,
	filled,
	oneLine,
	paragraph,
	piece,
	type Face,
	type Room,
	type Row,
} from './rows.js';

/**
What the conversation took.
*/
export type Costs = {readonly type: 'costs'; readonly scroll: Scroll};

/**
The settled turns of the conversation, and the picture of the last run.
*/
export type Spent = {
	readonly turns: readonly TurnView[];
	readonly picture: RunState;
};

export function costsOf(): Costs {
	return {type: 'costs', scroll: {top: 0}};
}

export function pressCosts(
	costs: Costs,
	key: KeyPress,
	{room, spent}: {readonly room: Room; readonly spent: Spent},
): OverlayStep {
	if (['escape', 'enter', 'q', 'ctrl+t'].includes(key.chord)) {
		return {overlay: null};
	}

	const total = costRows(spent, room.columns).length;
	const scroll = pressScroll(costs.scroll, key, {total, visible: room.rows});
	return {overlay: scroll ? {...costs, scroll} : costs};
}

export function costsFace({scroll}: Costs, spent: Spent, room: Room): Face {
	return {
		title: 'Costs and tokens of this conversation',
		...scrolledRows(costRows(spent, room.columns), scroll, room.rows),
		keys: '↑↓ PgUp PgDn scroll · Esc close',
	};
}

type Column = {
	readonly title: string;
	readonly textOf: (row: CostRow) => string;
};

const kinds = {
	ask: '',
	retry: ', asked again',
	rearbitrate: ', weighed again',
} as const satisfies Record<TurnView['kind'], string>;

const name: Column = {
	title: '',
	textOf: ({run, label}) =>
		run ? `${run.turn} ${run.consortium}${kinds[run.kind]}` : label,
};

const tokens = (key: keyof Use, title: string): Column => ({
	title,
	textOf: ({use}) => sumText(use[key], count => countText(count), '+'),
});

/**
As they stand beside each other, and the less important ones of them, which give way first, by their titles.
*/
const columnsInOrder: readonly Column[] = [
	{title: 'state', textOf: ({run}) => run?.state ?? ''},
	{
		title: 'iterations',
		textOf: ({run}) => (run ? String(run.iterations ?? '?') : ''),
	},
	{
		title: 'time',
		textOf: ({run}) =>
			run
				? run.durationMs === null
					? run.state === 'running'
						? '…'
						: '?'
					: durationText(run.durationMs)
				: '',
	},
	tokens('inputTokens', 'in'),
	tokens('cachedTokens', 'cached'),
	tokens('cacheWriteTokens', 'written'),
	tokens('outputTokens', 'out'),
	tokens('reasoningTokens', 'reasoning'),
	{
		title: 'cost',
		textOf: ({use}) => sumText(use.costUsd, cost => costText(cost), ' or more'),
	},
];
const givingWay = [
	'written',
	'reasoning',
	'iterations',
	'time',
	'cached',
	'state',
	'in',
	'out',
];

function sumText(
	{known, isWhole}: Sum,
	textOf: (known: number) => string,
	open: string,
): string {
	return known === null
		? isWhole
			? '–'
			: '?'
		: `${textOf(known)}${isWhole ? '' : open}`;
}

const legend =
	'? is not known, and + is "or more", where a part of a sum is not. Cached and written are parts of what went in, reasoning of what came out.';
const leastName = 18;
const gap = 2;

function costRows({turns, picture}: Spent, columns: number): Row[] {
	const {runs, speakers, total} = costTable(turns, picture);

	if (runs.length === 0) {
		return [[piece('Nothing was asked in this conversation yet.', 'dim')]];
	}

	const all = [...runs, ...speakers, total];
	const widthOf = ({title, textOf}: Column) =>
		Math.max(
			...[title, ...all.map(row => textOf(row))].map(text => columnsOf(text)),
		);
	const shown = shownColumns(columns - leastName, widthOf);
	const rest = shown.reduce((sum, column) => sum + widthOf(column) + gap, 0);
	const nameWidth = Math.min(widthOf(name), columns - rest);
	const rowOf = (textOf: (column: Column) => string, tone: 'dim' | 'plain') => [
		...filled([piece(oneLine(textOf(name)), tone)], nameWidth),
		...shown.map(column =>
			piece(textOf(column).padStart(widthOf(column) + gap), tone),
		),
	];
	const line = (row: CostRow): Row => rowOf(({textOf}) => textOf(row), 'plain');

	return [
		rowOf(({title}) => title, 'dim'),
		...runs.map(row => line(row)),
		blank,
		...speakers.map(row => line(row)),
		blank,
		line(total).map(each => ({...each, tone: 'heading'})),
		...paragraph(legend, columns, {tone: 'dim'}),
	];
}

function shownColumns(
	room: number,
	widthOf: (column: Column) => number,
): readonly Column[] {
	let shown = columnsInOrder;

	for (const title of givingWay) {
		const needed = shown.reduce((sum, each) => sum + widthOf(each) + gap, 0);

		if (needed <= room) {
			break;
		}

		shown = shown.filter(column => column.title !== title);
	}

	return shown;
}
