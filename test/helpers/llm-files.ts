import {copyFileSync, readFileSync} from 'node:fs';
import Database from 'better-sqlite3';

const fixtures = new URL('../fixtures/llm/', import.meta.url);

/**
The last migration of each generation of llm's logs.
*/
export const generations = {
	'0.21': 'm013_usage',
	'0.31': 'm021_tool_results_exception',
	'0.36': 'm027_turns_response_json',
} as const;

export type Generation = keyof typeof generations;

const names = [
	'm001_initial',
	'm002_id_primary_key',
	'm003_chat_id_foreign_key',
	'm004_column_order',
	'm004_drop_provider',
	'm005_debug',
	'm006_new_logs_table',
	'm007_finish_logs_table',
	'm008_reply_to_id_foreign_key',
	'm008_fix_column_order_in_logs',
	'm009_delete_logs_table_if_empty',
	'm010_create_new_log_tables',
	'm011_fts_for_responses',
	'm012_attachments_tables',
	'm013_usage',
	'm014_schemas',
	'm015_fragments_tables',
	'm016_fragments_table_pks',
	'm017_tools_tables',
	'm017_tools_plugin',
	'm018_tool_instances',
	'm019_resolved_model',
	'm020_tool_results_attachments',
	'm021_tool_results_exception',
	'm022_response_reasoning',
	'm023_message_store',
	'm024_tool_instance_references',
	'm025_turn_tools_instance_backfill',
	'm026_message_tree_view',
	'm027_turns_response_json',
];

/**
Make a file as llm of a generation leaves it, with an answer or more in it.
*/
export function makeLlmFile(path: string, generation: Generation): void {
	if (generation === '0.31') {
		copyFileSync(new URL('logs-0.31.db', fixtures), path);
		return;
	}

	const file = new Database(path);
	file.pragma('synchronous = OFF');
	const schema = readFileSync(
		new URL(`schema-${generation}.sql`, fixtures),
		'utf8',
	);

	// SQLite makes the tables of a search index itself.
	file.exec(
		schema.replaceAll(/CREATE TABLE IF NOT EXISTS '\w+_fts_\w+'.*;/g, ''),
	);

	for (const name of names.slice(
		0,
		names.indexOf(generations[generation]) + 1,
	)) {
		file
			.prepare('INSERT INTO _llm_migrations (name, applied_at) VALUES (?, ?)')
			.run(name, '2025-02-01 09:00:00.000000+00:00');
	}

	logAsLlm(file, {id: '01jk0000000000000000000001', words: 'an old question'});
	file.exec(
		"INSERT INTO attachments (id, type, content) VALUES ('a1', 'image/png', x'00ff')",
	);

	if (generation === '0.36') {
		file.exec(`
			INSERT INTO threads (id, name) VALUES ('01jk000000000000000000000t', 'new');
			INSERT INTO turns (id, thread_id, model)
				VALUES ('01jk0000000000000000000002', '01jk000000000000000000000t', 'gpt-4o');
			INSERT INTO turn_search (turn_id, prompt, response)
				VALUES ('01jk0000000000000000000002', 'new words', 'said');
		`);
	}

	file.close();
}

/**
Write an answer as llm up to 0.31 does.
*/
export function logAsLlm(
	file: Database.Database,
	{id, words}: {readonly id: string; readonly words: string},
): void {
	file
		.prepare(
			'INSERT OR IGNORE INTO conversations (id, name, model) VALUES (?, ?, ?)',
		)
		.run(`${id.slice(0, -1)}c`, words, 'gpt-4o');
	file
		.prepare(
			`INSERT INTO responses (id, model, prompt, system, prompt_json,
				options_json, response, response_json, conversation_id, duration_ms,
				datetime_utc, input_tokens, output_tokens, token_details)
			VALUES (?, 'gpt-4o', ?, NULL, NULL, '{}', 'an answer', '{"id": 1}', ?, 12,
				'2025-02-01T09:00:00.000000+00:00', 3, 4, NULL)`,
		)
		.run(id, words, `${id.slice(0, -1)}c`);
}
