import {
	composerWith,
	emptyComposer,
	textOf,
	withHistory,
	type Composer,
} from './composer/composer.js';
import {type Focus} from './keymap.js';
import {type Density} from './layout.js';
import {overlayLoaded, type Overlay} from './overlays/overlay.js';
import {type Loaded, type Request} from './requests.js';
import {type Scroll} from './scroll.js';
import {type Choice, type Opening, type Settings} from './services.js';
import {type Tone} from './theme.js';
import {type TurnView} from './turn-view.js';

export type Notice = {
	readonly text: string;
	readonly tone: Extract<Tone, 'plain' | 'good' | 'warn' | 'bad'>;
};

/**
A conversation of the log, opened to be read.
*/
export type Reading = {
	readonly turns: readonly TurnView[];
	readonly scroll: Scroll;
};

/**
All there is to know of the screen but the run itself, which is in the run store.
*/
export type AppState = {
	readonly columns: number;
	readonly rows: number;

	/**
	Null until configuration and keys have been read.
	*/
	readonly choice: Choice | null;
	readonly choices: readonly Choice[];
	readonly settings: Settings;

	/**
	As the terminal told; null when it did not.
	*/
	readonly background: 'dark' | 'light' | null;
	readonly isKeyless: boolean;
	readonly isLogged: boolean;

	/**
	What the instances of the last run were, by id, in the order of the panes.
	*/
	readonly instances: readonly string[];
	readonly turns: readonly TurnView[];
	readonly running: {
		readonly prompt: string;
		readonly isCancelling: boolean;
	} | null;

	/**
	Messages to be sent when the run has ended, the next one first.
	*/
	readonly queue: readonly string[];

	readonly composer: Composer;
	readonly focus: Focus;

	/**
	The pane that is picked, from 0.
	*/
	readonly pane: number;
	readonly density: Density | null;
	readonly zoom: {
		readonly what: 'pane' | 'arbiter';
		readonly scroll: Scroll;
	} | null;
	readonly transcript: Scroll;
	readonly reading: Reading | null;

	/**
	The one on top is the last.
	*/
	readonly overlays: readonly Overlay[];
	readonly notice: Notice | null;

	/**
	When Ctrl+C last offered to leave, in milliseconds; null when it did not.
	*/
	readonly leaveOfferedAt: number | null;
};

export type AppAction =
	| {readonly type: 'resized'; readonly columns: number; readonly rows: number}
	| {readonly type: 'opened'; readonly opening: Opening}
	| {readonly type: 'history'; readonly entries: readonly string[]}
	| {readonly type: 'loaded'; readonly loaded: Loaded}
	| {readonly type: 'chose'; readonly choice: Choice}
	| {readonly type: 'settings'; readonly settings: Settings}
	| {readonly type: 'background'; readonly background: 'dark' | 'light'}
	| {
			readonly type: 'began';
			readonly prompt: string;
	  }
	| {readonly type: 'instances'; readonly instances: readonly string[]}
	| {readonly type: 'cancelling'}

	/**
	`top` is where the new turn begins in the transcript, to be read from there.
	*/
	| {
			readonly type: 'ended';
			readonly turn: TurnView | null;
			readonly isCancelled: boolean;
			readonly top: number | null;
	  }
	| {readonly type: 'queued'; readonly text: string}
	| {readonly type: 'dequeued'}

	/**
	What was not sent after all: back into the box, before what is typed there.
	*/
	| {readonly type: 'returned'; readonly text: string}

	/**
	A consortium that was found and can be chosen.
	*/
	| {readonly type: 'found'; readonly choice: Choice}
	| {readonly type: 'rated'; readonly runId: string; readonly score: 0 | 1}
	| {readonly type: 'cleared'}
	| {readonly type: 'reading'; readonly turns: readonly TurnView[]}
	| {readonly type: 'draft'; readonly text: string}
	| {readonly type: 'told'; readonly notice: Notice | null};

export function firstState(size: {
	readonly columns: number;
	readonly rows: number;
}): AppState {
	return {
		...size,
		choice: null,
		choices: [],
		settings: {theme: 'auto', bell: true},
		background: null,
		isKeyless: false,
		isLogged: true,
		instances: [],
		turns: [],
		running: null,
		queue: [],
		composer: emptyComposer([]),
		focus: 'composer',
		pane: 0,
		density: null,
		zoom: null,
		transcript: {top: null},
		reading: null,
		overlays: [],
		notice: null,
		leaveOfferedAt: null,
	};
}

