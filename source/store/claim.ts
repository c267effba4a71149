import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
export function claimRun(
	log: Log,
	runId: string,
	_o: {isForced: boolean},
): () => void {
	const row = log
		.prepare('SELECT * FROM consortium_runs WHERE id=?')
		.get(runId) as {status: string | null; pid: number};
	if (row.status === null) {
		try {
			process.kill(row.pid, 0);
		} catch {
			return () => {};
		}
		throw new UserError('It is still running.');
	}
	return () => {};
}
