import {type AppState, type Step} from './app-state.js';

/**
The same state with a word for the person.
*/
export function told(
	state: AppState,
	text: string,
	tone: 'plain' | 'warn' = 'warn',
): Step {
	return {state: {...state, notice: {text, tone}}, requests: []};
}
