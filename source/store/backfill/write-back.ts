import {Buffer} from 'node:buffer';
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
Leave responses out that were noted.
*/
export function unstage(database: Log, ids: Iterable<string>): void {
	const remove = database.prepare('DELETE FROM temp.staged WHERE id = ?');

	for (const id of ids) {
		remove.run(id);
	}
}

/**
Give noted runs other ids.
*/
export function renameStaged(
	database: Log,
	names: ReadonlyMap<string, string>,
): void {
	database.exec(
		'CREATE TEMP TABLE renamed (run TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID',
	);
	const insert = database.prepare('INSERT INTO temp.renamed VALUES (?, ?)');

	for (const each of names) {
		insert.run(...each);
	}

	database.exec(
		`UPDATE temp.staged SET run = renamed.name
		FROM temp.renamed WHERE renamed.run = staged.run;
		DROP TABLE temp.renamed`,
	);
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
	const write = database.transaction(() => {
		const pending = pendingIn(database);

		if (pending.responses > 0) {
			adoptNames(database);
			const columns = addMissingColumns(database);
			const index = missingIndex(database);
			writeUndoFile(
				undoPath,
				{database: basename(database.name), columns, index},
				rowsToWrite(database),
			);
			withoutReindexing(database, () =>
				database.exec(
					`UPDATE responses SET
						consortium_id = staged.run, is_arbiter_response = staged.flag
					FROM temp.staged WHERE staged.id = responses.id AND ${isUnsaid()}`,
				),
			);

			// To make it of all rows takes less time than to change it with each.
			if (index !== null) {
				database.exec(`CREATE INDEX ${index} ON responses (consortium_id)`);
			}
		}

		return pending;
	});
	let hasWritten = false;

	try {
		const pending = write.immediate();
		hasWritten = pending.responses > 0;
		return pending;
	} finally {
		if (!hasWritten) {
			rmSync(undoPath, {force: true});
		}
	}
}

/**
Copy a file, as it is at one moment, to `path`, which is there when it is whole and sound. Other programs may write meanwhile; each time they do the copy begins anew, so that after some times the rest is copied in one step, for which they wait: that is told to `onHurry` before.
*/
export async function backUpTo(
	database: Log,
	path: string,
	{onHurry}: {readonly onHurry: () => void},
): Promise<void> {
	const partial = `${path}.partial`;
	rmSync(partial, {force: true});
	closeSync(openSync(partial, 'wx', 0o600));
	let restarts = 0;
	let remaining = Infinity;

	try {
		await database.backup(partial, {
			progress({remainingPages}) {
				if (remainingPages >= remaining && ++restarts === maxRestarts) {
					onHurry();
				}

				remaining = remainingPages;
				return restarts < maxRestarts ? pagesAtOnce : Infinity;
			},
		});
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
const maxRestarts = 3;

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
Only rows of which nothing was said are written, which is so of all rows where a column is missing; 0 is what llm's column says of any row.
*/
function isUnsaid(
	columns = new Set<string>(Object.keys(addedColumns)),
): string {
	return [
		'1',
		...(columns.has('consortium_id')
			? ['responses.consortium_id IS NULL']
			: []),
		...(columns.has('is_arbiter_response')
			? [
					`(responses.is_arbiter_response IS NULL
						OR responses.is_arbiter_response IS 0)`,
				]
			: []),
	].join(' AND ');
}

const rowsAtOnce = 2000;

/**
What `writeStaged` would write. The file is only read, some thousand rows at a time, so that others can write meanwhile. In temporary tables, `seen` has the noted rows that are there, and `said` what the file calls their runs.
*/
export function pendingIn(database: Log): Pending {
	const columns = columnsOf(database);
	database.exec(`
		DROP TABLE IF EXISTS temp.seen;
		DROP TABLE IF EXISTS temp.said;
		CREATE TEMP TABLE seen (run TEXT, name, is_unsaid INTEGER);
	`);
	const nextOf = database
		.prepare<[string], string>(
			`SELECT id FROM temp.staged
			WHERE id >= ? ORDER BY id LIMIT 1 OFFSET ${rowsAtOnce}`,
		)
		.pluck();
	const see = database.prepare(
		`INSERT INTO temp.seen
		SELECT staged.run,
			${columns.has('consortium_id') ? 'responses.consortium_id' : 'NULL'},
			${isUnsaid(columns)}
		FROM temp.staged CROSS JOIN responses ON responses.id = staged.id
		WHERE staged.id >= ? AND staged.id < ?`,
	);

	for (let from: string | undefined = ''; from !== undefined;) {
		const to = nextOf.get(from);

		// Any text comes before bytes.
		see.run(from, to ?? Buffer.alloc(0));
		from = to;
	}

	database.exec(
		`CREATE TEMP TABLE said AS
			SELECT run, min(name) AS name,
				count(DISTINCT name) + max(typeof(name) = 'blob') AS names
			FROM temp.seen GROUP BY run`,
	);
	return database
		.prepare<[], Pending>(
			`SELECT count(*) FILTER (WHERE names < 2 AND is_unsaid) AS responses,
				count(DISTINCT coalesce(said.name, run))
					FILTER (WHERE names < 2 AND is_unsaid) AS runs,
				(SELECT count(*) FROM temp.said WHERE names > 1) AS contradicted
			FROM temp.seen JOIN temp.said USING (run)`,
		)
		.get()!;
}

/**
A run of which the file names some rows already goes on under the name it has there; one with several names is left alone.
*/
function adoptNames(database: Log): void {
	database.exec(`
		DELETE FROM temp.staged
			WHERE run IN (SELECT run FROM temp.said WHERE names > 1);
		UPDATE temp.staged SET run = said.name
			FROM temp.said WHERE said.run = staged.run AND said.name IS NOT NULL;
	`);
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
function* rowsToWrite(database: Log): Generator<UndoRow> {
	yield* database
		.prepare<[], UndoRow>(
			`SELECT staged.id, staged.run, staged.flag,
				responses.is_arbiter_response AS flagBefore
			FROM temp.staged CROSS JOIN responses ON responses.id = staged.id
			WHERE ${isUnsaid()} GROUP BY staged.id`,
		)
		.iterate();
}
