import {UserError} from '../core/user-error.js';
import {plain} from '../text/plain.js';
import {type Place} from './command.js';
import {confirm} from './confirm.js';
import {openEditor} from './open-editor.js';
import {createTextFile} from './text-file.js';

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
	const file = await createTextFile('consortium.json', text);
	const isUntouched = (edited: string) =>
		edited === text || edited.trim() === '';
	let isDone = false;

	try {
		while (true) {
			await openEditor(file.path, place.environment, {
				start: 'EDITOR=nano consortium-tui edit NAME',
				instead: 'Or change it by flags: consortium-tui edit --help',
			});
			const edited = await file.read();

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
		if (isDone || isUntouched(await file.read())) {
			await file.remove();
		} else {
			stderr.write(`Nothing was changed. What you wrote is in ${file.path}\n`);
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
