import {lstatSync, mkdirSync, rmdirSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../core/user-error.js';

const pauseMs = 10;

/**
A change takes milliseconds: a lock this old was left by a process that died.
*/
const staleMs = 5000;

/**
Whoever waits longer waits for something that is no lock of ours.
*/
const longestWaitMs = 15_000;

/**
Do `work` while no other process does work under the same lock, a folder that exists as long as the work goes on.

@throws UserError for a lock that is never given back.
*/
export async function withLock<Value>(
	path: string,
	work: () => Value,
): Promise<Value> {
	const since = performance.now();

	while (!isTaken(path)) {
		if (performance.now() - since > longestWaitMs) {
			throw new UserError(
				`${path} has been in the way for ${longestWaitMs / 1000} s.`,
				'If nothing else of this program runs, remove it.',
			);
		}

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

	const madeAt = lstatSync(path, {throwIfNoEntry: false})?.mtimeMs;

	// Clocks are set back, and files restored with times of the future.
	if (madeAt !== undefined && Math.abs(Date.now() - madeAt) > staleMs) {
		try {
			rmdirSync(path);
		} catch (error) {
			if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR')) {
				throw error;
			}
		}
	}

	return false;
}

const hasCode = (error: unknown, code: string) =>
	error instanceof Error && 'code' in error && error.code === code;
