import Database from 'better-sqlite3';
import {UserError} from '../core/user-error.js';

type Explain = (path: string) => [message: string, hint: string];

const notWritable: Explain = path => [
	`The log ${path} cannot be written.`,
	'Check the permissions of the file and of its folder, or choose another place with CONSORTIUM_TUI_HOME.',
];

const explanations: ReadonlyArray<[code: RegExp, explain: Explain]> = [
	[
		/^SQLITE_NOTADB/,
		path => [
			`${path} is not a SQLite database, so it cannot be the log.`,
			'Move the file away, and a new log is made.',
		],
	],
	[
		/^SQLITE_CORRUPT/,
		path => [
			`The log ${path} is damaged.`,
			'Move the file away together with its -wal and -shm files, and a new log is made; or make it of what is left of the old one: sqlite3 OLD .recover | sqlite3 log.db',
		],
	],
	[
		/^SQLITE_(?:BUSY|LOCKED)/,
		path => [
			`The log ${path} is held by another program.`,
			'Close that program and try again.',
		],
	],
	[
		/^(?:SQLITE_FULL|ENOSPC|EDQUOT)/,
		path => [
			`There is no room left on the disk of the log ${path}.`,
			'Make room and try again.',
		],
	],
	[
		/^(?:EISDIR|ENOTDIR|EEXIST)/,
		path => [
			`The log ${path} cannot be a file there: a folder has that name, or a file stands where its folder should be.`,
			'Move what is in the way.',
		],
	],
	[
		/^(?:ENOENT|ELOOP|ENAMETOOLONG|EMFILE|ENFILE|EIO|ENXIO)/,
		path => [
			`The log ${path} cannot be opened.`,
			'Check that its folder exists and that it is no link to nowhere, or choose another place with CONSORTIUM_TUI_HOME.',
		],
	],
	[
		/^(?:SQLITE_READONLY|SQLITE_CANTOPEN|SQLITE_PERM|EACCES|EPERM|EROFS)/,
		notWritable,
	],
	[
		/^SQLITE_IOERR/,
		path => [
			`The disk of the log ${path} reports an error.`,
			'Check the disk, and copy the log to another one.',
		],
	],
];

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/**
Do something with the log, with what the person can put right (a damaged, locked or read-only file) told as such.

@throws UserError naming the file and what to do.
*/
export function explained<Value>(path: string, work: () => Value): Value {
	try {
		return work();
	} catch (error) {
		const found = explanations.find(([code]) => code.test(codeOf(error)));

		if (!found) {
			throw error;
		}

		throw new UserError(...found[1](path), {cause: error});
	}
}

/**
Read a run, with whatever is found in its rows that never was written so told as damage.

@throws UserError naming the file and the run, or what else is wrong with the file.
*/
export function explainedRun<Value>(
	path: string,
	runId: string,
	work: () => Value,
): Value {
	try {
		return explained(path, work);
	} catch (error) {
		throw error instanceof UserError
			? error
			: damagedRun(path, runId, 'cannot be read', {cause: error});
	}
}

/**
What to tell of a run whose rows are damaged, `trouble` being the end of the sentence.
*/
export function damagedRun(
	path: string,
	runId: string,
	trouble: string,
	options?: ErrorOptions,
): UserError {
	return new UserError(
		`The log ${path} is damaged: the run ${runId} ${trouble}.`,
		'Other runs can still be read. To check the file: consortium-tui doctor',
		options,
	);
}

/**
Somebody else holds the file; it may work the next moment.
*/
export function isBusy(error: unknown): boolean {
	return codeOf(error).startsWith('SQLITE_BUSY');
}

/**
A row with the same key is there already.
*/
export function isTaken(error: unknown): boolean {
	return /^SQLITE_CONSTRAINT_(?:PRIMARYKEY|UNIQUE|ROWID)$/.test(codeOf(error));
}

/**
The file's trouble, not that of what was to be written: the same may work later.
*/
export function isTransient(error: unknown): boolean {
	return (
		error instanceof Database.SqliteError &&
		/^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM)/.test(
			error.code,
		)
	);
}
