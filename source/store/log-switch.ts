import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const markerOf = (folder: string) => join(folder, 'logs-off');

/**
Whether runs are logged: always, unless the folder has a file `logs-off`.
*/
export function isLogOn(folder: string): boolean {
	return !existsSync(markerOf(folder));
}

/**
Log runs from now on, or no longer. What is in the log stays.
*/
export function switchLog(folder: string, isOn: boolean): void {
	if (isOn) {
		rmSync(markerOf(folder), {force: true});
		return;
	}

	mkdirSync(folder, {recursive: true, mode: 0o700});
	writeFileSync(markerOf(folder), '');
}
