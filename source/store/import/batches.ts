import {Buffer} from 'node:buffer';
import {type Log} from '../log.js';
import {isTooLarge} from './foreign-trouble.js';
import {leaveOut, tooLarge, type ImportSummary} from './import-summary.js';
import {quoted, type Table} from './probe.js';
import {type ForeignRow} from './values.js';

/**
So many rows, or characters and bytes, are read at once.
*/
const mostRows = 5000;
const mostSize = 16_000_000;

/**
What tells a row from the others of its table: its number, or the columns of its primary key. SQLite's integers go beyond the exact ones of JavaScript.
*/
export type Key = readonly unknown[];

export type Batch = {
	readonly rows: readonly ForeignRow[];
	readonly keys: readonly Key[];
};

/**
The last row of a table by its key; null for an empty table, and for one whose rows nothing tells apart.
*/
export function lastKey(db: Log, table: Table | undefined): Key | null {
	return table === undefined || table.key.length === 0
		? null
		: (db
				.prepare<[], unknown[]>(
					`SELECT ${table.key.join(', ')} FROM ${quoted(table.name)}
					ORDER BY ${table.key.map(name => `${name} DESC`).join(', ')} LIMIT 1`,
				)
				.raw()
				.safeIntegers()
				.get() ?? null);
}

/**
The rows of a table up to a key, in short reads: between them, the program that owns the file may write. What can be read of a damaged table comes before its error. A row that is larger than SQLite hands out is left out of it.
*/
export function* batchesOf(
	db: Log,
	table: Table,
	{
		upTo = lastKey(db, table),
		columns = table.columns,
		summary,
	}: {
		readonly upTo?: Key | null;
		readonly columns?: readonly string[];
		readonly summary?: ImportSummary;
	} = {},
): Generator<Batch, void, void> {
	if (upTo === null) {
		return;
	}

	const read = readerOf(db, table, {upTo, columns});
	let last: Key | null = null;

	for (;;) {
		const rows: ForeignRow[] = [];
		const keys: Key[] = [];
		let size = 0;
		let trouble: {readonly error: unknown} | null = null;

		try {
			for (const values of read.rows(last)) {
				const row = values.slice(table.key.length).map(value => exact(value));
				rows.push(
					Object.fromEntries(columns.map((name, index) => [name, row[index]])),
				);
				last = values.slice(0, table.key.length);
				keys.push(last);
				size += row.reduce<number>((sum, value) => sum + sizeOf(value), 0);

				if (size > mostSize) {
					break;
				}
			}
		} catch (error) {
			trouble = {error};
		}

		if (rows.length > 0) {
			yield {rows, keys};
		}

		if (trouble) {
			if (!isTooLarge(trouble.error)) {
				throw trouble.error;
			}

			last = read.keyBehind(last);

			if (summary) {
				leaveOut(summary, tooLarge);
			}
		} else if (rows.length === 0) {
			return;
		}
	}
}

type Reader = {
	/**
	The key and then the columns of the next rows behind a key.
	*/
	readonly rows: (last: Key | null) => Iterable<unknown[]>;

	/**
	The key of the next row alone.
	*/
	readonly keyBehind: (last: Key | null) => Key;
};

function readerOf(
	db: Log,
	{name, key}: Table,
	{upTo, columns}: {readonly upTo: Key; readonly columns: readonly string[]},
): Reader {
	const keys = key.join(', ');
	const blanks = key.map(() => '?').join(', ');
	const statement = (selected: string, behind: string, limit: number) =>
		db
			.prepare<unknown[], unknown[]>(
				`SELECT ${selected} FROM ${quoted(name)}
				WHERE ${behind}(${keys}) <= (${blanks}) ORDER BY ${keys} LIMIT ${limit}`,
			)
			.raw()
			.safeIntegers();
	const behind = `(${keys}) > (${blanks}) AND `;
	const all = [...key, ...columns.map(column => quoted(column))].join(', ');
	const first = statement(all, '', mostRows);
	const next = statement(all, behind, mostRows);

	return {
		rows: last =>
			last === null ? first.iterate(upTo) : next.iterate(last, upTo),
		keyBehind: last =>
			(last === null
				? statement(keys, '', 1).get(upTo)
				: statement(keys, behind, 1).get(last, upTo))!,
	};
}

/**
An integer beyond the exact ones of JavaScript as text, in which nothing of it is lost.
*/
function exact(value: unknown): unknown {
	return typeof value === 'bigint'
		? Number.isSafeInteger(Number(value))
			? Number(value)
			: String(value)
		: value;
}

function sizeOf(value: unknown): number {
	return typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 8;
}
