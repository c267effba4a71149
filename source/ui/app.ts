import {type AbortKind} from '../core/abort.js';
import {firstState, unsent} from './app-state.js';
import {createAppStore, type AppStore} from './app-store.js';
import {goOnWith} from './converse.js';
import {perform} from './perform.js';
import {createRunStore, type RunStore} from './run-store.js';
import {createRunner} from './runner.js';
import {viewOf} from './screen.js';
import {sentenceOf} from './sentence.js';
import {type Services} from './services.js';
import {type Terminal} from './terminal.js';

/**
The app without its screen: state, run and verbs.
*/
export type App = {
	readonly store: AppStore;
	readonly runs: RunStore;

	/**
	Read what is configured, go on with the conversation that is wanted (an id or its beginning, or `latest`), and send the first question when there is one, but not to another conversation. To be called when the first frame is out.
	*/
	readonly open: (
		prompt: string | null,
		wanted?: string | null,
	) => Promise<void>;

	/**
	Something outside has a word for the person.
	*/
	readonly tell: (text: string) => void;

	/**
	Keep what is typed in the history, cancel what goes on, and wait for its end, but not for ever.
	*/
	readonly close: (kind: AbortKind) => Promise<void>;
};

const noticeMs = 12_000;
const closingMs = 3000;

export function createApp({
	services,
	terminal,
	size,
	now,
}: {
	readonly services: Services;
	readonly terminal: Terminal;
	readonly size: {readonly columns: number; readonly rows: number};
	readonly now: () => number;
}): App {
	const runs = createRunStore({
		now,
		earlier: () => store.state().runs.map(({picture}) => picture),
	});

	const tell = (text: string, tone: 'warn' | 'bad') => {
		store.dispatch({type: 'told', notice: {text, tone}});
	};

	const store: AppStore = createAppStore(firstState(size), {
		viewOf: state => viewOf(state, runs, now()),
		perform(request) {
			perform(request, surroundings).catch((error: unknown) => {
				tell(sentenceOf(error), 'bad');
			});
		},
	});
	const runner = createRunner({services, store, runs, terminal});
	const surroundings = {services, store, runs, runner, terminal};
	forgetNotices(store);
	keepTime(store, now);

	return {
		store,
		runs,
		tell(text) {
			tell(text, 'warn');
		},
		async open(prompt, wanted = null) {
			if (prompt !== null) {
				store.dispatch({type: 'queued', text: prompt});
			}

			try {
				const opening = await services.open(wanted);
				const {continued} = opening;
				store.dispatch({type: 'opened', opening});

				if (continued) {
					goOnWith(
						{
							...continued,
							notices: [...opening.notices, ...continued.notices],
						},
						surroundings,
					);
				} else if (wanted !== null) {
					store.dispatch({type: 'unqueued'});
				}

				runner.goOn();
				store.dispatch({type: 'history', entries: await services.history()});
				store.dispatch({
					type: 'loaded',
					loaded: {kind: 'consortiums', choices: await services.consortiums()},
				});
				const choice = opening.isKeyless ? await services.findLocal() : null;

				if (choice) {
					store.dispatch({type: 'found', choice});
				}
			} catch (error) {
				tell(sentenceOf(error), 'bad');
			}
		},
		async close(kind) {
			const text = unsent(store.state());

			if (text !== '') {
				await services.remember(text).catch(() => {});
			}

			runner.cancel(kind);
			await Promise.race([
				runner.settled(),
				new Promise(resolve => {
					setTimeout(resolve, closingMs).unref();
				}),
			]);
		},
	};
}

const tickMs = 1000;

/**
A clock for what counts down, which stands still while nothing does.
*/
function keepTime(
	{state, subscribe, dispatch}: AppStore,
	now: () => number,
): void {
	let timer: NodeJS.Timeout | null = null;
	const tick = () => {
		dispatch({type: 'loaded', loaded: {kind: 'time', now: now()}});
	};

	subscribe(() => {
		const isWanted = state().overlays.at(-1)?.type === 'costs';

		if (isWanted && timer === null) {
			timer = setInterval(tick, tickMs).unref();
			tick();
		} else if (!isWanted && timer !== null) {
			clearInterval(timer);
			timer = null;
		}
	});
}

/**
A notice goes away by itself.
*/
function forgetNotices({state, subscribe, dispatch}: AppStore): void {
	let shown = state().notice;

	subscribe(() => {
		const {notice} = state();

		if (notice !== shown) {
			shown = notice;

			if (notice) {
				setTimeout(() => {
					if (state().notice === notice) {
						dispatch({type: 'told', notice: null});
					}
				}, noticeMs).unref();
			}
		}
	});
}
