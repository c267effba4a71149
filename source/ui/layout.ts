import {
	planGrid,
	planStrip,
	rowColumnsOf,
	type Density,
	type Extent,
	type GridPlan,
	type StripPlan,
} from './grid-plan.js';
import {type Phase} from './run-views.js';

export {densities, type Density, type Extent} from './grid-plan.js';

/**
What the screen is for at the moment: `live` shows the run, `chat` the conversation with the run in a strip, `zoom` one pane alone.
*/
export type Stage = 'live' | 'chat' | 'zoom';

/**
Rows of the screen from one edge to the other.
*/
export type Band = {readonly top: number; readonly rows: number};

export type Bands = {
	readonly header: Band;
	readonly question: Band;
	readonly transcript: Band;
	readonly strip: Band;
	readonly grid: Band;
	readonly arbiter: Band;
	readonly zoom: Band;
	readonly composer: Band;
};

/**
Who gets which part of the screen. The bands follow each other in this order from the first row to the last and leave nothing out; one without a place has no rows.
*/
export type Layout = {
	readonly stage: Stage;
	readonly columns: number;
	readonly bands: Bands;

	/**
	Null where the instances are not shown as panes.
	*/
	readonly grid: GridPlan | null;

	/**
	Null where they are not shown as a strip.
	*/
	readonly strip: StripPlan | null;

	/**
	What the run store is to wrap for.
	*/
	readonly text: {
		readonly panes: Extent;
		readonly arbiter: Extent;
		readonly zoom: Extent;
	};
};

export type Wanted = {
	readonly columns: number;
	readonly rows: number;
	readonly instances: number;
	readonly stage: Stage;
	readonly phase: Phase;

	/**
	Null lets the space decide.
	*/
	readonly density: Density | null;

	/**
	For all that stands at the bottom.
	*/
	readonly composerRows: number;

	/**
	The rows the arbiter has something to say in.
	*/
	readonly arbiterNeeds: number;
};

const leastBody = 4;

/**
Divide the screen. Every row is given away, whatever is asked for.
*/
export function layoutOf(wanted: Wanted): Layout {
	const {columns, rows, stage, instances, composerRows} = wanted;
	const header = 1;
	const composer = Math.max(
		0,
		Math.min(composerRows, rows - header - leastBody),
	);
	const body = Math.max(0, rows - header - composer);
	const parts =
		stage === 'zoom'
			? {zoom: body}
			: instances === 0
				? {transcript: body}
				: stage === 'chat'
					? chatParts(columns, instances, body)
					: liveParts(wanted, body);
	const bands = stacked({header, ...parts, composer});
	const isLive = bands.grid.rows > 0;
	const grid = isLive
		? planGrid(
				{
					width: columns,
					height: bands.grid.rows,
					leastHeight: liveParts({...wanted, phase: 'arbiter'}, body).grid,
					instances,
				},
				wanted.density,
			)
		: null;

	return {
		stage,
		columns,
		bands,
		grid,
		strip:
			bands.strip.rows > 0
				? planStrip(columns, instances, bands.strip.rows)
				: null,
		text: {
			panes: grid ? textOf(grid) : {width: columns, height: 1},
			arbiter: {width: columns, height: bands.arbiter.rows},
			zoom: {width: columns, height: Math.max(0, body - 1)},
		},
	};
}

function chatParts(columns: number, instances: number, body: number) {
	const arbiter = 1;
	const strip = Math.min(
		planStrip(columns, instances).down,
		Math.max(0, body - arbiter - 1),
	);
	return {transcript: body - strip - arbiter, strip, arbiter};
}

const manyInstances = 16;

/**
While members speak the arbiter has what it needs, at most a third; when it speaks itself, the larger part, unless many panes have to be seen beside it: then the grid is at its lowest.
*/
function liveParts(
	{
		phase,
		arbiterNeeds,
		instances,
	}: Pick<Wanted, 'phase' | 'arbiterNeeds' | 'instances'>,
	body: number,
) {
	const question = 1;
	const room = body - question;
	const spoken = instances > manyInstances ? 1 / 3 : 3 / 5;
	const most = Math.max(
		1,
		Math.floor(room * (phase === 'members' ? 1 / 3 : spoken)),
	);
	const arbiter =
		phase === 'arbiter' ? most : Math.max(1, Math.min(arbiterNeeds, most));
	return {question, grid: room - arbiter, arbiter};
}

function stacked(rows: Partial<Record<keyof Bands, number>>): Bands {
	let next = 0;
	const band = (name: keyof Bands): Band => {
		const top = next;
		next += rows[name] ?? 0;
		return {top, rows: next - top};
	};

	return {
		header: band('header'),
		question: band('question'),
		transcript: band('transcript'),
		strip: band('strip'),
		grid: band('grid'),
		arbiter: band('arbiter'),
		zoom: band('zoom'),
		composer: band('composer'),
	};
}

/**
The part of a pane that is text, as high as the tallest pane.
*/
function textOf({density, paneWidth, paneRows, taller}: GridPlan): Extent {
	return density === 'rows'
		? {width: Math.max(1, rowColumnsOf(paneWidth).snippet), height: 2}
		: {width: paneWidth, height: paneRows + Math.sign(taller)};
}
