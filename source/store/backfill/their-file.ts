import {closeSync, fsyncSync, openSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import Database from 'better-sqlite3';
import {UserError} from '../../core/user-error.js';
import {hasTable} from '../llm-schema.js';
import {type Log} from '../log.js';

/**
How long another program may hold a file before we give up.
*/
const patienceMs = 30_000;

const explanations: ReadonlyArray<
	[code: RegExp, trouble: string, hint: string]
> = [
	[
		/^SQLITE_(?:BUSY|LOCKED)/,
		'is held by another program',
		'Close that program and try again.',
	],
	[
		/^SQLITE_NOTADB/,
		'is not a SQLite database',
		'Name the logs.db of llm: `llm logs path` tells where it is.',
	],
	[
		/^SQLITE_CORRUPT/,
		'is damaged',
		'Repair a copy of it first: sqlite3 FILE .recover',
	],
	[
		/^(?:SQLITE_FULL|ENOSPC|EDQUOT)/,
		'has no room left on its disk',
		'Make room and try again.',
	],
	[
		/^SQLITE_CONSTRAINT/,
		'has a trigger or a rule that refuses the change',
		'Nothing was changed. Take it out of the file for a while: `.schema responses` in sqlite3 shows it.',
	],
	[
		/^(?:SQLITE_(?:READONLY|CANTOPEN|PERM|IOERR)|EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EIO)/,
		'cannot be written',
		'Check the permissions of the file and of its folder.',
	],
];

/**
An error about a file of another program, with what the person can put right told as such: a UserError naming the file and what to do.
*/
export function explainedFile(path: string, error: unknown): unknown {
	const code =
		error instanceof Error && 'code' in error ? String(error.code) : '';
	const found = explanations.find(([pattern]) => pattern.test(code));

	if (!found) {
		return error;
	}

	// The words of a trigger are its owner's, and may be those of an answer.
	const options = code.startsWith('SQLITE_CONSTRAINT') ? {} : {cause: error};
	return new UserError(`${path} ${found[1]}.`, found[2], options);
}

/**
Open a log of llm to write to it.

@throws UserError when it is not there, is no log of llm, is a log of this program, or may not be written, or not in these columns. What else goes wrong is for `explainedFile`.
*/
export function openTheirs(path: string): Log {
	const present = statSync(path, {throwIfNoEntry: false});

	if (!present?.isFile()) {
		throw new UserError(
			present ? `${path} is no file.` : `There is no file ${path}.`,
			'Name the logs.db of llm: `llm logs path` tells where it is.',
		);
	}

	// SQLite asks only for what the system allows, which for some is everything.
	if (!/[2367]/.test((present.mode % 0o1000).toString(8))) {
		throw new UserError(
			`${path} is read-only.`,
			'Make it writable first, or leave --write out: what is found is then kept in the log of consortium-tui.',
		);
	}

	const database = new Database(path, {
		fileMustExist: true,
		timeout: patienceMs,
	});

	try {
		database.pragma('foreign_keys = OFF');
		assertTheirs(database);
		return database;
	} catch (error) {
		database.close();
		throw error;
	}
}

function assertTheirs(database: Log): void {
	if (hasTable(database, 'consortium_migrations')) {
		throw new UserError(
			`${database.name} is a log of consortium-tui, which knows its runs.`,
			'What is found in imported logs is kept there without --write.',
		);
	}

	assertOrdinary(database, database.name);
	const columns = columnsOf(database);

	if (['id', 'model', 'prompt', 'response'].some(name => !columns.has(name))) {
		throw new UserError(
			`${database.name} has no table of answers as llm writes it.`,
			'Name the logs.db of llm: `llm logs path` tells where it is.',
		);
	}

	const computed = database
		.prepare<[], string>(
			`SELECT name FROM pragma_table_xinfo('responses')
			WHERE lower(name) IN ('consortium_id', 'is_arbiter_response')
				AND hidden IN (2, 3)`,
		)
		.pluck()
		.get();

	if (computed !== undefined) {
		throw new UserError(
			`The column ${computed} of ${database.name} is computed, so that nothing can be written there.`,
			'Leave --write out: what is found is then kept in the log of consortium-tui.',
		);
	}
}

/**
See to it that answers are kept as llm keeps them: in a table whose rows have numbers. A file without any is none of our business.

@throws UserError naming `path` when it is a view, or a table without rowids.
*/
export function assertOrdinary(database: Log, path: string): void {
	const isOdd =
		database
			.prepare(
				`SELECT 1 FROM pragma_table_list AS list
				WHERE schema = 'main' AND lower(name) = 'responses' AND (
					type <> 'table' OR wr OR EXISTS (
						SELECT 1 FROM pragma_table_xinfo(list.name) AS columns
						WHERE lower(columns.name) = 'rowid'
					)
				)`,
			)
			.get() !== undefined;

	if (isOdd) {
		throw new UserError(
			`The answers in ${path} are in no ordinary table with rowids, as llm makes it.`,
			'Name the logs.db that llm itself writes: `llm logs path` tells where it is.',
		);
	}
}

/**
The columns of the table of answers, in small letters; none where it is no table.
*/
export function columnsOf(database: Log): Set<string> {
	return new Set(
		database
			.prepare<[], string>(
				`SELECT lower(columns.name)
				FROM sqlite_master AS tables, pragma_table_xinfo(tables.name) AS columns
				WHERE tables.type = 'table' AND tables.name = 'responses'`,
			)
			.pluck()
			.all(),
	);
}

/**
See to it that a new file is still in its folder after a power failure.
*/
export function syncFolderOf(path: string): void {
	const folder = openSync(dirname(path), 'r');

	try {
		fsyncSync(folder);
	} finally {
		closeSync(folder);
	}
}
