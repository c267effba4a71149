import {emptyComposer, textOf, type Composer} from './composer/composer.js';
import {type Focus} from './keymap.js';
import {type Density} from './layout.js';
import {type Overlay} from './overlays/overlay.js';
import {type Request} from './requests.js';
import {type Scroll} from './scroll.js';
import {type Choice, type Settings} from './services.js';
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
	readonly id: string;
	readonly turns: readonly TurnView[];
	readonly scroll: Scroll;

	/**
	To be seen wherever they stand in it.
	*/
	readonly words: readonly RegExp[];
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

	/**
	By which the log knows the conversation; null while nothing was asked in it.
	*/
	readonly conversationId: string | null;

	/**
	Every run of the conversation, those too that were judged or asked again and are no turn any more: all of them cost.
	*/
	readonly runs: readonly TurnView[];
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
	How often Esc was pressed, or Ctrl+C: what was asked for before and comes after it is not opened any more.
	*/
	readonly escapes: number;

	/**
	When Ctrl+C last offered to leave, in milliseconds; null when it did not.
	*/
	readonly leaveOfferedAt: number | null;
};

export function firstState(size: {
	readonly columns: number;
	readonly rows: number;
}): AppState {
	return {
		...size,
		choice: null,
		choices: [],
		settings: {theme: 'auto', bell: true, dailyLimitUsd: null},
		background: null,
		isKeyless: false,
		isLogged: true,
		instances: [],
		turns: [],
		conversationId: null,
		runs: [],
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
		escapes: 0,
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
What is typed and not sent, and what is queued: nothing of it may get lost on leaving.
*/
export function unsent({composer, queue}: AppState): string {
	return [...queue, textOf(composer)].filter(text => text !== '').join('\n\n');
}
