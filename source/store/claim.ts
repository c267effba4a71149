import {type RunStatus} from '../core/result.js';
import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {isAlive, thisProcess, type Owner} from './owner.js';
import {explained} from './store-error.js';

type Claimed = Owner & {readonly id: string; readonly status: RunStatus | null};

/**
Make this process the owner of a run that is to be resumed, so that no other one resumes it too. With `isForced` also where nobody knows whether it still goes on.

@returns gives it back as it was, for a run that never began.
@throws UserError when it still goes on, ended by itself, was followed by another one, or when the log is locked or damaged.
*/
export function claimRun(
	log: Log,
	runId: string,
	{
		isForced,
		nextSeq = null,
	}: {
		readonly isForced: boolean;

		/**
		The number the next event would have, for whoever has read the run already; null for one who reads it afterwards.
		*/
		readonly nextSeq?: number | null;
	},
): () => void {
	const own = thisProcess();

	const claim = log.transaction(() => {
		const before = log
			.prepare<[string], Claimed>(
				'SELECT id, status, pid, host FROM consortium_runs WHERE id = ?',
			)
			.get(runId);

		if (!before) {
			throw new UserError(
				`The log has no run \`${runId}\`.`,
				'See `consortium-tui runs list`.',
			);
		}

		assertFree(before, isForced);
		assertLatest(log, runId);

		if (nextSeq !== null && lastSeqOf(log, runId) >= nextSeq) {
			throw new UserError(
				'The run has gone on elsewhere meanwhile.',
				'Open its conversation anew.',
			);
		}

		log
			.prepare(
				'UPDATE consortium_runs SET status = NULL, pid = @pid, host = @host WHERE id = @runId',
			)
			.run({...own, runId});
		return before;
	});

	const before = explained(log.name, () => claim.immediate());

	return () => {
		explained(log.name, () => {
			log
				.prepare(
					`UPDATE consortium_runs SET status = @status, pid = @pid, host = @host
					WHERE id = @id AND status IS NULL AND pid = @ownPid AND host = @ownHost`,
				)
				.run({...before, ownPid: own.pid, ownHost: own.host});
		});
	};
}

function assertFree({status, pid, host}: Claimed, isForced: boolean): void {
	if (status === 'cancelled' || status === 'limited') {
		return;
	}

	if (status !== null) {
		throw new UserError(
			`The run has ended by itself (${status}): nothing of it is missing.`,
			'Put the question anew; or have its answers judged again.',
		);
	}

	const goesOn = isForced ? false : isAlive({pid, host});

	if (goesOn === null) {
		throw new UserError(
			`The run was begun on ${host} and did not end: it may still go on there.`,
			'If it does not, resume it with --force.',
		);
	}

	if (goesOn) {
		throw new UserError(
			`The run is still running, in process ${pid}.`,
			'Wait for its end, or cancel it there. If that process is another program by now, resume it with --force.',
		);
	}
}

/**
What came after a run was told what it had said until then, so that it cannot say more.
*/
function assertLatest(log: Log, runId: string): void {
	// Ids grow, so that only what is younger is searched.
	const next = log
		.prepare<{runId: string}, string>(
			'SELECT id FROM consortium_runs WHERE id > @runId AND previous_run_id = @runId LIMIT 1',
		)
		.pluck()
		.get({runId});

	if (next !== undefined) {
		throw new UserError(
			`The conversation has gone on after this run, with ${next}.`,
			'Put the question anew.',
		);
	}
}

function lastSeqOf(log: Log, runId: string): number {
	return log
		.prepare<{runId: string}, number>(
			`SELECT max(seq) FROM (
				SELECT max(seq, coalesce(end_seq, 0)) AS seq
				FROM consortium_runs WHERE id = @runId
				UNION ALL
				SELECT max(seq, coalesce(end_seq, 0))
				FROM consortium_calls WHERE run_id = @runId
				UNION ALL
				SELECT seq FROM consortium_attempts WHERE run_id = @runId
				UNION ALL
				SELECT seq FROM consortium_verdicts WHERE run_id = @runId
				UNION ALL
				SELECT seq FROM consortium_events WHERE run_id = @runId
			)`,
		)
		.pluck()
		.get({runId})!;
}
