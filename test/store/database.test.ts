import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync,
	symlinkSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {after, test} from 'node:test';
import Database from 'better-sqlite3';
import {UserError} from '../../source/core/user-error.js';
import {openLog} from '../../source/store/database.js';
import {createRunLog} from '../../source/store/run-log.js';
import {listRuns} from '../../source/store/runs.js';
import {runOf} from '../helpers/events.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));
const fixtures = new URL('../fixtures/llm/', import.meta.url);

after(() => {
	rmSync(folder, {recursive: true});
});

function rejects(path: string, message: RegExp): void {
	assert.throws(
		() => openLog(path),
		(error: unknown) => {
			assert.ok(error instanceof UserError);
			assert.match(error.message, message);
			assert.ok(error.message.includes(path));
			assert.notEqual(error.hint, '');
			return true;
		},
	);
}

/**
A file as llm of some release left it, without rows.
*/
function emptyLlmFile(name: string, schema: string): string {
	const path = join(folder, name);
	const old = new Database(path);
	const sql = readFileSync(new URL(schema, fixtures), 'utf8');

	// SQLite makes the tables of a search index itself.
	old.exec(sql.replaceAll(/CREATE TABLE IF NOT EXISTS '\w+_fts_\w+'.*;/g, ''));
	old.close();
	return path;
}

const backupsOf = (name: string) =>
	readdirSync(folder).filter(file => file.startsWith(`${name}.before-`));

test('a new log is private, in WAL mode, and needs no folder to exist', () => {
	const path = join(folder, 'deep', 'er', 'log.db');
	const log = openLog(path);

	assert.equal(log.pragma('journal_mode', {simple: true}), 'wal');
	assert.equal(log.pragma('synchronous', {simple: true}), 1);
	assert.equal(log.pragma('foreign_keys', {simple: true}), 0);
	assert.ok(Number(log.pragma('busy_timeout', {simple: true})) >= 10_000);
	assert.equal(statSync(path).mode & 0o777, 0o600);
	assert.equal(statSync(join(folder, 'deep')).mode & 0o777, 0o700);
	assert.equal(statSync(join(folder, 'deep', 'er')).mode & 0o777, 0o700);
	log.close();
	assert.deepEqual(readdirSync(join(folder, 'deep', 'er')), ['log.db']);
});

test('opening a log again changes nothing and makes no backup', () => {
	const path = join(folder, 'again.db');
	const log = openLog(path);
	const write = createRunLog(log);
	write(runOf('run')[0]!);
	write.close();
	const schema = log.prepare('SELECT sql FROM sqlite_master').all();
	const version = log.pragma('schema_version', {simple: true});
	log.close();

	const again = openLog(path);
	assert.deepEqual(
		again.prepare('SELECT sql FROM sqlite_master').all(),
		schema,
	);
	assert.equal(again.pragma('schema_version', {simple: true}), version);
	assert.equal(listRuns(again, {limit: 9}).length, 1);
	again.close();
	assert.deepEqual(backupsOf('again.db'), []);
});

test('a log of llm keeps its rows, gains our tables, and is backed up first', () => {
	const path = join(folder, 'llm.db');
	copyFileSync(new URL('logs-0.31.db', fixtures), path);
	const rows = `SELECT rowid, id, model, prompt, response, response_json,
		conversation_id, datetime_utc FROM responses ORDER BY rowid`;
	const original = new Database(path);
	const before = original.prepare(rows).all();
	const applied = original.prepare('SELECT * FROM _llm_migrations').all();
	original.close();

	const log = openLog(path);
	assert.equal(before.length, 154);
	assert.deepEqual(log.prepare(rows).all(), before);
	assert.deepEqual(log.prepare('SELECT * FROM _llm_migrations').all(), applied);
	assert.deepEqual(
		log
			.prepare(
				'SELECT DISTINCT consortium_id, is_arbiter_response FROM responses',
			)
			.all(),
		[{consortium_id: null, is_arbiter_response: 0}],
	);
	log.close();

	assert.deepEqual(backupsOf('llm.db'), ['llm.db.before-1.bak']);
	const backupPath = `${path}.before-1.bak`;
	assert.equal(statSync(backupPath).mode & 0o777, 0o600);
	const backup = new Database(backupPath, {readonly: true});
	assert.deepEqual(backup.prepare(rows).all(), before);
	assert.equal(
		backup
			.prepare("SELECT 1 FROM sqlite_master WHERE name LIKE 'consortium_%'")
			.get(),
		undefined,
	);
	backup.close();
});

test('a backup never replaces an older one', () => {
	const path = join(folder, 'twice.db');
	writeFileSync(`${path}.before-1.bak`, 'precious');
	copyFileSync(new URL('logs-0.31.db', fixtures), path);
	openLog(path).close();

	assert.equal(readFileSync(`${path}.before-1.bak`, 'utf8'), 'precious');
	assert.ok(existsSync(`${path}.before-1.2.bak`));
});

test('a log of an older llm gains the columns and tables it lacks', () => {
	const path = emptyLlmFile('old.db', 'schema-0.21.sql');
	const old = new Database(path);
	old.exec(`INSERT INTO responses (id, model, prompt, response)
		VALUES ('r1', 'm', 'an old question', 'an old answer')`);
	old.exec("INSERT INTO _llm_migrations VALUES ('m001_initial', 'long ago')");
	old.close();

	const log = openLog(path);
	assert.deepEqual(
		log
			.prepare('SELECT id, response, schema_id, resolved_model FROM responses')
			.all(),
		[
			{
				id: 'r1',
				response: 'an old answer',
				schema_id: null,
				resolved_model: null,
			},
		],
	);
	assert.deepEqual(
		log
			.prepare(
				"SELECT rowid FROM responses_fts WHERE responses_fts MATCH 'old'",
			)
			.all(),
		[{rowid: 1}],
	);
	assert.equal(
		log
			.prepare('SELECT applied_at FROM _llm_migrations WHERE name = ?')
			.pluck()
			.get('m001_initial'),
		'long ago',
	);
	log.prepare('SELECT exception FROM tool_results').all();
	log.close();
});

