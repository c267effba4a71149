import process from 'node:process';
import pty from '@lydell/node-pty';

export const program = 'dist/cli.js';

/**
The app in a terminal: until its first frame is on it, and until it knows whom it asks.
*/
export async function openApp(
	home: string,
): Promise<{frameMs: number; knownMs: number}> {
	const from = performance.now();
	const child = pty.spawn(process.execPath, [program], {
		cols: 120,
		rows: 36,
		name: 'xterm-256color',
		env: {PATH: process.env['PATH']!, HOME: home, CONSORTIUM_TUI_HOME: home},
	});
	const ended = new Promise<void>(resolve => {
		child.onExit(() => {
			resolve();
		});
	});
	let shown = '';
	let frameMs = 0;

	const knownMs = await new Promise<number>(resolve => {
		child.onData(data => {
			shown += data;

			if (frameMs === 0 && shown.includes('for commands')) {
				frameMs = performance.now() - from;
			}

			if (shown.includes('≥')) {
				resolve(performance.now() - from);
			}
		});
	});
	child.write('\u0004');
	await ended;
	return {frameMs, knownMs};
}
