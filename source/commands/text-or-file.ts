import {readFile, stat} from 'node:fs/promises';
import {UserError} from '../core/user-error.js';

/**
The text given with `--system`, or what is in the file of that name.

@throws UserError for a file that cannot be read, and for what can only be meant as one and is not there.
*/
export async function textOf(textOrPath: string): Promise<string> {
	const found = await statOf(textOrPath);

	if (found === null) {
		assertNoPath(textOrPath);
		return textOrPath;
	}

	if (found.isDirectory()) {
		throw new UserError(
			`${textOrPath}, given with --system, is a folder.`,
			'Name a file in it, or give the text itself.',
		);
	}

	try {
		const text = await readFile(textOrPath, 'utf8');
		return text.replace(/^\uFEFF/, '').trim();
	} catch (error) {
		throw new UserError(
			`The file ${textOrPath} given with --system cannot be read.`,
			'Check its permissions.',
			{cause: error},
		);
	}
}

async function statOf(path: string) {
	try {
		return await stat(path);
	} catch {
		// Not there, or a text that no path can be.
		return null;
	}
}

function assertNoPath(text: string): void {
	if (/^(?:~|\.{1,2})?\/\S+$|^\S+\.(?:md|txt|prompt)$/i.test(text)) {
		throw new UserError(
			`There is no file ${text}, given with --system.`,
			'Correct the path; a text has words.',
		);
	}
}
