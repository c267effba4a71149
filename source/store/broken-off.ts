import {type Log} from './log.js';
import {type RunRow} from './rows.js';
import {isAlive} from './owner.js';
import {explained} from './store-error.js';

/**
Whether the last run of a conversation can be resumed: it was cancelled, met a limit, or its process is gone.

@throws UserError when the log is damaged.
*/
export function isBrokenOff(log: Log, conversationId: string): boolean {
	return explained(log.name, () => {
		const last = log
			.prepare<[string], Pick<RunRow, 'status' | 'host' | 'pid'>>(
				`SELECT status, host, pid FROM consortium_runs
				WHERE conversation_id = ?
				ORDER BY turn DESC, started_at DESC, id DESC LIMIT 1`,
			)
			.get(conversationId);

		return last?.status === null
			? isAlive(last) === false
			: last?.status === 'cancelled' || last?.status === 'limited';
	});
}
