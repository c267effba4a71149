import {type Log} from './log.js';

/**
Values by column name.
*/
export type Row = Readonly<Record<string, string | number | null>>;

export type Statements = {
	readonly run: (sql: string, values: Row) => void;
	readonly get: (sql: string, values: Row) => unknown;
	readonly all: (sql: string, values: Row) => unknown[];

	/**
	`onConflict` is the clause that says what to do when the row exists.
	*/
	readonly insert: (table: string, row: Row, onConflict?: string) => void;
	readonly update: (table: string, id: string, row: Row) => void;
};

/**
Statements that are prepared when they are first used and kept.
*/
export function createStatements(log: Log): Statements {
	const prepared = new Map<string, ReturnType<Log['prepare']>>();

	const prepare = (sql: string) => {
		const statement = prepared.get(sql) ?? log.prepare(sql);
		prepared.set(sql, statement);
		return statement;
	};

	const run = (sql: string, values: Row) => {
		prepare(sql).run(values);
	};

	return {
		run,
		get: (sql, values) => prepare(sql).get(values),
		all: (sql, values) => prepare(sql).all(values),
		insert(table, row, onConflict = '') {
			const names = Object.keys(row);
			const values = names.map(name => `@${name}`);
			run(
				`INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')}) ${onConflict}`,
				row,
			);
		},
		update(table, id, row) {
			const changes = Object.keys(row).map(name => `${name} = @${name}`);
			run(`UPDATE ${table} SET ${changes.join(', ')} WHERE id = @id`, {
				...row,
				id,
			});
		},
	};
}
