import {type AppAction} from './app-action.js';
import {type AppState, type Step} from './app-state.js';
import {type KeyPress} from './keys.js';
import {pressKey, submitted} from './press.js';
import {reduceApp} from './reduce-app.js';
import {type Request} from './requests.js';
import {type View} from './view.js';

/**
The state of the screen, outside React: what changes it is applied at once, so that of many keys in one instant each finds what the one before it left.
*/
export type AppStore = {
	readonly state: () => AppState;
	readonly subscribe: (onChange: () => void) => () => void;
	readonly dispatch: (action: AppAction) => void;
	readonly press: (key: KeyPress) => void;

	/**
	Send a line as if it had been typed: a question or a slash command.
	*/
	readonly submit: (text: string) => void;

	/**
	For what asks or closes by itself, such as the field of a key.
	*/
	readonly request: (request: Request) => void;
	readonly closeOverlay: () => void;
};

export function createAppStore(
	first: AppState,
	{
		viewOf,
		perform,
	}: {
		readonly viewOf: (state: AppState) => View;
		readonly perform: (request: Request) => void;
	},
): AppStore {
	const listeners = new Set<() => void>();
	let state = first;

	const take = (step: Step) => {
		const isChanged = step.state !== state;
		state = step.state;

		if (isChanged) {
			for (const listener of listeners) {
				listener();
			}
		}

		for (const request of step.requests) {
			perform(request);
		}
	};

	return {
		state: () => state,
		subscribe(onChange) {
			listeners.add(onChange);
			return () => {
				listeners.delete(onChange);
			};
		},
		dispatch(action) {
			take(reduceApp(state, action));
		},
		press(key) {
			take(pressKey(state, key, viewOf(state)));
		},
		submit(text) {
			take(submitted(state, text));
		},
		request: perform,
		closeOverlay() {
			take({
				state: {...state, overlays: state.overlays.slice(0, -1)},
				requests: [],
			});
		},
	};
}
