import {type Log} from '../log.js';
import {explained} from '../store-error.js';

/**
How FTS5 keeps its index when nobody says otherwise, and how it does it best for thousands of rows at once: more is held before it is written down, and more of what is written is merged at once, so that each word is written two or three times instead of seven.

@see https://sqlite.org/fts5.html#special_insert_directives
*/
const usual = {
	automerge: 4,
	crisismerge: 16,
	hashsize: 1_048_576,
	usermerge: 4,
};
const bulk: typeof usual = {
	automerge: 15,
	crisismerge: 200,
	hashsize: 16_777_216,
	usermerge: 15,
};

/**
So many pages are merged at once: some tenths of a second.
*/
const pagesAtOnce = 2000;

/**
Write many rows that the search index hears of. For the inside of a transaction: its settings, which stand in the file, are for nobody else, and the index is whole at its end.
*/
export function createBulkIndex(
	log: Log,
): <Value>(write: () => Value) => Value {
	const set = log.prepare(
		'INSERT INTO responses_fts (responses_fts, rank) VALUES (?, CAST(? AS INTEGER))',
	);
	const flush = log.prepare(
		"INSERT INTO responses_fts (responses_fts) VALUES ('flush')",
	);
	const present = log.prepare<[], [name: string, value: number]>(
		'SELECT k, v FROM responses_fts_config',
	);
	const configure = (settings: Readonly<Record<string, unknown>>) => {
		for (const [name, value] of Object.entries(settings)) {
			set.run(name, value);
		}
	};

	return write => {
		const before = Object.fromEntries(present.raw().all());
		configure(bulk);
		const written = write();
		flush.run();
		configure(
			Object.fromEntries(
				Object.entries(usual).map(([name, value]) => [
					name,
					before[name] ?? value,
				]),
			),
		);
		return written;
	};
}

/**
Merge what was left to be merged, a little at a time: the next answer that somebody logs would have to do it all.

@throws UserError when the log is locked, full or damaged.
*/
export function* mergeIndex(log: Log): Generator<void, void, void> {
	const indexing = createBulkIndex(log);
	const merge = log.prepare(
		`INSERT INTO responses_fts (responses_fts, rank) VALUES ('merge', ${pagesAtOnce})`,
	);
	const changes = log.prepare<[], number>('SELECT total_changes()').pluck();
	const step = () =>
		indexing(() => {
			const before = changes.get()!;
			merge.run();
			return changes.get()! - before;
		});

	// The statement itself is one of the changes.
	while (explained(log.name, () => log.transaction(step).immediate()) > 1) {
		yield;
	}
}
