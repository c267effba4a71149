import {UserError} from '../core/user-error.js';
import {idAt} from './id-at.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';
import {select, type Unwanted} from './trash-selection.js';
import {
	columnsOf,
	movedTables,
	packed,
	type MovedTable,
} from './trash-tables.js';

/**
What a deletion takes out of the log.
*/
export type Doomed = {
	/**
	Those something is taken out of, whether all or a part.
	*/
	readonly conversations: number;

	/**
	Those of ours and those that were found in the logs of other programs.
	*/
	readonly runs: number;

	/**
	Of members, arbiters and runs, and those that belong to no run.
	*/
	readonly responses: number;

	/**
	When the first and the last of it began, in milliseconds since the Unix epoch; null when nothing tells.
	*/
	readonly firstAt: number | null;
	readonly lastAt: number | null;

	/**
	The beginnings of the first questions, a few.
	*/
	readonly questions: readonly string[];

	/**
	US dollars, of what the log knows; null when it knows nothing.
	*/
	readonly costUsd: number | null;
	readonly costIsComplete: boolean;

	/**
	Conversations that were meant too and stay, since they go on right now, or others that stay build on them.
	*/
	readonly staying: number;
};

const fewQuestions = 3;
const questionLength = 500;

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

/**
Take something out of the log and put it into the trash, until that is emptied. With `expected` only when it is still what was shown.

What was paid today still counts for the daily limit.

@throws UserError as for `previewDeletion`, and when it is something else by now.
*/
export function deleteLogged(
	log: Log,
	unwanted: Unwanted,
	{
		id,
		now,
		what,
		expected = null,
	}: {
		/**
		Of the deletion; later ones have greater ids.
		*/
		readonly id: string;
		readonly now: number;

		/**
		What was deleted, for people: `the conversation 01ab`.
		*/
		readonly what: string;
		readonly expected?: Doomed | null;
	},
): Doomed {
	const move = log.transaction(() => {
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

		if (doomed.responses + doomed.runs > 0) {
			log
				.prepare(
					`INSERT INTO consortium_deletions (id, at, what, responses, conversations)
					VALUES (@id, @now, @what, @responses, @conversations)`,
				)
				.run({...doomed, id, now, what});
			moveToTrash(log, id, now);
		}

		forget(log);
		return doomed;
	});

	return explained(log.name, () => move.immediate());
}

function forget(log: Log): void {
	log.exec('DROP TABLE temp.doomed');
}

function summary(log: Log, staying: number): Doomed {
	const figures = log
		.prepare<
			[],
			Omit<Doomed, 'questions' | 'costUsd' | 'costIsComplete' | 'staying'>
		>(
			`SELECT
				(SELECT count(DISTINCT coalesce(doomed.chat, conversation_id))
					FROM temp.doomed LEFT JOIN responses ON responses.id = doomed.id
					WHERE doomed.kind = 'run') AS conversations,
				(SELECT count(*) FROM temp.doomed
					JOIN consortium_runs AS runs ON runs.id = doomed.id
					WHERE doomed.kind = 'run') +
				(SELECT count(*) FROM temp.doomed
					JOIN consortium_found_runs AS runs ON runs.id = doomed.id
					WHERE doomed.kind = 'run') AS runs,
				(SELECT count(*) FROM temp.doomed
					JOIN responses ON responses.id = doomed.id
					WHERE doomed.kind = 'response') AS responses,
				min(at) AS firstAt, max(at) AS lastAt
			FROM (${unitsSql})`,
		)
		.get()!;
	const costs = log
		.prepare<[], {costUsd: number | null; unknownCosts: number | null}>(
			`SELECT
				sum((SELECT sum(cost_usd) FROM consortium_calls WHERE run_id = runs.id)) AS costUsd,
				sum(coalesce(cost_is_complete, 0) = 0) AS unknownCosts
			FROM temp.doomed JOIN consortium_runs AS runs ON runs.id = doomed.id
			WHERE doomed.kind = 'run' AND simulated = 0`,
		)
		.get()!;
	const questions = log
		.prepare<[], string>(
			`SELECT substr(CAST(prompt AS TEXT), 1, ${questionLength})
			FROM (${unitsSql}) ORDER BY at IS NULL, at LIMIT ${fewQuestions}`,
		)
		.pluck()
		.all();
	const {unknownCosts, ...known} = {...figures, ...costs};

	return {
		...known,
		questions,
		costIsComplete: (unknownCosts ?? 0) === 0,
		staying,
	};
}

/**
What goes as a whole, with its time and its question.
*/
const unitsSql = `
	SELECT started_at AS at, prompt
	FROM temp.doomed JOIN consortium_runs AS runs ON runs.id = doomed.id
	WHERE doomed.kind = 'run'
	UNION ALL
	SELECT started_at, prompt
	FROM temp.doomed JOIN consortium_found_runs AS runs ON runs.id = doomed.id
	WHERE doomed.kind = 'run'
	UNION ALL
	SELECT CASE typeof(datetime_utc)
		WHEN 'text' THEN unixepoch(datetime_utc) * 1000 END, prompt
	FROM temp.doomed JOIN responses AS lone ON lone.id = doomed.id
	WHERE doomed.kind = 'run'
		AND NOT EXISTS (SELECT 1 FROM consortium_runs WHERE id = lone.id)
		AND NOT EXISTS (SELECT 1 FROM consortium_found_runs WHERE id = lone.id)`;

function moveToTrash(log: Log, deletion: string, now: number): void {
	const tables = movedTables(log);
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
	let seq = moveRows(log, reservations!, {deletion, seq: 0});

	// No process has the number 0: these rows are the deletion's, which takes them back.
	log
		.prepare(
			`INSERT INTO consortium_reservations (call_id, at, usd, pid, host, is_settled)
			SELECT calls.id, @now, cost_usd, 0, @deletion, 1
			FROM temp.doomed JOIN consortium_calls AS calls ON calls.id = doomed.id
			WHERE doomed.kind = 'paid'`,
		)
		.run({now, deletion});

	for (const table of others) {
		seq = moveRows(log, table, {deletion, seq});
	}
}

/**
@returns the number of the last row.
*/
function moveRows(
	log: Log,
	{table, key, kind, unless}: MovedTable,
	{deletion, seq}: {readonly deletion: string; readonly seq: number},
): number {
	const isMoved = [
		`moved.${key} IN (SELECT id FROM temp.doomed WHERE kind = '${kind}')`,
		...(unless === undefined ? [] : [`NOT (${unless})`]),
	].join(' AND ');
	const {changes} = log
		.prepare(
			`INSERT INTO consortium_trash (deletion_id, seq, table_name, conversation_id, row)
			SELECT @deletion, @seq + row_number() OVER (), '${table}', (
				SELECT chat FROM temp.doomed
				WHERE kind = '${kind}' AND id = CAST(moved.${key} AS TEXT)
			), ${packed(columnsOf(log, table))}
			FROM ${table} AS moved WHERE ${isMoved}`,
		)
		.run({deletion, seq});

	if (changes > 0) {
		log.prepare(`DELETE FROM ${table} AS moved WHERE ${isMoved}`).run();
	}

	return seq + changes;
}
