import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {isTaken} from './store-error.js';
import {
	columnsOf,
	dropLarge,
	movedTables,
	unpacked,
	type MovedTable,
} from './trash-tables.js';

/**
A batch of a deletion, or what it took of one conversation.
*/
export type Part = {
	readonly deletion: string;
	readonly batch: number;
	readonly chat: string | null;
};

/**
The rows of one table, by their numbers in the trash.
*/
type Span = {
	readonly name: string;
	readonly first: number;
	readonly last: number;
};

/**
Put back what lies in the trash, inside of a transaction.

@returns how many responses.
@throws UserError when something of it is in the log again.
*/
export function putBack(log: Log, part: Part): number {
	const isOfPart = `deletion_id = @deletion AND batch = @batch
		${part.chat === null ? '' : 'AND conversation_id = @chat'}`;
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
	const responses = log
		.prepare<[Part], number>(
			`SELECT count(*) FROM consortium_trash
			WHERE ${isOfPart} AND table_name = 'responses'`,
		)
		.pluck()
		.get(part)!;
	log.prepare(`DELETE FROM consortium_trash WHERE ${isOfPart}`).run(part);
	dropLarge(log, part);
	log
		.prepare(
			`UPDATE consortium_deletions SET responses = responses - @responses
			WHERE id = @deletion`,
		)
		.run({...part, responses});
	forgetEmpty(log, part.deletion);
	return responses;
}

/**
A deletion of which nothing is in the trash is none.
*/
export function forgetEmpty(log: Log, deletion: string): void {
	log
		.prepare(
			`DELETE FROM consortium_deletions WHERE id = @deletion AND NOT EXISTS (
				SELECT 1 FROM consortium_trash WHERE deletion_id = @deletion
			)`,
		)
		.run({deletion});
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
	{table, key, number, refersTo, onConflict, wins}: MovedTable,
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
	const again =
		wins === undefined
			? []
			: log
					.prepare<[Part & Span], string>(
						`SELECT row ->> '$.${key}' ${from}
							AND row ->> '$.${key}' IN (SELECT ${key} FROM ${table})`,
					)
					.pluck()
					.all(values);
	const onTaken =
		wins === undefined
			? ''
			: `ON CONFLICT DO UPDATE SET ${columns
					.filter(name => name !== 'rowid')
					.map(name => `"${name}" = excluded."${name}"`)
					.join(', ')} WHERE ${wins}`;

	try {
		log
			.prepare(
				`INSERT ${onConflict === undefined ? '' : `OR ${onConflict}`} INTO ${table} AS there
					(${columns.map(name => `"${name}"`).join(', ')})
				SELECT ${expressions.join(', ')} ${from} ORDER BY seq ${onTaken}`,
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
			`It cannot come back: ${taken} is in the log again, as when llm wrote it anew.`,
			'What is in the log stays as it is.',
			{cause: error},
		);
	}

	if (table === 'consortium_found_responses' && again.length > 0) {
		placeAsFound(log, again);
	}
}

/**
Let the rows of responses say the same as what is known about them.
*/
function placeAsFound(log: Log, ids: readonly string[]): void {
	log
		.prepare(
			`UPDATE responses
			SET (consortium_id, is_arbiter_response) = (run_id, found.is_arbiter_response)
			FROM consortium_found_responses AS found
			WHERE found.response_id = responses.id
				AND found.response_id IN (SELECT value FROM json_each(?))`,
		)
		.run(JSON.stringify(ids));
}
