import type Database from 'better-sqlite3';

type Migration = readonly [
	name: string,
	apply: (database: Database.Database) => void,
];

const table =
	(name: string, columns: string) => (database: Database.Database) => {
		database.exec(`CREATE TABLE "${name}" (${columns})`);
	};

const addColumn =
	(name: string, column: string) => (database: Database.Database) => {
		database.exec(`ALTER TABLE "${name}" ADD COLUMN ${column}`);
	};

const index =
	(name: string, columns: readonly string[], isUnique = false) =>
	(database: Database.Database) => {
		database.exec(
			`CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX "idx_${name}_${columns.join('_')}" ON "${name}" (${columns.join(', ')})`,
		);
	};

const refers = (column: string, to: string, id = 'id', type = 'TEXT') =>
	`"${column}" ${type} REFERENCES "${to}"("${id}")`;

/**
A search index over two columns, kept by triggers, as sqlite-utils makes it.
*/
export function enableSearch(database: Database.Database, name: string): void {
	const add = `INSERT INTO ${name}_fts (rowid, prompt, response) VALUES (new.rowid, new.prompt, new.response);`;
	const remove = `INSERT INTO ${name}_fts (${name}_fts, rowid, prompt, response) VALUES ('delete', old.rowid, old.prompt, old.response);`;

	database.exec(`
		CREATE VIRTUAL TABLE ${name}_fts USING fts5 (prompt, response, content=${name});
		INSERT INTO ${name}_fts (rowid, prompt, response) SELECT rowid, prompt, response FROM ${name};
		CREATE TRIGGER ${name}_ai AFTER INSERT ON ${name} BEGIN ${add} END;
		CREATE TRIGGER ${name}_ad AFTER DELETE ON ${name} BEGIN ${remove} END;
		CREATE TRIGGER ${name}_au AFTER UPDATE ON ${name} BEGIN ${remove} ${add} END;
	`);
}

/**
Make a table anew, with its rows, as sqlite-utils does it: a copy takes its place. The triggers are gone then; indexes are made again, but not by its older versions.
*/
export function transform(
	database: Database.Database,
	name: string,
	{
		drop = [],
		keepsIndexes = true,
	}: {readonly drop?: readonly string[]; readonly keepsIndexes?: boolean} = {},
): void {
	const columns = (
		database.pragma(`table_info("${name}")`) as Array<{
			name: string;
			type: string;
			pk: number;
			dflt_value: string | null;
		}>
	).filter(column => !drop.includes(column.name));
	const references = database.pragma(`foreign_key_list("${name}")`) as Array<{
		from: string;
		table: string;
		to: string;
	}>;
	const indexes = database
		.prepare<[string], string>(
			"SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
		)
		.pluck()
		.all(name);
	const keys = columns
		.filter(({pk}) => pk > 0)
		.toSorted((left, right) => left.pk - right.pk);
	const lines = columns.map(column => {
		const reference = references.find(({from}) => from === column.name);

		return [
			`"${column.name}" ${column.type}`,
			...(keys.length === 1 && column.pk > 0 ? ['PRIMARY KEY'] : []),
			...(column.dflt_value === null ? [] : [`DEFAULT ${column.dflt_value}`]),
			...(reference
				? [`REFERENCES "${reference.table}"("${reference.to}")`]
				: []),
		].join(' ');
	});
	const names = ['rowid', ...columns.map(column => `"${column.name}"`)].join(
		', ',
	);

	if (keys.length > 1) {
		lines.push(
			`PRIMARY KEY (${keys.map(column => `"${column.name}"`).join(', ')})`,
		);
	}

	database.transaction(() => {
		database.exec(`
			CREATE TABLE "${name}_new_0" (${lines.join(', ')});
			INSERT INTO "${name}_new_0" (${names}) SELECT ${names} FROM "${name}";
			DROP TABLE "${name}";
			ALTER TABLE "${name}_new_0" RENAME TO "${name}";
		`);

		for (const sql of keepsIndexes ? indexes : []) {
			database.exec(sql);
		}
	})();
}

