import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import Database from 'better-sqlite3';
import {UserError} from '../../source/core/user-error.js';
import {openLog} from '../../source/store/database.js';
import {openForeign} from '../../source/store/import/open-foreign.js';
import {makeForeignLog, someOfAll} from '../helpers/foreign-logs.js';
import {importFile, importPlace} from '../helpers/imports-of-logs.js';

const real = fileURLToPath(
	new URL('../fixtures/llm/logs-0.31.db', import.meta.url),
);

function troubleOf(work: () => unknown): string {
	let message = '';
	assert.throws(work, error => {
		assert.ok(error instanceof UserError, String(error));
		assert.notEqual(error.hint, '');
		message = error.message;
		return true;
	});
	return message;
}

test('a file that cannot be imported gets a sentence that names it', t => {
	const {log, folder, file} = importPlace(t);
	const other = openLog(file('other.db'));
	other.close();
	mkdirSync(file('folder'));
	writeFileSync(file('empty'), '');
	writeFileSync(file('text'), 'Not a database, but long enough to look at.\n');
	writeFileSync(file('json'), '{"models": {}}');
	symlinkSync(file('log.db'), file('link.db'));
	execFileSync('mkfifo', [file('pipe')]);
	const foreign = new Database(file('foreign.db'));
	foreign.exec('CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, url TEXT)');
	foreign.close();
	const sentences: Record<string, RegExp> = {
		missing: /There is no file .*missing\.$/v,
		folder: /is a folder\.$/v,
		empty: /is empty\.$/v,
		text: /is not a SQLite database\.$/v,
		json: /is not a SQLite database\.$/v,
		pipe: /is no ordinary file\.$/v,
		'log.db': /is the log itself\.$/v,
		'link.db': /is the log itself\.$/v,
		'other.db': /is a log of consortium-tui, not of llm\.$/v,
		'foreign.db': /is a database of another program/v,
	};

	for (const [name, sentence] of Object.entries(sentences)) {
		const message = troubleOf(() => importFile(log, file(name)));
		assert.match(message, sentence);
		assert.ok(message.includes(path.join(folder, name)), message);
	}

	assert.equal(
		log.prepare('SELECT count(*) FROM consortium_imported').pluck().get(),
		0,
	);
});

test('of a damaged file that much comes in as can be read', t => {
	const {log, file} = importPlace(t);
	copyFileSync(real, file('damaged.db'));
	chmodSync(file('damaged.db'), 0o600);
	truncateSync(file('damaged.db'), 700_000);
	assert.match(
		troubleOf(() => importFile(log, file('damaged.db'))),
		/damaged\.db is damaged\.$/v,
	);
	assert.deepEqual(log.pragma('quick_check'), [{quick_check: 'ok'}]);
});

test('a database whose header alone is left is damaged', t => {
	const {log, file} = importPlace(t);
	copyFileSync(real, file('header.db'));
	chmodSync(file('header.db'), 0o600);
	truncateSync(file('header.db'), 100);
	assert.match(
		troubleOf(() => importFile(log, file('header.db'))),
		/header\.db is (?:damaged|not a SQLite database)\.$/v,
	);
});

test('a file that another program holds is said to be held', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.31', someOfAll);
	const other = new Database(file('foreign.db'));
	t.after(() => {
		other.close();
	});
	other.exec('BEGIN EXCLUSIVE');
	assert.match(
		troubleOf(() => importFile(log, file('foreign.db'))),
		/foreign\.db is held by another program\.$/v,
	);
	other.exec('COMMIT');
	assert.equal(importFile(log, file('foreign.db')).came.answers, 2);
});

test('a file that is held for long is waited for, which is told', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.31', someOfAll);
	const other = new Database(file('foreign.db'));
	t.after(() => {
		other.close();
	});
	other.exec('BEGIN EXCLUSIVE');
	let waits = 0;
	const foreign = openForeign(file('foreign.db'), log, {
		onWait() {
			waits++;
			other.exec('COMMIT');
		},
	});
	assert.equal(waits, 1);
	assert.ok(foreign.tables.has('responses'));
	foreign.close();
});

