import assert from 'node:assert/strict';
import {
	chmodSync,
	copyFileSync,
	readFileSync,
	readdirSync,
	statSync,
	watch,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {setInterval} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import Database from 'better-sqlite3';
import {decide, openDoubts} from '../../source/store/backfill/doubts.js';
import {openLog} from '../../source/store/database.js';
import {eraLog, logOf} from '../helpers/eras.js';
import {dumpOf} from '../helpers/found-runs.js';
import {emptyFolder, runProgram, startProgram} from '../helpers/program.js';

/**
A log as llm and its plug-in wrote it, with so many runs that it does not know of.
*/
function theirLog(runs: number): {folder: string; path: string} {
	const folder = emptyFolder();
	const path = join(folder, 'logs.db');
	const {rows} = eraLog({era: 'c', hasLateIds: true, seed: 7, runs});
	logOf(rows, path).close();
	return {folder, path};
}

function contentOf(path: string): unknown {
	const database = new Database(path, {readonly: true});

	try {
		return [
			database
				.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2')
				.all(),
			database.prepare('SELECT * FROM responses ORDER BY id').all(),
		];
	} finally {
		database.close();
	}
}

function countIn(path: string, sql: string): number {
	const database = new Database(path, {readonly: true});

	try {
		return database.prepare<[], number>(sql).pluck().get()!;
	} finally {
		database.close();
	}
}

const backfill = async (home: string, ...words: readonly string[]) =>
	runProgram(['logs', 'backfill', ...words], {home});

test('a log of llm is imported and its runs are found and shown, and a second time changes nothing', async () => {
	const {path} = theirLog(12);
	const home = emptyFolder();
	const {code, stdout, stderr} = await backfill(home, path);
	assert.equal(code, 0, stderr);
	assert.match(
		stdout,
		/^Found \d+ runs in \d+ answers: \d+ final answers, \d+ final arbiters, \d+ earlier arbiters?, \d+ members\./m,
	);
	assert.match(stdout, /To see them: consortium-tui runs list/);
	assert.match(stdout, /^Left alone: \d+ answers? of no run\.$/m);
	assert.doesNotMatch(stdout, /speaks for/);

	const told = await backfill(home, '-v');
	assert.match(told.stdout, /What speaks for the places.*text \d+/);

	const log = openLog(join(home, 'log.db'));

	try {
		const once = dumpOf(log);
		const again = await backfill(home);
		assert.equal(again.code, 0);
		const without = (dump: Record<string, unknown[]>) => ({
			...dump,
			consortium_doubts: dump['consortium_doubts']!.map(row => ({
				...(row as Record<string, unknown>),
				found_at: 0,
			})),
		});
		assert.deepEqual(without(dumpOf(log)), without(once));
	} finally {
		log.close();
	}

	const list = await runProgram(['runs', 'list', '-n', '0', '--json'], {home});
	const runs = JSON.parse(list.stdout) as Array<{
		id: string;
		status: string;
		prompt: string;
	}>;
	assert.ok(runs.length >= 10);
	assert.ok(runs.every(({status}) => status === 'imported'));
	const {id, prompt} = runs[0]!;
	const shown = await runProgram(['runs', 'show', id], {home});
	assert.match(shown.stdout, /: imported/);
	assert.ok(shown.stdout.includes(prompt.split('\n', 1)[0]!.slice(0, 20)));
	assert.match(
		shown.stdout,
		/final arbiter answered .*\n +tokens unknown\n +found by .*\(score \d/,
	);
	assert.match(shown.stdout, /verdict of final arbiter: confidence \d+%/);

	for (const verb of ['resume', 'rearbitrate', 'export']) {
		const refused = await runProgram(['runs', verb, id], {home});
		assert.equal(refused.code, 2, verb);
		assert.match(refused.stderr, /was imported and cannot be/);
	}
});

test('runs are written into the file itself after a backup, only once, and taken back', async () => {
	const {folder, path} = theirLog(12);
	const home = emptyFolder();
	const before = contentOf(path);

	const unasked = await backfill(home, path, '--write');
	assert.equal(unasked.code, 2);
	assert.match(unasked.stdout, /^Found \d+ runs/m);
	assert.match(unasked.stdout, /^Left alone: /m);
	assert.match(unasked.stderr, /Write the places of .*--force/s);
	assert.deepEqual(contentOf(path), before);

	const {code, stdout, stderr} = await backfill(
		home,
		path,
		'--write',
		'--force',
	);
	assert.equal(code, 0, stderr);
	const files = readdirSync(folder).toSorted();
	assert.equal(files.length, 3);
	const backup = join(
		folder,
		files.find(name => name.endsWith('.bak'))!,
	);
	const undo = join(
		folder,
		files.find(name => name.endsWith('.jsonl'))!,
	);
	assert.ok(stdout.includes(backup));
	assert.ok(stdout.includes(undo));
	assert.equal(statSync(backup).mode % 0o1000, 0o600);
	assert.deepEqual(contentOf(backup), before);
	assert.ok(
		countIn(path, 'SELECT count(*) FROM responses WHERE consortium_id = id') >=
			8,
	);
	assert.ok(
		countIn(
			path,
			'SELECT count(*) FROM responses WHERE is_arbiter_response = 1',
		) >= 10,
	);
	assert.deepEqual(readdirSync(home), [], 'our log knows nothing of it');

	const written = contentOf(path);
	const again = await backfill(home, path, '--write');
	assert.equal(again.code, 0);
	assert.match(again.stdout, /Nothing was written/);
	assert.deepEqual(contentOf(path), written);
	assert.deepEqual(readdirSync(folder).toSorted(), files);

	const undone = await backfill(home, '--undo', undo);
	assert.equal(undone.code, 0, undone.stderr);
	assert.match(undone.stdout, /answers are as before/);
	assert.deepEqual(contentOf(path), before);
});

test('of several files none is written when one cannot be, and each is told of', async () => {
	const [one, other] = [theirLog(12), theirLog(12)];
	const home = emptyFolder();
	const before = contentOf(one.path);
	const words = [one.path, other.path, '--write', '--force'];
	chmodSync(other.path, 0o444);
	const refused = await backfill(home, ...words);
	assert.equal(refused.code, 2);
	assert.ok(refused.stderr.includes(`${other.path} is read-only.`));
	assert.ok(refused.stderr.includes(`Left as it was: ${one.path}.`));
	assert.equal(refused.stdout, '');

	chmodSync(other.path, 0o644);
	writeFileSync(`${other.path}.txt`, 'no database');
	const foreign = await backfill(home, ...words, `${other.path}.txt`);
	assert.equal(foreign.code, 2);
	assert.ok(
		foreign.stderr.includes(`Left as it was: ${one.path}, ${other.path}.`),
	);
	assert.deepEqual(contentOf(one.path), before);
	assert.deepEqual(readdirSync(one.folder), ['logs.db']);

	const both = await backfill(home, ...words);
	assert.equal(both.code, 0, both.stderr);
	assert.equal(both.stdout.match(/^Found /gm)?.length, 2);
	assert.equal(both.stdout.match(/^Written: /gm)?.length, 2);
	assert.ok(
		both.stdout.lastIndexOf('Found') < both.stdout.indexOf('Written'),
		'what is found in all of them is shown before anything is written',
	);
});

for (const [moment, pattern] of [
	['while the backup is made', /\.partial$/],
	['when the backup is there', /\.bak$/],
	['when it knows how to undo', /\.undo\.jsonl$/],
	['while it writes', /-journal$/],
] as const) {
	test(`killed ${moment}, it leaves the file as it was or wholly written, and can begin anew`, async () => {
		const {folder, path} = theirLog(100);
		const home = emptyFolder();
		const before = contentOf(path);
		const {child, ended} = startProgram(
			['logs', 'backfill', path, '--write', '--force'],
			{home},
		);
		// eslint-disable-next-line n/prefer-promises/fs -- The kill must come at once, not when a promise has its turn.
		const watcher = watch(folder, (_, name) => {
			if (pattern.test(name ?? '')) {
				child.kill('SIGKILL');
			}
		});
		const {signal} = await ended;
		watcher.close();
		assert.equal(signal, 'SIGKILL');

		const database = new Database(path);
		assert.equal(database.pragma('integrity_check', {simple: true}), 'ok');
		database.close();
		const isOld = isDeepStrictEqual(contentOf(path), before);
		const again = await backfill(home, path, '--write', '--force');
		assert.equal(again.code, 0, again.stderr);
		assert.match(again.stdout, isOld ? /^Written: /m : /Nothing was written/);

		// In one second, names are told apart by a number, which sorts before none.
		const undos = readdirSync(folder)
			.filter(name => name.endsWith('.jsonl'))
			.map(name => join(folder, name))
			.toSorted((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
		await backfill(home, '--undo', undos.at(-1)!);
		assert.deepEqual(contentOf(path), before);
	});
}

test('what a person decided in our log is written into that of llm', async () => {
	const {path} = theirLog(60);
	const home = emptyFolder();
	assert.equal((await backfill(home, path)).code, 0);
	const log = openLog(join(home, 'log.db'));
	const doubt = openDoubts(log, {limit: 100}).find(
		({proposals, responseId}) => proposals.length > 0 && responseId !== null,
	)!;
	decide(log, doubt.id, {choice: 0}, Date.now());
	log.close();

	assert.equal((await backfill(home, path, '--write', '--force')).code, 0);
	assert.equal(
		countIn(
			path,
			`SELECT count(*) FROM responses WHERE id = '${doubt.responseId}'
				AND consortium_id = '${doubt.proposals[0]!.runId}'
				AND is_arbiter_response = ${doubt.proposals[0]!.isArbiterResponse}`,
		),
		1,
	);
});

test('a program that writes meanwhile loses nothing, nor do we', async () => {
	const {path} = theirLog(100);
	const home = emptyFolder();
	const llm = new Database(path, {timeout: 5000});
	const insert = llm.prepare(
		"INSERT INTO responses (id, model, prompt, response) VALUES (?, 'm', 'meanwhile', 'yes')",
	);
	const writing = new AbortController();
	const {ended} = startProgram(
		['logs', 'backfill', path, '--write', '--force'],
		{home},
	);
	const result = ended.finally(() => {
		writing.abort();
	});
	let count = 0;

	const write = async () => {
		for await (const _ of setInterval(10, null, {signal: writing.signal})) {
			insert.run(`zz${count++}`);
		}
	};

	await assert.rejects(write(), {name: 'AbortError'});
	assert.equal((await result).code, 0, (await result).stderr);
	llm.close();
	assert.equal(
		countIn(path, "SELECT count(*) FROM responses WHERE prompt = 'meanwhile'"),
		count,
	);
	assert.ok(
		countIn(path, 'SELECT count(*) FROM responses WHERE consortium_id = id') >
			50,
	);
});

test('comparing with the plan writes nothing', async () => {
	const {folder, path} = theirLog(12);
	const home = emptyFolder();
	const before = contentOf(path);
	const {code, stdout, stderr} = await backfill(home, path, '--plan');
	assert.equal(code, 0, stderr);
	assert.match(stdout, /by this program +by the plan of 2025/);
	assert.deepEqual(contentOf(path), before);
	assert.deepEqual(readdirSync(folder), ['logs.db']);

	const asJson = await backfill(home, path, '--plan', '--json');
	const [{ours, plan}] = JSON.parse(asJson.stdout) as [
		{ours: {members: number}; plan: {members: number}},
	];
	assert.ok(ours.members > plan.members);
	const inOurs = await runProgram(['runs', 'list', '--json'], {home});
	assert.deepEqual(JSON.parse(inOurs.stdout), []);
});

test('what refuses the change is told without its words, and nothing stays behind', async () => {
	const {folder, path} = theirLog(12);
	const database = new Database(path);
	database.exec(
		`CREATE TRIGGER mine BEFORE UPDATE ON responses
			BEGIN SELECT raise(ABORT, 'secretive'); END`,
	);
	database.close();
	const before = contentOf(path);
	const {code, stderr} = await backfill(
		emptyFolder(),
		path,
		'--write',
		'--force',
		'--debug',
	);
	assert.equal(code, 2);
	assert.match(stderr, /has a trigger or a rule that refuses the change\./);
	assert.doesNotMatch(stderr, /secretive/);
	assert.deepEqual(contentOf(path), before);
	assert.deepEqual(readdirSync(folder), ['logs.db']);
});

test('comparing with the plan tells what is wrong with a file in a sentence', async () => {
	const {folder, path} = theirLog(60);
	const at = (name: string) => join(folder, name);
	const copies = (name: string, ...statements: readonly string[]) => {
		copyFileSync(path, at(name));
		const database = new Database(at(name));
		database.exec(statements.join(';'));
		database.close();
	};

	copies(
		'view.db',
		'CREATE TABLE conversations (id TEXT)',
		'ALTER TABLE responses RENAME TO kept',
		'CREATE VIEW responses AS SELECT * FROM kept',
	);
	copies(
		'keyed.db',
		'ALTER TABLE responses RENAME TO kept',
		`CREATE TABLE responses (id TEXT PRIMARY KEY, model, prompt, response,
			response_json, duration_ms, datetime_utc) WITHOUT ROWID`,
		'INSERT INTO responses SELECT * FROM kept',
		'DROP TABLE kept',
	);
	const bytes = readFileSync(path);
	writeFileSync(at('damaged.db'), bytes.fill(7, 20_000, bytes.length - 20_000));

	for (const [name, message] of [
		['view.db', /in no ordinary table with rowids/],
		['keyed.db', /in no ordinary table with rowids/],
		['damaged.db', /damaged\.db is damaged\./],
	] as const) {
		const {code, stderr} = await backfill(emptyFolder(), at(name), '--plan');
		assert.match(stderr, message);
		assert.equal(code, 2, name);
	}
});

test('names of consortiums come from a file, with comments', async () => {
	const folder = emptyFolder();
	const path = join(folder, 'logs.db');
	logOf(
		[
			{
				id: '01jqfkzv4n0000000000000001',
				model: 'my friends # and I',
				prompt: 'Why?',
				response: 'Because.',
				response_json: null,
				duration_ms: 1000,
				datetime_utc: '2025-04-01T12:00:00.000000+00:00',
			},
		],
		path,
	).close();
	const names = join(folder, 'names.txt');
	writeFileSync(names, '\uFEFF# mine\nothers # and mine\n\n  lonely-one  \n');
	const home = emptyFolder();
	const none = await backfill(home, path, '--models', names, '--json');
	assert.equal(
		(JSON.parse(none.stdout) as {found: {doubts: number}}).found.doubts,
		0,
	);
	const database = new Database(path);
	database.exec("UPDATE responses SET model = 'lonely-one'");
	database.close();
	const one = await backfill(emptyFolder(), path, '--models', names, '--json');
	assert.equal(
		(JSON.parse(one.stdout) as {found: {doubts: number}}).found.doubts,
		1,
	);
});

test('what cannot be done is said in a sentence', async () => {
	const {folder, path} = theirLog(1);
	const home = emptyFolder();
	await backfill(home, path);
	const own = join(home, 'log.db');

	for (const [words, message] of [
		[[path, '--write', '--plan'], /--write and --plan exclude each other/],
		[['--write'], /--write needs the file/],
		[[own, '--write', '--force'], /is a log of consortium-tui/],
		[[join(folder, 'none.db'), '--write'], /There is no file/],
		[[join(folder, 'none.db')], /There is no file/],
		[['--models', join(folder, 'none')], /names of consortiums cannot be read/],
		[['--undo', path], /is not a file that/],
		[[path, '--undo', path], /more than this command takes/],
	] as const) {
		const {code, stderr} = await backfill(home, ...words);
		assert.match(stderr, message);
		assert.equal(code, 2, words.join(' '));
	}
});

test('without anything to look through it says so', async () => {
	const {code, stdout} = await backfill(emptyFolder());
	assert.equal(code, 0);
	assert.match(stdout, /No run of a consortium was found/);
});
