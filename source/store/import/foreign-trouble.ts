import {UserError} from '../../core/user-error.js';

type Explain = (path: string) => [message: string, hint: string];

const explanations: ReadonlyArray<[code: RegExp, explain: Explain]> = [
	[/^SQLITE_NOTADB/v, path => notSqlite(path)],
	[
		/^SQLITE_CORRUPT/v,
		path => [
			`${path} is damaged.`,
			`To save what is left of it: sqlite3 ${path} .recover | sqlite3 saved.db, then: consortium-tui logs import saved.db`,
		],
	],
	[
		/^SQLITE_(?:BUSY|LOCKED)/v,
		path => [
			`${path} is held by another program.`,
			'Close that program and try again.',
		],
	],
	[
		/^(?:ENOENT|ENOTDIR|ELOOP|ENAMETOOLONG|ENXIO)/v,
		path => [`There is no file ${path}.`, 'Check the path.'],
	],
	[
		/^(?:EACCES|EPERM|SQLITE_(?:CANTOPEN|PERM|AUTH|READONLY))/v,
		path => [
			`${path} cannot be read.`,
			'Check the permissions of the file and of its folder.',
		],
	],
	[
		/^(?:EIO|SQLITE_IOERR)/v,
		path => [
			`The disk of ${path} reports an error.`,
			'Copy the file to another disk and import that.',
		],
	],
	[
		/^SQLITE_TOOBIG/v,
		path => [
			`${path} holds a value that is too large to be read.`,
			'What came before it was imported.',
		],
	],
	[
		/^(?:ENOSPC|EDQUOT|SQLITE_FULL)/v,
		path => [
			`There is no room on the disk to import ${path}.`,
			'Make room and try again.',
		],
	],
];

/**
What to say of a file that is none of SQLite.
*/
export function notSqlite(path: string): [message: string, hint: string] {
	return [
		`${path} is not a SQLite database.`,
		"Give the logs.db of llm, or the plug-in's consortium_logs.db.",
	];
}

/**
The code by which SQLite and the system name a trouble; empty for other errors.
*/
export function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/**
Whether a value goes beyond what SQLite or JavaScript can hold: a text, or the depth of JSON.
*/
export function isTooLarge(error: unknown): boolean {
	return (
		/^(?:SQLITE_TOOBIG|ERR_STRING_TOO_LONG)$/v.test(codeOf(error)) ||
		(error instanceof RangeError &&
			/^(?:Maximum call stack|Invalid string length)/v.test(error.message))
	);
}

/**
What to throw for an error with a foreign file: a sentence, where a person can put it right.
*/
export function foreignTrouble(path: string, error: unknown): unknown {
	const found = explanations.find(([code]) => code.test(codeOf(error)));
	return found ? new UserError(...found[1](path), {cause: error}) : error;
}

/**
Do something with a foreign file, with what is wrong with it told in a sentence.

@throws UserError naming the file and what to do.
*/
export function explainedForeign<Value>(
	path: string,
	work: () => Value,
): Value {
	try {
		return work();
	} catch (error) {
		throw foreignTrouble(path, error);
	}
}
