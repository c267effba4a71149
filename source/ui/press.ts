import {type AppState, type Step} from './app-state.js';
import {commandStep, slashStep, unknownCommand} from './command-step.js';
import {commands} from './commands.js';
import {
	clearComposer,
	composerWith,
	isEmpty,
	pressComposer,
} from './composer/composer.js';
import {openMenu} from './composer/completion.js';
import {bindingFor, type Binding, type Place} from './keymap.js';
import {type KeyPress} from './keys.js';
import {moveStep} from './move-step.js';
import {pressOverlay} from './overlays/overlay.js';
import {slashCommandsFor} from './slash-commands.js';
import {spentOf} from './spent.js';
import {type View} from './view.js';

/**
What a key does to the screen: a function of the live state, so that no key is lost however fast they come.
*/
export function pressKey(before: AppState, key: KeyPress, view: View): Step {
	const state = leaving.has(key.chord)
		? {...before, escapes: before.escapes + 1}
		: before;

	if (state.overlays.length > 0) {
		return overlayStep(state, key, view);
	}

	if (
		state.zoom === null &&
		state.reading === null &&
		state.focus === 'composer'
	) {
		const step = composerStep(state, key, view);

		if (step) {
			return step;
		}
	}

	const binding = bindingFor(key.chord, placesOf(state));

	if (binding) {
		return bindingStep(state, binding, {key, view});
	}

	const isInBox = state.focus === 'composer' && !state.zoom && !state.reading;

	// What is pasted is meant for the box, and a slash begins a command, wherever the focus is.
	return !isInBox && (key.chord === 'paste' || key.chord === '/')
		? pressKey(
				{...state, zoom: null, reading: null, focus: 'composer'},
				key,
				view,
			)
		: stay(state);
}

const leaving = new Set(['escape', 'ctrl+c']);

const stay = (state: AppState): Step => ({state, requests: []});

function placesOf({zoom, reading, focus}: AppState): readonly Place[] {
	if (zoom?.what === 'arbiter') {
		return ['zoom', 'arbiter', 'anywhere'];
	}

	const focused = reading ? 'reading' : focus;
	return [zoom ? 'zoom' : focused, 'anywhere'];
}

/**
Overlays that show keys of their own for F1.
*/
const ownKeys = new Set(['help', 'review']);

function overlayStep(before: AppState, key: KeyPress, view: View): Step {
	const state = withoutTrouble(before);

	if (key.chord === 'f1' && !ownKeys.has(state.overlays.at(-1)!.type)) {
		return commandStep(state, 'help');
	}

	if (key.chord === 'ctrl+z' || key.chord === 'ctrl+l') {
		return commandStep(state, key.chord === 'ctrl+z' ? 'suspend' : 'redraw');
	}

	const {overlays, columns} = state;
	const {overlay, opens, command, requests} = pressOverlay(
		overlays.at(-1)!,
		// An overlay may have something to ask before it closes.
		key.chord === 'ctrl+c' ? {chord: 'escape', text: ''} : key,
		{
			columns,
			rows: view.overlayRows,
			screen: spentOf(state, view.picture),
		},
	);
	const next = {
		...state,
		overlays: [
			...overlays.slice(0, -1),
			...(overlay ? [overlay] : []),
			...(opens ? [opens] : []),
		],
	};

	if (command === undefined) {
		return {state: next, requests: requests ?? []};
	}

	const {slash, argument} = commands.find(({id}) => id === command)!;

	// What needs an argument is completed in the box.
	return slash !== null && argument !== null && !argument.startsWith('[')
		? stay({
				...next,
				focus: 'composer',
				composer: {
					...composerWith(state.composer, `/${slash} `),
					menu: openMenu,
				},
			})
		: commandStep(next, command);
}

/**
What went wrong was told for the key before.
*/
function withoutTrouble(state: AppState): AppState {
	const tone = state.notice?.tone;
	return tone === 'bad' || tone === 'warn' ? {...state, notice: null} : state;
}

/**
What the composer makes of a key; null for a key it has no use for.
*/
function composerStep(state: AppState, key: KeyPress, view: View): Step | null {
	const step = pressComposer(state.composer, key, {
		width: view.composerWidth,
		commands: slashCommandsFor(state),
	});

	if (!step) {
		return null;
	}

	const next = {...state, composer: step.composer, leaveOfferedAt: null};

	return step.event ? submitted(next, step.event.text, state) : stay(next);
}

export function submitted(
	state: AppState,
	text: string,
	before: AppState = state,
): Step {
	// What is typed behind /key may be one.
	const kept = /^\/key\s/.test(text) ? '/key' : text;
	const remember = {type: 'remember', text: kept} as const;

	if (/^\/[a-z-]+(?:\s|$)/.test(text)) {
		const step = slashStep(state, text);

		return step
			? {...step, requests: [remember, ...step.requests]}
			: stay({
					...before,
					notice: {text: unknownCommand(text), tone: 'warn'},
				});
	}

	return state.running
		? {
				state: {...state, queue: [...state.queue, text]},
				requests: [remember],
			}
		: {state, requests: [remember, {type: 'send', text}]};
}

const leaveWithinMs = 2000;

function bindingStep(
	state: AppState,
	{does}: Binding,
	{key, view}: {readonly key: KeyPress; readonly view: View},
): Step {
	switch (does) {
		case 'interrupt': {
			return interrupted(state, view.now);
		}

		case 'leave-if-empty': {
			return isEmpty(state.composer)
				? commandStep(state, 'leave')
				: stay(state);
		}

		case 'close': {
			return closed(state);
		}

		default: {
			return commands.some(({id}) => id === does)
				? commandStep(state, does as (typeof commands)[number]['id'])
				: moveStep(state, does as Parameters<typeof moveStep>[1], {key, view});
		}
	}
}

function closed(state: AppState): Step {
	if (state.zoom) {
		return stay({...state, zoom: null});
	}

	if (state.reading) {
		return stay({...state, reading: null});
	}

	// One press too many in the panes must not cost a run.
	if (state.focus !== 'composer') {
		return stay({...state, focus: 'composer'});
	}

	return state.running
		? commandStep(state, 'cancel')
		: stay({...state, notice: null});
}

/**
Ctrl+C: cancel the run; else clear what is typed, which Up brings back; else leave, when it is pressed twice.
*/
function interrupted(state: AppState, now: number): Step {
	const {running, composer, leaveOfferedAt} = state;

	if (running && !running.isCancelling) {
		return commandStep(state, 'cancel');
	}

	if (!isEmpty(composer)) {
		return stay({...state, composer: clearComposer(composer)});
	}

	return leaveOfferedAt !== null && now - leaveOfferedAt <= leaveWithinMs
		? {state, requests: [{type: 'leave'}]}
		: stay({
				...state,
				leaveOfferedAt: now,
				notice: {text: 'Press Ctrl+C again to leave.', tone: 'plain'},
			});
}
