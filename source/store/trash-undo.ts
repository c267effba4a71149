import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {explained, isTaken} from './store-error.js';
import {
	columnsOf,
	movedTables,
	unpacked,
	type MovedTable,
} from './trash-tables.js';

/**
A deletion whose rows are still in the trash.
*/
export type Deletion = {
	readonly id: string;

	/**
	Milliseconds since the Unix epoch.
	*/
	readonly at: number;

	/**
	For people, as `the conversation 01ab`.
	*/
	readonly what: string;
	readonly responses: number;
	readonly conversations: number;
};

/**
Put back what the latest deletion took; null when there is none.

@throws UserError when something of it is in the log again, or when the log is locked or damaged.
*/
export function undoDeletion(log: Log): Deletion | null {
	const undo = log.transaction(() => {
		const latest = log
			.prepare<[], Deletion>(
				'SELECT * FROM consortium_deletions ORDER BY at DESC, id DESC LIMIT 1',
			)
			.get();

		if (!latest) {
			return null;
		}

		putBack(log, {deletion: latest.id, chat: null});
		return latest;
	});

	return explained(log.name, () => undo.immediate());
}

/**
Put back what the latest deletion took of one conversation: whether there was any.

@throws UserError as for `undoDeletion`.
*/
export function undoConversation(log: Log, chat: string): boolean {
	const undo = log.transaction(() => {
		const deletion = log
			.prepare<[string], string>(
				`SELECT id FROM consortium_deletions WHERE id IN (
					SELECT deletion_id FROM consortium_trash WHERE conversation_id = ?
				) ORDER BY at DESC, id DESC LIMIT 1`,
			)
			.pluck()
			.get(chat);

		if (deletion === undefined) {
			return false;
		}

		putBack(log, {deletion, chat});
		return true;
	});

	return explained(log.name, () => undo.immediate());
}

/**
Put back a run somebody goes on with who had it before it was deleted, with its conversation and those that this one shares its beginning with. Nothing happens when it is not in the trash, or when it cannot be put back.
*/
export function bringBack(log: Log, runId: string): void {
	const found = log
		.prepare<[string], Part>(
			`SELECT deletion_id AS deletion, conversation_id AS chat
			FROM consortium_trash
			WHERE table_name = 'consortium_runs' AND row ->> '$.id' = ?`,
		)
		.get(runId);

	if (!found) {
		return;
	}

	try {
		log.transaction(putBack)(log, found);
	} catch (error) {
		if (error instanceof UserError) {
			return;
		}

		throw error;
	}

	for (const id of missingBefore(log, found.chat)) {
		bringBack(log, id);
	}
}

function missingBefore(log: Log, chat: string | null): string[] {
	return log
		.prepare<{chat: string | null}, string>(
			`SELECT id FROM (
				SELECT previous_run_id AS id FROM consortium_runs
				WHERE conversation_id = @chat
				UNION
				SELECT derived_from FROM consortium_runs WHERE conversation_id = @chat
			) AS before
			WHERE id IS NOT NULL
				AND NOT EXISTS (SELECT 1 FROM consortium_runs WHERE id = before.id)`,
		)
		.pluck()
		.all({chat});
}

/**
A deletion, or what it took of one conversation.
*/
type Part = {readonly deletion: string; readonly chat: string | null};

/**
The rows of one table, by their numbers in the trash.
*/
type Span = {
	readonly name: string;
	readonly first: number;
	readonly last: number;
};

function putBack(log: Log, part: Part): void {
	const isOfPart =
		part.chat === null
			? 'deletion_id = @deletion'
			: 'deletion_id = @deletion AND conversation_id = @chat';
	const spans = log
		.prepare<[Part], Span>(
			`SELECT table_name AS name, min(seq) AS first, max(seq) AS last
			FROM consortium_trash WHERE ${isOfPart}
			GROUP BY table_name ORDER BY first`,
		)
		.all(part);
	const tables = new Map(movedTables(log).map(each => [each.table, each]));
	const shifts = new Map<string, number>();

	for (const span of spans) {
		const table = tables.get(span.name);

		if (table) {
			putBackTable(log, table, {
				values: {...part, ...span},
				isOfSpan: `${isOfPart} AND seq BETWEEN @first AND @last`,
				shifts,
			});
		}
	}

	log
		.prepare(
			`DELETE FROM consortium_reservations
			WHERE pid = 0 AND host = @deletion
				AND call_id IN (SELECT id FROM consortium_calls)`,
		)
		.run(part);
	log.prepare(`DELETE FROM consortium_trash WHERE ${isOfPart}`).run(part);
	log
		.prepare(
			`DELETE FROM consortium_deletions WHERE id = @deletion AND NOT EXISTS (
				SELECT 1 FROM consortium_trash WHERE deletion_id = @deletion
			)`,
		)
		.run(part);
}

type Rows = {
	readonly values: Part & Span;
	readonly isOfSpan: string;

	/**
	By how much the numbers of rows differ from those they had, by table.
	*/
	readonly shifts: Map<string, number>;
};

function putBackTable(
	log: Log,
	{table, key, number, refersTo, onConflict}: MovedTable,
	{values, isOfSpan, shifts}: Rows,
): void {
	const from = `FROM consortium_trash AS trash WHERE ${isOfSpan}`;
	const had = new Set(
		log
			.prepare<[Part & Span], string>(
				`SELECT key FROM (SELECT row ${from} LIMIT 1), json_each(row)`,
			)
			.pluck()
			.all(values),
	);

	// A number that is taken meanwhile is nobody's business but SQLite's; an id is somebody's.
	const columns = columnsOf(log, table).filter(
		name => had.has(name) && name !== number,
	);
	const shift = columns.includes('rowid')
		? log
				.prepare<[Part & Span], number>(
					`SELECT iif(
						EXISTS (SELECT 1 ${from} AND row ->> '$.rowid' IN (SELECT rowid FROM ${table})),
						(SELECT max(rowid) FROM ${table}) + 1 - (SELECT min(row ->> '$.rowid') ${from}),
						0
					)`,
				)
				.pluck()
				.get(values)!
		: 0;
	shifts.set(table, shift);

	const shiftOf = (name: string) =>
		name === 'rowid'
			? shift
			: name === refersTo?.column
				? (shifts.get(refersTo.table) ?? 0)
				: 0;
	const expressions = columns.map(name =>
		shiftOf(name) === 0
			? unpacked(name)
			: `${unpacked(name)} + ${shiftOf(name)}`,
	);
	try {
		log
			.prepare(
				`INSERT ${onConflict === undefined ? '' : `OR ${onConflict}`} INTO ${table}
					(${columns.map(name => `"${name}"`).join(', ')})
				SELECT ${expressions.join(', ')} ${from} ORDER BY seq`,
			)
			.run(values);
	} catch (error) {
		if (!isTaken(error)) {
			throw error;
		}

		const taken = log
			.prepare<[Part & Span], string>(
				`SELECT row ->> '$.${key}' ${from}
					AND row ->> '$.${key}' IN (SELECT ${key} FROM ${table}) LIMIT 1`,
			)
			.pluck()
			.get(values);

		throw new UserError(
			`The deletion cannot be undone: ${taken} is in the log again, as when it was imported anew.`,
			'What is in the log stays as it is; `consortium-tui logs vacuum` gives up what was deleted.',
			{cause: error},
		);
	}
}
