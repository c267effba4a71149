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

	return new Map(
		names.map(name => {
			const columns = columnsOf.all(name);
			return [name, {name, columns, rowid: rowidOf(db, name, columns)}];
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