/**
What the releases of llm after 0.31 do to a log, up to 0.36: names and effects are facts about simonw/llm.
*/
const migrations: readonly Migration[] = [
	['m022_response_reasoning', addColumn('responses', '"reasoning" TEXT')],
	[
		'm023_message_store',
		database => {
			for (const make of [
				table(
					'messages',
					`hash TEXT PRIMARY KEY, ${refers('parent_hash', 'messages', 'hash')}, role TEXT, provider_metadata TEXT`,
				),
				index('messages', ['parent_hash']),
				table(
					'parts',
					`id INTEGER PRIMARY KEY, ${refers('message_hash', 'messages', 'hash')}, position INTEGER, type TEXT, tool_name TEXT, text TEXT, payload TEXT`,
				),
				index('parts', ['message_hash', 'position'], true),
				table(
					'part_attachments',
					`${refers('part_id', 'parts', 'id', 'INTEGER')}, ${refers('attachment_id', 'attachments')}, "order" INTEGER, PRIMARY KEY (part_id, attachment_id, "order")`,
				),
				table(
					'part_fragments',
					`${refers('part_id', 'parts', 'id', 'INTEGER')}, ${refers('fragment_id', 'fragments', 'id', 'INTEGER')}, "order" INTEGER, PRIMARY KEY (part_id, fragment_id, "order")`,
				),
				index('part_fragments', ['fragment_id']),
				table(
					'threads',
					`id TEXT PRIMARY KEY, name TEXT, ${refers('tip_message_hash', 'messages', 'hash')}, ${refers('forked_from', 'threads')}, datetime_utc TEXT`,
				),
				table(
					'turns',
					`id TEXT PRIMARY KEY, ${refers('thread_id', 'threads')}, ${refers('parent_message_hash', 'messages', 'hash')}, ${refers('tip_message_hash', 'messages', 'hash')}, model TEXT, resolved_model TEXT, options_json TEXT, ${refers('schema_id', 'schemas')}, input_tokens INTEGER, output_tokens INTEGER, token_details TEXT, duration_ms INTEGER, datetime_utc TEXT`,
				),
				index('turns', ['thread_id']),
				table(
					'turn_tools',
					`${refers('turn_id', 'turns')}, ${refers('tool_id', 'tools', 'id', 'INTEGER')}, PRIMARY KEY (turn_id, tool_id)`,
				),
				table(
					'turn_fragments',
					`${refers('turn_id', 'turns')}, ${refers('fragment_id', 'fragments', 'id', 'INTEGER')}, "order" INTEGER, kind TEXT, PRIMARY KEY (turn_id, fragment_id, kind, "order")`,
				),
				index('turn_fragments', ['fragment_id']),
				table(
					'turn_search',
					`id INTEGER PRIMARY KEY, ${refers('turn_id', 'turns')}, prompt TEXT, response TEXT`,
				),
				index('turn_search', ['turn_id'], true),
				table(
					'tool_instantiations',
					`${refers('turn_id', 'turns')}, tool_call_id TEXT, name TEXT, plugin TEXT, arguments TEXT, PRIMARY KEY (turn_id, tool_call_id)`,
				),
			]) {
				make(database);
			}

			enableSearch(database, 'turn_search');
		},
	],
	[
		'm024_tool_instance_references',
		database => {
			for (const name of ['turn_tools', 'tool_instantiations']) {
				addColumn(
					name,
					refers('instance_id', 'tool_instances', 'id', 'INTEGER'),
				)(database);
			}

			transform(database, 'tool_instantiations', {
				drop: ['name', 'plugin', 'arguments'],
			});
		},
	],
	['m025_turn_tools_instance_backfill', () => undefined],
	[
		'm026_message_tree_view',
		database => {
			database.exec(`CREATE VIEW message_tree AS
				WITH RECURSIVE tree (hash, root_hash, depth) AS (
					SELECT hash, hash, 0 FROM messages WHERE parent_hash IS NULL
					UNION ALL
					SELECT messages.hash, tree.root_hash, depth + 1
					FROM messages JOIN tree ON messages.parent_hash = tree.hash
				)
				SELECT root_hash,
					(SELECT min(datetime_utc) FROM turns WHERE tip_message_hash = tree.hash) AS datetime,
					(SELECT text FROM parts WHERE message_hash = tree.hash AND position = 0) AS message,
					'' AS tools, hash AS message_hash, depth AS path
				FROM tree`);
		},
	],
	['m027_turns_response_json', addColumn('turns', '"response_json" TEXT')],
];

/**
Do what llm 0.36 does when it opens a log: whatever is not noted in it as done.

@returns the names of what was done.
*/
export function migrateAsLlm(database: Database.Database): string[] {
	const done = new Set(
		database
			.prepare<[], string>('SELECT name FROM _llm_migrations')
			.pluck()
			.all(),
	);
	const open = migrations.filter(([name]) => !done.has(name));

	for (const [name, apply] of open) {
		apply(database);
		database
			.prepare('INSERT INTO _llm_migrations (name, applied_at) VALUES (?, ?)')
			.run(name, '2026-11-21 09:00:00.000000+00:00');
	}

	return open.map(([name]) => name);
}
