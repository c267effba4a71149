import {type Notice} from './app-state.js';
import {type Overlay} from './overlays/overlay.js';
import {type Loaded} from './requests.js';
import {type Choice, type Opening, type Settings} from './services.js';
import {type TurnView} from './turn-view.js';

/**
What happened outside of the screen.
*/
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
	| {
			readonly type: 'instances';
			readonly conversationId: string;
			readonly instances: readonly string[];
	  }
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
	What was queued is not to be sent after all: back into the box.
	*/
	| {readonly type: 'unqueued'}

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

	/**
	A conversation goes on: what was asked in it, and by every run. The choice is null when the one in use stays.
	*/
	| {
			readonly type: 'continued';
			readonly conversationId: string | null;
			readonly turns: readonly TurnView[];
			readonly runs: readonly TurnView[];
			readonly instances: readonly string[];
			readonly choice: Choice | null;
			readonly notice: Notice;
	  }
	| {readonly type: 'asked'; readonly overlay: Overlay}

	/**
	An earlier conversation is read, from a line of it.
	*/
	| {
			readonly type: 'reading';
			readonly id: string;
			readonly turns: readonly TurnView[];
			readonly top: number;
			readonly words: readonly RegExp[];
	  }
	| {readonly type: 'draft'; readonly text: string}
	| {readonly type: 'told'; readonly notice: Notice | null};
