import {createInterface} from 'node:readline';
import {createProgressLines} from '../../output/progress-lines.js';
import {summaryLine, warningLines} from '../../output/summary.js';
import {plain} from '../../text/plain.js';
import {createApp, type App} from '../../ui/app.js';
import {type AppState} from '../../ui/app-state.js';
import {continuation} from '../../ui/leaving.js';
import {type Overlay} from '../../ui/overlays/overlay.js';
import {overlayWords} from '../../ui/overlay-words.js';
import {spentOf} from '../../ui/spent.js';
import {type Terminal} from '../../ui/terminal.js';
import {type TurnView} from '../../ui/turn-view.js';
import {type ChatFlags, type First} from '../chat.js';
import {type Place} from '../command.js';
import {suspend, watchEnding} from './ending.js';
import {createServices} from './services.js';

/**
The app in lines, for screen readers and terminals that cannot draw: what is typed line by line is asked or, behind a slash, done; what happens is told, a line for each thing, and nothing is ever redrawn.
*/
export async function talk(
	{prompt, continueWith}: First,
	flags: ChatFlags,
	place: Place,
): Promise<number> {
	const say = (text: string) => {
		place.stdout.write(`${plain(text)}\n`);
	};

	const progress = createProgressLines(say);
	const {services, close} = createServices(place, flags, {onNotice: say});
	const left = Promise.withResolvers<void>();
	let cancelledAt = 0;
	const lines = createInterface({input: place.stdin, terminal: false});
	const app = createApp({
		services: {
			...services,
			run: async (request, listen) =>
				services.run(request, event => {
					progress.listen(event);
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
		const isRunning = app.store.state().running !== null;
		const isEcho = Date.now() - cancelledAt < echoMs;

		// As in the app: the first time it ends what goes on.
		if (isInterrupt && (isRunning || isEcho)) {
			ending.forget();

			if (isRunning) {
				cancelledAt = Date.now();
				app.store.request({type: 'cancel'});
			}
		} else {
			left.resolve();
		}
	});
	const leaveOrTell = (text: string) => {
		if (text === '/quit') {
			left.resolve();
		} else {
			say('There is no clipboard here; select the answer above.');
		}
	};

	const answer = tellChanges(app, say);
	lines.on('line', line => {
		// Keys that a line has no use for.
		const text = line.replaceAll(/\p{Cc}/gv, '').trim();

		if (answer(text)) {
			return;
		}

		if (looksLikeKey.test(text)) {
			say(
				'That looks like a key, and was neither sent nor kept. Leave, and store it with: consortium-tui keys set PROVIDER',
			);
		} else if (/^\/(?:quit|copy)$/.test(text)) {
			leaveOrTell(text);
		} else if (text !== '') {
			app.store.submit(text);
		}
	});
	lines.once('close', left.resolve);
	say(
		'Type a question and press Enter; /help lists the commands, /quit leaves.',
	);

	try {
		await app.open(prompt, continueWith);
		await left.promise;
		await app.close('person');
		sayContinuation(app, say);
		return ending.exitCode();
	} finally {
		lines.close();
		ending.close();
		const loss = await close();

		if (loss !== null) {
			say(loss);
		}
	}
}

/**
A library that writes files passes each signal on once more, a moment later.
*/
const echoMs = 1000;

const looksLikeKey =
	/^(?:sk|pk|rk|gsk|xai|pplx|nvapi|hf|r8|tgp)[-_][\w*.-]{12,}$|^aiza[\w-]{20,}$/i;

function sayContinuation({store}: App, say: (text: string) => void): void {
	const command = continuation(store.state());

	if (command !== null) {
		say(`Continue with: ${command}`);
	}
}

/**
Tell what changes in the state: notices, answers, and what would open above the chat, in words. What is returned takes the next line where a question was put, and is true then.
*/
function tellChanges(
	app: App,
	say: (text: string) => void,
): (text: string) => boolean {
	const {store} = app;
	let before: AppState = store.state();
	let asked: Overlay | null = null;

	store.subscribe(() => {
		const state = store.state();
		const earlier = before;
		before = state;
		const turn = state.turns.at(-1);

		if (!state.running && asked?.type === 'trust') {
			asked = null;
		}

		if (state.notice && state.notice !== earlier.notice) {
			say(state.notice.text);
		}

		if (state.choice && !earlier.choice) {
			say(`Consortium: ${state.choice.consortium.name}`);
		}

		if (turn && turn !== earlier.turns.at(-1) && turn.rating === null) {
			// What was not asked just now came with a conversation that goes on.
			if (!earlier.running) {
				say(`> ${turn.prompt}`);
			}

			sayTurn(turn, say);
		}

		if (state.queue.length > earlier.queue.length) {
			say(`Queued: ${state.queue.at(-1)!}`);
		}

		const overlay = state.overlays.at(-1);

		if (overlay) {
			const words = overlayWords(overlay, spentOf(state, app.runs.picture()));

			if (words !== null) {
				asked = overlay;
				store.closeOverlay();
				say(words);
			}
		}
	});

	return text => {
		const question = asked;
		const isYes = /^y(?:es)?$/i.test(text);
		asked = null;

		if (question?.type === 'trust') {
			store.request({type: 'trust', isTrusted: isYes});
			return true;
		}

		const request = question?.type === 'confirm' ? question.request : null;

		if (request && isYes) {
			store.request(request);
		}

		return request !== null && /^(?:y(?:es)?|no?)?$/i.test(text);
	};
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
