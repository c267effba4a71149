import {closeSync, mkdirSync, openSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import Database from 'better-sqlite3';
import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {migrate} from './migrations.js';
import {explained, isBusy} from './store-error.js';

/**
How long a write waits for another process to finish its own.
*/
const busyTimeoutMs = 30_000;

/**
Open the log, making the file (readable by its owner only), its folders and whatever tables it lacks. The time it takes does not depend on how much is in it. A write waits `patienceMs` for another process, and everything stands still meanwhile.

A log of the Python tool llm may be opened too: its rows stay as they are.

@throws UserError when the file is not a database, is damaged, locked or read-only, or was made by a newer version.
*/
export function openLog(path: string, patienceMs = busyTimeoutMs): Log {
	return explained(path, () => {
		mkdirSync(dirname(path), {recursive: true, mode: 0o700});
		assertOrdinary(path);
		closeSync(openSync(path, 'a', 0o600));
		const log = new Database(path, {timeout: patienceMs});

		try {
			// The driver enforces foreign keys by itself; llm writes rows in an order that needs them unenforced.
			log.pragma('foreign_keys = OFF');
			useWal(log, patienceMs);
			log.pragma('synchronous = NORMAL');
			migrate(log);
			return log;
		} catch (error) {
			log.close();
			throw error;
		}
	});
}

/**
Opening a pipe waits for somebody at its other end, for ever.
*/
function assertOrdinary(path: string): void {
	const present = statSync(path, {throwIfNoEntry: false});

	if (present && !present.isFile() && !present.isDirectory()) {
		throw new UserError(
			`${path} is no ordinary file, so it cannot be the log.`,
			'Move it away, and a new log is made.',
		);
	}
}

/**
The switch to WAL needs the file for itself and, unlike everything else, does not wait for it.
*/
function useWal(log: Log, patienceMs: number): void {
	const deadline = Date.now() + patienceMs;

	for (;;) {
		try {
			log.pragma('journal_mode = WAL');
			return;
		} catch (error) {
			if (!isBusy(error) || Date.now() > deadline) {
				throw error;
			}

			pause(10);
		}
	}
}

function pause(delayMs: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, delayMs);
}
