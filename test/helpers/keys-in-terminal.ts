import process from 'node:process';
import {fileURLToPath} from 'node:url';
import pty from '@lydell/node-pty';
import {type KeyPress} from '../../source/ui/keys.js';

const program = fileURLToPath(new URL('keys-app.tsx', import.meta.url));

/**
What a real terminal program hears when this is written to it, each piece after the one before has been heard.
*/
export async function keysInTerminal(
	pieces: readonly string[],
): Promise<KeyPress[]> {
	const {CI: _, ...env} = process.env;
	const child = pty.spawn(process.execPath, ['--import=tsx', program], {
		cols: 80,
		rows: 24,
		env,
	});
	let heard = '';
	let wake: () => void = () => undefined;

	child.onData(data => {
		heard += data;
		wake();
	});

	const ended = new Promise<void>(resolve => {
		child.onExit(() => {
			resolve();
		});
	});
	const next = async () => {
		const {promise, resolve} = Promise.withResolvers<void>();
		wake = resolve;
		await Promise.race([promise, ended]);
	};

	while (!heard.includes('ready')) {
		await next();
	}

	for (const piece of pieces) {
		const before = keysIn(heard).length;
		child.write(piece);

		while (keysIn(heard).length === before) {
			await next();
		}
	}

	child.write('\u0011');
	await ended;
	return keysIn(heard).filter(({chord}) => chord !== 'ctrl+q');
}

const keysIn = (heard: string) =>
	Array.from(
		heard.matchAll(/^.*?(\{"chord".*\})\r?$/gm),
		([, line]) => JSON.parse(line!) as KeyPress,
	);
