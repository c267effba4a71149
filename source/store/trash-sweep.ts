import {isEmptyRun} from './backfill/run-rows.js';
import {type Log} from './log.js';

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
Take out the texts and files that nothing in the log refers to any more, and what was found of responses that are gone, inside of a transaction. What a record names may still be imported, and stays. A fragment that has a name stays, and so does one whose number stands in condensed JSON.
*/
export function sweep(log: Log): void {
	for (const [table, column] of Object.entries(sharedTables)) {
		const references = tablesWith(log, 'lower(columns.name) = ?', column).map(
			([name]) =>
				`SELECT "${column}" FROM ${quoted(name)} WHERE "${column}" IS NOT NULL`,
		);
		const unused = `FROM ${table} WHERE id NOT IN (${references.join(' UNION ALL ')})`;
		const isAny = log.prepare(`SELECT 1 ${unused} LIMIT 1`).get() !== undefined;

		if (isAny) {
			const named = table === 'fragments' ? namedFragments(log) : [];
			log
				.prepare(
					`DELETE ${unused} AND id NOT IN (SELECT value FROM json_each(?))`,
				)
				.run(JSON.stringify(named));
		}
	}

	log.exec(`
		DELETE FROM consortium_found_responses
			WHERE decided_by <> 'record'
				AND response_id NOT IN (SELECT id FROM responses WHERE id IS NOT NULL);
		DELETE FROM consortium_found_runs AS run WHERE ${isEmptyRun};
		DELETE FROM consortium_doubts
			WHERE response_id NOT IN (SELECT id FROM responses WHERE id IS NOT NULL);
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
	`);
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
