import {type Log} from '../../source/store/log.js';

const words = ['forty', 'first', 'seen', 'tool', 'zebra', 'what'];

/**
All that is in a log, table by table with the numbers of rows, and what a search finds; throws where the search does not fit the texts.
*/
export function dumpOf(log: Log): Record<string, unknown[]> {
	const tables = log
		.prepare<[], {name: string; wr: number}>(
			`SELECT name, wr FROM pragma_table_list
			WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'
			ORDER BY name`,
		)
		.all();
	const dump: Record<string, unknown[]> = {};

	for (const {name, wr} of tables) {
		const columns = log
			.prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
			.pluck()
			.all(name);
		const each = [
			...(wr === 1 ? [] : ['rowid']),
			...columns.map(
				column => `typeof("${column}") || ':' || hex("${column}")`,
			),
		].map((sql, index) => `${sql} AS c${index}`);
		dump[name] = log
			.prepare(`SELECT ${each.join(', ')} FROM "${name}" ORDER BY 1, 2`)
			.raw()
			.all();
	}

	for (const word of words) {
		dump[`search for ${word}`] = log
			.prepare(
				'SELECT rowid FROM responses_fts WHERE responses_fts MATCH ? ORDER BY rowid',
			)
			.all(word);
	}

	log
		.prepare(
			`INSERT INTO responses_fts (responses_fts, rank) VALUES ('integrity-check', 1)`,
		)
		.run();
	return dump;
}
