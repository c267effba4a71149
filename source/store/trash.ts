import {UserError} from '../core/user-error.js';
import {idAt} from './id-at.js';
import {type Log} from './log.js';
import {drained, type Steps} from './steps.js';
import {explained} from './store-error.js';
import {condemn, takeBatch} from './trash-batches.js';
import {belongings, isNamed, select, type Unwanted} from './trash-selection.js';
import {amountOf, summary, type Amount, type Doomed} from './trash-summary.js';
import {forgetEmpty} from './trash-put-back.js';
import {
	columnsOf,
	keepLarge,
	movedTables,
	packed,
	type MovedTable,
} from './trash-tables.js';

/**
How long what was paid is kept after its deletion, so that a day's limit still counts it: longer than any day.
*/
const paidMs = 2 * 86_400_000;

/**
What a deletion would take, `now` being milliseconds since the Unix epoch.

@throws UserError naming what else would have to go or must end first, or when the log is locked or damaged.
*/
export function previewDeletion(
	log: Log,
	unwanted: Unwanted,
	now: number,
): Doomed {
	const preview = log.transaction(() => {
		const doomed = summary(log, select(log, unwanted, now));
		forget(log);
		return doomed;
	});

	return explained(log.name, () => preview());
}

export type DeletionRequest = {
	readonly id: string;

	/**
	Milliseconds since the Unix epoch.
	*/
	readonly now: number;

	/**
	What is deleted, for people: `the conversation 01ab`.
	*/
	readonly what: string;

	/**
	What a person was shown; nothing is deleted when it is something else by now.
	*/
	readonly expected?: Doomed | null;

	/**
	Bytes of texts after which a batch ends.
	*/
	readonly batchBytes?: number;
};

/**
How much was taken out, and how many conversations stayed, since they go on right now or others that stay build on them.
*/
export type Deleted = Amount & {readonly staying: number};

/**
Take something out of the log and put it into the trash, until that is emptied. What was paid today still counts for the daily limit.

What a person did not name one by one goes in batches of whole conversations, each a transaction of its own. What a deletion took that was cut off can be undone like any other.

@throws UserError as for `previewDeletion`, and when it is something else by now.
*/
export function* deleteInBatches(
	log: Log,
	unwanted: Unwanted,
	request: DeletionRequest,
): Steps<Deleted> {
	if (isNamed(unwanted)) {
		return inTransaction(log, () => {
			const doomed = selected(log, unwanted, request);

			if (doomed.responses + doomed.runs > 0) {
				begin(log, request);
				moveBatch(log, {...request, batch: 1});
				finish(log, request);
			}

			forget(log);
			return doomed;
		});
	}

	const plan = log.transaction(() => {
		const doomed = selected(log, unwanted, request);
		condemn(log);
		forget(log);
		return doomed;
	});
	const {staying, responses, runs} = explained(log.name, () => plan());
	let deleted: Deleted = {conversations: 0, runs: 0, responses: 0, staying};

	try {
		if (responses + runs === 0) {
			return deleted;
		}

		for (let batch = 1; ; batch++) {
			const moved = inTransaction(log, () =>
				nextBatch(log, {...request, batch}),
			);

			if (moved === null) {
				return deleted;
			}

			deleted = {
				conversations: deleted.conversations + moved.conversations,
				runs: deleted.runs + moved.runs,
				responses: deleted.responses + moved.responses,
				staying: deleted.staying + moved.staying,
			};
			yield {
				rows: deleted.responses,
				share: Math.min(1, deleted.responses / Math.max(1, responses)),
			};
		}
	} finally {
		log.exec('DROP TABLE temp.condemned');
	}
}

/**
The same at once: for what is small, or where nobody else writes.
*/
export function deleteLogged(
	log: Log,
	unwanted: Unwanted,
	request: DeletionRequest,
): Deleted {
	return drained(deleteInBatches(log, unwanted, request));
}

function inTransaction<Value>(log: Log, work: () => Value): Value {
	return explained(log.name, () => log.transaction(work).immediate());
}

function selected(
	log: Log,
	unwanted: Unwanted,
	{now, expected = null}: DeletionRequest,
): Doomed {
	const doomed = summary(log, select(log, unwanted, now));

	if (
		expected !== null &&
		JSON.stringify(doomed) !== JSON.stringify(expected)
	) {
		throw new UserError(
			'The log has changed meanwhile, so nothing was deleted.',
			'Look again at what would go, and decide anew.',
		);
	}

	return doomed;
}

