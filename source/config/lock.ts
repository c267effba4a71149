import {mkdirSync, rmdirSync, statSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';

const pauseMs = 10;

/**
A change takes milliseconds: a lock this old was left by a process that died.
*/
const staleMs = 5000;

/**
Do `work` while no other process does work under the same lock, a folder that exists as long as the work goes on.
*/
export async function withLock<Value>(
	path: string,
	work: () => Value,
): Promise<Value> {
	while (!isTaken(path)) {
		await sleep(pauseMs);
	}

	try {
		return work();
	} finally {
		rmdirSync(path);
	}
}

function isTaken(path: string): boolean {
	try {
		mkdirSync(path);
		return true;
	} catch (error) {
		if (!hasCode(error, 'EEXIST')) {
			throw error;
		}
	}

	const madeAt = statSync(path, {throwIfNoEntry: false})?.mtimeMs;

	if (madeAt !== undefined && Date.now() - madeAt > staleMs) {
		try {
			rmdirSync(path);
		} catch (error) {
			if (!hasCode(error, 'ENOENT')) {
				throw error;
			}
		}
	}

	return false;
}

const hasCode = (error: unknown, code: string) =>
	error instanceof Error && 'code' in error && error.code === code;
