import {Buffer} from 'node:buffer';
import {type Log} from '../log.js';
import {quoted, type Table} from './probe.js';
import {type ForeignRow} from './values.js';

/**
So many rows, or characters and bytes, are read at once.
*/
const mostRows = 1000;
const mostSize = 4_000_000;

export type Batch = {
	readonly rows: readonly ForeignRow[];

	/**
	The number by which SQLite knows each of the rows.
	*/
	readonly rowids: readonly number[];
};

/**
The greatest number of a row; 0 for an empty table.
*/
export function lastRowid(db: Log, table: Table | undefined): number {
	return table === undefined || table.rowid === null
		? 0
		: (db
				.prepare<[], number | null>(
					`SELECT max(${table.rowid}) FROM ${quoted(table.name)}`,
				)
				.pluck()
				.get() ?? 0);
}

/**
The rows of a table up to a number, in short reads: between them, the program that owns the file may write. What can be read of a damaged table comes before its error.
*/
export function* batchesOf(
	db: Log,
	table: Table,
	upTo: number,
	columns: readonly string[] = table.columns,
): Generator<Batch, void, void> {
	if (table.rowid === null) {
		return;
	}

	const statement = db
		.prepare<[number, number, number], unknown[]>(
			`SELECT ${[table.rowid, ...columns.map(name => quoted(name))].join(', ')}
			FROM ${quoted(table.name)}
			WHERE ${table.rowid} > ? AND ${table.rowid} <= ?
			ORDER BY ${table.rowid} LIMIT ?`,
		)
		.raw();
	let last = -Number.MAX_SAFE_INTEGER;

	for (;;) {
		const rows: ForeignRow[] = [];
		const rowids: number[] = [];
		let size = 0;
		let trouble: {readonly error: unknown} | null = null;

		try {
			for (const [rowid, ...values] of statement.iterate(
				last,
				upTo,
				mostRows,
			)) {
				rows.push(
					Object.fromEntries(
						columns.map((name, index) => [name, values[index]]),
					),
				);
				last = rowid as number;
				rowids.push(last);
				size += values.reduce<number>((sum, value) => sum + sizeOf(value), 0);

				if (size > mostSize) {
					break;
				}
			}
		} catch (error) {
			trouble = {error};
		}

		if (rows.length > 0) {
			yield {rows, rowids};
		}

		if (trouble) {
			throw trouble.error;
		}

		if (rows.length === 0) {
			return;
		}
	}
}

function sizeOf(value: unknown): number {
	return typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 8;
}
