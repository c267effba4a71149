import assert from 'node:assert/strict';
import {test} from 'node:test';
import Database from 'better-sqlite3';
import {
	createBulkIndex,
	mergeIndex,
} from '../../source/store/import/bulk-index.js';
import {type Log} from '../../source/store/log.js';
import {fill, makeForeignLog} from '../helpers/foreign-logs.js';
import {importFile, importPlace} from '../helpers/imports-of-logs.js';

const settings = (log: Log) =>
	Object.fromEntries(
		log
			.prepare<[], [string, number]>('SELECT k, v FROM responses_fts_config')
			.raw()
			.all(),
	);
const assertSound = (log: Log) => {
	log.exec(
		"INSERT INTO responses_fts (responses_fts, rank) VALUES ('integrity-check', 1)",
	);
};

const pieces = (log: Log) =>
	log
		.prepare<[], number>('SELECT count(DISTINCT segid) FROM responses_fts_idx')
		.pluck()
		.get()!;

test('an import leaves the settings of the search index as they were', t => {
	const {log, file} = importPlace(t);
	log.exec(
		"INSERT INTO responses_fts (responses_fts, rank) VALUES ('automerge', 8)",
	);
	makeForeignLog(file('foreign.db'), '0.31', {
		responses: [{id: 'one', model: 'm', prompt: 'q', response: 'a word'}],
	});
	importFile(log, file('foreign.db'));
	const {version: _, ...after} = settings(log);
	assert.deepEqual(after, {
		automerge: 8,
		crisismerge: 16,
		hashsize: 1_048_576,
		usermerge: 4,
	});
	assertSound(log);
});

test('an answer that another program adds finds few pieces to merge after an import', t => {
	const {log} = importPlace(t);
	const insert = log.prepare(
		'INSERT INTO responses (id, prompt, response) VALUES (?, ?, ?)',
	);
	const indexing = createBulkIndex(log);

	for (let number = 0; number < 40; number++) {
		log
			.transaction(() => {
				indexing(() => {
					insert.run(`r${number}`, 'question', `answer ${number}`);
				});
			})
			.immediate();
	}

	const before = pieces(log);
	assert.ok(before > 16);
	assert.ok([...mergeIndex(log)].length > 0);
	assert.ok(pieces(log) < 16);
	assertSound(log);
	assert.equal(
		log
			.prepare(
				"SELECT count(*) FROM responses_fts WHERE responses_fts MATCH 'question'",
			)
			.pluck()
			.get(),
		40,
	);
});

test('words are found as soon as their rows are seen, by everybody', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.31', {
		responses: Array.from({length: 12_000}, (_, index) => ({
			id: `r${index}`,
			model: 'm',
			prompt: 'question',
			response: `answer ${index}`,
		})),
	});
	const other = new Database(log.name, {readonly: true});
	const seen: number[] = [];
	t.after(() => {
		other.close();
	});
	importFile(log, file('foreign.db'), Infinity, () => {
		const [rows, found] = [
			'SELECT count(*) FROM responses',
			"SELECT count(*) FROM responses_fts WHERE responses_fts MATCH 'question'",
		].map(sql => other.prepare<[], number>(sql).pluck().get()!);
		assert.equal(found, rows);
		seen.push(rows!);
	});
	assert.deepEqual([...new Set(seen)], [5000, 10_000, 12_000]);
});

test('an answer that stands twice in a table without a key is there once', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.31');
	const foreign = new Database(file('foreign.db'));
	foreign.exec(`DROP TABLE responses;
		CREATE TABLE responses (id TEXT, model TEXT, prompt TEXT, response TEXT)`);
	fill(foreign, {
		responses: [
			{id: 'twice', model: 'm', prompt: 'q', response: 'first'},
			{id: 'once', model: 'm', prompt: 'q', response: 'other'},
			{id: 'twice', model: 'm', prompt: 'q', response: 'second'},
		],
	});
	foreign.close();
	const summary = importFile(log, file('foreign.db'));
	assert.deepEqual(
		log.prepare('SELECT id, response FROM responses ORDER BY id').raw().all(),
		[
			['once', 'other'],
			['twice', 'first'],
		],
	);
	assert.equal(summary.came.answers, 2);
	assert.deepEqual(summary.leftOut, {
		'an answer that is otherwise than the one here with its id': 1,
	});
	assertSound(log);
});
