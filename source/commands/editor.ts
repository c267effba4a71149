import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {UserError} from '../core/user-error.js';
import {plain} from '../text/plain.js';
import {type Place} from './command.js';
import {confirm} from './confirm.js';

/**
Let a person edit a text in their editor until `accept` does not throw, or they give up: the exit code. The text is in a file only they can read; it is removed, except where it holds something that was not accepted.

@throws UserError when there is no editor, or it fails.
*/
export async function editText(
	place: Place,
	text: string,
	accept: (edited: string) => Promise<void>,
): Promise<number> {
	const {stderr} = place;
	const folder = await mkdtemp(path.join(tmpdir(), 'consortium-tui-'));
	const file = path.join(folder, 'consortium.json');
	const isUntouched = (edited: string) =>
		edited === text || edited.trim() === '';
	// Some editors replace the file, and a person may delete it.
	const readBack = async () => readFile(file, 'utf8').catch(() => '');
	let isDone = false;

	try {
		await writeFile(file, text, {mode: 0o600});

		while (true) {
			await openEditor(place, file);
			const edited = await readBack();

			if (isUntouched(edited)) {
				isDone = true;
				stderr.write('Nothing was changed.\n');
				return 0;
			}

			const mistake = await mistakeIn(async () => accept(edited));

			if (mistake === null) {
				isDone = true;
				return 0;
			}

			stderr.write(`${plain(mistake)}\n`);

			if (!(await confirm(place, 'Edit it again?'))) {
				return 2;
			}
		}
	} finally {
		if (isDone || isUntouched(await readBack())) {
			await rm(folder, {recursive: true});
		} else {
			stderr.write(`Nothing was changed. What you wrote is in ${file}\n`);
		}
	}
}

async function mistakeIn(work: () => Promise<void>): Promise<string | null> {
	try {
		await work();
		return null;
	} catch (error) {
		if (error instanceof UserError) {
			return [error.message, error.hint].filter(Boolean).join('\n');
		}

		throw error;
	}
}

/**
Open a file in the editor of the person, and wait until it is closed. The variable is a command with arguments of its own, for the shell to read.
*/
async function openEditor(
	{environment}: Pick<Place, 'environment'>,
	file: string,
): Promise<void> {
	const editor = [environment['VISUAL'], environment['EDITOR']].find(
		command => (command ?? '').trim() !== '',
	);

	if (editor === undefined) {
		throw new UserError(
			'There is no editor: neither VISUAL nor EDITOR is set.',
			'For example: EDITOR=nano consortium-tui edit NAME   Or change it by flags: consortium-tui edit --help',
		);
	}

	// Ctrl+C is for the editor.
	const ignore = () => {};
	process.on('SIGINT', ignore);

	try {
		const child = spawn(commandLine(editor, file), {
			shell: true,
			stdio: 'inherit',
			env: environment,
		});
		const [code, signal] = (await once(child, 'close')) as [
			number | null,
			NodeJS.Signals | null,
		];

		if (code !== 0) {
			throw new UserError(
				`The editor "${editor}" ended with ${signal ?? code}.`,
				'Another: EDITOR=nano consortium-tui edit NAME',
			);
		}
	} finally {
		process.off('SIGINT', ignore);
	}
}

/**
The line for the shell, which must outlive Ctrl+C: it is told how the editor ended.
*/
const commandLine = (editor: string, file: string) =>
	process.platform === 'win32'
		? `${editor} "${file}"`
		: `trap : INT; ${editor} '${file.replaceAll("'", String.raw`'\''`)}'`;
