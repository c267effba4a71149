import {type AppState, type Step} from './app-state.js';
import {type Focus, type Move} from './keymap.js';
import {type KeyPress} from './keys.js';
import {densities} from './layout.js';
import {modelPickerOf} from './overlays/model-picker.js';
import {type Request} from './requests.js';
import {scrolled, type ScrollBy} from './scroll.js';
import {type View} from './view.js';

type Context = {readonly key: KeyPress; readonly view: View};

/**
Move about the screen, or reach for the instance that is picked.
*/
export function moveStep(
	state: AppState,
	move: Exclude<Move, 'close' | 'interrupt' | 'leave-if-empty'>,
	{key, view}: Context,
): Step {
	switch (move) {
		case 'focus-next':
		case 'focus-previous': {
			return stay({
				...state,
				zoom: null,
				focus: nextFocus(state, move === 'focus-next' ? 1 : -1),
			});
		}

		case 'pane-left':
		case 'pane-right':
		case 'pane-up':
		case 'pane-down':
		case 'pane-first':
		case 'pane-last':
		case 'pane-number': {
			return stay({...state, pane: paneAfter(state, move, {key, view})});
		}

		case 'zoom': {
			return stay({
				...state,
				zoom: {
					what: state.focus === 'arbiter' ? 'arbiter' : 'pane',
					scroll: {top: null},
				},
			});
		}

		case 'sparser':
		case 'denser': {
			const index = densities.indexOf(state.density ?? view.density);
			const by = move === 'sparser' ? -1 : 1;
			return stay({
				...state,
				density: densities[index + by] ?? densities[index]!,
			});
		}

		case 'line-up':
		case 'line-down':
		case 'page-up':
		case 'page-down':
		case 'start':
		case 'end': {
			return stay(scrolledBy(state, move, view));
		}

		case 'switch-number': {
			const choice = state.choices[Number(key.chord.at(-1)) - 1];
			return choice
				? {state, requests: [{type: 'switch', choice}]}
				: stay(state);
		}

		case 'continue-reading': {
			const {reading} = state;
			return reading
				? {
						state,
						requests: [{type: 'continue', id: reading.id, afterTurn: null}],
					}
				: stay(state);
		}

		case 'answer-view': {
			const answer = state.turns.at(-1)?.result?.answer;
			return answer
				? {state, requests: [{type: 'view', text: answer}]}
				: stay(state);
		}

		case 'pane-stop':
		case 'pane-retry':
		case 'pane-leave-out':
		case 'pane-swap':
		case 'pane-copy':
		case 'pane-view': {
			return paneStep(state, move);
		}
	}
}

const stay = (state: AppState): Step => ({state, requests: []});

function nextFocus({instances, turns, focus}: AppState, by: 1 | -1): Focus {
	const order: Focus[] = [
		'composer',
		...(instances.length > 0 ? (['grid', 'arbiter'] as const) : []),
		...(turns.length > 0 ? (['transcript'] as const) : []),
	];
	const index = Math.max(0, order.indexOf(focus));
	return order[(index + by + order.length) % order.length]!;
}

function paneAfter(
	{pane, instances}: AppState,
	move: Move,
	{key, view}: Context,
): number {
	const last = Math.max(0, instances.length - 1);
	const to = {
		'pane-left': pane - 1,
		'pane-right': pane + 1,
		'pane-up': pane - view.gridColumns,
		'pane-down': pane + view.gridColumns,
		'pane-first': 0,
		'pane-last': last,
		'pane-number': Number(key.chord) - 1,
	}[move as 'pane-left'];

	return to < 0 || to > last ? pane : to;
}

function scrolledBy(state: AppState, by: ScrollBy, view: View): AppState {
	const {zoom, reading, transcript} = state;

	if (zoom) {
		const scroll = scrolled(zoom.scroll, by, view.zoom);
		return {...state, zoom: {...zoom, scroll}};
	}

	if (reading) {
		const scroll = scrolled(reading.scroll, by, view.transcript);
		return {...state, reading: {...reading, scroll}};
	}

	// While the grid has the space, the transcript must be shown first.
	return view.transcript.visible === 0
		? {...state, ...(state.turns.length > 0 && {focus: 'transcript'})}
		: {...state, transcript: scrolled(transcript, by, view.transcript)};
}

function paneStep(state: AppState, move: `pane-${string}`): Step {
	const instance = state.instances[state.pane];

	if (instance === undefined || state.zoom?.what === 'arbiter') {
		return stay(state);
	}

	const ask = (request: Request): Step => ({state, requests: [request]});

	switch (move) {
		case 'pane-stop': {
			return ask({type: 'stop', instance});
		}

		case 'pane-retry': {
			return ask({type: 'retry', instances: [instance]});
		}

		case 'pane-leave-out': {
			return ask({type: 'leave-out', instance});
		}

		case 'pane-copy': {
			return ask({type: 'copy-pane', instance});
		}

		case 'pane-view': {
			return ask({type: 'view-pane', instance});
		}

		default: {
			return {
				state: {
					...state,
					overlays: [
						...state.overlays,
						modelPickerOf(instance, state.choice?.consortium ?? null),
					],
				},
				requests: [{type: 'load', what: {kind: 'models'}}],
			};
		}
	}
}