function forget(log: Log): void {
	log.exec('DROP TABLE temp.doomed');
}

function begin(log: Log, {id, now, what}: DeletionRequest): void {
	log
		.prepare(
			`INSERT INTO consortium_deletions (id, at, what, responses)
			VALUES (?, ?, ?, 0)`,
		)
		.run(id, now, what);
}

function finish(log: Log, {id}: DeletionRequest): void {
	log
		.prepare('UPDATE consortium_deletions SET finished_at = ? WHERE id = ?')
		.run(Date.now(), id);
	forgetEmpty(log, id);
}

type Batch = DeletionRequest & {readonly batch: number};

/**
@returns null when nothing is left to move.
*/
function nextBatch(log: Log, request: Batch): Deleted | null {
	if (request.batch === 1) {
		begin(log, request);
	}

	const isGoingOn = log
		.prepare(
			'SELECT 1 FROM consortium_deletions WHERE id = ? AND finished_at IS NULL',
		)
		.get(request.id);

	if (isGoingOn === undefined) {
		throw new UserError(
			'The deletion was undone or given up meanwhile, by another process, so it went no further.',
			'See what is left: consortium-tui logs list',
		);
	}

	const staying = takeBatch(log, request);

	if (staying === null) {
		finish(log, request);
		return null;
	}

	const amount = amountOf(log);
	moveBatch(log, request);
	forget(log);
	return {...amount, staying};
}

function moveBatch(log: Log, {id, now, batch}: Batch): void {
	log.exec(belongings);
	const tables = movedTables(log);
	const into = {deletion: id, batch};
	const [reservations, ...others] = tables;
	log
		.prepare(
			`INSERT OR IGNORE INTO temp.doomed
			SELECT 'paid', calls.id, chat FROM temp.doomed
			JOIN consortium_calls AS calls ON calls.run_id = doomed.id
			WHERE doomed.kind = 'run' AND cost_usd IS NOT NULL AND calls.id >= @since
				AND NOT EXISTS (
					SELECT 1 FROM consortium_reservations
					WHERE call_id = calls.id AND is_settled = 1
				)`,
		)
		.run({since: idAt(now - paidMs)});
	let seq = moveRows(log, reservations!, {...into, seq: 0});

	// No process has the number 0: these rows are the deletion's, which takes them back.
	log
		.prepare(
			`INSERT INTO consortium_reservations (call_id, at, usd, pid, host, is_settled)
			SELECT calls.id, @now, cost_usd, 0, @deletion, 1
			FROM temp.doomed JOIN consortium_calls AS calls ON calls.id = doomed.id
			WHERE doomed.kind = 'paid'`,
		)
		.run({now, deletion: id});

	for (const table of others) {
		seq = moveRows(log, table, {...into, seq});
	}

	log
		.prepare(
			`UPDATE consortium_deletions SET responses = responses + (
				SELECT count(*) FROM consortium_trash
				WHERE deletion_id = @deletion AND batch = @batch
					AND table_name = 'responses'
			) WHERE id = @deletion`,
		)
		.run(into);
}

/**
@returns the number of the last row.
*/
function moveRows(
	log: Log,
	moved: MovedTable,
	{
		deletion,
		batch,
		seq,
	}: {
		readonly deletion: string;
		readonly batch: number;
		readonly seq: number;
	},
): number {
	const {table, key, kind, unless, isFindable} = moved;
	const columns = columnsOf(log, table);
	const isMoved = [
		`moved.${key} IN (SELECT id FROM temp.doomed WHERE kind = '${kind}')`,
		...(unless === undefined ? [] : [`NOT (${unless})`]),
	].join(' AND ');
	const {changes} = log
		.prepare(
			`INSERT INTO consortium_trash
				(deletion_id, batch, seq, table_name, row_id, conversation_id, row)
			SELECT @deletion, @batch, @seq + row_number() OVER (), '${table}',
				${isFindable ? `CAST(moved.${key} AS TEXT)` : 'NULL'}, (
				SELECT chat FROM temp.doomed
				WHERE kind = '${kind}' AND id = CAST(moved.${key} AS TEXT)
			), ${packed(columns)}
			FROM ${table} AS moved WHERE ${isMoved}`,
		)
		.run({deletion, batch, seq});

	if (changes > 0) {
		keepLarge(log, moved, {
			columns,
			isMoved,
			deletion,
			batch,
			first: seq + 1,
			last: seq + changes,
		});
		log.prepare(`DELETE FROM ${table} AS moved WHERE ${isMoved}`).run();
	}

	return seq + changes;
}
