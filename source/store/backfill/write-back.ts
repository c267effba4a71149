import {closeSync, openSync, renameSync, rmSync} from 'node:fs';
import {basename} from 'node:path';
import Database from 'better-sqlite3';
import {hasTable} from '../llm-schema.js';
import {type Log} from '../log.js';
import {type FoundResponse} from './found.js';
import {columnsOf, syncFolderOf} from './their-file.js';
import {
	addedColumns,
	addedIndex,
	writeUndoFile,
	type AddedColumn,
	type UndoHead,
	type UndoRow,
} from './undo-file.js';
import {withoutReindexing} from './without-reindexing.js';

/**
How many rows would get a place, in how many runs, and how many runs are left alone because the file itself says several things of them.
*/
export type Pending = {
	readonly responses: number;
	readonly runs: number;
	readonly contradicted: number;
};

/**
Only rows of which nothing was said are written; 0 is what llm's column says of any row.
*/
const isUnsaid = `responses.consortium_id IS NULL
	AND (responses.is_arbiter_response IS NULL
		OR responses.is_arbiter_response IS 0)`;

type Stageable = {
	readonly id: string;
	readonly responses: ReadonlyArray<
		Pick<FoundResponse, 'responseId' | 'isArbiterResponse'>
	>;
};

/**
Note the runs that were found in a file of llm, outside of the file, until `writeStaged`. A response stays in the first run it is noted for.
*/
export function stageRuns(database: Log): (run: Stageable) => void {
	database.exec(
		`CREATE TEMP TABLE staged (
			id TEXT PRIMARY KEY, run TEXT NOT NULL, flag INTEGER NOT NULL
		) WITHOUT ROWID`,
	);
	const insert = database.prepare(
		'INSERT OR IGNORE INTO temp.staged VALUES (?, ?, ?)',
	);

	return ({id, responses}) => {
		for (const {responseId, isArbiterResponse} of responses) {
			insert.run(responseId, id, isArbiterResponse);
		}
	};
}

/**
What `writeStaged` would write. The file stays as it is.
*/
export function pendingIn(database: Log): Pending {
	database.exec('BEGIN IMMEDIATE');

	try {
		const {contradicted} = prepare(database);
		const {responses, runs} = database
			.prepare<[], {responses: number; runs: number}>(
				`SELECT count(*) AS responses, count(DISTINCT staged.run) AS runs
				FROM temp.staged JOIN responses ON responses.id = staged.id
				WHERE ${isUnsaid}`,
			)
			.get()!;
		return {responses, runs, contradicted};
	} finally {
		database.exec('ROLLBACK');
	}
}

/**
About how many seconds `writeStaged` keeps other programs from writing: it writes some 50,000 rows a second.
*/
export function lockedSeconds({responses}: Pick<Pending, 'responses'>): number {
	return responses / 50_000;
}

/**
Write the noted runs into the file, all or nothing: the columns where they are missing, an index where there is none, and both columns of each row of which nothing was said before. What it takes to undo that is in the file `undoPath`, one of `claimNames`, before anything counts; where nothing is written, that file goes.
*/
export function writeStaged(database: Log, undoPath: string): Pending {
	try {
		return database
			.transaction(() => {
				const {contradicted, columns} = prepare(database);
				const index = missingIndex(database);
				const runs = new Set<string>();
				let responses = 0;
				writeUndoFile(
					undoPath,
					{database: basename(database.name), columns, index},
					Iterator.from(rowsToWrite(database)).map(row => {
						responses++;
						runs.add(row.run);
						return row;
					}),
				);
				const pending = {responses, runs: runs.size, contradicted};

				if (responses === 0) {
					throw new NothingToWrite(pending);
				}

				withoutReindexing(database, () =>
					database.exec(
						`UPDATE responses SET
							consortium_id = staged.run, is_arbiter_response = staged.flag
						FROM temp.staged WHERE staged.id = responses.id AND ${isUnsaid}`,
					),
				);

				// To make it of all rows takes less time than to change it with each.
				if (index !== null) {
					database.exec(`CREATE INDEX ${index} ON responses (consortium_id)`);
				}

				return pending;
			})
			.immediate();
	} catch (error) {
		rmSync(undoPath, {force: true});

		if (error instanceof NothingToWrite) {
			return error.pending;
		}

		throw error;
	}
}

