import {existsSync, statSync} from 'node:fs';
import Database from 'better-sqlite3';
import {hasTable} from './llm-schema.js';
import {logStatus, type LogStatus} from './log-status.js';
import {versionOf} from './migrations.js';
import {explained} from './store-error.js';

/**
Bytes; a file of this size is checked within seconds also where reading is slow.
*/
const mostChecked = 500_000_000;

const busyTimeoutMs = 1000;

export type LogHealth = {
	/**
	Of its tables; 0 when the log's own are not in the file yet.
	*/
	readonly version: number;

	/**
	What SQLite finds wrong with the file; null when the file is too big to be read from end to end.
	*/
	readonly damage: readonly string[] | null;

	/**
	Null when the log's tables are not in the file yet.
	*/
	readonly status: LogStatus | null;

	/**
	The files of other programs that were imported, by their whole paths.
	*/
	readonly sources: readonly string[];
};

/**
Look at a log that exists, and leave it as it is.

@throws UserError when it cannot be opened, or was made by a newer version.
*/
export function inspectLog(path: string): LogHealth {
	return explained(path, () => {
		// Without a file of recent writes beside it, a connection that may only read makes one and leaves it; one that may write takes it away again.
		const readonly = existsSync(`${path}-wal`) || existsSync(`${path}-journal`);
		const log = new Database(path, {
			readonly,
			fileMustExist: true,
			timeout: busyTimeoutMs,
		});

		try {
			log.pragma('query_only = ON');
			const version = versionOf(log);

			return {
				version,
				damage: statSync(path).size > mostChecked ? null : damageIn(log),
				status: version === 0 ? null : logStatus(log, path),
				sources: sourcesIn(log),
			};
		} finally {
			log.close();
		}
	});
}

function sourcesIn(log: Database.Database): string[] {
	return hasTable(log, 'consortium_sources')
		? log
				.prepare<[], string>('SELECT path FROM consortium_sources')
				.pluck()
				.all()
		: [];
}

function damageIn(log: Database.Database): string[] {
	const lines = log.prepare<[], string>('PRAGMA quick_check(3)').pluck().all();
	return lines.filter(line => line !== 'ok');
}

/**
The version of SQLite in use. It fails when its binary does not fit the machine.
*/
export function sqliteVersion(): string {
	const memory = new Database(':memory:');

	try {
		return memory.prepare<[], string>('SELECT sqlite_version()').pluck().get()!;
	} finally {
		memory.close();
	}
}
