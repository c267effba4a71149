import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';

/**
A text in a file for as long as a person edits it.
*/
export type TextFile = {
	readonly path: string;

	/**
	What it holds now; empty when it is gone.
	*/
	readonly read: () => Promise<string>;
	readonly remove: () => Promise<void>;
};

/**
Put a text into a new file, in a folder of its own, that nobody else can read.
*/
export async function createTextFile(
	name: string,
	text: string,
): Promise<TextFile> {
	const folder = await mkdtemp(path.join(tmpdir(), 'consortium-tui-'));
	const file = path.join(folder, name);
	await writeFile(file, text, {mode: 0o600});

	return {
		path: file,
		// Some editors replace the file, and a person may delete it.
		read: async () => readFile(file, 'utf8').catch(() => ''),
		async remove() {
			await rm(folder, {recursive: true});
		},
	};
}
