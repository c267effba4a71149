import {type Log} from '../log.js';
import {type ForeignRow} from './values.js';

/**
A table as it is in the file; programs of many versions, and their users, have changed it.
*/
export type Table = {
	readonly name: string;
	readonly columns: readonly string[];

	/**
	By what name its rows are counted; null for a table whose rows are not.
	*/
	readonly rowid: string | null;

	/**
	What tells its rows apart, as SQL: the name by which they are counted, or else the columns of the primary key. Empty when nothing does.
	*/
	readonly key: readonly string[];
};

export type Tables = ReadonlyMap<string, Table>;

/**
Which tables there are, with which columns; not those of extensions, which may not be here.
*/
export function probe(db: Log): Tables {
	const names = db
		.prepare<[], string>(
			"SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
		)
		.pluck()
		.all();
	const columnsOf = db
		.prepare<[string], string>('SELECT name FROM pragma_table_info(?)')
		.pluck();
	const keyOf = db
		.prepare<{name: string}, string>(
			`SELECT info.name
			FROM pragma_table_list AS list, pragma_table_info(@name) AS info
			WHERE list.schema = 'main' AND list.name = @name AND wr AND pk > 0
			ORDER BY pk`,
		)
		.pluck();

	return new Map(
		names.map(name => {
			const columns = columnsOf.all(name);
			const rowid = rowidOf(db, name, columns);
			const key =
				rowid === null
					? keyOf.all({name}).map(column => quoted(column))
					: [rowid];
			return [name, {name, columns, rowid, key}];
		}),
	);
}

function rowidOf(
	db: Log,
	table: string,
	columns: readonly string[],
): string | null {
	const taken = new Set(columns.map(name => name.toLowerCase()));
	const free = ['rowid', '_rowid_', 'oid'].find(name => !taken.has(name));

	if (free === undefined) {
		return null;
	}

	try {
		db.prepare(`SELECT ${free} FROM ${quoted(table)}`);
		return free;
	} catch {
		return null;
	}
}

/**
A name of a table or column as SQL has it.
*/
export function quoted(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

export function countRows(db: Log, table: string): number {
	return db
		.prepare<[], number>(`SELECT count(*) FROM ${quoted(table)}`)
		.pluck()
		.get()!;
}

/**
The rows of a table whose columns have these values, in the order they were written; none when the table or a column is missing.
*/
export function finder(
	db: Log,
	table: Table | undefined,
	names: readonly string[],
	order: string | null = null,
): (...values: readonly unknown[]) => readonly ForeignRow[] {
	if (!table || names.some(name => !table.columns.includes(name))) {
		return () => [];
	}

	const by =
		order !== null && table.columns.includes(order)
			? quoted(order)
			: table.rowid;
	const statement = db.prepare<unknown[], ForeignRow>(
		`SELECT * FROM ${quoted(table.name)}
		WHERE ${names.map(name => `${quoted(name)} = ?`).join(' AND ')}
		${by === null ? '' : `ORDER BY ${by}`}`,
	);
	return (...values) => statement.all(...values);
}
