import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	existsSync,
	lstatSync,
	linkSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {basename, dirname, join, relative} from 'node:path';
import process from 'node:process';
import {test, type TestContext} from 'node:test';
import Database from 'better-sqlite3';
import {backUp} from '../../source/store/backup.js';
import {dumpOf} from '../helpers/log-dump.js';
import {mixedLog} from '../helpers/mixed-log.js';
import {emptyFolder} from '../helpers/program.js';

function placeOf(t: TestContext) {
	const log = mixedLog(t);
	const folder = emptyFolder();
	return {
		log,
		folder,
		target: join(folder, 'copy.db'),
		copy: (file: string, isForced = false) =>
			backUp(log, file, {
				isForced,
				ownFiles: [join(folder, 'keys.json'), join(folder, 'config.json')],
			}),
	};
}

test('a copy holds all of the log as it is, for its owner only, and nothing lies beside it', t => {
	const {log, folder, target, copy} = placeOf(t);
	assert.equal(copy(relative(process.cwd(), target)), target);
	const opened = new Database(target);
	assert.deepEqual(dumpOf(opened), dumpOf(log));
	opened.close();
	assert.equal(statSync(target).mode & 0o777, 0o600);
	assert.deepEqual(readdirSync(folder), ['copy.db']);
});

test('a file that is there is replaced only by force', t => {
	const {target, copy} = placeOf(t);
	writeFileSync(target, 'mine', {mode: 0o644});
	assert.throws(() => copy(target), {name: 'UserError', message: /exists\.$/});
	assert.equal(readFileSync(target, 'utf8'), 'mine');
	copy(target, true);
	assert.equal(readFileSync(target).subarray(0, 6).toString(), 'SQLite');
	assert.equal(statSync(target).mode & 0o777, 0o600);
});

test('the log is not copied onto itself, whatever it is called', t => {
	const {log, folder, copy} = placeOf(t);
	const own = dirname(log.name);
	symlinkSync(log.name, join(folder, 'link.db'));
	linkSync(log.name, join(folder, 'hard.db'));
	symlinkSync(own, join(folder, 'home'));

	for (const name of [
		log.name,
		join(folder, 'link.db'),
		join(folder, 'hard.db'),
		join(folder, 'home', basename(log.name)),
		join(own, '..', basename(own), basename(log.name)),
		`${log.name}-wal`,
		`${log.name}-shm`,
	]) {
		assert.throws(() => copy(name, true), {
			name: 'UserError',
			message: /is the log itself, or belongs to it\.$/,
		});
	}

	dumpOf(log);
});

test('a pipe is not replaced, nor a link to one or to a device', t => {
	const {folder, target, copy} = placeOf(t);
	execFileSync('mkfifo', [join(folder, 'pipe')]);
	symlinkSync('pipe', join(folder, 'link-to-pipe'));
	symlinkSync('/dev/null', target);
	const before = readdirSync(folder);

	for (const name of ['pipe', 'link-to-pipe', 'copy.db']) {
		for (const isForced of [false, true]) {
			assert.throws(() => copy(join(folder, name), isForced), {
				name: 'UserError',
				message: /is no ordinary file\.$/,
			});
		}
	}

	assert.ok(lstatSync(join(folder, 'pipe')).isFIFO());
	assert.ok(lstatSync(target).isSymbolicLink());
	assert.deepEqual(readdirSync(folder), before);
});

test('a copy is not put where the program has its own files, there or not, whatever they are called', t => {
	const {folder, copy} = placeOf(t);
	writeFileSync(join(folder, 'config.json'), '{}');
	symlinkSync('config.json', join(folder, 'link.json'));
	symlinkSync('.', join(folder, 'here'));

	for (const name of [
		'keys.json',
		'KEYS.json',
		'config.json',
		'link.json',
		'here/keys.json',
	]) {
		assert.throws(() => copy(join(folder, name), true), {
			name: 'UserError',
			message: /is where consortium-tui has a file of its own\.$/,
		});
	}

	assert.equal(readFileSync(join(folder, 'config.json'), 'utf8'), '{}');
	copy(join(folder, 'config.json.bak'));
});

test('a copy is not made where the changes of another database lie', t => {
	const {target, copy} = placeOf(t);
	writeFileSync(`${target}-wal`, 'theirs');
	assert.throws(() => copy(target, true), /belongs to another database/);
	assert.equal(existsSync(target), false);
});

for (const [trouble, prepare, message] of [
	['a missing folder', () => 'no/copy.db', /there is no such folder\.$/],
	[
		'a file in the place of a folder',
		(folder: string) => {
			writeFileSync(join(folder, 'file'), '');
			return 'file/copy.db';
		},
		/there is no such folder\.$/,
	],
	[
		'a folder of that name',
		(folder: string) => {
			mkdirSync(join(folder, 'copy.db'));
			return 'copy.db';
		},
		/is a folder\.$/,
	],
	['a name that is too long', () => 'x'.repeat(300), /no such folder\.$/],
] as const) {
	test(`${trouble} is told in one sentence, and nothing is left behind`, t => {
		const {folder, copy} = placeOf(t);
		const name = prepare(folder);
		const before = readdirSync(folder);
		assert.throws(() => copy(join(folder, name), true), {
			name: 'UserError',
			message,
		});
		assert.deepEqual(readdirSync(folder), before);
	});
}

test('a folder nobody may write to is said to be that, and nothing is left behind', t => {
	const {folder, target, copy} = placeOf(t);
	chmodSync(folder, 0o555);
	const isRoot = process.geteuid?.() === 0;

	// Permissions do not stop root.
	if (isRoot) {
		process.seteuid?.(65_534);
	}

	try {
		assert.throws(() => copy(target), {
			name: 'UserError',
			message: /nobody may write there\.$/,
		});
	} finally {
		if (isRoot) {
			process.seteuid?.(0);
		}
	}

	assert.deepEqual(readdirSync(folder), []);
});
