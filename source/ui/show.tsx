import {render, type Instance} from 'ink';
import {type AbortKind} from '../core/abort.js';
import {backgroundQuery, createBackgroundReader} from './background.js';
import {createApp, type App} from './app.js';
import {type KeyPress} from './keys.js';
import {continuation, leavingText} from './leaving.js';
import {keepTitle, notification, titleSequence} from './sequences.js';
import {type Services} from './services.js';
import {type Surface} from './theme.js';
import {Root} from './root.js';
import {type Terminal} from './terminal.js';

export type Show = {
	readonly app: App;

	/**
	Resolves when the person left, or `leave` was called, and the terminal is as it was.

	@throws whatever a component threw: a bug.
	*/
	readonly ended: Promise<void>;

	/**
	The conversation as it is printed on the terminal in the end, also after a bug.
	*/
	readonly lastWords: () => string;

	/**
	Cancel what goes on, and give the terminal back.
	*/
	readonly leave: (kind: AbortKind) => void;

	/**
	Another program has the terminal, and what is pressed is for it.
	*/
	readonly isLent: () => boolean;
};

/**
Open the app on the terminal's other screen. The first frame waits for nothing but this module.
*/
export function show({
	services,
	prompt,
	continueWith,
	stdin,
	stdout,
	look,
	toClipboard,
	onSuspend,
}: {
	readonly services: Services;
	readonly prompt: string | null;

	/**
	The conversation to go on with: an id or its beginning, `latest`, or null for a new one.
	*/
	readonly continueWith: string | null;
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly look: Surface;

	/**
	What makes the terminal copy a text; null when it is too long for that.
	*/
	readonly toClipboard: (text: string) => string | null;

	/**
	Stop the program until it is continued.
	*/
	readonly onSuspend: () => Promise<void>;
}): Show {
	// While another program has the terminal, nothing of ours goes in between.
	const write = (text: string) => {
		if (!isLent) {
			stdout.write(text);
		}
	};

	const leaving = Promise.withResolvers<AbortKind>();
	let isLent = false;
	let lendTerminal: ((work: () => Promise<void>) => Promise<void>) | null =
		null;
	const isOfReply = createBackgroundReader(background => {
		app.store.dispatch({type: 'background', background});
	});
	const press = (key: KeyPress) => {
		if (!isOfReply(key)) {
			app.store.press(key);
		}
	};

	const root = () => (
		<Root
			app={app}
			look={look}
			press={press}
			onReady={suspendTerminal => {
				lendTerminal = suspendTerminal;
			}}
		/>
	);
	let instance: Instance | null = null;

	// The lines end where we say: a sign that a terminal draws wider than we know must not move all that follows.
	const keepLines = () => {
		write('\u001B[?7l');
	};

	const wrapLines = () => {
		write('\u001B[?7h');
	};

	const lend = async <Value,>(
		work: () => Promise<Value>,
	): Promise<Value | null> => {
		let outcome: Promise<Value> | null = null;
		await suspended(async () => {
			outcome = work();
			await outcome.catch(() => {});
		});
		return outcome;
	};

	/**
	One at a time: what comes while the terminal is lent is let go. What others left on the screen is drawn over.
	*/
	const suspended = async (work: () => Promise<void>) => {
		if (isLent || !lendTerminal) {
			return;
		}

		wrapLines();
		isLent = true;

		try {
			await lendTerminal(work);
		} finally {
			isLent = false;
			keepLines();
			terminal.redraw();
		}
	};

	const terminal: Terminal = {
		title(text) {
			write(titleSequence(text));
		},
		notify(text) {
			write(notification(text));
		},
		copy(text) {
			const sequence = toClipboard(text);
			write(sequence ?? '');
			return sequence !== null;
		},
		redraw() {
			write('\u001B[2J\u001B[H');
			instance?.clear();
			instance?.rerender(root());
		},
		suspend: async () => suspended(onSuspend),
		lend,
		leave() {
			leaving.resolve('person');
		},
	};

	const app = createApp({
		services,
		terminal,
		size: {columns: stdout.columns, rows: stdout.rows},
		now: Date.now,
	});

	// Ink does so only after the first frame, and what is typed until then would be the terminal's: echoed, and Ctrl+Z obeyed on its other screen.
	stdin.setRawMode(true);
	write(keepTitle);
	keepLines();
	instance = render(root(), {
		stdin,
		stdout,
		alternateScreen: true,
		incrementalRendering: true,
		maxFps: 60,
		exitOnCtrlC: false,
		kittyKeyboard: {mode: 'auto'},
	});
	const shown = instance;

	setImmediate(() => {
		if (!look.isPlain && look.background === null) {
			write(backgroundQuery);
		}

		void app.open(prompt, continueWith);
	});

	const finish = async () => {
		try {
			const kind = await Promise.race([
				leaving.promise,
				// A component that throws ends the app, and with it what goes on.
				shown.waitUntilExit().then(() => 'person' as const),
			]);
			await app.close(kind);
		} finally {
			shown.unmount();
			write(titleSequence(null));
			wrapLines();
		}
	};

	return {
		app,
		ended: finish(),
		lastWords: () =>
			leavingText(app.store.state().turns, {
				width: stdout.columns,
				continueWith: continuation(app.store.state()),
			}),
		leave: leaving.resolve,
		isLent: () => isLent,
	};
}
