import {statSync} from 'node:fs';
import {type Log} from './log.js';
import {explained} from './store-error.js';

export type LogStatus = {
	readonly path: string;
	readonly runs: number;

	/**
	Those a person had with a consortium; each speaker's transcript is not counted.
	*/
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
		const count = (rows: string) =>
			log.prepare<[], number>(`SELECT count(*) FROM ${rows}`).pluck().get() ??
			0;

		return {
			path,
			runs: count('consortium_runs'),
			conversations: count(
				'conversations WHERE id NOT IN (SELECT transcript_id FROM consortium_calls)',
			),
			responses: count('responses'),
			sizeBytes: sizeOf(path) + sizeOf(`${path}-wal`),
		};
	});
}

function sizeOf(path: string): number {
	return statSync(path, {throwIfNoEntry: false})?.size ?? 0;
}
