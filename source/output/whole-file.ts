import {randomUUID} from 'node:crypto';
import {
	mkdir,
	open,
	readlink,
	realpath,
	rename,
	rm,
	stat,
} from 'node:fs/promises';
import path from 'node:path';
import {UserError} from '../core/user-error.js';

/**
Make sure that a file can be written before anything is paid for: make its folders and try the place.

@throws UserError when it cannot.
*/
export async function prepareFile(file: string): Promise<void> {
	try {
		const present = await stat(file).catch(() => null);

		if (present && !present.isFile()) {
			throw new Error('it is no ordinary file');
		}

		await mkdir(path.dirname(path.resolve(file)), {recursive: true});
		await rm(await written(await targetOf(file), '', null));
	} catch (error) {
		throw cannotWrite(file, error);
	}
}

/**
Write a file, whole or not at all: where a link leads to, and with the mode of the one that is there.

@throws UserError when it cannot be written.
*/
export async function writeWhole(file: string, text: string): Promise<void> {
	try {
		const target = await targetOf(file);
		const present = await stat(target).catch(() => null);
		const temporary = await written(
			target,
			text,
			present && present.mode % 0o1000,
		);

		try {
			await rename(temporary, target);
		} catch (error) {
			await rm(temporary, {force: true});
			throw error;
		}
	} catch (error) {
		throw cannotWrite(file, error);
	}
}

/**
The path behind all links, whether something is there or not.
*/
async function targetOf(file: string): Promise<string> {
	let target = path.resolve(file);

	while (true) {
		const real = await realPathOf(target);
		const link =
			real === null ? await readlink(target).catch(() => null) : null;

		if (link === null) {
			return real ?? target;
		}

		target = path.resolve(await realpath(path.dirname(target)), link);

		if ((await realPathOf(path.dirname(target))) === null) {
			throw new Error(`it is a link to ${target}, whose folder is not there`);
		}
	}
}

async function realPathOf(file: string): Promise<string | null> {
	try {
		return await realpath(file);
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
			return null;
		}

		throw error;
	}
}

/**
Write a temporary file beside another one, with its mode, and leave nothing when that fails: its path.
*/
async function written(
	target: string,
	text: string,
	mode: number | null,
): Promise<string> {
	const temporary = path.join(
		path.dirname(target),
		`.${path.basename(target)}.${randomUUID()}.tmp`,
	);
	const handle = await open(temporary, 'wx', mode ?? 0o666);

	try {
		await handle.writeFile(text);

		if (mode !== null) {
			await handle.chmod(mode);
		}
	} catch (error) {
		await rm(temporary, {force: true});
		throw error;
	} finally {
		await handle.close();
	}

	return temporary;
}

function cannotWrite(file: string, error: unknown): UserError {
	const why = error instanceof Error ? error.message : String(error);
	return new UserError(
		`${file} cannot be written: ${why}.`,
		'Name another place with -o.',
		{cause: error},
	);
}
