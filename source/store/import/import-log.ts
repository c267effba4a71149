import {realpathSync} from 'node:fs';
import {conversationName} from '../llm-form.js';
import {type Log} from '../log.js';
import {explained} from '../store-error.js';
import {batchesOf, lastKey, type Key} from './batches.js';
import {mergeIndex} from './bulk-index.js';
import {createCondensedTexts} from './condensed-texts.js';
import {copyConversations, copyOwnTables} from './copy-tables.js';
import {type ForeignResponse} from './foreign-response.js';
import {explainedForeign, isTooLarge} from './foreign-trouble.js';
import {
	leaveOut,
	tooLarge,
	type Import,
	type ImportSummary,
} from './import-summary.js';
import {createLinkIndex, type LinkIndex} from './link-index.js';
import {createMarkedRuns, type MarkedRuns} from './marked-runs.js';
import {countRows, type Table} from './probe.js';
import {createOldLogReader} from './read-old-logs.js';
import {leftOutTables, recordedRuns} from './read-recorded.js';
import {createResponseReader} from './read-responses.js';
import {createTurnReader} from './read-turns.js';
import {type RecordedRun} from './recorded-run.js';
import {completeRecords, keepRecords} from './records.js';
import {createSharedRows} from './shared-rows.js';
import {hashOf, textOf, type ForeignRow} from './values.js';
import {createResponseWriter, type ResponseWriter} from './write-responses.js';
import {createSatelliteWriter} from './write-satellites.js';

/**
How far an import is: rows read, and the share of the file, 0 to 1.
*/
export type ImportProgress = {readonly rows: number; readonly share: number};

/**
Import another program's log: llm's of any version, or that of its consortium plug-in. It goes on with each `next()`, batch by batch, each of which is whole: to stop is to call it no more. What is there already is only completed, so that importing again completes what was stopped.

`at` is milliseconds since the Unix epoch, for the list of imported files.

@throws UserError for a file that cannot be read to its end, and for a log that cannot be written.
*/
export function* importLog(
	work: Import,
	at: number,
): Generator<ImportProgress, void, void> {
	const {path} = work.foreign;
	const steps = importSteps(work, noteSource(work.log, path, at));

	try {
		for (;;) {
			const {done, value} = explainedForeign(path, () => steps.next());

			if (done) {
				return;
			}

			yield value;
		}
	} finally {
		steps.return();
	}
}

function noteSource(log: Log, path: string, at: number): string {
	const whole = realpathSync(path);
	const id = hashOf(whole).slice(0, 26);
	explained(log.name, () =>
		log
			.prepare(
				`INSERT INTO consortium_sources (id, path, first_at, last_at)
				VALUES (?, ?, ?, ?)
				ON CONFLICT (id) DO UPDATE SET last_at = excluded.last_at`,
			)
			.run(id, whole, at, at),
	);
	return id;
}

function* importSteps(
	work: Import,
	sourceId: string,
): Generator<ImportProgress, void, void> {
	const {log, foreign, summary} = work;
	const {db, tables} = foreign;

	// What is written from here on is left to the next import, since what belongs to a response is looked up in the state of this moment.
	const passes = ['turns', 'responses', 'logs', 'log'].flatMap(name => {
		const table = tables.get(name);
		return table ? [{table, last: lastKey(db, table)}] : [];
	});

	for (const {table} of passes) {
		leaveOut(
			summary,
			'a row of a table that has no key',
			table.key.length === 0 ? countRows(db, table.name) : 0,
		);
	}

	const shared = createSharedRows(foreign, log, summary);
	const writer = createResponseWriter(log, {
		sourceId,
		satellites: createSatelliteWriter(log, shared, summary),
		textOf: createCondensedTexts(db, tables),
		summary,
	});
	const marked = createMarkedRuns();
	const links = createLinkIndex(db, tables);

	try {
		yield* responseSteps(work, {passes, writer, marked, links});

		for (const copy of [
			copyConversations(foreign, log, summary),
			copyOwnTables(foreign, work, shared),
		]) {
			for (const rows of copy) {
				yield {rows, share: 1};
			}
		}

		yield* runSteps(work, marked.runs());
		yield* runSteps(work, recordedRuns(db, tables, summary));

		for (const _ of mergeIndex(log)) {
			yield {rows: 0, share: 1};
		}

		for (const rows of completeRecords(log)) {
			yield {rows, share: 1};
		}

		for (const [reason, rows] of leftOutTables(db, tables)) {
			leaveOut(summary, reason, rows);
		}
	} finally {
		links.close();
		marked.close();
	}
}

