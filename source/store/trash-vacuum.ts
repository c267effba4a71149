import {type Log} from './log.js';
import {type Steps} from './steps.js';
import {explained} from './store-error.js';
import {deleteInBatches, previewDeletion} from './trash.js';
import {sweep} from './trash-sweep.js';
import {dropLarge} from './trash-tables.js';

/**
What is deleted and still in the file.
*/
export type TrashStatus = {
	readonly deletions: number;

	/**
	Answers, of the hidden conversations also those of their members and arbiters.
	*/
	readonly responses: number;

	/**
	Conversations that versions without a trash deleted, and that nothing else builds on.
	*/
	readonly hidden: number;

	/**
	By about how much the file would become smaller, in bytes: what lies in the trash, and pages that are free already.
	*/
	readonly bytes: number;
};

/**
What emptying the trash would give up, `now` being milliseconds since the Unix epoch.

@throws UserError when the log is locked or damaged.
*/
export function trashStatus(log: Log, now: number): TrashStatus {
	const {conversations, responses} = previewDeletion(
		log,
		{kind: 'hidden'},
		now,
	);

	return explained(log.name, () => {
		const number = (sql: string) =>
			log.prepare<[], number>(sql).pluck().get() ?? 0;

		return {
			deletions: number('SELECT count(*) FROM consortium_deletions'),
			responses:
				responses + number('SELECT sum(responses) FROM consortium_deletions'),
			hidden: conversations,
			bytes:
				number('SELECT sum(octet_length(row)) FROM consortium_trash') +
				number('SELECT sum(octet_length(value)) FROM consortium_trash_values') +
				Number(log.pragma('freelist_count', {simple: true})) *
					Number(log.pragma('page_size', {simple: true})),
		};
	});
}

/**
Give up for good what is deleted, and the texts that nothing refers to any more. The file stays as big as it is until `compact`. `id` is that of a deletion, as for `deleteLogged`.

@throws UserError when the log is locked or damaged, or the disk is full.
*/
export function* emptyTrash(
	log: Log,
	{id, now}: {readonly id: string; readonly now: number},
): Steps<void> {
	yield* deleteInBatches(log, {kind: 'hidden'}, {id, now, what: 'hidden'});
	const inTransaction = <Value>(work: () => Value): Value =>
		explained(log.name, () => log.transaction(work).immediate());

	// First what could be undone: who is cut off here has given up all of it.
	const batches = inTransaction(() => {
		const count = log
			.prepare<[], number | null>(
				`SELECT sum((
					SELECT max(batch) FROM consortium_trash WHERE deletion_id = deletions.id
				)) FROM consortium_deletions AS deletions`,
			)
			.pluck()
			.get();
		log.exec('DELETE FROM consortium_deletions');
		return count ?? 0;
	});
	let rows = 0;

	for (let batch = 1; ; batch++) {
		const dropped = inTransaction(() => dropBatch(log));

		if (dropped === 0) {
			break;
		}

		rows += dropped;
		yield {rows, share: Math.min(1, batch / Math.max(1, batches))};
	}

	for (const texts of sweep(log)) {
		rows += texts;
		yield {rows, share: 1};
	}
}

/**
@returns how many rows; 0 when the trash is empty.
*/
function dropBatch(log: Log): number {
	const part = log
		.prepare<[], {deletion: string; batch: number}>(
			'SELECT deletion_id AS deletion, batch FROM consortium_trash LIMIT 1',
		)
		.get();

	if (!part) {
		return 0;
	}

	const {changes} = log
		.prepare(
			'DELETE FROM consortium_trash WHERE deletion_id = @deletion AND batch = @batch',
		)
		.run(part);
	dropLarge(log, part);
	return changes;
}

/**
Make the file as small as what is in it, and its search quick.

@returns whether nothing of what was deleted is left beside the file; false while other programs read it, the last of which takes it away.
@throws UserError when the log is held by another program, or there is no room for the copy that this takes.
*/
export function compact(log: Log): boolean {
	return explained(log.name, () => {
		log.exec(
			`INSERT INTO responses_fts (responses_fts) VALUES ('optimize'); VACUUM;`,
		);
		const [result] = log.pragma('wal_checkpoint(TRUNCATE)') as Array<{
			readonly busy: number;
		}>;
		return result?.busy === 0;
	});
}
