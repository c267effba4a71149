import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import Database from 'better-sqlite3';
import {openLog} from '../../source/store/database.js';
import {type Log} from '../../source/store/log.js';
import {indexesOnLlm} from '../../source/store/mend.js';
import {migrations, versionOf} from '../../source/store/migrations.js';
import {readRun} from '../../source/store/pictures.js';
import {runOf} from '../helpers/events.js';
import {
	generations,
	logAsLlm,
	makeLlmFile,
	type Generation,
} from '../helpers/llm-files.js';
import {
	enableSearch,
	migrateAsLlm,
	transform,
} from '../helpers/llm-migrations.js';
import {keep} from '../helpers/logs.js';

const folder = mkdtempSync(path.join(tmpdir(), 'llm-'));
const made = Object.keys(generations) as Generation[];

after(() => {
	rmSync(folder, {recursive: true});
});

const fileOf = (name: string) => path.join(folder, `${name}.db`);

const namesIn = (file: Database.Database, type: string) =>
	file
		.prepare<[string], string>(
			'SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL ORDER BY name',
		)
		.pluck()
		.all(type);

/**
What is in the tables that were there before, by their columns of then.
*/
function contentOf(file: Database.Database, tables: readonly string[]) {
	return tables.map(table => {
		const columns = (
			file.pragma(`table_info("${table}")`) as Array<{name: string}>
		).map(({name}) => name);
		return {table, columns};
	});
}

function rowsOf(
	file: Database.Database,
	content: ReturnType<typeof contentOf>,
): unknown[] {
	return content.map(({table, columns}) =>
		file
			.prepare(
				`SELECT ${columns.map(name => `"${name}"`).join(', ')} FROM "${table}" ORDER BY rowid`,
			)
			.all(),
	);
}

/**
Tables, columns, keys, indexes and triggers that llm made, without ours.
*/
function shapeOf(file: Database.Database) {
	const pragma = (name: string, of: string) =>
		file.pragma(`${name}("${of}")`) as Array<{name: string}>;
	const isOurs = (name: string) =>
		name.startsWith('consortium_') ||
		Object.hasOwn(indexesOnLlm, name) ||
		name === 'is_arbiter_response';

	return {
		views: namesIn(file, 'view'),
		triggers: namesIn(file, 'trigger'),
		tables: namesIn(file, 'table')
			.filter(name => !isOurs(name) && !name.includes('_fts'))
			.map(table => ({
				table,
				columns: pragma('table_info', table)
					.filter(({name}) => !isOurs(name))
					.map(column => JSON.stringify({...column, cid: 0}))
					.toSorted(),
				references: pragma('foreign_key_list', table)
					.map(reference => JSON.stringify({...reference, id: 0}))
					.toSorted(),
				indexes: pragma('index_list', table)
					.filter(({name}) => !isOurs(name))
					.map(({name}) => JSON.stringify([name, pragma('index_info', name)]))
					.toSorted(),
			})),
	};
}

const found = (file: Database.Database, words: string) =>
	file
		.prepare<[string], string>(
			`SELECT responses.id FROM responses
			JOIN responses_fts ON responses_fts.rowid = responses.rowid
			WHERE responses_fts MATCH ?`,
		)
		.pluck()
		.all(words);

function assertSearchIsWhole(file: Database.Database): void {
	file.exec(
		"INSERT INTO responses_fts (responses_fts, rank) VALUES ('integrity-check', 1)",
	);
}

/**
Write, read, search and delete, as we and as llm.
*/
function assertWorks(log: Log, name: string): void {
	keep(log, runOf(`run-${name}`, {prompt: `the ${name} whale`}));
	assert.equal(
		readRun(log, `run-${name}`).picture.start?.prompt,
		`the ${name} whale`,
	);
	assert.ok(found(log, `${name} whale`).includes(`run-${name}`));

	const id = `01kz00000000000000${name.padStart(8, '0')}`.slice(0, 26);
	logAsLlm(log, {id, words: `penguins ${name}`});
	assert.deepEqual(found(log, `penguins ${name}`), [id]);
	log.prepare('UPDATE responses SET response = ? WHERE id = ?').run('swim', id);
	assert.deepEqual(found(log, `${name} AND swim`), [id]);
	log.prepare('DELETE FROM responses WHERE id = ?').run(id);
	assert.deepEqual(found(log, `penguins ${name}`), []);
	assertSearchIsWhole(log);
}

for (const generation of made) {
	test(`a file that llm ${generation} began loses nothing, gains our tables and works for both`, () => {
		const file = fileOf(`begun-${generation}`);
		makeLlmFile(file, generation);
		const theirs = new Database(file);
		const content = contentOf(
			theirs,
			namesIn(theirs, 'table').filter(
				name => !name.includes('_fts') && name !== '_llm_migrations',
			),
		);
		const before = rowsOf(theirs, content);
		const applied = theirs.prepare('SELECT * FROM _llm_migrations').all();
		theirs.close();

		const log = openLog(file);
		assert.equal(versionOf(log), migrations.length);
		const notes = log.prepare('SELECT * FROM _llm_migrations').all();
		assert.deepEqual(rowsOf(log, content), before);
		assert.deepEqual(notes.slice(0, applied.length), applied);
		assertWorks(log, 'one');
		log.close();

		const again = openLog(file);
		assertWorks(again, 'two');
		again.close();
	});

	test(`a file that llm ${generation} began and we opened is brought to its present form by llm, and stays ours`, () => {
		const file = fileOf(`later-${generation}`);
		makeLlmFile(file, generation);
		const log = openLog(file);
		keep(log, runOf('before', {prompt: 'before the change'}));
		log.close();

		const theirs = new Database(file);
		theirs.pragma('synchronous = OFF');
		assert.equal(migrateAsLlm(theirs).length, generation === '0.36' ? 0 : 6);
		assert.deepEqual(migrateAsLlm(theirs), []);
		const newest = fileOf(`newest-${generation}`);
		makeLlmFile(newest, '0.36');
		const present = new Database(newest);
		assert.deepEqual(shapeOf(theirs), shapeOf(present));
		present.close();
		theirs.close();

		const later = openLog(file);
		assert.equal(
			readRun(later, 'before').picture.start?.prompt,
			'before the change',
		);
		assertWorks(later, 'later');
		later.close();
	});
}

