import {hasTable} from './llm-schema.js';
import {type Log} from './log.js';

/**
What can be doomed: `run` stands for everything that goes as a whole (a run, a found run, a response that belongs to none), the others for what belongs to it; `paid` are the calls whose cost must still count today.
*/
export type DoomedKind =
	'run' | 'response' | 'conversation' | 'attachment' | 'result' | 'paid';

/**
A table whose rows go with what they belong to.
*/
export type MovedTable = {
	readonly table: string;

	/**
	The column that says to what of this kind a row belongs.
	*/
	readonly key: string;
	readonly kind: DoomedKind;

	/**
	When a row `moved` stays, since something else needs it.
	*/
	readonly unless?: string;

	/**
	What to do with a row that is there again. Without it nothing is put back.
	*/
	readonly onConflict?: 'IGNORE' | 'REPLACE';

	/**
	When the row from the trash, `excluded`, takes the place of one that is `there` again; otherwise that one stays.
	*/
	readonly wins?: string;

	/**
	Rows in the trash are found by their id.
	*/
	readonly isFindable?: true;

	/**
	The column is the number of the row, and may be another one when it is put back.
	*/
	readonly number?: string;

	/**
	The column holds numbers of rows in another table.
	*/
	readonly refersTo?: {readonly column: string; readonly table: string};
};

const ofRun = ['run_id', 'run'] as const;
const ofResponse = ['response_id', 'response'] as const;

const isDecided = {
	wins: 'excluded.decision IS NOT NULL AND there.decision IS NULL',
};

const hasResponses =
	'EXISTS (SELECT 1 FROM responses WHERE conversation_id = moved.id)';

/**
In the order in which they are taken out and put back. A table stands in one place, so that its rows are numbered in a row.
*/
export function movedTables(log: Log): readonly MovedTable[] {
	const entry = (
		table: string,
		[key, kind]: readonly [string, DoomedKind],
		more: Partial<MovedTable> = {},
	): MovedTable => ({table, key, kind, ...more});

	const linkTables = [
		'prompt_attachments',
		'tool_results_attachments',
		'part_attachments',
	].filter(table => hasTable(log, table));

	return [
		entry('consortium_reservations', ['call_id', 'paid'], {
			onConflict: 'REPLACE',
		}),
		entry('responses', ['id', 'response'], {isFindable: true}),
		entry('prompt_attachments', ofResponse),
		entry('prompt_fragments', ofResponse),
		entry('system_fragments', ofResponse),
		entry('tool_responses', ofResponse),
		entry('tool_calls', ofResponse, {number: 'id'}),
		entry('tool_results', ofResponse, {number: 'id'}),
		entry('tool_results_attachments', ['tool_result_id', 'result'], {
			refersTo: {column: 'tool_result_id', table: 'tool_results'},
		}),
		entry('attachments', ['id', 'attachment'], {
			unless: linkTables
				.map(
					table =>
						`moved.id IN (SELECT attachment_id FROM ${table} WHERE attachment_id IS NOT NULL)`,
				)
				.join(' OR '),
			onConflict: 'IGNORE',
		}),
		entry('consortium_imported', ofResponse),
		entry('consortium_found_responses', ofResponse, {
			wins: `excluded.decided_by <> 'evidence' AND there.decided_by = 'evidence'`,
		}),
		entry('consortium_doubts', ofResponse, isDecided),
		entry('consortium_doubts', ofRun, isDecided),
		entry('consortium_found_runs', ['id', 'run'], {
			wins: 'excluded.recorded_id IS NOT NULL AND there.recorded_id IS NULL',
		}),
		entry('consortium_runs', ['id', 'run'], {isFindable: true}),
		entry('consortium_calls', ofRun),
		entry('consortium_attempts', ofRun),
		entry('consortium_verdicts', ofRun),
		entry('consortium_events', ofRun),
		entry('consortium_chunks', ofRun),
		entry('consortium_ratings', ofRun),
		entry('conversations', ['id', 'conversation'], {
			unless: hasResponses,
			onConflict: 'IGNORE',
		}),
		entry('consortium_conversations', ['id', 'conversation'], {
			unless: `${hasResponses}
				OR EXISTS (SELECT 1 FROM consortium_runs WHERE conversation_id = moved.id)`,
			onConflict: 'IGNORE',
		}),
	];
}

