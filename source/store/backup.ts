import {
	closeSync,
	fsyncSync,
	lstatSync,
	openSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
	type Stats,
} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import process from 'node:process';
import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';

/**
Copy the log, as it is at this moment, to a file that only its owner may read. It is complete or not there. `ownFiles` are the program's other files, there or not, where no copy may lie.

@returns the whole path of the copy.
@throws UserError when there is a file already and `isForced` is false, when it is no ordinary file, the log itself or one of `ownFiles`, or when the copy cannot be made.
*/
export function backUp(
	log: Log,
	file: string,
	options: {readonly isForced: boolean; readonly ownFiles: readonly string[]},
): string {
	return writing(file, log.name, () => {
		const target = join(realpathSync(dirname(resolve(file))), basename(file));
		assertWritable(log, target, options);
		const partial = `${target}.${process.pid}.partial`;
		closeSync(openSync(partial, 'wx', 0o600));

		try {
			log.prepare('VACUUM INTO ?').run(partial);
			sync(partial);
			renameSync(partial, target);
		} finally {
			rmSync(partial, {force: true});
			rmSync(`${partial}-journal`, {force: true});
		}

		return target;
	});
}

function assertWritable(
	log: Log,
	target: string,
	{
		isForced,
		ownFiles,
	}: {readonly isForced: boolean; readonly ownFiles: readonly string[]},
): void {
	const own = realpathSync(log.name);
	const present = lstatSync(target, {throwIfNoEntry: false});
	const meant = statSync(target, {throwIfNoEntry: false});

	if (['', '-wal', '-shm', '-journal'].some(end => isSame(target, own + end))) {
		throw new UserError(
			`${target} is the log itself, or belongs to it.`,
			'Give the copy another name.',
		);
	}

	if (ownFiles.some(name => isSame(target, name))) {
		throw new UserError(
			`${target} is where consortium-tui has a file of its own.`,
			'Give the copy another name.',
		);
	}

	if (meant?.isDirectory()) {
		throw new UserError(
			`${target} is a folder.`,
			`Name a file in it: ${join(target, 'log.db')}`,
		);
	}

	if (meant && !meant.isFile()) {
		throw new UserError(
			`${target} is no ordinary file.`,
			'Give the copy another name.',
		);
	}

	if (present && !isForced) {
		throw new UserError(
			`The file ${target} exists.`,
			'Give another name, or add --force to replace it.',
		);
	}

	// What SQLite finds beside a database it takes for that database's latest changes.
	const beside = ['-wal', '-journal']
		.map(end => target + end)
		.find(name => lstatSync(name, {throwIfNoEntry: false}));

	if (beside !== undefined) {
		throw new UserError(
			`Beside the copy would lie ${beside}, which belongs to another database.`,
			'Give the copy another name, or close the program that has that database open.',
		);
	}
}

/**
Whether two paths name the same file, be it there already or not. Not all systems tell capitals from small letters.
*/
function isSame(one: string, other: string): boolean {
	const stats = (path: string) => statSync(path, {throwIfNoEntry: false});
	const areEqual = (a: Stats | undefined, b: Stats | undefined) =>
		a !== undefined && a.ino === b?.ino && a.dev === b.dev;

	return (
		areEqual(stats(one), stats(other)) ||
		(basename(one).toLowerCase() === basename(other).toLowerCase() &&
			areEqual(stats(dirname(one)), stats(dirname(other))))
	);
}

/**
A rename may reach the disk before what the file holds.
*/
function sync(path: string): void {
	const descriptor = openSync(path, 'r+');

	try {
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}

const troubles: ReadonlyArray<[code: RegExp, message: string, hint: string]> = [
	[
		/^(?:ENOENT|ENOTDIR|ELOOP|ENAMETOOLONG)$/,
		'cannot be written: there is no such folder.',
		'Make the folder first, or name another file.',
	],
	[
		/^(?:EACCES|EPERM|EROFS|SQLITE_(?:CANTOPEN|READONLY|PERM).*)$/,
		'cannot be written: nobody may write there.',
		'Check the permissions of the folder, or name another file.',
	],
	[
		/^(?:ENOSPC|EDQUOT|EFBIG|SQLITE_FULL|SQLITE_IOERR.*)$/,
		'cannot be written: the disk is full, or reports an error.',
		'Make room, or name a file on another disk.',
	],
];

/**
The trouble with the copy is told as such, that with the log as everywhere.
*/
function writing<Value>(file: string, log: string, work: () => Value): Value {
	try {
		return work();
	} catch (error) {
		const code =
			error instanceof Error && 'code' in error ? String(error.code) : '';
		const trouble = troubles.find(([pattern]) => pattern.test(code));

		if (!trouble) {
			return explained(log, () => {
				throw error;
			});
		}

		const [, message, hint] = trouble;
		throw new UserError(`The copy ${resolve(file)} ${message}`, hint, {
			cause: error,
		});
	}
}
