import {mkdir, rename, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {UserError} from '../core/user-error.js';

/**
Make sure that a file can be written before anything is paid for: make its folders and try the place.

@throws UserError when it cannot.
*/
export async function prepareFile(file: string): Promise<void> {
	const probe = temporaryFor(file);

	try {
		const present = await stat(file).catch(() => null);

		if (present && !present.isFile()) {
			throw new Error('it is no ordinary file');
		}

		await mkdir(path.dirname(path.resolve(file)), {recursive: true});
		await writeFile(probe, '');
		await rm(probe);
	} catch (error) {
		throw cannotWrite(file, error);
	}
}

/**
Write a file, whole or not at all.

@throws UserError when it cannot be written.
*/
export async function writeWhole(file: string, text: string): Promise<void> {
	const temporary = temporaryFor(file);

	try {
		await writeFile(temporary, text);
		await rename(temporary, file);
	} catch (error) {
		await rm(temporary, {force: true});
		throw cannotWrite(file, error);
	}
}

const temporaryFor = (file: string) =>
	path.join(
		path.dirname(path.resolve(file)),
		`.${path.basename(file)}.${process.pid}.tmp`,
	);

function cannotWrite(file: string, error: unknown): UserError {
	const why = error instanceof Error ? error.message : String(error);
	return new UserError(
		`${file} cannot be written: ${why}.`,
		'Name another place with -o.',
		{cause: error},
	);
}
