import {type AppState, type Step} from './app-state.js';
import {formOf} from './overlays/form.js';
import {told} from './told.js';

/**
The form over the consortium in use. What is not saved yet has no name to replace, and what is built in becomes a copy.
*/
export function edited(state: AppState, name: string): Step {
	const {choice} = state;

	if (!choice) {
		return told(state, 'The configuration is still being read.');
	}

	const {kind, consortium} = choice;
	const isOwn =
		kind === 'saved' ||
		(kind === 'changed' &&
			state.choices.some(
				each =>
					each.kind === 'saved' && each.consortium.name === consortium.name,
			));
	const replaces = isOwn ? consortium.name : null;
	const form = formOf(
		{
			...consortium,
			name:
				name ||
				(kind === 'built-in' ? `my-${consortium.name}` : consortium.name),
		},
		name === '' || name === replaces ? replaces : null,
	);

	return {
		state: {...state, overlays: [...state.overlays, form]},
		requests: [
			{type: 'load', what: {kind: 'consortiums'}},
			{type: 'load', what: {kind: 'models'}},
			{type: 'load', what: {kind: 'check', consortium}},
		],
	};
}
