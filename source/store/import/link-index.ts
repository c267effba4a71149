import Database from 'better-sqlite3';
import {type Log} from '../log.js';
import {batchesOf} from './batches.js';
import {finder, quoted, type Tables} from './probe.js';
import {textOf, type ForeignRow} from './values.js';

/**
The tables that say what belongs to a response of generation 1.
*/
const linkTables = [
	'prompt_attachments',
	'prompt_fragments',
	'system_fragments',
	'tool_responses',
	'tool_calls',
	'tool_results',
] as const;

export type LinkTable = (typeof linkTables)[number];

export type LinkIndex = {
	/**
	The rows of a table that belong to a response, in the order of `order` or else as they were written.
	*/
	readonly rowsOf: (
		table: LinkTable,
		responseId: string,
	) => readonly ForeignRow[];
	readonly close: () => void;
};

/**
Find what belongs to a response. llm has no index for most of this, and the plug-in's copies have none at all, so that one is made in a temporary file that nobody else sees.
*/
export function createLinkIndex(db: Log, tables: Tables): LinkIndex {
	const index = new Database('');
	index.exec(`CREATE TABLE links (
		response_id TEXT, name TEXT, row INTEGER,
		PRIMARY KEY (response_id, name, row)
	) WITHOUT ROWID`);
	const insert = index.prepare<[string, string, unknown]>(
		'INSERT OR IGNORE INTO links VALUES (?, ?, ?)',
	);
	const find = index
		.prepare<[string], {readonly name: string; readonly row: bigint}>(
			'SELECT name, row FROM links WHERE response_id = ? ORDER BY name, row',
		)
		.safeIntegers();
	let latest: {id: string; links: ReturnType<typeof find.all>} | null = null;

	// A response asks for each of the tables in turn.
	const linksOf = (id: string) => {
		latest = latest?.id === id ? latest : {id, links: find.all(id)};
		return latest.links;
	};

	const fetch = new Map<
		string,
		(responseId: string) => readonly ForeignRow[]
	>();

	for (const name of linkTables) {
		const table = tables.get(name);

		if (table?.columns.includes('response_id') !== true) {
			continue;
		}

		if (table.rowid === null) {
			fetch.set(name, finder(db, table, ['response_id']));
			continue;
		}

		let isEmpty = true;

		for (const {rows, keys} of batchesOf(db, table, {
			columns: ['response_id'],
		})) {
			isEmpty = false;
			index.transaction(() => {
				for (const [at, row] of rows.entries()) {
					insert.run(textOf(row['response_id']) ?? '', name, keys[at]![0]);
				}
			})();
		}

		if (isEmpty) {
			continue;
		}

		const statement = db.prepare<[bigint], ForeignRow>(
			`SELECT * FROM ${quoted(name)} WHERE ${table.rowid} = ?`,
		);
		fetch.set(name, responseId =>
			linksOf(responseId)
				.filter(link => link.name === name)
				.map(({row}) => statement.get(row))
				.filter(row => row !== undefined),
		);
	}

	return {
		rowsOf: (name, responseId) =>
			(fetch.get(name)?.(responseId) ?? []).toSorted(
				(a, b) => Number(a['order'] ?? 0) - Number(b['order'] ?? 0),
			),
		close() {
			index.close();
		},
	};
}
