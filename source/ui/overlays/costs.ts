import {costText} from '../../text/phrases.js';
import {type KeyPress} from '../keys.js';
import {type Loaded, type Request} from '../requests.js';
import {windowOf, type Scroll} from '../scroll.js';
import {type Spent} from '../spent.js';
import {cacheRows} from './cache-rows.js';
import {cacheStates} from './cache-state.js';
import {callRows, firstRunRow, runName, sumRows} from './cost-rows.js';
import {costTable, type RunCost} from './cost-table.js';
import {type OverlayStep} from './overlay.js';
import {pressScroll, scrolledRows} from './reader.js';
import {type Face, type Room, type Row} from './rows.js';

/**
What the conversation took: its sums, the calls of one run, or what the providers keep of it.
*/
export type Costs = {
	readonly type: 'costs';
	readonly page: 'sums' | 'calls' | 'cache';

	/**
	The run that is picked, by its id; null for the last one.
	*/
	readonly run: string | null;

	/**
	Null while it follows what is picked.
	*/
	readonly scroll: Scroll | null;

	/**
	Milliseconds since the Unix epoch; null before the clock was first heard.
	*/
	readonly now: number | null;

	/**
	What all conversations took today, in US dollars; null while that is unknown.
	*/
	readonly todayUsd: number | null;

	/**
	When that was heard, in milliseconds since the Unix epoch; null while it is on its way.
	*/
	readonly heardAt: number | null;

	/**
	What it costs more to have a transcript read anew, by its id.
	*/
	readonly rereadUsd: ReadonlyMap<string, number | null>;
};

/**
For whoever opens it to ask for `spending`.
*/
export function costsOf(): Costs {
	return {
		type: 'costs',
		page: 'sums',
		run: null,
		scroll: null,
		now: null,
		todayUsd: null,
		heardAt: null,
		rereadUsd: new Map(),
	};
}

type Seen = {readonly room: Room; readonly spent: Spent};

export function pressCosts(
	costs: Costs,
	key: KeyPress,
	seen: Seen,
): OverlayStep {
	const {page} = costs;

	switch (key.chord) {
		case 'q':
		case 'ctrl+t': {
			return {overlay: null};
		}

		case 'escape':
		case 'left':
		case 'backspace': {
			const isLeft = page === 'sums' && key.chord === 'escape';
			return {overlay: isLeft ? null : onPage(costs, 'sums')};
		}

		case 'enter':
		case 'right': {
			const isOpening =
				page === 'sums' && pickedIn(costs, seen.spent).run !== null;
			return {overlay: isOpening ? onPage(costs, 'calls') : costs};
		}

		case 'c': {
			return page === 'cache'
				? {overlay: onPage(costs, 'sums')}
				: {
						overlay: onPage(costs, 'cache'),
						requests: [askRereads(seen.spent)],
					};
		}

		default: {
			return {overlay: moved(costs, key, seen)};
		}
	}
}

const onPage = (costs: Costs, page: Costs['page']): Costs => ({
	...costs,
	page,
	scroll: page === 'sums' ? null : {top: 0},
});

const askRereads = ({pictures}: Spent): Request => ({
	type: 'load',
	what: {
		kind: 'rereads',
		prefixes: cacheStates(pictures).flatMap(({transcriptId, model, prefix}) =>
			prefix.kind === 'below-minimum' || prefix.tokens === null
				? []
				: [{transcriptId, model, tokens: prefix.tokens}],
		),
	},
});

/**
The arrows pick a run where one can be seen in their direction, and scroll where none can.
*/
function moved(costs: Costs, key: KeyPress, {room, spent}: Seen): Costs {
	const total = rowsOf(costs, spent, room.columns).length;
	const extent = {total, visible: room.rows};
	const scroll = scrollOf(costs, spent, extent);
	const {runs, at} = pickedIn(costs, spent);
	const {from, to} = windowOf(scroll, extent);
	const row = firstRunRow + at;
	const step = key.chord === 'up' ? -1 : key.chord === 'down' ? 1 : 0;
	const next = runs[at + step];

	if (costs.page === 'sums' && step !== 0 && next && row >= from && row < to) {
		return {...costs, run: next.runId, scroll: null};
	}

	const by = pressScroll(scroll, key, extent);
	return by ? {...costs, scroll: by} : costs;
}

