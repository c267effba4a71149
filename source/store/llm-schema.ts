import {type Log} from './log.js';
import {llmTime} from './llm-form.js';

type Table = {
	/**
	Name, type and constraint of each column, in llm's order.
	*/
	readonly columns: readonly string[];

	/**
	The columns of a key of several.
	*/
	readonly key?: string;
};

const responseId = 'response_id TEXT REFERENCES responses (id)';
const attachmentId = 'attachment_id TEXT REFERENCES attachments (id)';
const fragmentId = 'fragment_id INTEGER REFERENCES fragments (id)';
const toolId = 'tool_id INTEGER REFERENCES tools (id)';
const order = '"order" INTEGER';

/**
The tables of simonw/llm as its releases 0.27 to 0.31 leave them; later ones add their own beside these.
*/
const tables: Readonly<Record<string, Table>> = {
	_llm_migrations: {columns: ['name TEXT PRIMARY KEY', 'applied_at TEXT']},
	conversations: {
		columns: ['id TEXT PRIMARY KEY', 'name TEXT', 'model TEXT'],
	},
	attachments: {
		columns: [
			'id TEXT PRIMARY KEY',
			'type TEXT',
			'path TEXT',
			'url TEXT',
			'content BLOB',
		],
	},
	prompt_attachments: {
		columns: [responseId, attachmentId, order],
		key: 'response_id, attachment_id',
	},
	schemas: {columns: ['id TEXT PRIMARY KEY', 'content TEXT']},
	responses: {
		columns: [
			'id TEXT PRIMARY KEY',
			'model TEXT',
			'prompt TEXT',
			'system TEXT',
			'prompt_json TEXT',
			'options_json TEXT',
			'response TEXT',
			'response_json TEXT',
			'conversation_id TEXT REFERENCES conversations (id)',
			'duration_ms INTEGER',
			'datetime_utc TEXT',
			'input_tokens INTEGER',
			'output_tokens INTEGER',
			'token_details TEXT',
			'schema_id TEXT REFERENCES schemas (id)',
			'resolved_model TEXT',
		],
	},
	fragments: {
		columns: [
			'id INTEGER PRIMARY KEY',
			'hash TEXT',
			'content TEXT',
			'datetime_utc TEXT',
			'source TEXT',
		],
	},
	fragment_aliases: {columns: ['alias TEXT PRIMARY KEY', fragmentId]},
	prompt_fragments: {
		columns: [responseId, fragmentId, order],
		key: 'response_id, fragment_id, "order"',
	},
	system_fragments: {
		columns: [responseId, fragmentId, order],
		key: 'response_id, fragment_id, "order"',
	},
	tools: {
		columns: [
			'id INTEGER PRIMARY KEY',
			'hash TEXT',
			'name TEXT',
			'description TEXT',
			'input_schema TEXT',
			'plugin TEXT',
		],
	},
	tool_responses: {
		columns: [toolId, responseId],
		key: 'tool_id, response_id',
	},
	tool_calls: {
		columns: [
			'id INTEGER PRIMARY KEY',
			responseId,
			toolId,
			'name TEXT',
			'arguments TEXT',
			'tool_call_id TEXT',
		],
	},
	tool_instances: {
		columns: [
			'id INTEGER PRIMARY KEY',
			'plugin TEXT',
			'name TEXT',
			'arguments TEXT',
		],
	},
	tool_results: {
		columns: [
			'id INTEGER PRIMARY KEY',
			responseId,
			toolId,
			'name TEXT',
			'output TEXT',
			'tool_call_id TEXT',
			'instance_id INTEGER REFERENCES tool_instances (id)',
			'exception TEXT',
		],
	},
	tool_results_attachments: {
		columns: [
			'tool_result_id INTEGER REFERENCES tool_results (id)',
			attachmentId,
			order,
		],
		key: 'tool_result_id, attachment_id',
	},
};

const newWords = `INSERT INTO responses_fts (rowid, prompt, response)
	VALUES (new.rowid, new.prompt, new.response);`;
const oldWords = `INSERT INTO responses_fts (responses_fts, rowid, prompt, response)
	VALUES ('delete', old.rowid, old.prompt, old.response);`;

const indexes = `
	CREATE UNIQUE INDEX IF NOT EXISTS idx_fragments_hash ON fragments (hash);
	CREATE UNIQUE INDEX IF NOT EXISTS idx_tools_hash ON tools (hash);
	CREATE TRIGGER IF NOT EXISTS responses_ai AFTER INSERT ON responses
		BEGIN ${newWords} END;
	CREATE TRIGGER IF NOT EXISTS responses_ad AFTER DELETE ON responses
		BEGIN ${oldWords} END;
	CREATE TRIGGER IF NOT EXISTS responses_au AFTER UPDATE ON responses
		BEGIN ${oldWords} ${newWords} END;
`;

/**
What llm has done once its tables look like these. With the names in the file it does nothing twice.
*/
const llmMigrations = [
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
	'm017_tools_plugin',
	'm017_tools_tables',
	'm018_tool_instances',
	'm019_resolved_model',
	'm020_tool_results_attachments',
	'm021_tool_results_exception',
] as const;

/**
Whether the file has a table or view of this name.
*/
export function hasTable(log: Log, name: string): boolean {
	return (
		log.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(name) !==
		undefined
	);
}

/**
Add those columns of a list that a table does not have.
*/
export function addColumns(
	log: Log,
	table: string,
	columns: readonly string[],
): void {
	const present = new Set(
		log
			.prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
			.pluck()
			.all(table),
	);

	for (const column of columns) {
		const name = column.split(' ', 1)[0]!.replaceAll('"', '');

		if (!present.has(name)) {
			log.exec(`ALTER TABLE ${table} ADD COLUMN ${column}`);
		}
	}
}

/**
Add what a file lacks of llm's schema, from nothing to everything, and change nothing else.
*/
export function addLlmSchema(log: Log): void {
	for (const [table, {columns, key}] of Object.entries(tables)) {
		const parts =
			key === undefined ? columns : [...columns, `PRIMARY KEY (${key})`];
		log.exec(`CREATE TABLE IF NOT EXISTS ${table} (${parts.join(', ')})`);
		addColumns(log, table, columns);
	}

	if (!hasTable(log, 'responses_fts')) {
		log.exec(`
			CREATE VIRTUAL TABLE responses_fts
				USING fts5 (prompt, response, content=responses);
			INSERT INTO responses_fts (responses_fts) VALUES ('rebuild');
		`);
	}

	log.exec(indexes);
	const note = log.prepare(
		'INSERT OR IGNORE INTO _llm_migrations VALUES (?, ?)',
	);

	for (const name of llmMigrations) {
		note.run(name, llmTime(Date.now()).replace('T', ' '));
	}
}