test('a file of ours is brought to its present form by llm, while we have it open', () => {
	const file = fileOf('ours');
	const log = openLog(file);
	keep(log, runOf('before', {prompt: 'before the change'}));
	const theirs = new Database(file);
	assert.equal(migrateAsLlm(theirs).length, 6);
	assertWorks(log, 'open');
	theirs.exec(`
		INSERT INTO turns (id, model, response_json) VALUES ('t1', 'm', '{}');
		INSERT INTO turn_search (turn_id, prompt, response) VALUES ('t1', 'krill', 'eat');
	`);
	assert.equal(
		theirs
			.prepare(
				"SELECT count(*) FROM turn_search_fts WHERE turn_search_fts MATCH 'krill'",
			)
			.pluck()
			.get(),
		1,
	);
	theirs.prepare('SELECT * FROM message_tree').all();
	theirs.close();
	log.close();

	const later = openLog(file);
	assertWorks(later, 'later');
	later.close();
});

const ourIndexes = (log: Log) =>
	log
		.prepare(
			"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'responses' AND sql IS NOT NULL ORDER BY name",
		)
		.all();

for (const keepsIndexes of [true, false]) {
	test(`tables that are made anew ${keepsIndexes ? 'with' : 'without'} their indexes keep our columns, and get back what was lost when the log is opened`, () => {
		const file = fileOf(`transformed-${keepsIndexes}`);
		const log = openLog(file);
		keep(log, runOf('before', {prompt: 'before the change'}));
		const indexes = ourIndexes(log);
		const rows = log.prepare('SELECT rowid, * FROM responses').all();
		const columns = log.pragma('table_info(responses)');
		log.close();

		const theirs = new Database(file);
		theirs.pragma('foreign_keys = OFF');
		transform(theirs, 'responses', {keepsIndexes});
		transform(theirs, 'conversations', {keepsIndexes});
		logAsLlm(theirs, {id: '01kz0000000000000000000009', words: 'meanwhile'});
		theirs.exec("DELETE FROM responses WHERE id = 'before-opus-1'");
		theirs.close();

		const later = openLog(file);
		assert.deepEqual(later.pragma('table_info(responses)'), columns);
		assert.deepEqual(
			later
				.prepare("SELECT rowid, * FROM responses WHERE id NOT LIKE '01k%'")
				.all(),
			rows.filter(row => (row as {id: string}).id !== 'before-opus-1'),
		);
		assert.deepEqual(
			ourIndexes(later).map(index => (index as {name: string}).name),
			indexes.map(index => (index as {name: string}).name),
		);
		assert.deepEqual(found(later, 'meanwhile'), ['01kz0000000000000000000009']);
		assert.equal(found(later, 'change').includes('before-opus-1'), false);
		assertWorks(later, 'after');
		assert.match(
			JSON.stringify(
				later
					.prepare(
						'EXPLAIN QUERY PLAN SELECT id FROM responses WHERE consortium_id IS NULL OR consortium_id = id ORDER BY id DESC',
					)
					.all(),
			),
			/idx_responses_final/,
		);
		later.close();
	});
}

test('a search index that llm has made anew is left as it is', () => {
	const file = fileOf('searched');
	openLog(file).close();
	const theirs = new Database(file);
	transform(theirs, 'responses');
	theirs.exec('DROP TABLE responses_fts');
	enableSearch(theirs, 'responses');
	const before = theirs.prepare('SELECT * FROM sqlite_master').all();
	theirs.close();

	const log = openLog(file);
	assert.deepEqual(log.prepare('SELECT * FROM sqlite_master').all(), before);
	assertWorks(log, 'whole');
	log.close();
});

test('no index of ours has the name that llm would give one of its own', () => {
	const log = openLog(fileOf('indexed'));
	const tables = contentOf(
		log,
		namesIn(log, 'table').filter(
			name => !name.includes('_fts') && !name.startsWith('consortium_'),
		),
	);
	assert.ok(tables.length > 15);

	// With sqlite-utils the name is made of the table and the columns.
	const names = new Set(
		tables.flatMap(({table, columns}) =>
			columns.flatMap(column => [
				`idx_${table}_${column}`,
				`idx_${table}_${column}_id`,
			]),
		),
	);
	assert.deepEqual(
		Object.keys(indexesOnLlm).filter(name => names.has(name)),
		['idx_responses_consortium_id'],
		'the one on a column of ours',
	);
	log.close();
});

test('a file that has our columns and an index on them already is opened', () => {
	const file = fileOf('marked');
	makeLlmFile(file, '0.31');
	const theirs = new Database(file);
	theirs.exec(`
		ALTER TABLE responses ADD COLUMN consortium_id TEXT;
		ALTER TABLE responses ADD COLUMN is_arbiter_response INTEGER DEFAULT 0;
		CREATE INDEX idx_responses_consortium_id ON responses (consortium_id);
	`);
	theirs.close();

	const log = openLog(file);
	assertWorks(log, 'marked');
	log.close();
});