/**
Takes back what the transaction prepared.
*/
class NothingToWrite extends Error {
	readonly pending: Pending;

	constructor(pending: Pending) {
		super('There is nothing to write.');
		this.pending = pending;
	}
}

/**
Copy a file, as it is at one moment, to `path`, which is there when it is whole and sound. Other programs may write meanwhile.
*/
export async function backUpTo(database: Log, path: string): Promise<void> {
	const partial = `${path}.partial`;
	rmSync(partial, {force: true});
	closeSync(openSync(partial, 'wx', 0o600));

	try {
		await database.backup(partial, {progress: () => pagesAtOnce});
		assertSound(partial);
		renameSync(partial, path);
		syncFolderOf(path);
	} finally {
		for (const ending of ['', '-journal', '-wal', '-shm']) {
			rmSync(`${partial}${ending}`, {force: true});
		}
	}
}

/**
A writer waits for so many at most: some milliseconds.
*/
const pagesAtOnce = 2000;

function assertSound(path: string): void {
	const copy = new Database(path);

	try {
		const found = copy.pragma('quick_check(1)', {simple: true});

		if (found !== 'ok') {
			throw Object.assign(new Error('The copy is not sound.'), {
				code: 'SQLITE_CORRUPT',
			});
		}
	} finally {
		copy.close();
	}
}

/**
Bring the file, inside of a transaction, to where the rows can be written.

A run of which the file names some rows already goes on under the name it has there.
*/
function prepare(database: Log): {
	readonly contradicted: number;
	readonly columns: UndoHead['columns'];
} {
	const columns = addMissingColumns(database);
	database.exec(`
		CREATE TEMP TABLE said AS
			SELECT staged.run, min(consortium_id) AS name,
				count(DISTINCT consortium_id) AS names
			FROM temp.staged JOIN responses ON responses.id = staged.id
			WHERE consortium_id IS NOT NULL GROUP BY staged.run;
		DELETE FROM temp.staged
			WHERE run IN (SELECT run FROM temp.said WHERE names > 1);
		UPDATE temp.staged SET run = said.name
			FROM temp.said WHERE said.run = staged.run;
	`);
	const contradicted = database
		.prepare<[], number>('SELECT count(*) FROM temp.said WHERE names > 1')
		.pluck()
		.get()!;
	database.exec('DROP TABLE temp.said');

	return {contradicted, columns};
}

function addMissingColumns(database: Log): AddedColumn[] {
	const present = columnsOf(database);
	const missing = (Object.keys(addedColumns) as AddedColumn[]).filter(
		name => !present.has(name),
	);

	for (const name of missing) {
		database.exec(
			`ALTER TABLE responses ADD COLUMN ${name} ${addedColumns[name]}`,
		);
	}

	return missing;
}

/**
The index on `consortium_id` that is to be made; null where there is one.
*/
function missingIndex(database: Log): UndoHead['index'] {
	const isIndexed =
		database
			.prepare(
				`SELECT 1 FROM pragma_index_list('responses') AS list
				JOIN pragma_index_info(list.name) AS info
				WHERE info.seqno = 0 AND info.name = 'consortium_id' COLLATE NOCASE
					AND list.partial = 0`,
			)
			.get() !== undefined;

	return isIndexed || hasTable(database, addedIndex) ? null : addedIndex;
}

/**
Each once, also where several rows have its id.
*/
function rowsToWrite(database: Log): IterableIterator<UndoRow> {
	return database
		.prepare<[], UndoRow>(
			`SELECT staged.id, staged.run, staged.flag,
				responses.is_arbiter_response AS flagBefore
			FROM temp.staged CROSS JOIN responses ON responses.id = staged.id
			WHERE ${isUnsaid} GROUP BY staged.id`,
		)
		.iterate();
}
