import {type Log} from './log.js';
import {dependents, spare} from './trash-dependents.js';
import {emptyDoomed, isFinal, responsesOfRuns} from './trash-selection.js';

/**
Bytes of texts, with something for each row. Moving so much takes a fraction of a second, also where many programs share a slow disk.
*/
const usualBytes = 1_500_000;
const bytesOfRow = 1500;

/**
Write down in the temporary table `condemned` what is doomed, to be moved batch by batch. The parts are conversations, numbered in the order of their ids, which is that of time for ours.
*/
export function condemn(log: Log): void {
	log.exec(`
		CREATE TEMP TABLE condemned (
			part INTEGER NOT NULL,
			id TEXT NOT NULL,
			chat TEXT,
			PRIMARY KEY (part, id)
		) WITHOUT ROWID;
		INSERT INTO temp.condemned
			SELECT
				dense_rank() OVER (
					ORDER BY coalesce(chat, conversation_id, doomed.id)
				) AS part, doomed.id, chat
			FROM temp.doomed LEFT JOIN responses ON responses.id = doomed.id
			WHERE kind = 'run' ORDER BY part;
		CREATE INDEX temp.idx_condemned_chat ON condemned (chat)
			WHERE chat IS NOT NULL;
	`);
}

/**
Take the next conversations, and those that build on them, out of `condemned` and into the table of what goes, with their responses. What goes on right now by now stays, and so does what anything else builds on or has become a part of.

@returns how many conversations stay for that reason; null when there are none left to take.
*/
export function takeBatch(
	log: Log,
	{
		now,
		batchBytes = usualBytes,
	}: {readonly now: number; readonly batchBytes?: number},
): number | null {
	const last = lastPartOfBatch(log, batchBytes);

	if (last === null) {
		return null;
	}

	log.exec(emptyDoomed);
	take(log, 'part <= ?', last);
	const builders = log
		.prepare<[], string>(
			`SELECT json_group_array(DISTINCT byChat) FROM (${dependents})`,
		)
		.pluck();

	// A fork of a fork builds on what has been added.
	for (let taken = 1; taken > 0;) {
		const chats = builders.get()!;
		taken = take(
			log,
			'chat IS NOT NULL AND chat IN (SELECT value FROM json_each(?))',
			chats,
		);
	}

	const staying = spare(log, now) + spareGrown(log);
	log.exec(responsesOfRuns);
	return staying;
}

/**
What there is to move is measured as late as this, since the rows are read right after it.
*/
function lastPartOfBatch(log: Log, batchBytes: number): number | null {
	const parts = log
		.prepare<{bytesOfRow: number}, {part: number; size: number | null}>(
			`SELECT part, (
				SELECT sum(
					@bytesOfRow + coalesce(octet_length(prompt), 0) +
					coalesce(octet_length(system), 0) +
					coalesce(octet_length(prompt_json), 0) +
					coalesce(octet_length(response), 0) +
					coalesce(octet_length(response_json), 0)
				)
				FROM responses
				WHERE responses.id = condemned.id
					OR responses.consortium_id = condemned.id
			) AS size
			FROM temp.condemned ORDER BY part`,
		)
		.iterate({bytesOfRow});
	let last: number | null = null;
	let total = 0;

	for (const {part, size} of parts) {
		if (total >= batchBytes && part !== last) {
			break;
		}

		total += size ?? bytesOfRow;
		last = part;
	}

	return last;
}

/**
@returns how many runs and responses were taken.
*/
function take(log: Log, condition: string, value: number | string): number {
	log
		.prepare(
			`INSERT OR IGNORE INTO temp.doomed
			SELECT 'run', id, chat FROM temp.condemned WHERE ${condition}`,
		)
		.run(value);
	return log.prepare(`DELETE FROM temp.condemned WHERE ${condition}`).run(value)
		.changes;
}

/**
Conversations of other programs to which something was added that is not doomed.
*/
function spareGrown(log: Log): number {
	const chats = log
		.prepare<[]>(
			`SELECT DISTINCT conversation_id FROM temp.doomed
			JOIN responses AS each ON each.id = doomed.id
			WHERE kind = 'run' AND EXISTS (
				SELECT 1 FROM responses
				WHERE conversation_id = each.conversation_id AND ${isFinal}
					AND id NOT IN (SELECT id FROM temp.doomed WHERE kind = 'run')
			)`,
		)
		.pluck()
		.all();
	const takeOut = log.prepare<[unknown]>(
		`DELETE FROM temp.doomed WHERE kind = 'run' AND id IN (
			SELECT id FROM responses WHERE conversation_id = ? AND ${isFinal}
		)`,
	);

	for (const chat of chats) {
		takeOut.run(chat);
	}

	return chats.length;
}
