import {statSync} from 'node:fs';
import {type Log} from './log.js';
import {explained} from './store-error.js';

export type LogStatus = {
	readonly path: string;
	readonly runs: number;
	readonly conversations: number;
	readonly responses: number;

	/**
	On the disk, with what waits beside the file to be merged into it.
	*/
	readonly sizeBytes: number;
};

/**
How much is in the log. This counts rows, so it takes longer the more there are.

@throws UserError when the log is damaged.
*/
export function logStatus(log: Log, path: string): LogStatus {
	return explained(path, () => {
		const count = (table: string) =>
			log.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ??
			0;

		return {
			path,
			runs: count('consortium_runs'),
			conversations: count('conversations'),
			responses: count('responses'),
			sizeBytes: sizeOf(path) + sizeOf(`${path}-wal`),
		};
	});
}

function sizeOf(path: string): number {
	return statSync(path, {throwIfNoEntry: false})?.size ?? 0;
}
