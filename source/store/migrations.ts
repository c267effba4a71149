import {closeSync, existsSync, openSync, renameSync, rmSync} from 'node:fs';
import Database from 'better-sqlite3';
import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {addColumns, addLlmSchema, hasTable} from './llm-schema.js';
import {consortiumSchema, consortiumTables} from './consortium-schema.js';
import {importedSchema} from './imported-schema.js';
import {addIndexesOnLlm, mend} from './mend.js';

/**
Applied in order and never edited once released; a new need is a new entry, and an entry only adds to tables.
*/
export const migrations: ReadonlyArray<(log: Log) => void> = [
	log => {
		const taken = consortiumTables.find(table => hasTable(log, table));

		if (taken !== undefined) {
			throw new UserError(
				`${log.name} already has a table ${taken} that another program made.`,
				'Keep the log in a file of its own.',
			);
		}

		addSchemaOfLlm(log);
		addColumns(log, 'responses', [
			'consortium_id TEXT',
			'is_arbiter_response INTEGER DEFAULT 0',
		]);
		log.exec(consortiumSchema);
	},

	// For the conversations by what happened last in them, see `conversations.ts`.
	log => {
		log.exec(`
			CREATE INDEX idx_consortium_runs_started_at
				ON consortium_runs (started_at, conversation_id, id);
			CREATE INDEX idx_consortium_runs_conversation_started_at
				ON consortium_runs (conversation_id, started_at, id);
		`);
	},

	// For conversations that last: when something last happened in one, its name, whether it was deleted; what was set aside of the day's money; what was done for prompt caches.
	log => {
		addColumns(log, 'consortium_runs', ['active_at INTEGER']);
		addColumns(log, 'consortium_calls', ['cache TEXT', 'reserved_usd REAL']);
		log.exec(`
			UPDATE consortium_runs SET active_at = coalesce(ended_at, started_at);
			CREATE INDEX idx_consortium_runs_active_at
				ON consortium_runs (active_at, conversation_id, id);
			CREATE INDEX idx_consortium_runs_conversation_active_at
				ON consortium_runs (conversation_id, active_at, id);
			CREATE INDEX idx_consortium_calls_model
				ON consortium_calls (model, purpose, id);
			CREATE INDEX idx_consortium_runs_consortium
				ON consortium_runs (consortium, id);
			CREATE TABLE consortium_conversations (
				id TEXT PRIMARY KEY,
				name TEXT,
				deleted_at INTEGER
			);
			CREATE TABLE consortium_reservations (
				call_id TEXT PRIMARY KEY,
				at INTEGER NOT NULL,
				usd REAL NOT NULL,
				pid INTEGER NOT NULL,
				host TEXT NOT NULL,
				is_settled INTEGER NOT NULL DEFAULT 0
			);
		`);
	},

	// For what comes from other programs' databases, and for what is deleted: see `importedSchema`.
	log => {
		log.exec(importedSchema);
		addIndexesOnLlm(log);
	},

	// For ways of judging that take several verdicts together.
	log => {
		addColumns(log, 'consortium_verdicts', [
			"method TEXT NOT NULL DEFAULT 'synthesis'",
			"made_of TEXT NOT NULL DEFAULT '[]'",
		]);
		// What was found out for a run may have cost something, see `costs.ts`.
		log.exec(`
			CREATE INDEX idx_consortium_events_observed
				ON consortium_events (at) WHERE type = 'observation';
		`);
	},
];

/**
@throws UserError when tables have llm's names and another program's columns.
*/
function addSchemaOfLlm(log: Log): void {
	try {
		addLlmSchema(log);
	} catch (error) {
		if (
			error instanceof Database.SqliteError &&
			error.code === 'SQLITE_ERROR'
		) {
			throw new UserError(
				`${log.name} has tables of another program that are named like the log's.`,
				'Keep the log in a file of its own.',
				{cause: error},
			);
		}

		throw error;
	}
}

/**
Bring a log to the present version; one that is there already costs two look-ups. A file with tables in it is first copied to `NAME.before-VERSION.bak`. Several processes may do this at once: one of them does the work.

@throws UserError when a newer version has been at the file.
*/
export function migrate(log: Log): void {
	if (versionOf(log) === migrations.length) {
		mend(log);
		return;
	}

	log
		.transaction(() => {
			const version = versionOf(log);

			if (version === migrations.length) {
				return;
			}

			if (!isEmpty(log)) {
				backUp(log, version + 1);
			}

			log.exec(
				'CREATE TABLE IF NOT EXISTS consortium_migrations (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)',
			);

			const note = log.prepare(
				'INSERT INTO consortium_migrations VALUES (?, ?)',
			);

			for (const [index, apply] of migrations.slice(version).entries()) {
				apply(log);
				note.run(version + index + 1, Date.now());
			}
		})
		.immediate();
}

/**
How many migrations a log has seen; 0 for a file that is not ours yet.

@throws UserError when a newer version has been at the file.
*/
export function versionOf(log: Log): number {
	const version = hasTable(log, 'consortium_migrations')
		? (log
				.prepare<[], number | null>(
					'SELECT max(version) FROM consortium_migrations',
				)
				.pluck()
				.get() ?? 0)
		: 0;

	if (version > migrations.length) {
		throw new UserError(
			`The log ${log.name} was made by a newer version of consortium-tui.`,
			'Update with `npm install --global consortium-tui@latest`.',
		);
	}

	return version;
}

function isEmpty(log: Log): boolean {
	return log.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() === undefined;
}

/**
A transaction cannot copy its own file, so a second connection does, while ours keeps every writer out.
*/
function backUp(log: Log, version: number): void {
	const name = `${log.name}.before-${version}`;
	let path = `${name}.bak`;

	for (let copy = 2; existsSync(path); copy++) {
		path = `${name}.${copy}.bak`;
	}

	const partial = `${path}.partial`;
	rmSync(partial, {force: true});
	closeSync(openSync(partial, 'wx', 0o600));
	const reader = new Database(log.name);

	try {
		reader.prepare('VACUUM INTO ?').run(partial);
		renameSync(partial, path);
	} finally {
		reader.close();
		rmSync(partial, {force: true});
	}
}
