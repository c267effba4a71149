import process from 'node:process';
import {fileURLToPath} from 'node:url';
import pty from '@lydell/node-pty';
import {UnicodeGraphemesAddon} from '@xterm/addon-unicode-graphemes';
import xterm, {type IBuffer} from '@xterm/headless';
import {emptyFolder} from './program.js';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/**
Long enough for the slowest machine: it is there for the message, which shows the screen.
*/
const patienceMs = 120_000;

export type Screen = {
	/**
	What a person sees, and what scrolled away above it, without trailing space.
	*/
	readonly text: () => string;

	/**
	The rows a person sees, as many as the terminal has.
	*/
	readonly rows: () => string[];
	readonly cursor: () => {readonly x: number; readonly y: number};

	/**
	The other screen, which full-screen programs use.
	*/
	readonly isAlternate: () => boolean;
	readonly buffer: () => IBuffer;

	/**
	Every byte the program wrote.
	*/
	readonly raw: () => string;
	readonly until: (pattern: RegExp) => Promise<void>;
	readonly press: (keys: string) => void;
	/**
	Wait until the screen is as `isReached` wants it.
	*/
	readonly when: (isReached: () => boolean) => Promise<void>;
	readonly pid: number;
	readonly kill: () => void;
	readonly resize: (columns: number, rows: number) => void;
	readonly ended: Promise<number>;
};

/**
Run the built program in a real terminal, a script of the tests from its source, or any other command, with a screen to read.
*/
export function startOnScreen(
	words: readonly string[],
	{
		env = {},
		columns = 80,
		rows = 24,
		script = null,
		command = null,
	}: {
		readonly env?: Readonly<Record<string, string>>;
		readonly columns?: number;
		readonly rows?: number;
		readonly script?: URL | null;
		readonly command?: readonly [string, ...string[]] | null;
	} = {},
): Screen {
	const terminal = new xterm.Terminal({
		cols: columns,
		rows,
		allowProposedApi: true,
	});
	// Without it, widths are those of Unicode 6, and a row with a newer sign looks broken.
	terminal.loadAddon(new UnicodeGraphemesAddon());
	terminal.unicode.activeVersion = '15-graphemes';
	const started = script ? ['--import=tsx', fileURLToPath(script)] : [program];
	const [file, ...argv] = command ?? [process.execPath, ...started, ...words];
	const child = pty.spawn(file, argv, {
		cols: columns,
		rows,
		name: env['TERM'] ?? 'xterm-256color',
		env: {
			PATH: process.env['PATH']!,
			HOME: emptyFolder(),
			CONSORTIUM_TUI_HOME: emptyFolder(),
			...env,
		},
	});
	let raw = '';
	let hasEnded = false;
	let wake: () => void = () => undefined;

	child.onData(data => {
		raw += data;
		terminal.write(data, () => {
			wake();
		});
	});

	// What the program asks of the terminal is answered.
	terminal.onData(data => {
		child.write(data);
	});

	const ended = new Promise<number>(resolve => {
		child.onExit(({exitCode}) => {
			hasEnded = true;
			// What was written last may still be on its way to the screen.
			terminal.write('', () => {
				wake();
				resolve(exitCode);
			});
		});
	});

	const text = () => {
		const {active} = terminal.buffer;

		return Array.from(
			{length: active.length},
			(_, row) => active.getLine(row)?.translateToString(true) ?? '',
		)
			.join('\n')
			.trimEnd();
	};

	const when = async (isReached: () => boolean, what: string) => {
		const given = performance.now() + patienceMs;

		// A frame is shown when the whole of it has come, as a terminal does.
		const isShown = () => hasEnded || !terminal.modes.synchronizedOutputMode;

		while (!(isShown() && isReached())) {
			if (hasEnded) {
				throw new Error(`It ended before ${what}:\n${text()}`);
			}

			if (performance.now() > given) {
				throw new Error(`This never came: ${what}\n${text()}`);
			}

			const {promise, resolve} = Promise.withResolvers<void>();
			const timer = setTimeout(resolve, patienceMs);
			wake = resolve;
			await promise;
			clearTimeout(timer);
		}
	};

	return {
		text,
		rows() {
			const {active} = terminal.buffer;

			return Array.from(
				{length: terminal.rows},
				(_, row) =>
					active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
			);
		},
		cursor() {
			const {cursorX: x, cursorY: y} = terminal.buffer.active;
			return {x, y};
		},
		isAlternate: () => terminal.buffer.active.type === 'alternate',
		buffer: () => terminal.buffer.active,
		raw: () => raw,
		until: async pattern => when(() => pattern.test(text()), String(pattern)),
		when: async isReached => when(isReached, String(isReached)),
		pid: child.pid,
		kill() {
			if (!hasEnded) {
				child.kill('SIGKILL');
			}
		},
		press(keys) {
			child.write(keys);
		},
		resize(newColumns, newRows) {
			terminal.resize(newColumns, newRows);
			child.resize(newColumns, newRows);
		},
		ended,
	};
}