type Pass = {readonly table: Table; readonly last: Key | null};

function* responseSteps(
	work: Import,
	{
		passes,
		writer: {write, flush},
		marked,
		links,
	}: {
		readonly passes: readonly Pass[];
		readonly writer: ResponseWriter;
		readonly marked: MarkedRuns;
		readonly links: LinkIndex;
	},
): Generator<ImportProgress, void, void> {
	const {log, foreign, summary} = work;
	const total = passes.reduce((sum, pass) => sum + numbered(pass), 0);
	let before = 0;
	let rows = 0;

	for (const pass of passes) {
		const {table, last} = pass;
		const read = readerOf(work, table, links);
		const take = (row: ForeignRow) => {
			const response = read(row);

			if (response === null) {
				leaveOut(summary, 'an answer without an id');
			} else {
				marked.note(response.id, row);
				write(response);
			}
		};

		for (const batch of batchesOf(foreign.db, table, {upTo: last, summary})) {
			writeBatch(log, foreign.path, () => {
				for (const row of batch.rows) {
					unlessTooLarge(summary, () => {
						take(row);
					});
				}

				flush();
			});
			rows += batch.rows.length;
			const done = before + numbered({table, last: batch.keys.at(-1)!});
			yield {rows, share: total === 0 ? 1 : Math.min(1, done / total)};
		}

		before += numbered(pass);
	}
}

/**
How far a row is in its table; 0 where rows are not counted.
*/
function numbered({table, last}: Pass): number {
	return table.rowid === null ? 0 : Math.max(0, Number(last?.[0] ?? 0));
}

/**
One answer that nothing can hold does not hinder the others.
*/
function unlessTooLarge(summary: ImportSummary, work: () => void): void {
	try {
		work();
	} catch (error) {
		if (!isTooLarge(error)) {
			throw error;
		}

		leaveOut(summary, tooLarge);
	}
}

/**
Read a row of a table as a response; null when it has no id.
*/
function readerOf(
	{log, foreign: {db, tables}, summary}: Import,
	table: Table,
	links: LinkIndex,
): (row: ForeignRow) => ForeignResponse | null {
	const withId =
		(read: (id: string, row: ForeignRow) => ForeignResponse) =>
		(row: ForeignRow) => {
			const id = textOf(row['id']) ?? '';
			return id === '' ? null : read(id, row);
		};

	if (table.name === 'turns') {
		return withId(createTurnReader(db, tables));
	}

	if (table.name === 'responses') {
		return withId(createResponseReader(db, tables, links));
	}

	const read = createOldLogReader(db, table);
	const converse = log.prepare(
		'INSERT OR IGNORE INTO conversations (id, name, model) VALUES (?, ?, ?)',
	);

	return row => {
		const response = read(row);
		const {conversation_id: id, prompt, model} = response.columns;
		summary.came.conversations += converse.run(
			id,
			conversationName(prompt),
			model,
		).changes;
		return response;
	};
}

/**
One transaction. What is wrong with the foreign file is told as such before it is taken for trouble with our log.
*/
function writeBatch(log: Log, path: string, work: () => void): void {
	explained(log.name, () => {
		log
			.transaction(() => {
				explainedForeign(path, work);
			})
			.immediate();
	});
}

function* runSteps(
	{log, summary}: Import,
	batches: Generator<RecordedRun[], void, void>,
): Generator<ImportProgress, void, void> {
	const count = log
		.prepare<[], number>('SELECT count(*) FROM consortium_found_runs')
		.pluck();

	for (const batch of batches) {
		const known = batch.filter(
			({recordedId, responses}) => recordedId !== null || responses.length > 0,
		);
		leaveOut(summary, 'a run without an id', batch.length - known.length);
		const before = count.get()!;
		keepRecords(log, known);
		const came = count.get()! - before;
		summary.came.runs += came;
		summary.there.runs += known.length - came;
		yield {rows: known.length, share: 1};
	}
}
