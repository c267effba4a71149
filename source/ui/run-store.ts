import {type RunEvent} from '../core/events.js';
import {emptyRun, foldRun, type RunState} from '../core/run-state.js';
import {idleArbiter} from './arbiter-source.js';
import {idleHeader} from './header-view.js';
import {createPublished, type Published, type Source} from './published.js';
import {createScene, type Viewport} from './run-scene.js';
import {
	type ArbiterView,
	type HeaderView,
	type PaneHead,
	type PaneView,
	type ZoomView,
} from './run-views.js';

export type {Viewport} from './run-scene.js';

export type RunStoreOptions = {
	/**
	Milliseconds since the Unix epoch.
	*/
	readonly now: () => number;

	/**
	Call again and again, every so many milliseconds, until the returned function is called.
	*/
	readonly every?: (tick: () => void, delayMs: number) => () => void;

	/**
	The runs of the conversation before the one that is shown, in order.
	*/
	readonly earlier?: () => readonly RunState[];
};

/**
The run for the screen. Events are folded at once; what they changed is published a few times a second, and immediately when a call, an iteration or the run ends.
*/
export type RunStore = {
	readonly listen: (event: RunEvent) => void;

	/**
	Publish what has changed.
	*/
	readonly tick: () => void;
	readonly header: Source<HeaderView>;
	readonly arbiter: Source<ArbiterView>;

	/**
	One view for each instance. A view that is the same has not changed.
	*/
	readonly panes: Source<readonly PaneView[]>;

	/**
	The views' heads: another list only when one of them is another.
	*/
	readonly heads: Source<readonly PaneHead[]>;

	/**
	Null while nothing is zoomed.
	*/
	readonly zoom: Source<ZoomView | null>;

	/**
	Wrap for other sizes; it is published at once, so do not call it while rendering.
	*/
	readonly setViewport: (viewport: Viewport) => void;

	/**
	Show a run of the past.
	*/
	readonly show: (run: RunState) => void;
	readonly reset: () => void;

	/**
	The picture of the run, which goes on changing while it does.
	*/
	readonly picture: () => RunState;
	readonly isRunning: boolean;
};

/**
Milliseconds between two ticks. Drawing is what costs, and a frame of many panes costs the most.
*/
const tickMsFor = (panes: number) => (panes <= 8 ? 40 : panes <= 32 ? 50 : 80);

const everyInterval = (tick: () => void, delayMs: number) => {
	const timer = setInterval(tick, delayMs);
	return () => {
		clearInterval(timer);
	};
};

export function createRunStore({
	now,
	every = everyInterval,
	earlier = () => [],
}: RunStoreOptions): RunStore {
	const header = createPublished<HeaderView>(idleHeader);
	const arbiter = createPublished<ArbiterView>(idleArbiter);
	const panes = createPublished<readonly PaneView[]>([]);
	const heads = createPublished<readonly PaneHead[]>([]);
	const zoom = createPublished<ZoomView | null>(null);
	let viewport: Viewport = {
		panes: {width: 40, height: 1},
		arbiter: {width: 80, height: 1},
		zoom: null,
	};
	let scene = createScene(emptyRun(), viewport);
	let stopTimer: (() => void) | null = null;
	let isDue = false;

	const publish = () => {
		isDue = false;
		const at = now();
		const {run, phase, names, known} = scene;
		const clock = {
			run,
			hasEnded: phase === 'ended',
			known,
		};
		const views = scene.panes.map(pane => pane.view(at, clock));

		publishList(panes, views);
		publishList(
			heads,
			views.map(({head}) => head),
		);
		arbiter.publish(scene.arbiter.view(at, {run, phase, names, known}));
		header.publish(scene.headerAt(at));
		zoom.publish(scene.zoom?.view(run, names, known) ?? null);
	};

	const publishSoon = () => {
		if (!isDue) {
			isDue = true;
			queueMicrotask(publish);
		}
	};

	const stop = () => {
		stopTimer?.();
		stopTimer = null;
	};

	return {
		header,
		arbiter,
		panes,
		heads,
		zoom,
		tick: publish,
		listen(event) {
			if (event.type === 'run-start') {
				scene = createScene(emptyRun(), viewport, earlier());
			}

			foldRun(scene.run, event);
			scene.hear(event);

			if (event.type === 'run-start' || event.type === 'run-resume') {
				stop();
				stopTimer = every(publish, tickMsFor(scene.panes.length));
			} else if (event.type === 'run-end') {
				stop();
			}

			if (isNews.has(event.type)) {
				publishSoon();
			}
		},
		setViewport(next) {
			if (JSON.stringify(next) !== JSON.stringify(viewport)) {
				viewport = next;
				scene.resize(next);
				publish();
			}
		},
		show(run) {
			stop();
			scene = createScene(run, viewport, earlier());
			publish();
		},
		reset() {
			stop();
			scene = createScene(emptyRun(), viewport);
			publish();
		},
		picture: () => scene.run,
		get isRunning() {
			return stopTimer !== null;
		},
	};
}

/**
Publish a list, unless it holds the very same things as before.
*/
function publishList<Item>(
	{snapshot, publish}: Published<readonly Item[]>,
	next: readonly Item[],
): void {
	const shown = snapshot();

	if (
		next.length !== shown.length ||
		next.some((item, index) => item !== shown[index])
	) {
		publish(next);
	}
}

/**
What is not kept waiting for the next tick.
*/
const isNews: ReadonlySet<RunEvent['type']> = new Set([
	'run-start',
	'run-resume',
	'iteration-start',
	'call-start',
	'call-retry',
	'call-mark',
	'call-end',
	'verdict',
	'run-end',
]);
