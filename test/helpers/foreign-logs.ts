import {readFileSync} from 'node:fs';
import Database from 'better-sqlite3';

/**
Databases of the Python tools, of every generation, made from the schemas of real ones.
*/
export const generations = [
	'0.5',
	'0.12',
	'0.19',
	'0.23',
	'0.24',
	'0.26',
	'0.31',
	'0.32',
	'plug-in 0.8',
	'plug-in, older',
	'user columns',
] as const;

export type Generation = (typeof generations)[number];

type Cell = string | number | bigint | Uint8Array | null;

/**
Rows by table; tables and columns that a generation does not have are left out of it.
*/
export type Content = Readonly<
	Record<string, ReadonlyArray<Readonly<Record<string, Cell>>>>
>;

const tablesUntil: Partial<Record<Generation, readonly string[]>> = {
	'0.12': ['conversations', 'responses', '_llm_migrations'],
	'0.23': [
		'conversations',
		'responses',
		'_llm_migrations',
		'attachments',
		'prompt_attachments',
		'schemas',
	],
	'0.24': [
		'conversations',
		'responses',
		'_llm_migrations',
		'attachments',
		'prompt_attachments',
		'schemas',
		'fragments',
		'fragment_aliases',
		'prompt_fragments',
		'system_fragments',
	],
};

const withoutColumns: Partial<Record<Generation, readonly string[]>> = {
	'0.12': [
		'responses.input_tokens',
		'responses.output_tokens',
		'responses.token_details',
	],
	'0.23': ['responses.resolved_model'],
	'0.24': ['responses.resolved_model'],
	'0.26': ['responses.resolved_model', 'tool_results.exception'],
};

const schemaOf: Record<Generation, string> = {
	'0.5': '',
	'0.12': 'schema-0.21.sql',
	'0.19': 'schema-0.21.sql',
	'0.23': 'schema-0.31.sql',
	'0.24': 'schema-0.31.sql',
	'0.26': 'schema-0.31.sql',
	'0.31': 'schema-0.31.sql',
	'0.32': 'schema-0.36.sql',
	'plug-in 0.8': 'consortium-0.31.sql',
	'plug-in, older': 'schema-0.21.sql',
	'user columns': 'schema-0.31.sql',
};

const more: Partial<Record<Generation, string>> = {
	'0.5': `CREATE TABLE "logs" (
		[id] INTEGER PRIMARY KEY, [model] TEXT, [prompt] TEXT, [system] TEXT,
		[prompt_json] TEXT, [options_json] TEXT, [response] TEXT,
		[response_json] TEXT, [reply_to_id] INTEGER, [chat_id] INTEGER,
		[duration_ms] INTEGER, [datetime_utc] TEXT
	)`,
	'plug-in, older': `
		CREATE TABLE consortium_runs (
			run_id TEXT PRIMARY KEY, start_timestamp TEXT, end_timestamp TEXT,
			status TEXT, original_prompt TEXT, consortium_config TEXT,
			final_synthesis TEXT, iterations_performed INTEGER, final_confidence REAL
		);
		CREATE TABLE consortium_iterations (
			iteration_id TEXT PRIMARY KEY, run_id TEXT, iteration_number INTEGER,
			arbiter_response_id TEXT
		);
		CREATE TABLE consortium_iteration_responses (
			iteration_id TEXT, response_id TEXT, model TEXT
		);
		CREATE TABLE evaluations (id INTEGER PRIMARY KEY, decision_json TEXT)`,
	'user columns': `
		ALTER TABLE responses ADD COLUMN human_vote INTEGER;
		ALTER TABLE responses ADD COLUMN human_note TEXT;
		ALTER TABLE responses ADD COLUMN consortium_id TEXT;
		ALTER TABLE responses ADD COLUMN is_arbiter_response INTEGER DEFAULT 0;
		ALTER TABLE responses ADD COLUMN consortium_group_id TEXT;
		CREATE TABLE feedback (id INTEGER PRIMARY KEY, note TEXT)`,
};