/**
What the state becomes, and what it asks of the outside.
*/
export type Step = {
	readonly state: AppState;
	readonly requests: readonly Request[];
};

/**
Fold what happened outside into the state of the screen; keys are in `press.ts`.
*/
export function reduceApp(state: AppState, action: AppAction): Step {
	if (action.type === 'loaded') {
		return reduceLoaded(state, action.loaded);
	}

	return {state: {...state, ...changed(state, action)}, requests: []};
}

function changed(
	state: AppState,
	action: Exclude<AppAction, {type: 'loaded'}>,
): Partial<AppState> {
	switch (action.type) {
		case 'resized': {
			return {columns: action.columns, rows: action.rows};
		}

		case 'opened': {
			const {choice, settings, isKeyless, isLogged, notices} = action.opening;
			const [text] = notices;
			return {
				choice,
				settings,
				isKeyless,
				isLogged,
				...(text !== undefined && {notice: {text, tone: 'warn'}}),
			};
		}

		case 'history': {
			return {composer: withHistory(state.composer, action.entries)};
		}

		case 'chose': {
			return {choice: action.choice, isKeyless: false};
		}

		case 'settings': {
			return {settings: action.settings};
		}

		case 'background': {
			return {background: action.background};
		}

		case 'began': {
			return {
				running: {prompt: action.prompt, isCancelling: false},
				reading: null,
				transcript: {top: null},
				notice: null,
			};
		}

		case 'instances': {
			return {
				instances: action.instances,
				pane: Math.min(state.pane, Math.max(0, action.instances.length - 1)),
			};
		}

		case 'cancelling': {
			return {
				running: state.running && {...state.running, isCancelling: true},
			};
		}

		case 'ended': {
			return ended(state, action);
		}

		case 'queued': {
			return {queue: [...state.queue, action.text]};
		}

		case 'returned': {
			return {
				composer: composerWith(
					state.composer,
					[action.text, textOf(state.composer)].filter(Boolean).join('\n'),
				),
			};
		}

		case 'found': {
			return {choices: [...state.choices, action.choice]};
		}

		case 'dequeued': {
			return {queue: state.queue.slice(1)};
		}

		case 'rated': {
			const rating = action.score === 1 ? 'good' : 'bad';
			return {
				turns: state.turns.map(turn =>
					turn.runId === action.runId ? {...turn, rating} : turn,
				),
			};
		}

		case 'cleared': {
			return {
				...state,
				instances: [],
				turns: [],
				focus: 'composer',
				pane: 0,
				zoom: null,
				transcript: {top: null},
				reading: null,
				notice: null,
			};
		}

		case 'reading': {
			return {
				reading: {turns: action.turns, scroll: {top: 0}},
				overlays: [],
				zoom: null,
			};
		}

		case 'draft': {
			return {
				composer: composerWith(state.composer, action.text),
				focus: 'composer',
			};
		}

		case 'told': {
			return {notice: action.notice};
		}
	}
}

/**
A derived run takes the place of the one it was made from. What was queued behind a cancelled run comes back into the box, so that it is neither lost nor sent.
*/
function ended(
	state: AppState,
	{turn, isCancelled, top}: Extract<AppAction, {type: 'ended'}>,
): Partial<AppState> {
	const isAgain = turn !== null && turn.kind !== 'ask';
	const earlier = isAgain ? state.turns.slice(0, -1) : state.turns;

	return {
		running: null,
		turns: turn ? [...earlier, turn] : state.turns,
		transcript: {top},
		...(isCancelled &&
			state.queue.length > 0 && {
				queue: [],
				composer: composerWith(state.composer, unsent(state)),
			}),
	};
}

function reduceLoaded(state: AppState, loaded: Loaded): Step {
	const requests: Request[] = [];
	const overlays = state.overlays.flatMap(overlay => {
		const step = overlayLoaded(overlay, loaded);
		requests.push(...(step.requests ?? []));
		return step.overlay ? [step.overlay] : [];
	});

	return {
		state: {
			...state,
			overlays,
			...(loaded.kind === 'consortiums' && {choices: loaded.choices}),
		},
		requests,
	};
}

/**
What is typed and not sent, and what is queued: nothing of it may get lost on leaving.
*/
export function unsent({composer, queue}: AppState): string {
	return [...queue, textOf(composer)].filter(text => text !== '').join('\n\n');
}
