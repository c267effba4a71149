import {type RunEvent} from '../core/events.js';
import {answersOf} from '../core/answers.js';
import {type CallPicture, type RunState} from '../core/run-state.js';
import {createArbiterSource, type ArbiterSource} from './arbiter-source.js';
import {type KnownCalls} from './call-numbers.js';
import {type Extent} from './grid-plan.js';
import {headerOf, idleHeader} from './header-view.js';
import {createPaneSource, type PaneSource} from './pane-source.js';
import {type HeaderView, type Phase, type Who} from './run-views.js';
import {shortModel, shownNames} from './shown-names.js';
import {createZoomSource, type ZoomSource} from './zoom-source.js';

/**
What texts are wrapped for. `zoom` is the instance, by its index, or the arbiter, whose whole text is wanted.
*/
export type Viewport = {
	readonly panes: Extent;
	readonly arbiter: Extent;
	readonly zoom: (Extent & {readonly target: number | 'arbiter'}) | null;
};

/**
One run with everyone who shows a part of it.
*/
export type RunScene = {
	readonly run: RunState;
	readonly phase: Phase;
	readonly names: ReadonlyMap<string, Who>;

	/**
	The calls of the conversation up to now.
	*/
	readonly known: KnownCalls;
	readonly panes: readonly PaneSource[];
	readonly arbiter: ArbiterSource;
	readonly zoom: ZoomSource | null;

	/**
	The same object as before when nothing of it changed; while the run goes on the clock changes it every second.
	*/
	readonly headerAt: (now: number) => HeaderView;

	/**
	Pass on what the picture has folded already.
	*/
	readonly hear: (event: RunEvent) => void;
	readonly resize: (viewport: Viewport) => void;
};

/**
A scene for a picture that is empty and will be told of its events, or of a run of the past. `earlier` are the runs before it, whose calls it may go on from.
*/
export function createScene(
	run: RunState,
	first: Viewport,
	earlier: readonly RunState[] = [],
): RunScene {
	const known = new Map([...earlier, run].flatMap(({calls}) => [...calls]));
	const arbiter = createArbiterSource(first.arbiter);
	const panes = new Map<string, PaneSource>();
	let order: readonly PaneSource[] = [];
	const names = new Map<string, Who>();
	const models = new Map<string, string>();
	let viewport = first;
	let zoom: ZoomSource | null = null;
	let phase: Phase = 'idle';
	let header = idleHeader;
	let isHeaderStale = true;
	let second = -1;

	const zoomIn = () => {
		const wanted = viewport.zoom;
		zoom =
			wanted &&
			createZoomSource(
				wanted,
				wanted.target === 'arbiter' ? null : (order[wanted.target]?.id ?? ''),
			);
	};

	const begin = () => {
		const instances = run.start?.instances ?? [];

		for (const [id, who] of shownNames(instances)) {
			names.set(id, who);
			panes.set(id, createPaneSource(id, who, viewport.panes));
		}

		for (const {id, model} of instances) {
			models.set(id, model);
		}

		order = panes.values().toArray();
		phase = 'members';
		zoomIn();
	};

	const adopt = (pane: PaneSource, call: CallPicture) => {
		const {model} = call.start;

		// Its model was swapped.
		if (model !== models.get(pane.id)) {
			const {number} = names.get(pane.id)!;
			const who = {number, name: shortModel(model)};
			models.set(pane.id, model);
			names.set(pane.id, who);
			pane.rename(who);
		}

		pane.adopt(call);
	};

	// A call can come into the picture otherwise than by being started.
	const catchUp = () => {
		const iteration = run.iterations.at(-1);

		for (const call of iteration ? answersOf(iteration) : []) {
			const pane = panes.get(call.start.speaker);

			if (pane && pane.call !== call) {
				adopt(pane, call);
			}
		}
	};

	const touchAll = () => {
		for (const pane of order) {
			pane.touch();
		}
	};

	// A call that is not shown, as another is, may still say something.
	const speakerOf = (callId: string) => {
		const call = run.calls.get(callId)!;
		const source =
			call.start.purpose === 'answer' ? panes.get(call.start.speaker) : arbiter;
		return source?.call === call ? source : null;
	};

	const hear = (event: RunEvent) => {
		if (event.type === 'call-delta') {
			speakerOf(event.callId)?.push(event.channel, event.text);
			zoom?.push(event.callId, event.channel, event.text);
			return;
		}

		// What an event is about may have begun with it.
		if ('callId' in event) {
			known.set(event.callId, run.calls.get(event.callId)!);
		}

		if (event.type === 'nested' && isText(event.event)) {
			return;
		}

		isHeaderStale = true;
		arbiter.touch();
		zoom?.touch();

		switch (event.type) {
			case 'run-start': {
				begin();
				break;
			}

			case 'run-resume': {
				phase = 'members';
				touchAll();
				break;
			}

			case 'iteration-start': {
				phase = 'members';

				for (const pane of order) {
					pane.age();
				}

				break;
			}

			case 'call-start': {
				phase = event.purpose === 'answer' ? 'members' : 'arbiter';
				const call = run.calls.get(event.callId)!;
				const pane = panes.get(event.speaker);

				if (phase === 'arbiter') {
					arbiter.adopt(call);
					pane?.touch();
				} else if (pane) {
					adopt(pane, call);
				}

				break;
			}

			case 'call-retry': {
				speakerOf(event.callId)?.retry(
					{next: event.attempt + 1, most: event.maxAttempts},
					event.startsOver,
				);
				break;
			}

			case 'call-end': {
				speakerOf(event.callId)?.end();
				// Of two calls of one instance the other may be the one that stays.
				catchUp();
				panes.get(event.speaker)?.touch();
				break;
			}

			case 'run-end': {
				phase = 'ended';
				touchAll();
				break;
			}

			case 'nested': {
				const {speaker} = run.calls.get(event.parentCallId)!.start;
				panes.get(speaker)?.touch();
				break;
			}

			default: {
				catchUp();
				touchAll();
			}
		}
	};

	if (run.start) {
		begin();
		const calls = run.calls.values().toArray();
		const judging = calls.findLast(({start}) => start.purpose !== 'answer');

		for (const pane of order) {
			const call = calls.findLast(
				({start}) => start.purpose === 'answer' && start.speaker === pane.id,
			);

			if (call) {
				adopt(pane, call);
			}
		}

		if (judging) {
			arbiter.adopt(judging);
		}

		phase = 'ended';
	}

	return {
		run,
		get phase() {
			return phase;
		},
		names,
		known,
		get panes() {
			return order;
		},
		arbiter,
		get zoom() {
			return zoom;
		},
		headerAt(now) {
			const nowSecond = phase === 'ended' ? second : Math.floor(now / 1000);

			if (isHeaderStale || nowSecond !== second) {
				header = headerOf(run, {phase, now, known});
				isHeaderStale = false;
				second = nowSecond;
			}

			return header;
		},
		hear,
		resize(next) {
			const before = viewport.zoom;
			viewport = next;

			for (const pane of order) {
				pane.resize(next.panes);
			}

			arbiter.resize(next.arbiter);

			if (
				before?.target !== next.zoom?.target ||
				before?.width !== next.zoom?.width
			) {
				zoomIn();
			}
		},
	};
}

/**
Whether something was only said, however deep inside.
*/
const isText = (event: RunEvent): boolean =>
	event.type === 'nested'
		? isText(event.event)
		: event.type === 'call-delta' || event.type === 'answer-delta';