/**
Make a database of a generation with these rows in it.
*/
export function makeForeignLog(
	path: string,
	generation: Generation,
	content: Content = {},
): void {
	const db = new Database(path);
	db.pragma('foreign_keys = OFF');
	const schema =
		schemaOf[generation] === ''
			? ''
			: readFileSync(
					new URL(`../fixtures/llm/${schemaOf[generation]}`, import.meta.url),
					'utf8',
				);

	// A full-text table makes the tables behind it by itself.
	db.exec(
		schema.replaceAll(/^CREATE TABLE IF NOT EXISTS '\w+_fts_\w+'.*;$/gmv, ''),
	);
	db.exec(more[generation] ?? '');

	for (const name of namesOf(db)) {
		if (!(tablesUntil[generation]?.includes(name) ?? true)) {
			db.exec(`DROP TABLE "${name}"`);
		}
	}

	for (const column of withoutColumns[generation] ?? []) {
		const [table, name] = column.split('.', 2);
		db.exec(`ALTER TABLE ${table} DROP COLUMN ${name}`);
	}

	db.transaction(() => {
		fill(db, content);
	})();
	db.close();
}

function namesOf(db: Database.Database): string[] {
	return db
		.prepare<[], string>(
			"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '*_fts*'",
		)
		.pluck()
		.all();
}

/**
Add rows to a foreign log.
*/
export function fill(db: Database.Database, content: Content): void {
	for (const name of namesOf(db)) {
		const columns = new Set(
			db
				.prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
				.pluck()
				.all(name),
		);

		for (const row of content[name] ?? []) {
			const entries = Object.entries(row).filter(([column]) =>
				columns.has(column),
			);

			if (entries.length === 0) {
				continue;
			}

			db.prepare(
				`INSERT OR IGNORE INTO "${name}" (${entries.map(([column]) => `"${column}"`).join(', ')})
				VALUES (${entries.map(() => '?').join(', ')})`,
			).run(...entries.map(([, value]) => value));
		}
	}
}