function pickedIn(
	{run: id}: Costs,
	spent: Spent,
): {
	readonly runs: readonly RunCost[];
	readonly at: number;
	readonly run: RunCost | null;
} {
	const {runs} = costTable(spent);
	const found = runs.findIndex(({runId}) => runId === id);
	const at = found === -1 ? runs.length - 1 : found;
	return {runs, at, run: runs[at] ?? null};
}

/**
What is picked stands in the middle, as far as there is something above and below it.
*/
function scrollOf(
	costs: Costs,
	spent: Spent,
	{total, visible}: {readonly total: number; readonly visible: number},
): Scroll {
	const {at} = pickedIn(costs, spent);
	const middle = firstRunRow + at - Math.floor(visible / 2);
	return (
		costs.scroll ?? {
			top: Math.max(0, Math.min(middle, total - visible)),
		}
	);
}

/**
How old what was spent today may be, in milliseconds.
*/
const freshMs = 10_000;

export function costsLoaded(costs: Costs, loaded: Loaded): OverlayStep {
	switch (loaded.kind) {
		case 'time': {
			const {now} = loaded;
			const {heardAt} = costs;

			return heardAt !== null && now - heardAt >= freshMs
				? {
						overlay: {...costs, now, heardAt: null},
						requests: [{type: 'load', what: {kind: 'spending'}}],
					}
				: {overlay: {...costs, now}};
		}

		case 'spending': {
			const {todayUsd} = loaded;
			return {overlay: {...costs, todayUsd, heardAt: costs.now}};
		}

		case 'rereads': {
			return {overlay: {...costs, rereadUsd: loaded.usd}};
		}

		default: {
			return {overlay: costs};
		}
	}
}

function rowsOf(costs: Costs, spent: Spent, columns: number): Row[] {
	const table = costTable(spent);
	const {at, run} = pickedIn(costs, spent);

	switch (costs.page) {
		case 'sums': {
			return sumRows(table, columns, {
				picked: at,
				today: todayText(costs, spent),
			});
		}

		case 'calls': {
			return run ? callRows(run, spent, columns) : [];
		}

		case 'cache': {
			return cacheRows(spent, columns, costs);
		}
	}
}

function todayText(
	{todayUsd}: Costs,
	{dailyLimitUsd}: Pick<Spent, 'dailyLimitUsd'>,
): string | null {
	if (todayUsd === null && dailyLimitUsd === null) {
		return null;
	}

	const today = todayUsd === null ? '?' : costText(todayUsd);
	const limit =
		dailyLimitUsd === null
			? ''
			: ` of the daily limit of ${costText(dailyLimitUsd)}`;
	return `today, in all conversations: ${today}${limit}`;
}

export function costsFace(costs: Costs, spent: Spent, room: Room): Face {
	const rows = rowsOf(costs, spent, room.columns);
	const {run} = pickedIn(costs, spent);
	const scroll = scrollOf(costs, spent, {
		total: rows.length,
		visible: room.rows,
	});

	return {
		title: {
			sums: 'Costs and tokens of this conversation',
			calls: `Calls of ${run ? runName(run) : ''}`,
			cache: 'Prompt caches of this conversation',
		}[costs.page],
		...scrolledRows(rows, scroll, room.rows),
		keys: {
			sums: '↑↓ run · Enter calls · c caches · PgDn scroll · Esc close',
			calls: '↑↓ PgUp PgDn scroll · c caches · Esc back',
			cache: '↑↓ PgUp PgDn scroll · Esc back',
		}[costs.page],
	};
}
