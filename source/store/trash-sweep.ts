import {isEmptyRun} from './backfill/run-rows.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';

/**
Rows of llm that several others share, and the column by which any table refers to them.
*/
const sharedTables = {
	attachments: 'attachment_id',
	fragments: 'fragment_id',
	schemas: 'schema_id',
	tool_instances: 'instance_id',
	tools: 'tool_id',
} as const;

/**
After so many rows, or bytes in them, others may write.
*/
const rowsAtOnce = 2000;
const bytesAtOnce = 5_000_000;

/**
Take out the texts and files that nothing in the log refers to any more, and what was found of responses that are gone, some at a time: how many, each time. A fragment that has a name stays, and so does one whose number stands in condensed JSON.

@throws UserError when the log is locked or damaged, or the disk is full.
*/
export function* sweep(log: Log): Generator<number, void, void> {
	for (const [table, column] of Object.entries(sharedTables)) {
		const take = createTaker(log, table, column);

		for (let taken = take(); taken > 0; taken = take()) {
			yield taken;
		}
	}

	takeStrays(log);
	inTransaction(log, () =>
		log.exec(`
			DELETE FROM consortium_texts WHERE hash NOT IN (
				SELECT system_hash FROM consortium_calls WHERE system_hash IS NOT NULL
			);
			DELETE FROM consortium_templates WHERE hash NOT IN (
				SELECT template_hash FROM consortium_calls WHERE template_hash IS NOT NULL
				UNION ALL
				SELECT value FROM consortium_runs,
					json_each(iif(json_valid(templates), templates, '{}'))
				WHERE value IS NOT NULL
			);
		`),
	);
}

/**
What was found of responses that are gone, in SQL: places, runs and doubts. What a record names may still be imported, and stays.
*/
const isGone =
	'response_id NOT IN (SELECT id FROM responses WHERE id IS NOT NULL)';
const strays = [
	`consortium_found_responses WHERE decided_by <> 'record' AND ${isGone}`,
	`consortium_found_runs AS run WHERE ${isEmptyRun}`,
	`consortium_doubts WHERE ${isGone}`,
];

function takeStrays(log: Log): void {
	const isAny = explained(log.name, () =>
		strays.some(
			stray =>
				log.prepare(`SELECT 1 FROM ${stray} LIMIT 1`).get() !== undefined,
		),
	);

	if (isAny) {
		inTransaction(log, () =>
			log.exec(strays.map(stray => `DELETE FROM ${stray};`).join('\n')),
		);
	}
}

function inTransaction<Value>(log: Log, work: () => Value): Value {
	return explained(log.name, () => log.transaction(work).immediate());
}

/**
Deletes the next rows of a table, by their numbers, to which no column of this name in any table refers.
*/
function createTaker(log: Log, table: string, column: string): () => number {
	const references = tablesWith(log, 'lower(columns.name) = ?', column).map(
		([name]) =>
			`SELECT "${column}" FROM ${quoted(name)} WHERE "${column}" IS NOT NULL`,
	);
	const sizes = tablesWith(log, 'tables.name = ?', table).map(
		([, name]) => `ifnull(octet_length(${quoted(name)}), 0)`,
	);
	const isUnused = `id NOT IN (${references.join(' UNION ALL ')})`;
	const isAny =
		explained(log.name, () =>
			log.prepare(`SELECT 1 FROM ${table} WHERE ${isUnused} LIMIT 1`).get(),
		) !== undefined;
	const named =
		isAny && table === 'fragments'
			? explained(log.name, () => namedFragments(log))
			: [];
	const unused = log.prepare<[string], {number: number; size: number}>(
		`SELECT rowid AS number, ${sizes.join(' + ')} AS size FROM ${table}
		WHERE ${isUnused} AND id NOT IN (SELECT value FROM json_each(?))`,
	);
	const remove = log.prepare(
		`DELETE FROM ${table} WHERE rowid IN (SELECT value FROM json_each(?))`,
	);

	return () =>
		isAny
			? inTransaction(log, () => {
					const numbers: number[] = [];
					let bytes = 0;

					for (const {number, size} of unused.iterate(JSON.stringify(named))) {
						numbers.push(number);
						bytes += size;

						if (numbers.length >= rowsAtOnce || bytes >= bytesAtOnce) {
							break;
						}
					}

					return remove.run(JSON.stringify(numbers)).changes;
				})
			: 0;
}

/**
The numbers that keys of fragments have in any JSON of the log. What only looks like a key keeps its fragment.
*/
function namedFragments(log: Log): number[] {
	const found = new Set<number>();
	const columns = [
		...tablesWith(log, 'lower(columns.name) LIKE ?', '%json'),
		['consortium_imported', 'extra'] as const,
	];

	for (const [table, column] of columns) {
		const texts = log
			.prepare<[], string>(
				`SELECT CAST("${column}" AS TEXT) FROM ${quoted(table)}
				WHERE instr("${column}", '"$') > 0`,
			)
			.pluck();

		for (const text of texts.iterate()) {
			for (const [, id] of text.matchAll(/"s?f:?(\d{1,15})"/gv)) {
				found.add(Number(id));
			}
		}
	}

	return [...found];
}

/**
Names of tables and of those columns of theirs that meet a condition.
*/
function tablesWith(
	log: Log,
	condition: string,
	value: string,
): Array<[table: string, column: string]> {
	return log
		.prepare<[string], [string, string]>(
			`SELECT tables.name, columns.name
			FROM pragma_table_list AS tables, pragma_table_info(tables.name) AS columns
			WHERE tables.schema = 'main' AND tables.type = 'table' AND ${condition}`,
		)
		.raw()
		.all(value);
}

function quoted(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}