/**
The names of a table's columns, with `rowid` where rows have a number of their own.
*/
export function columnsOf(log: Log, table: string): readonly string[] {
	const columns = log
		.prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
		.pluck()
		.all(table);
	const isKeyed = log
		.prepare<[string], number>(
			`SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?`,
		)
		.pluck()
		.get(table);

	return isKeyed === 1 ? columns : ['rowid', ...columns];
}

/**
A value of this many bytes lies beside its row, as it is: to read JSON takes memory of many times its size.
*/
const largeBytes = 100_000;

const isLarge = (name: string) =>
	`ifnull(octet_length(moved."${name}"), 0) >= ${largeBytes}`;

/**
A row as JSON, in SQL. SQLite reads its own numbers and texts back as they were, whatever they hold; bytes are a list of their hexadecimal digits, and a value that lies beside the row is an empty list.
*/
export function packed(columns: readonly string[]): string {
	const pairs = columns.map(
		name => `'${name}', CASE
			WHEN ${isLarge(name)} THEN json_array()
			WHEN typeof(moved."${name}") = 'blob'
				THEN json_array(hex(moved."${name}"))
			ELSE moved."${name}"
		END`,
	);
	return `json_object(${pairs.join(', ')})`;
}

/**
The value a column had, in SQL.
*/
export function unpacked(name: string): string {
	const at = `$."${name}"`;

	return `CASE
		WHEN json_type(trash.row, '${at}') IS NOT 'array' THEN trash.row ->> '${at}'
		WHEN json_array_length(trash.row, '${at}') > 0
			THEN unhex(trash.row ->> '${at}[0]')
		ELSE (
			SELECT value FROM consortium_trash_values AS beside
			WHERE beside.deletion_id = trash.deletion_id
				AND beside.batch = trash.batch AND beside.seq = trash.seq
				AND beside.name = '${name}'
		)
	END`;
}

/**
Put the large values of rows that were packed, and are still in their table, beside them: those numbered `first` to `last` in the batch.
*/
export function keepLarge(
	log: Log,
	{table, key}: MovedTable,
	{
		columns,
		isMoved,
		...span
	}: {
		readonly columns: readonly string[];
		readonly isMoved: string;
		readonly deletion: string;
		readonly batch: number;
		readonly first: number;
		readonly last: number;
	},
): void {
	const counts = log
		.prepare<[], number>(
			`SELECT ${columns.map(name => `sum(${isLarge(name)})`).join(', ')}
			FROM ${table} AS moved WHERE ${isMoved}`,
		)
		.raw()
		.get() as unknown as readonly number[];
	const identity = columns.includes('rowid') ? 'rowid' : key;

	for (const [nth, name] of columns.entries()) {
		if (counts[nth]! > 0) {
			log
				.prepare(
					`INSERT INTO consortium_trash_values
					SELECT trash.deletion_id, trash.batch, trash.seq, '${name}', moved."${name}"
					FROM consortium_trash AS trash
					CROSS JOIN ${table} AS moved
						ON moved.${identity} = trash.row ->> '$.${identity}'
					WHERE trash.deletion_id = @deletion AND trash.batch = @batch
						AND trash.seq BETWEEN @first AND @last AND ${isLarge(name)}`,
				)
				.run(span);
		}
	}
}

/**
Take out of a batch the large values whose rows are there no more.
*/
export function dropLarge(
	log: Log,
	part: {readonly deletion: string; readonly batch: number},
): void {
	log
		.prepare(
			`DELETE FROM consortium_trash_values AS beside
			WHERE deletion_id = @deletion AND batch = @batch AND NOT EXISTS (
				SELECT 1 FROM consortium_trash AS trash
				WHERE trash.deletion_id = @deletion AND trash.batch = @batch
					AND trash.seq = beside.seq
			)`,
		)
		.run(part);
}