test('a log of a newer llm keeps the columns and tables we do not know', () => {
	const path = emptyLlmFile('new.db', 'schema-0.36.sql');
	const log = openLog(path);
	const write = createRunLog(log);

	for (const event of runOf('run')) {
		write(event);
	}

	assert.equal(
		log.prepare('SELECT count(reasoning) FROM responses').pluck().get(),
		0,
	);
	assert.equal(log.prepare('SELECT count(*) FROM responses').pluck().get(), 4);
	log.prepare('SELECT * FROM turns').all();
	log.close();
});

test('a log that was there before the search index can be searched', () => {
	const path = join(folder, 'unindexed.db');
	const old = new Database(path);
	old.exec(`CREATE TABLE responses (id TEXT PRIMARY KEY, model TEXT, prompt TEXT, response TEXT);
		INSERT INTO responses VALUES ('r1', 'm', 'whales', 'are mammals')`);
	old.close();
	const log = openLog(path);

	assert.deepEqual(
		log
			.prepare(
				"SELECT rowid FROM responses_fts WHERE responses_fts MATCH 'whales'",
			)
			.all(),
		[{rowid: 1}],
	);
	log.close();
});

test('a file that is not a database is refused and left alone', () => {
	const path = join(folder, 'letter.db');
	writeFileSync(path, 'Dear all,\n');
	rejects(path, /not a SQLite database/);
	assert.equal(readFileSync(path, 'utf8'), 'Dear all,\n');
});

test('a damaged file is refused', () => {
	const path = join(folder, 'damaged.db');
	const log = openLog(path);
	log.close();
	const bytes = readFileSync(path);
	bytes.fill(0xff, 100, 8192);
	writeFileSync(path, bytes);
	rejects(path, /is damaged/);
});

test('damage that only a reader meets is told as such', () => {
	const path = join(folder, 'inside.db');
	const log = openLog(path);
	const write = createRunLog(log);

	for (const event of runOf('run')) {
		write(event);
	}

	const page = log
		.prepare(
			"SELECT rootpage FROM sqlite_master WHERE name = 'consortium_runs'",
		)
		.pluck()
		.get() as number;
	log.close();
	const bytes = readFileSync(path);
	bytes.fill(0xff, (page - 1) * 4096, page * 4096);
	writeFileSync(path, bytes);

	const damaged = openLog(path);
	assert.throws(
		() => listRuns(damaged, {limit: 3}),
		(error: unknown) =>
			error instanceof UserError && error.message.includes('is damaged'),
	);
	damaged.close();
});

test('a file or folder that may not be written is refused', () => {
	const path = join(folder, 'read-only', 'log.db');
	openLog(path).close();
	chmodSync(path, 0o444);
	chmodSync(folder, 0o755);
	chmodSync(join(folder, 'read-only'), 0o755);

	// The superuser may write anything, so he steps back for a moment.
	const isRoot = process.getuid?.() === 0;

	if (isRoot) {
		process.seteuid?.(65_534);
	}

	try {
		rejects(path, /cannot be written/);
		rejects(join(folder, 'read-only', 'new.db'), /cannot be written/);

		if (isRoot) {
			rejects(join(folder, 'other', 'new.db'), /cannot be written/);
		}
	} finally {
		if (isRoot) {
			process.seteuid?.(0);
		}

		chmodSync(join(folder, 'read-only'), 0o700);
	}
});

test('a folder in the place of the log is refused', () => {
	const path = join(folder, 'a-folder.db');
	mkdirSync(path);
	rejects(path, /a folder has that name/);
});

test('a log of a newer version is refused and left alone', () => {
	const path = join(folder, 'newer.db');
	const log = openLog(path);
	log.exec('INSERT INTO consortium_migrations VALUES (1000, 0)');
	log.close();
	rejects(path, /newer version/);
	assert.deepEqual(backupsOf('newer.db'), []);
});

test('tables of another program under our names are refused and left alone', () => {
	const path = join(folder, 'plugin.db');
	const other = new Database(path);
	other.exec('CREATE TABLE consortium_runs (id TEXT)');
	other.close();
	rejects(path, /already has a table consortium_runs/);

	const unchanged = new Database(path);
	assert.deepEqual(
		unchanged.prepare('SELECT name FROM sqlite_master').pluck().all(),
		['consortium_runs'],
	);
	unchanged.close();
});

test('a file of another program, a pipe and a link to nowhere are refused in a sentence', () => {
	const foreign = join(folder, 'foreign.db');
	const other = new Database(foreign);
	other.exec('CREATE TABLE responses (a); CREATE TABLE conversations (x);');
	other.close();
	const pipe = join(folder, 'pipe.db');
	execFileSync('mkfifo', [pipe]);
	const link = join(folder, 'link.db');
	symlinkSync(join(folder, 'nowhere', 'log.db'), link);

	for (const path of [foreign, pipe, link]) {
		assert.throws(
			() => openLog(path),
			(error: unknown) =>
				error instanceof UserError &&
				error.message.includes(path) &&
				error.hint !== '',
			path,
		);
	}
});
