import {type AppState} from './app-state.js';
import {composerRows} from './composer/composer-view.js';
import {layoutOf, type Layout, type Stage} from './layout.js';
import {noticeLines} from './notice-lines.js';
import {arbiterNeeds} from './panes/arbiter-rows.js';
import {queueRows} from './queue.js';
import {type RunStore} from './run-store.js';
import {slashMenuOf} from './slash-commands.js';
import {type Phase} from './run-views.js';
import {transcriptLines, type TranscriptLine} from './transcript.js';
import {type View} from './view.js';

/**
What the run says of how the screen should be divided; it changes a few times in a run.
*/
export type Shape = {
	readonly instances: number;
	readonly phase: Phase;
	readonly arbiterNeeds: number;
};

export type Screen = {
	/**
	Smaller than anything could be shown on.
	*/
	readonly isTooSmall: boolean;
	readonly layout: Layout;
	readonly transcript: readonly TranscriptLine[];
	readonly bottom: {
		readonly footer: number;
		readonly queue: number;
		readonly menu: number;
		readonly box: number;
	};

	/**
	Between the header and the last row.
	*/
	readonly overlayRows: number;
};

export const leastColumns = 60;
export const leastRows = 16;

const rule = 1;

/**
Who gets which part of the screen.
*/
export function screenOf(state: AppState, shape: Shape): Screen {
	const {columns, rows, composer, queue, density, reading, turns} = state;
	const footer = Math.max(1, noticeLines(state.notice, columns).length);
	const stage = stageOf(state);
	const isAlone = reading !== null;
	const bottom = isAlone
		? {footer, queue: 0, menu: 0, box: 0}
		: {
				footer,
				queue: queueRows(queue),
				menu: Math.min(
					slashMenuOf(state)?.items.length ?? 0,
					Math.floor(rows / 3),
				),
				box: composerRows(composer, columns, Math.max(1, Math.floor(rows / 4))),
			};
	const layout = layoutOf({
		columns,
		rows,
		stage,
		density,
		instances: isAlone ? 0 : shape.instances,
		phase: shape.phase,
		arbiterNeeds: shape.arbiterNeeds,
		composerRows:
			footer + (isAlone ? 0 : rule + bottom.queue + bottom.menu + bottom.box),
	});

	return {
		isTooSmall: columns < leastColumns || rows < leastRows,
		layout,
		transcript: transcriptLines(reading?.turns ?? turns, columns),
		bottom,
		overlayRows: Math.max(0, rows - 1 - footer),
	};
}

/**
While a run goes on its panes have the space, and after it the answer, unless the focus says otherwise.
*/
function stageOf({zoom, reading, focus, running}: AppState): Stage {
	if (zoom) {
		return 'zoom';
	}

	if (reading !== null || focus === 'transcript') {
		return 'chat';
	}

	return focus === 'composer' && !running ? 'chat' : 'live';
}

export function shapeOf(runs: RunStore): Shape {
	const arbiter = runs.arbiter.snapshot();

	return {
		instances: runs.panes.snapshot().length,
		phase: arbiter.head.phase,
		arbiterNeeds: arbiterNeeds(arbiter),
	};
}

/**
What the keys need to know of the screen.
*/
export function viewOf(state: AppState, runs: RunStore, now: number): View {
	const {layout, transcript, overlayRows} = screenOf(state, shapeOf(runs));
	const {grid, bands} = layout;

	return {
		now,
		composerWidth: state.columns,
		overlayRows,
		picture: runs.picture(),
		gridColumns: grid?.across ?? 1,
		density: grid?.density ?? 'columns',
		transcript: {total: transcript.length, visible: bands.transcript.rows},
		zoom: {
			total: runs.zoom.snapshot()?.total ?? 0,
			visible: layout.text.zoom.height,
		},
	};
}