/**
A little of everything. The answers are `01…1` (with attachment, schema, fragments and tools) and `01…2`, in one conversation; generation 2 has them as turns.
*/
export const someOfAll: Content = {
	logs: [
		{
			id: 1,
			model: 'gpt-3.5-turbo',
			prompt: 'Old question',
			response: 'Old answer',
			datetime_utc: '2023-06-17T20:00:00.000001',
			duration_ms: 900,
		},
		{
			id: 2,
			model: 'gpt-3.5-turbo',
			prompt: 'And then?',
			response: 'Then this',
			chat_id: 1,
			datetime_utc: '2023-06-17T20:01:00',
		},
	],
	conversations: [{id: 'chat', name: 'Question one', model: 'model-a'}],
	schemas: [{id: 'schema', content: '{"type":"object"}'}],
	attachments: [
		{
			id: 'picture',
			type: 'image/png',
			content: new Uint8Array([137, 80, 78, 71, 0, 255]),
		},
	],
	fragments: [
		{id: 7, hash: 'x', content: 'A long text', source: 'notes.txt'},
		{id: 8, hash: 'y', content: 'Another text', source: null},
	],
	fragment_aliases: [{alias: 'notes', fragment_id: 7}],
	tools: [{id: 3, hash: 'tool-hash', name: 'add', description: 'Adds'}],
	tool_instances: [{id: 4, plugin: 'p', name: 'Box', arguments: '{}'}],
	responses: [
		{
			id: '01hzzzzzzz0000000000000001',
			model: 'model-a',
			prompt: 'Question one',
			system: 'Be brief',
			prompt_json: '{"messages": [{"content": {"$": "f:7"}}]}',
			options_json: '{}',
			response: 'Answer one',
			response_json:
				'{"content": {"$": "r:01hzzzzzzz0000000000000001"}, "n": 1.0}',
			conversation_id: 'chat',
			duration_ms: 1200,
			datetime_utc: '2024-06-01T10:00:00.000000+00:00',
			input_tokens: 10,
			output_tokens: 20,
			schema_id: 'schema',
			resolved_model: 'model-a-1',
			human_vote: 1,
		},
		{
			id: '01hzzzzzzz0000000000000002',
			model: 'model-a',
			prompt: 'Question two',
			options_json: '{}',
			response: 'Answer two',
			prompt_json:
				'{"m": {"$r": ["so ", {"$": "r:01hzzzzzzz0000000000000001"}]}}',
			conversation_id: 'chat',
			datetime_utc: '2024-06-01T10:01:00',
		},
	],
	prompt_attachments: [
		{
			response_id: '01hzzzzzzz0000000000000001',
			attachment_id: 'picture',
			order: 0,
		},
	],
	prompt_fragments: [
		{response_id: '01hzzzzzzz0000000000000001', fragment_id: 7, order: 0},
		{response_id: '01hzzzzzzz0000000000000001', fragment_id: 8, order: 1},
		{response_id: '01hzzzzzzz0000000000000001', fragment_id: 7, order: 2},
	],
	system_fragments: [
		{response_id: '01hzzzzzzz0000000000000002', fragment_id: 8, order: 0},
	],
	tool_responses: [{tool_id: 3, response_id: '01hzzzzzzz0000000000000001'}],
	tool_calls: [
		{
			response_id: '01hzzzzzzz0000000000000001',
			tool_id: 3,
			name: 'add',
			arguments: '{"a": 1}',
			tool_call_id: 'call-1',
		},
	],
	tool_results: [
		{
			id: 5,
			response_id: '01hzzzzzzz0000000000000002',
			tool_id: 3,
			name: 'add',
			output: '2',
			tool_call_id: 'call-1',
			instance_id: 4,
			exception: null,
		},
	],
	tool_results_attachments: [
		{tool_result_id: 5, attachment_id: 'picture', order: 0},
	],
	threads: [{id: 'chat', name: 'Question one', tip_message_hash: 'm5'}],
	messages: [
		{hash: 'm0', parent_hash: null, role: 'system'},
		{hash: 'm1', parent_hash: 'm0', role: 'user'},
		{hash: 'm2', parent_hash: 'm1', role: 'assistant'},
		{hash: 'm3', parent_hash: 'm2', role: 'tool'},
		{hash: 'm4', parent_hash: 'm3', role: 'user'},
		{hash: 'm5', parent_hash: 'm4', role: 'assistant'},
	],
	parts: [
		{id: 1, message_hash: 'm0', position: 0, type: 'text', text: 'Be brief'},
		{
			id: 2,
			message_hash: 'm1',
			position: 0,
			type: 'text',
			payload: JSON.stringify({
				text_ref: [
					{fragment: 7},
					{literal: '\n'},
					{fragment: 8},
					{literal: '\nQuestion one'},
				],
			}),
		},
		{id: 3, message_hash: 'm1', position: 1, type: 'attachment'},
		{
			id: 4,
			message_hash: 'm2',
			position: 0,
			type: 'reasoning',
			text: 'Let me think',
		},
		{
			id: 5,
			message_hash: 'm2',
			position: 1,
			type: 'text',
			text: 'Answer one',
		},
		{
			id: 6,
			message_hash: 'm2',
			position: 2,
			type: 'tool_call',
			tool_name: 'add',
			payload: '{"arguments": {"a": 1}, "tool_call_id": "call-1"}',
		},
		{
			id: 7,
			message_hash: 'm3',
			position: 0,
			type: 'tool_result',
			tool_name: 'add',
			payload: '{"output": "2", "tool_call_id": "call-1"}',
		},
		{
			id: 8,
			message_hash: 'm4',
			position: 0,
			type: 'text',
			text: 'Question two',
		},
		{
			id: 9,
			message_hash: 'm5',
			position: 0,
			type: 'text',
			text: 'Answer two',
		},
	],
	part_attachments: [
		{part_id: 3, attachment_id: 'picture', order: 0},
		{part_id: 7, attachment_id: 'picture', order: 0},
	],
	turns: [
		{
			id: '01hzzzzzzz0000000000000001',
			thread_id: 'chat',
			parent_message_hash: 'm1',
			tip_message_hash: 'm2',
			model: 'model-a',
			input_tokens: 10,
			datetime_utc: '2024-06-01T10:00:00+00:00',
		},
		{
			id: '01hzzzzzzz0000000000000002',
			thread_id: 'chat',
			parent_message_hash: 'm4',
			tip_message_hash: 'm5',
			model: 'model-a',
			datetime_utc: '2024-06-01T10:01:00+00:00',
		},
	],
	turn_fragments: [
		{
			turn_id: '01hzzzzzzz0000000000000001',
			fragment_id: 7,
			order: 0,
			kind: 'prompt',
		},
		{
			turn_id: '01hzzzzzzz0000000000000001',
			fragment_id: 8,
			order: 1,
			kind: 'prompt',
		},
	],
	turn_tools: [
		{turn_id: '01hzzzzzzz0000000000000001', tool_id: 3, instance_id: null},
		{turn_id: '01hzzzzzzz0000000000000002', tool_id: 3, instance_id: null},
	],
	tool_instantiations: [
		{
			turn_id: '01hzzzzzzz0000000000000002',
			tool_call_id: 'call-1',
			instance_id: 4,
		},
	],
};
