import {type AppAction} from './app-action.js';
import {turnsAfter} from './turn-view.js';
import {type AppState, type Step} from './app-state.js';
import {composerWith, prepended, withHistory} from './composer/composer.js';
import {overlayLoaded} from './overlays/overlay.js';
import {type Loaded, type Request} from './requests.js';

/**
Fold what happened outside into the state of the screen; keys are in `press.ts`.
*/
export function reduceApp(state: AppState, action: AppAction): Step {
	return action.type === 'loaded'
		? reduceLoaded(state, action.loaded)
		: {state: {...state, ...changed(state, action)}, requests: []};
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
				conversationId: action.conversationId,
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
				composer: prepended(state.composer, action.text),
			};
		}

		case 'found': {
			return {choices: [...state.choices, action.choice]};
		}

		case 'unqueued': {
			return unqueued(state);
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
				conversationId: null,
				turns: [],
				runs: [],
				focus: 'composer',
				pane: 0,
				zoom: null,
				transcript: {top: null},
				reading: null,
				notice: null,
			};
		}

		case 'continued': {
			return continued(state, action);
		}

		case 'asked': {
			return {overlays: [...state.overlays, action.overlay]};
		}

		case 'reading': {
			return {
				reading: {
					id: action.id,
					turns: action.turns,
					scroll: {top: action.top},
					words: action.words,
				},
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
What is typed and queued is for whichever conversation goes on.
*/
function continued(
	state: AppState,
	{
		conversationId,
		turns,
		runs,
		instances,
		choice,
		notice,
	}: Extract<AppAction, {type: 'continued'}>,
): Partial<AppState> {
	return {
		conversationId,
		turns,
		runs,
		instances,
		...(choice && {choice, isKeyless: false}),
		focus: 'composer',
		pane: 0,
		zoom: null,
		transcript: {top: null},
		reading: null,
		overlays: state.overlays.filter(
			({type}) => type !== 'conversations' && type !== 'fork',
		),
		notice,
	};
}

/**
What was queued behind a cancelled run comes back into the box, so that it is neither lost nor sent.
*/
function ended(
	state: AppState,
	{turn, isCancelled, top}: Extract<AppAction, {type: 'ended'}>,
): Partial<AppState> {
	return {
		running: null,
		// Whoever ended it goes on typing.
		...(isCancelled && {focus: 'composer', zoom: null}),
		turns: turn ? turnsAfter(state.turns, turn) : state.turns,
		runs: turn
			? [...state.runs.filter(({runId}) => runId !== turn.runId), turn]
			: state.runs,
		transcript: {top},
		...(isCancelled && unqueued(state)),
	};
}

function unqueued({queue, composer}: AppState): Partial<AppState> {
	return queue.length === 0
		? {}
		: {queue: [], composer: prepended(composer, queue.join('\n\n'))};
}

function reduceLoaded(state: AppState, news: Loaded): Step {
	const loaded = withFound(state, news);
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
What was found on this machine stays a choice beside those that are saved.
*/
function withFound({choices}: AppState, loaded: Loaded): Loaded {
	return loaded.kind === 'consortiums'
		? {
				...loaded,
				choices: [
					...loaded.choices,
					...choices.filter(({kind}) => kind === 'chosen'),
				],
			}
		: loaded;
}
