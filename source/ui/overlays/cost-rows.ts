import {cacheUseOf, type CacheUse} from '../../core/cache-use.js';
import {type CallPicture} from '../../core/run-state.js';
import {
	costText,
	countText,
	durationText,
	shareText,
	wordOf,
} from '../../text/phrases.js';
import {belowText} from '../call-numbers.js';
import {type Spent} from '../spent.js';
import {
	type CallCost,
	type CostRow,
	type CostTable,
	type RunCost,
	type Sum,
	type Use,
} from './cost-table.js';
import {blank, entryRow, paragraph, piece, type Row} from './rows.js';
import {layTable, type Column, type Table} from './table.js';

const dim = (text: string, columns: number): Row[] =>
	paragraph(text, columns, {tone: 'dim'});

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

const tokens = (key: keyof Use, title: string): Column<CostRow> => ({
	title,
	textOf: ({use}) => sumText(use[key], count => countText(count), '+'),
});

const figures: ReadonlyArray<Column<CostRow>> = [
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

/**
A column for those attempts, where there are any.
*/
const brokenIn = (rows: readonly CostRow[]): Array<Column<CostRow>> =>
	rows.some(({broken}) => broken > 0)
		? [
				{
					title: 'broken',
					textOf: ({broken}) => (broken === 0 ? '' : String(broken)),
				},
			]
		: [];

const legend =
	'? is not known, and + is "or more", where a part of a sum is not. Cached and written are parts of what went in, reasoning of what came out.';
const brokenLegend =
	' Broken attempts had begun to answer; nobody says what they took.';

const asRun = (row: CostRow): RunCost | null =>
	'runId' in row ? (row as RunCost) : null;

const kinds = {
	ask: '',
	retry: ', asked again',
	rearbitrate: ', weighed again',
} as const satisfies Record<RunCost['kind'], string>;

/**
A run as it is called in the table.
*/
export function runName(run: RunCost): string {
	return `${run.turn} ${run.consortium}${kinds[run.kind]}${run.isBeforeFork ? ', before the fork' : ''}`;
}

function sumTable(rows: readonly CostRow[]): Table<CostRow> {
	const ofRun = (
		title: string,
		textOf: (run: RunCost) => string,
	): Column<CostRow> => ({
		title,
		textOf(row) {
			const run = asRun(row);
			return run ? textOf(run) : '';
		},
	});

	return {
		name: {
			title: '',
			textOf(row) {
				const run = asRun(row);
				return run ? runName(run) : row.label;
			},
		},
		columns: [
			ofRun('state', ({state}) => state),
			ofRun('iterations', ({iterations}) => String(iterations)),
			ofRun('time', ({durationMs, state}) =>
				durationMs === null
					? state === 'running'
						? '…'
						: '?'
					: durationText(durationMs),
			),
			...brokenIn(rows),
			...figures,
		],
		givingWay: [
			'written',
			'reasoning',
			'iterations',
			'time',
			'broken',
			'cached',
			'state',
			'in',
			'out',
		],
		leastName: 18,
	};
}

/**
Where the runs stand in the rows of the sums.
*/
export const firstRunRow = 1;

/**
All runs, of which one is picked, their sum, what was spent today, and the same by who spoke and by model.
*/
export function sumRows(
	{runs, speakers, models, total}: CostTable,
	columns: number,
	{picked, today}: {readonly picked: number; readonly today: string | null},
): Row[] {
	if (runs.length === 0) {
		return [
			[piece('Nothing was asked in this conversation yet.', 'dim')],
			...(today === null ? [] : dim(today, columns)),
		];
	}

	const all = [...runs, total, ...speakers, ...models];
	const {titles, rowOf} = layTable(sumTable(all), all, columns - 2);
	const row = (cost: CostRow): Row => [piece('  '), ...rowOf(cost)];
	const heading = (text: string): Row => [piece(`  ${text}`, 'dim')];

	return [
		[piece('  '), ...titles],
		...runs.map((run, index) =>
			entryRow(rowOf(run), index === picked, columns),
		),
		[piece('  '), ...rowOf(total, 'heading')],
		...(today === null ? [] : paragraph(today, columns, {before: '  '})),
		blank,
		heading('by who spoke'),
		...speakers.map(cost => row(cost)),
		blank,
		heading('by model'),
		...models.map(cost => row(cost)),
		blank,
		...dim(legend + (total.broken > 0 ? brokenLegend : ''), columns),
	];
}

type Called = CallCost & {readonly cacheUse: CacheUse};

const yesOrNo = (isSo: boolean | undefined) =>
	isSo === undefined ? '?' : isSo ? 'yes' : 'no';

/**
What was asked of a provider's prompt cache for a call, what was sent for it, and what the provider said of it: three different things.
*/
export const cacheColumns: ReadonlyArray<
	Column<{readonly call: CallPicture; readonly cacheUse: CacheUse}>
> = [
	{
		title: 'asked',
		textOf: ({call}) => yesOrNo(call.start.cache?.isRequested),
		isText: true,
	},
	{
		title: 'sent',
		textOf: ({call}) => yesOrNo(call.start.cache?.isSent),
		isText: true,
	},
	{
		title: 'observed',
		textOf: ({call, cacheUse}) => (call.outcome ? observedText(cacheUse) : '…'),
		isText: true,
	},
];

export const cacheLegend =
	'Asked: a beginning of the request was worth keeping. Sent: a marker or a key for it went along. Observed: what the provider said it had read of what it was sent before; where that is shorter than it keeps, nothing is missed.';

function observedText({
	kind,
	share,
	prefixTokens,
	minimumTokens,
}: CacheUse): string {
	switch (kind) {
		case 'hit': {
			return share === null ? 'hit' : `hit ${shareText(share)}`;
		}

		case 'below-minimum': {
			return belowText(prefixTokens!, minimumTokens!);
		}

		case 'unknown': {
			return '?';
		}

		case 'first':
		case 'miss': {
			return kind;
		}
	}
}

/**
The calls of one run.
*/
export function callRows(
	run: RunCost,
	{pictures}: Pick<Spent, 'pictures'>,
	columns: number,
): Row[] {
	const known = callsOf(pictures);
	const called = run.calls.map((cost): Called => ({
		...cost,
		cacheUse: cacheUseOf(cost.call, known),
	}));
	const table: Table<Called> = {
		name: {
			title: 'iteration, who',
			textOf: ({call: {start}}) => `${start.iteration} ${start.speaker}`,
		},
		columns: [
			{
				title: 'for',
				textOf: ({call}) => call.start.purpose,
				isText: true,
			},
			{
				title: 'state',
				textOf: ({call}) =>
					call.outcome !== null || run.state === 'running'
						? wordOf(call.state)
						: 'broken off',
				isText: true,
			},
			...brokenIn(called),
			...figures,
			...cacheColumns,
		],
		givingWay: [
			'for',
			'written',
			'reasoning',
			'asked',
			'sent',
			'cached',
			'broken',
			'out',
			'in',
			'state',
		],
		leastName: 12,
	};
	const {titles, rowOf} = layTable(table, called, columns);

	return [
		titles,
		...called.map(each => rowOf(each)),
		blank,
		...dim(
			`${legend}${run.broken > 0 ? brokenLegend : ''} ${cacheLegend}`,
			columns,
		),
	];
}

/**
Every call of these runs by its id, in the order they began.
*/
export function callsOf(
	pictures: Spent['pictures'],
): ReadonlyMap<string, CallPicture> {
	return new Map(pictures.flatMap(({calls}) => [...calls]));
}
