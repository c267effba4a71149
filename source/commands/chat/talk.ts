import {createInterface} from 'node:readline';
import {createProgressLines} from '../../output/progress-lines.js';
import {summaryLine, warningLines} from '../../output/summary.js';
import {plain} from '../../text/plain.js';
import {createApp, type App} from '../../ui/app.js';
import {type AppState} from '../../ui/app-state.js';
import {overlayWords} from '../../ui/overlay-words.js';
import {type Terminal} from '../../ui/terminal.js';
import {type TurnView} from '../../ui/turn-view.js';
import {type ChatFlags} from '../chat.js';
import {type Place} from '../command.js';
import {suspend, watchEnding} from './ending.js';
import {createServices} from './services.js';

/**
The app in lines, for screen readers and terminals that cannot draw: what is typed line by line is asked or, behind a slash, done; what happens is told, a line for each thing, and nothing is ever redrawn.
*/
export async function talk(
	prompt: string | null,
	flags: ChatFlags,
	place: Place,
): Promise<number> {
	const say = (text: string) => {
		place.stdout.write(`${plain(text)}\n`);
	};

	const progress = createProgressLines(say);
	const {services, close} = createServices(place, flags, {onNotice: say});
	const left = Promise.withResolvers<void>();
	const lines = createInterface({input: place.stdin, terminal: false});
	const app = createApp({
		services: {
			...services,
			run: async (request, listen) =>
				services.run(request, event => {
					progress(event);
					listen(event);
				}),
		},
		terminal: bareTerminal({
			leave: left.resolve,
			pause() {
				lines.pause();
			},
			resume() {
				lines.resume();
			},
		}),
		size: {columns: 80, rows: 24},
		now: Date.now,
	});
	const ending = watchEnding(kind => {
		const isInterrupt = kind === 'person';

		// As in the app: the first time it ends what goes on.
		if (isInterrupt && app.store.state().running) {
			ending.forget();
			app.store.request({type: 'cancel'});
		} else {
			left.resolve();
		}
	});
	tellChanges(app, say);
	lines.on('line', line => {
		if (line.trim() !== '') {
			app.store.submit(line.trim());
		}
	});
	lines.once('close', left.resolve);
	say(
		'Type a question and press Enter; /help lists the commands, /quit leaves.',
	);

	try {
		await app.open(prompt);
		await left.promise;
		await app.close('person');
		return ending.exitCode();
	} finally {
		lines.close();
		ending.close();
		await close();
	}
}

/**
Tell what changes in the state: notices, answers, and what would open above the chat, in words.
*/
function tellChanges(app: App, say: (text: string) => void): void {
	const {store} = app;
	let before: AppState = store.state();

	store.subscribe(() => {
		const state = store.state();
		const earlier = before;
		before = state;
		const turn = state.turns.at(-1);

		if (state.notice && state.notice !== earlier.notice) {
			say(state.notice.text);
		}

		if (state.choice && !earlier.choice) {
			say(`Consortium: ${state.choice.consortium.name}`);
		}

		if (turn && turn !== earlier.turns.at(-1) && turn.rating === null) {
			sayTurn(turn, say);
		}

		if (state.queue.length > earlier.queue.length) {
			say(`Queued: ${state.queue.at(-1)!}`);
		}

		const overlay = state.overlays.at(-1);

		if (overlay) {
			const words = overlayWords(overlay, {
				turns: state.runs,
				picture: app.runs.picture(),
			});

			if (words !== null) {
				store.closeOverlay();
				say(words);
			}
		}
	});
}

function sayTurn({result}: TurnView, say: (text: string) => void): void {
	if (!result) {
		return;
	}

	say(result.answer === null ? '\nNo answer.' : `\n${result.answer.trim()}\n`);

	for (const line of [...warningLines(result), summaryLine(result)]) {
		say(line);
	}
}

/**
Titles, bells and the clipboard belong to screens; what is left can be suspended and lent.
*/
function bareTerminal({
	leave,
	pause,
	resume,
}: {
	readonly leave: () => void;
	readonly pause: () => void;
	readonly resume: () => void;
}): Terminal {
	return {
		title() {},
		notify() {},
		copy: () => false,
		redraw() {},
		suspend,
		async lend(work) {
			pause();

			try {
				return await work();
			} finally {
				resume();
			}
		},
		leave,
	};
}
