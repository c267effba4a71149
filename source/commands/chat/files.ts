import {rm, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import {type RunState} from '../../core/run-state.js';
import {UserError} from '../../core/user-error.js';
import {type Place} from '../command.js';
import {openEditor} from '../open-editor.js';
import {createTextFile} from '../text-file.js';

const hints = {start: 'EDITOR=nano consortium-tui', instead: ''};

/**
Let a person edit a text in their editor; null when it was left as it was. What an editor that failed leaves behind is kept in its file.

@throws UserError when there is no editor, or it fails.
*/
export async function editText(
	{environment}: Place,
	text: string,
): Promise<string | null> {
	const file = await createTextFile('text.md', text);
	const readBack = async () => withoutAddedBreak(await file.read(), text);

	try {
		await openEditor(file.path, environment, hints);
	} catch (error) {
		if (error instanceof UserError && ![text, ''].includes(await readBack())) {
			throw new UserError(error.message, `What you wrote is in ${file.path}`, {
				cause: error,
			});
		}

		await file.remove();
		throw error;
	}

	const edited = await readBack();
	await file.remove();
	return edited === text ? null : edited;
}

/**
Many editors end the last line.
*/
function withoutAddedBreak(edited: string, text: string): string {
	return text.endsWith('\n') ? edited : edited.replace(/\r?\n$/, '');
}

/**
Runs as a document for people.
*/
export async function documentOf(
	form: 'markdown' | 'html',
	runs: readonly RunState[],
): Promise<string> {
	if (form === 'html') {
		const {runsHtml} = await import('../../output/export-html.js');
		return runsHtml(runs);
	}

	const {runsMarkdown} = await import('../../output/export-markdown.js');
	return runsMarkdown(runs);
}

/**
Write a text to a new file, `~` being the person's own folder: its whole path.

@throws UserError when there is something of that name, or it cannot be written.
*/
export async function writeNewFile(
	{environment}: Place,
	file: string,
	text: string,
): Promise<string> {
	const home = environment['HOME'] ?? homedir();
	const whole = path.resolve(file.trim().replace(/^~(?=$|[/\\])/, () => home));

	try {
		await writeFile(whole, '', {flag: 'wx'});
	} catch (error) {
		throw cannotWrite(whole, error);
	}

	try {
		await writeFile(whole, text);
		return whole;
	} catch (error) {
		await rm(whole, {force: true});
		throw cannotWrite(whole, error);
	}
}

function cannotWrite(file: string, error: unknown): UserError {
	const {code, message} = error as NodeJS.ErrnoException;

	return code === 'EEXIST'
		? new UserError(`${file} is there already.`, 'Choose another name.')
		: new UserError(
				`${file} cannot be written: ${message}.`,
				'Choose another place.',
				{cause: error},
			);
}
