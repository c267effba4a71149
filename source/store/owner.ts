import {readFileSync} from 'node:fs';
import {hostname} from 'node:os';
import process from 'node:process';

/**
The process that writes a row.
*/
export type Owner = {readonly pid: number; readonly host: string};

export function thisProcess(): Owner {
	return {pid: process.pid, host: hostname()};
}

/**
Whether a process is there; null when it is another machine's, of which nobody knows.
*/
export function isAlive({pid, host}: Owner): boolean | null {
	if (host !== hostname()) {
		return null;
	}

	try {
		return process.kill(pid, 0) && !hasDied(pid);
	} catch (error) {
		// Another user's process may not be asked, but it is there.
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

/**
Whether a process has ended and only waits for its parent to hear of it, as far as the system tells.
*/
function hasDied(pid: number): boolean {
	try {
		return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
	} catch {
		// Not every system has such a file.
		return false;
	}
}
