import {type Log} from '../log.js';
import {explained} from '../store-error.js';
import {batchesOf} from './batches.js';
import {type ImportSummary} from './import-summary.js';
import {type Foreign} from './open-foreign.js';
import {finder} from './probe.js';
import {type SharedRows} from './shared-rows.js';
import {numberOf, textOf, type ForeignRow} from './values.js';

type Copy = Generator<number, void, void>;

function* copy(
	foreign: Foreign,
	{log, summary}: {readonly log: Log; readonly summary: ImportSummary},
	[name, write]: readonly [name: string, write: (row: ForeignRow) => void],
): Copy {
	const {db, tables} = foreign;
	const table = tables.get(name);

	if (table) {
		for (const {rows} of batchesOf(db, table, {summary})) {
			explained(log.name, () => {
				log
					.transaction(() => {
						for (const row of rows) {
							write(row);
						}
					})
					.immediate();
			});
			yield rows.length;
		}
	}
}

/**
Copy the names of conversations, of threads first: whoever has both took the thread on. What is there keeps its name.
*/
export function* copyConversations(
	foreign: Foreign,
	log: Log,
	summary: ImportSummary,
): Copy {
	const insert = log.prepare(
		'INSERT OR IGNORE INTO conversations (id, name, model) VALUES (?, ?, ?)',
	);
	const turnsOf = finder(
		foreign.db,
		foreign.tables.get('turns'),
		['thread_id'],
		'id',
	);
	const write = (row: ForeignRow) => {
		const id = textOf(row['id']);

		if (id !== null && id !== '') {
			summary.came.conversations += insert.run(
				id,
				textOf(row['name']),
				textOf(row['model'] ?? turnsOf(id)[0]?.['model']),
			).changes;
		}
	};

	yield* copy(foreign, {log, summary}, ['threads', write]);
	yield* copy(foreign, {log, summary}, ['conversations', write]);
}

/**
Copy what stands for itself: fragments with their aliases, and schemas.
*/
export function* copyOwnTables(
	foreign: Foreign,
	{log, summary}: {readonly log: Log; readonly summary: ImportSummary},
	shared: SharedRows,
): Copy {
	const alias = log.prepare(
		'INSERT OR IGNORE INTO fragment_aliases (alias, fragment_id) VALUES (?, ?)',
	);

	yield* copy(foreign, {log, summary}, [
		'fragments',
		row => {
			const id = numberOf(row['id']);

			if (id !== null) {
				shared.fragment(id);
			}
		},
	]);
	yield* copy(foreign, {log, summary}, [
		'fragment_aliases',
		row => {
			const id = numberOf(row['fragment_id']);
			const fragment = id === null ? null : shared.fragment(id);

			if (fragment !== null) {
				alias.run(textOf(row['alias']), fragment);
			}
		},
	]);
	yield* copy(foreign, {log, summary}, [
		'schemas',
		row => {
			shared.schema(textOf(row['id']) ?? '');
		},
	]);
}
