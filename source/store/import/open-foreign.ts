import {Buffer} from 'node:buffer';
import {
	chmodSync,
	closeSync,
	copyFileSync,
	existsSync,
	mkdtempSync,
	openSync,
	readSync,
	realpathSync,
	rmSync,
	statSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {UserError} from '../../core/user-error.js';
import {type Log} from '../log.js';
import {isBusy} from '../store-error.js';
import {codeOf, explainedForeign, notSqlite} from './foreign-trouble.js';
import {probe, type Tables} from './probe.js';

/**
How long a read waits for the program that owns the file to finish writing.
*/
const busyTimeoutMs = 5000;

/**
How long it waits before that is told.
*/
const quietMs = 1000;

export type Foreign = {
	readonly path: string;
	readonly db: Log;
	readonly tables: Tables;
	readonly close: () => void;
};

/**
Open another program's database to read it, and leave nothing beside it. A file that SQLite cannot read where it is, because what was written last would first have to be put in order there, is read from a copy in the temporary folder.

@throws UserError when it is missing, empty, damaged, locked, unreadable or no such database.
*/
export function openForeign(
	path: string,
	log: Log,
	{
		patienceMs = busyTimeoutMs,
		onWait = () => undefined,
	}: {
		readonly patienceMs?: number;

		/**
		Called when another program has held the file for a second.
		*/
		readonly onWait?: () => void;
	} = {},
): Foreign {
	return explainedForeign(path, () => {
		const isWal = assertReadable(path, log);

		// What belongs to the file lies beside it, not beside a link to it.
		const file = realpathSync(path);
		const open = (timeoutMs: number) =>
			openedOrCopied(file, path, {isWal, patienceMs: timeoutMs});

		try {
			return open(Math.min(patienceMs, quietMs));
		} catch (error) {
			if (patienceMs <= quietMs || !isBusy(error)) {
				throw error;
			}

			onWait();
			return open(patienceMs - quietMs);
		}
	});
}

function openedOrCopied(
	file: string,
	path: string,
	{isWal, patienceMs}: {readonly isWal: boolean; readonly patienceMs: number},
): Foreign {
	try {
		return opened(file, path, {
			// Without a file of recent writes beside it, a connection that may only read makes one and leaves it; one that may write takes it away again.
			readonly: !isWal || existsSync(`${file}-wal`),
			patienceMs,
		});
	} catch (error) {
		if (!/^SQLITE_(?:CANTOPEN|READONLY)/v.test(codeOf(error))) {
			throw error;
		}

		return openCopy(file, path, patienceMs);
	}
}

function opened(
	file: string,
	path: string,
	{readonly, patienceMs}: {readonly: boolean; patienceMs: number},
): Foreign {
	const db = new Database(file, {
		readonly,
		fileMustExist: true,
		timeout: patienceMs,
	});

	try {
		db.pragma('query_only = ON');
		db.pragma('trusted_schema = OFF');
		const tables = probe(db);
		assertKnown(path, tables);
		db.pragma(`busy_timeout = ${busyTimeoutMs}`);
		return {
			path,
			db,
			tables,
			close() {
				db.close();
			},
		};
	} catch (error) {
		db.close();
		throw error;
	}
}

function openCopy(file: string, path: string, patienceMs: number): Foreign {
	// Only its owner may look into it.
	const folder = mkdtempSync(join(tmpdir(), 'consortium-tui-'));
	const remove = () => {
		rmSync(folder, {recursive: true, force: true});
	};

	try {
		const copy = join(folder, 'copy.db');

		for (const end of ['', '-wal', '-journal']) {
			if (existsSync(`${file}${end}`)) {
				copyFileSync(`${file}${end}`, `${copy}${end}`);
				chmodSync(`${copy}${end}`, 0o600);
			}
		}

		const foreign = opened(copy, path, {readonly: false, patienceMs});
		return {
			...foreign,
			close() {
				foreign.close();
				remove();
			},
		};
	} catch (error) {
		remove();
		throw error;
	}
}

/**
Tables by which a file of these tools is known.
*/
const telling = [
	'responses',
	'turns',
	'conversations',
	'logs',
	'log',
	'consortium_runs',
	'consortium_configs',
	'llm_consortium_configs',
	'evaluations',
];

function assertKnown(path: string, tables: Tables): void {
	if (tables.has('consortium_migrations')) {
		throw new UserError(
			`${path} is a log of consortium-tui, not of llm.`,
			'To read it, put it into a folder as log.db and set CONSORTIUM_TUI_HOME to that folder.',
		);
	}

	if (telling.every(name => !tables.has(name))) {
		throw new UserError(
			`${path} is a database of another program: it has no table of llm or of its consortium plug-in.`,
			"Give the logs.db of llm, or the plug-in's consortium_logs.db.",
		);
	}
}

/**
Whether the file keeps its recent writes in another one, by its header.

@see https://www.sqlite.org/fileformat.html
*/
function assertReadable(path: string, log: Log): boolean {
	const found = statSync(path);

	if (found.isDirectory()) {
		throw new UserError(
			`${path} is a folder.`,
			'Give the file in it, such as logs.db.',
		);
	}

	if (!found.isFile()) {
		throw new UserError(
			`${path} is no ordinary file.`,
			'Give the file of a database.',
		);
	}

	const own = statSync(log.name, {throwIfNoEntry: false});

	if (found.ino === own?.ino && found.dev === own.dev) {
		throw new UserError(
			`${path} is the log itself.`,
			'There is nothing to import.',
		);
	}

	if (found.size === 0) {
		throw new UserError(`${path} is empty.`, 'There is nothing to import.');
	}

	const header = Buffer.alloc(100);
	const file = openSync(path, 'r');

	try {
		readSync(file, header, 0, header.length, 0);
	} finally {
		closeSync(file);
	}

	if (!header.toString('latin1').startsWith('SQLite format 3\0')) {
		throw new UserError(...notSqlite(path));
	}

	return header[19] === 2;
}