test('nothing is left beside a file, in whatever mode it is, and its bytes stay', t => {
	const {log, file} = importPlace(t);
	mkdirSync(file('wal'));
	const inWal = file('wal/foreign.db');
	makeForeignLog(inWal, '0.31', someOfAll);
	const db = new Database(inWal);
	db.pragma('journal_mode = WAL');
	db.close();
	assert.equal(importFile(log, inWal).came.answers, 2);
	assert.deepEqual(readdirSync(file('wal')), ['foreign.db']);
});

test('what was written last to a file beside the database is read too', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.31', someOfAll);
	const db = new Database(file('foreign.db'));
	t.after(() => {
		db.close();
	});
	db.pragma('journal_mode = WAL');
	db.exec("INSERT INTO responses (id, model) VALUES ('late', 'm')");
	assert.ok(existsSync(file('foreign.db-wal')));
	assert.equal(importFile(log, file('foreign.db')).came.answers, 3);
});

test('a transaction that was broken off is not read, and not undone in the file', t => {
	const {log, file} = importPlace(t);
	mkdirSync(file('crashed'));
	makeForeignLog(file('foreign.db'), '0.31', {
		responses: Array.from({length: 500}, (_, index) => ({
			id: `r${index}`,
			model: 'm',
			response: 'x'.repeat(2000),
		})),
	});
	const db = new Database(file('foreign.db'));
	db.pragma('cache_size = 5');
	db.exec("BEGIN; UPDATE responses SET response = 'broken'");
	copyFileSync(file('foreign.db'), file('crashed/foreign.db'));
	copyFileSync(file('foreign.db-journal'), file('crashed/foreign.db-journal'));
	db.exec('ROLLBACK');
	db.close();

	assert.equal(importFile(log, file('crashed/foreign.db')).came.answers, 500);
	assert.equal(
		log
			.prepare("SELECT count(*) FROM responses WHERE response = 'broken'")
			.pluck()
			.get(),
		0,
	);
	assert.ok(existsSync(file('crashed/foreign.db-journal')));
});

/**
Root may write everywhere, so that the work is done by somebody else.
*/
function asNobody(work: () => void): void {
	const isRoot = process.getuid?.() === 0;

	if (isRoot) {
		process.setegid?.(65_534);
		process.seteuid?.(65_534);
	}

	try {
		work();
	} finally {
		if (isRoot) {
			process.seteuid?.(0);
			process.setegid?.(0);
		}
	}
}

test('a database on a read-only medium is read from a copy that is gone afterwards', t => {
	const {log, folder, file} = importPlace(t);
	mkdirSync(file('medium'));
	makeForeignLog(file('medium/foreign.db'), '0.31', someOfAll);
	const db = new Database(file('medium/foreign.db'));
	db.pragma('journal_mode = WAL');
	db.close();
	chmodSync(file('medium/foreign.db'), 0o444);
	chmodSync(file('medium'), 0o555);
	chmodSync(folder, 0o755);

	try {
		asNobody(() => {
			assert.equal(importFile(log, file('medium/foreign.db')).came.answers, 2);
		});
	} finally {
		chmodSync(file('medium'), 0o755);
	}

	assert.deepEqual(readdirSync(file('medium')), ['foreign.db']);
});

test('of a link to a file on a read-only medium, what was written last is read too', t => {
	const {log, folder, file} = importPlace(t);
	mkdirSync(file('medium'));
	makeForeignLog(file('foreign.db'), '0.31', someOfAll);
	const db = new Database(file('foreign.db'));
	db.pragma('journal_mode = WAL');
	db.exec("INSERT INTO responses (id, model) VALUES ('late', 'm')");
	copyFileSync(file('foreign.db'), file('medium/foreign.db'));
	copyFileSync(file('foreign.db-wal'), file('medium/foreign.db-wal'));
	db.close();
	symlinkSync(file('medium/foreign.db'), file('link.db'));
	chmodSync(file('medium'), 0o555);
	chmodSync(folder, 0o755);

	try {
		asNobody(() => {
			assert.equal(importFile(log, file('link.db')).came.answers, 3);
		});
	} finally {
		chmodSync(file('medium'), 0o755);
	}
});
