import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {UserError} from '../core/user-error.js';
import {type Place} from './command.js';

/**
Open a file in the editor of the person, and wait until it is closed. The variable is a command with arguments of its own, for the shell to read. `hints` say how to start again with an editor, and what to do without one.

@throws UserError when there is no editor, or it fails.
*/
export async function openEditor(
	file: string,
	environment: Place['environment'],
	hints: {readonly start: string; readonly instead: string},
): Promise<void> {
	const editor = [environment['VISUAL'], environment['EDITOR']].find(
		command => (command ?? '').trim() !== '',
	);

	if (editor === undefined) {
		throw new UserError(
			'There is no editor: neither VISUAL nor EDITOR is set.',
			`For example: ${hints.start}   ${hints.instead}`.trim(),
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
				`Another: ${hints.start}`,
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
