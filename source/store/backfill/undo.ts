import {dirname, join} from 'node:path';
import Database from 'better-sqlite3';
import {type Log} from '../log.js';
import {columnsOf, explainedFile, openTheirs} from './their-file.js';
import {
	addedColumns,
	readUndoFile,
	type AddedColumn,
	type UndoHead,
	type UndoRow,
} from './undo-file.js';
import {withoutReindexing} from './without-reindexing.js';

/**
What became of a file of llm.
*/
export type TakenBack = {
	readonly path: string;

	/**
	Rows that say again what they said before.
	*/
	readonly restored: number;

	/**
	Rows that were changed or deleted since, or taken back before, and are left alone.
	*/
	readonly leftAlone: number;

	/**
	Columns that were added and stay, because something else has written to them or uses them.
	*/
	readonly columnsKept: readonly AddedColumn[];
};

/**
Take back what `--write` did to the log beside an undo file, all or nothing.

@throws UserError when either file is not there, damaged or locked.
*/
export async function takeBack(undoPath: string): Promise<TakenBack> {
	const opened: Log[] = [];
	let path = undoPath;

	try {
		const head = await readUndoFile(undoPath, ({database: name}) => {
			path = join(dirname(undoPath), name);
			const database = openTheirs(path);
			opened.push(database);
			return stageUndo(database);
		});
		return restore(opened[0]!, head);
	} catch (error) {
		throw explainedFile(path, error);
	} finally {
		opened[0]?.close();
	}
}

function stageUndo(database: Log): (row: UndoRow) => void {
	database.exec(
		`CREATE TEMP TABLE undone (
			id TEXT PRIMARY KEY, run TEXT, flag INTEGER, flag_before
		) WITHOUT ROWID`,
	);
	const insert = database.prepare(
		'INSERT OR IGNORE INTO temp.undone VALUES (@id, @run, @flag, @flagBefore)',
	);

	return row => {
		insert.run(row);
	};
}

function restore(database: Log, head: UndoHead): TakenBack {
	return database
		.transaction(() => {
			const all = database
				.prepare<[], number>('SELECT count(*) FROM temp.undone')
				.pluck()
				.get()!;
			const present = columnsOf(database);
			const isThere = Object.keys(addedColumns).every(name =>
				present.has(name),
			);
			const restored = isThere ? restoreRows(database) : 0;

			return {
				path: database.name,
				restored,
				leftAlone: all - restored,
				columnsKept: dropAdded(database, head),
			};
		})
		.immediate();
}

function restoreRows(database: Log): number {
	return withoutReindexing(
		database,
		() =>
			database
				.prepare(
					`UPDATE responses SET
						consortium_id = NULL, is_arbiter_response = undone.flag_before
					FROM temp.undone WHERE undone.id = responses.id
						AND responses.consortium_id = undone.run
						AND responses.is_arbiter_response = undone.flag`,
				)
				.run().changes,
	);
}

/**
Drop what was added, and name the columns that have to stay.
*/
function dropAdded(database: Log, {columns, index}: UndoHead): AddedColumn[] {
	const present = columnsOf(database);
	const added = columns.filter(name => present.has(name));
	const isFree = added.every(
		name =>
			database
				.prepare(
					`SELECT 1 FROM responses
					WHERE ${name} IS NOT NULL AND ${name} IS NOT 0 LIMIT 1`,
				)
				.get() === undefined,
	);

	if (!isFree) {
		return added;
	}

	if (index !== null) {
		database.exec(`DROP INDEX IF EXISTS ${index}`);
	}

	return added.filter(name => !isDropped(database, name));
}

/**
A view, an index or a trigger made since may need the column.
*/
function isDropped(database: Log, name: AddedColumn): boolean {
	try {
		database.exec(`ALTER TABLE responses DROP COLUMN ${name}`);
		return true;
	} catch (error) {
		if (
			error instanceof Database.SqliteError &&
			error.code === 'SQLITE_ERROR'
		) {
			return false;
		}

		throw error;
	}
}
