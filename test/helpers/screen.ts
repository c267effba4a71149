import process from 'node:process';
import {fileURLToPath} from 'node:url';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {emptyFolder} from './program.js';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export type Screen = {
	/**
	What a person sees, without trailing space.
	*/
	readonly text: () => string;

	/**
	Every byte the program wrote.
	*/
	readonly raw: () => string;
	readonly until: (pattern: RegExp) => Promise<void>;
	readonly press: (keys: string) => void;
	readonly pid: number;
	readonly resize: (columns: number, rows: number) => void;
	readonly ended: Promise<number>;
};

/**
Run the built program in a real terminal, with a screen to read.
*/
export function startOnScreen(
	words: readonly string[],
	{
		env = {},
		columns = 80,
		rows = 24,
	}: {
		readonly env?: Readonly<Record<string, string>>;
		readonly columns?: number;
		readonly rows?: number;
	} = {},
): Screen {
	const terminal = new xterm.Terminal({
		cols: columns,
		rows,
		allowProposedApi: true,
	});
	const child = pty.spawn(process.execPath, [program, ...words], {
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

	return {
		text,
		raw: () => raw,
		async until(pattern) {
			while (!pattern.test(text())) {
				if (hasEnded) {
					throw new Error(`It ended before ${pattern}:\n${text()}`);
				}

				const {promise, resolve} = Promise.withResolvers<void>();
				wake = resolve;
				await promise;
			}
		},
		pid: child.pid,
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
