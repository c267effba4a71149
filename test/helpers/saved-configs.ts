import Database from 'better-sqlite3';

export const oldest = {
	models: {'claude-3-opus': 2, 'gpt-4o': 1, 'openrouter/x:free': 3},
	system_prompt: 'Weigh\r\nevery word.',
	confidence_threshold: 0.9,
	max_iterations: 4,
	minimum_iterations: 2,
	arbiter: 'gemini-1.5-pro',
};

export const draft = {
	models: {'gpt-4o-mini': 1, 'claude-3-haiku': 1},
	system_prompt: null,
	confidence_threshold: 0.8,
	max_iterations: 3,
	minimum_iterations: 1,
	arbiter: 'gemini-1.5-flash-latest',
	strategy_name: 'voting',
	strategy_params: {similarity_threshold: 0.7},
};

export const newest = {
	models: {'mock-a': 1, 'mock-b': 1},
	system_prompt: null,
	confidence_threshold: 0.8,
	max_iterations: 3,
	minimum_iterations: 1,
	arbiter: 'mock-arbiter',
	judging_method: 'default',
	strategy: 'default',
	strategy_params: {},
	embedding_backend: null,
	embedding_model: null,
	embedding_cache_enabled: true,
	manual_context: false,
	category: null,
	expected_agreement: null,
	status: null,
	created_at: null,
};

/**
A database in which versions of the Python plug-in saved consortiums.
*/
export function configsDatabase(
	path: string,
	rows: Readonly<Record<string, unknown>>,
	table = 'consortium_configs',
): Database.Database {
	const db = new Database(path);
	db.exec(
		`CREATE TABLE ${table} (name TEXT PRIMARY KEY, config TEXT NOT NULL, created_at TEXT DEFAULT CURRENT_TIMESTAMP)`,
	);
	const insert = db.prepare(
		`INSERT INTO ${table} (name, config) VALUES (?, ?)`,
	);

	for (const [name, config] of Object.entries(rows)) {
		insert.run(
			name,
			typeof config === 'string' ? config : JSON.stringify(config),
		);
	}

	return db;
}
