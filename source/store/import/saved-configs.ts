import Database from 'better-sqlite3';
import {type Log} from '../log.js';

/**
A consortium as a version of the Python plug-in saved it: nothing in it has been believed.
*/
export type SavedConfig = {
	readonly name: string;
	readonly config: Readonly<Record<string, unknown>>;
};

export type UnreadConfig = {
	/**
	Null where there is none.
	*/
	readonly name: string | null;

	/**
	The end of a sentence about it.
	*/
	readonly why: string;
};

export type SavedConfigs = {
	readonly configs: readonly SavedConfig[];
	readonly unread: readonly UnreadConfig[];
};

/**
Where versions of the plug-in keep them, in a file of their own or in llm's.
*/
const tables = ['consortium_configs', 'llm_consortium_configs'] as const;

/**
Far more than anybody saves.
*/
const mostOfTable = 500;
const longestConfig = 200_000;
const longestName = 1000;

type Row = {
	readonly name: string | null;
	readonly config: string | null;
	readonly length: number | null;
};

/**
The consortiums that the Python plug-in saved in a database, from the tables of all its versions; none where there is no such table. Rows that hold none are told.

@throws SqliteError when the file cannot be read.
*/
export function readSavedConfigs(db: Log): SavedConfigs {
	const found = tables.flatMap(table =>
		rowsOf(db, table).map(row => read(row)),
	);

	return {
		configs: found.filter(each => 'config' in each),
		unread: found.filter(each => 'why' in each),
	};
}

function rowsOf(db: Log, table: string): Array<Row | UnreadConfig> {
	const columns = db
		.prepare<[string], string>(
			`SELECT columns.name FROM sqlite_master AS tables
			JOIN pragma_table_info(tables.name) AS columns
			WHERE tables.type = 'table' AND tables.name = ?`,
		)
		.pluck()
		.all(table);

	if (!columns.includes('name') || !columns.includes('config')) {
		return [];
	}

	const rows = db
		.prepare<[], Row>(
			`SELECT
				substr(CAST(name AS TEXT), 1, ${longestName}) AS name,
				length(config) AS length,
				CASE WHEN length(config) <= ${longestConfig}
					THEN CAST(config AS TEXT) END AS config
			FROM ${table} ORDER BY name LIMIT ${mostOfTable + 1}`,
		)
		.iterate();
	const found: Array<Row | UnreadConfig> = [];

	try {
		for (const row of rows) {
			found.push(
				found.length < mostOfTable
					? row
					: {name: null, why: `only ${mostOfTable} of a table are read`},
			);
		}
	} catch (error) {
		if (
			!(error instanceof Database.SqliteError) ||
			!error.code.startsWith('SQLITE_CORRUPT')
		) {
			throw error;
		}

		found.push({name: null, why: 'what comes after it in the file is damaged'});
	}

	return found;
}

function read(row: Row | UnreadConfig): SavedConfig | UnreadConfig {
	if ('why' in row) {
		return row;
	}

	const {config, length} = row;
	const name = row.name?.trim() ? row.name : null;

	if (name === null) {
		return {name, why: 'it has no name'};
	}

	if (config === null) {
		return {
			name,
			why: length === null ? 'there is nothing in it' : 'it is too long',
		};
	}

	try {
		const value: unknown = JSON.parse(config);

		return typeof value === 'object' && value !== null && !Array.isArray(value)
			? {name, config: value as Readonly<Record<string, unknown>>}
			: {name, why: 'it is no JSON object'};
	} catch {
		return {name, why: 'it is not JSON'};
	}
}
