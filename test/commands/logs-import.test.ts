import {type ChildProcess} from 'node:child_process';
import assert from 'node:assert/strict';
import {mkdirSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import Database from 'better-sqlite3';
import {makeForeignLog, someOfAll} from '../helpers/foreign-logs.js';
import {emptyFolder, runProgram, startProgram} from '../helpers/program.js';
import {startOnScreen} from '../helpers/screen.js';

type Printed = {
	readonly files: ReadonlyArray<{
		readonly came: Readonly<Record<string, number>>;
		readonly there: Readonly<Record<string, number>>;
		readonly isComplete: boolean;
		readonly error: {readonly message: string} | null;
	}>;
	readonly isStopped: boolean;
};

function madeLog(folder: string, rows: number): string {
	const file = path.join(folder, 'logs.db');
	makeForeignLog(file, '0.31', someOfAll);
	const db = new Database(file);
	db.prepare(
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO responses (id, model, prompt, response)
		SELECT printf('row%06d', i), 'm', 'question ' || i, 'answer ' || i FROM n`,
	).run(rows);
	db.close();
	return file;
}

/**
Wait until answers are in the log: how many.
*/
async function someCame(
	child: Pick<ChildProcess, 'exitCode'>,
	log: string,
): Promise<number> {
	let came = 0;

	while (came === 0 && child.exitCode === null) {
		await setImmediate();

		try {
			const db = new Database(log, {readonly: true});
			came = db
				.prepare<[], number>('SELECT count(*) FROM consortium_imported')
				.pluck()
				.get()!;
			db.close();
		} catch {
			came = 0;
		}
	}

	return came;
}

test('files are imported one after the other, and the summary says what came', async () => {
	const folder = emptyFolder();
	const home = emptyFolder();
	const file = madeLog(folder, 10);
	writeFileSync(path.join(folder, 'note.txt'), 'hello');
	const {code, stdout, stderr} = await runProgram(
		['logs', 'import', path.join(folder, 'note.txt'), file],
		{home},
	);
	assert.equal(code, 2);
	assert.match(stderr, /note\.txt is not a SQLite database\./v);
	assert.doesNotMatch(stdout, /note\.txt/v);
	assert.match(
		stdout,
		/logs\.db\n {2}new: 12 answers, 1 conversation, 1 attachment, 2 fragments, 1 schema, 1 tool, 1 tool call, 1 tool result\n/v,
	);
	assert.match(stdout, /consortium-tui logs backfill/v);

	const again = await runProgram(['logs', 'import', file, '--json'], {home});
	assert.equal(again.code, 0);
	assert.equal(again.stderr, '');
	const {files, isStopped} = JSON.parse(again.stdout) as Printed;
	assert.equal(isStopped, false);
	assert.equal(files[0]!.isComplete, true);
	assert.equal(files[0]!.error, null);
	assert.equal(files[0]!.there['answers'], 12);
	assert.ok(Object.values(files[0]!.came).every(count => count === 0));
});

test('where nothing comes in, the summary has no more than the reason', async () => {
	const folder = emptyFolder();
	const home = emptyFolder();
	const file = madeLog(folder, 10);
	const missing = path.join(folder, 'missing.db');
	const none = await runProgram(['logs', 'import', missing], {home});
	assert.equal(none.code, 2);
	assert.equal(none.stdout, '');
	assert.match(none.stderr, /^There is no file .*missing\.db\.\n/v);

	await runProgram(['logs', 'import', file], {home});
	const again = await runProgram(['logs', 'import', file], {home});
	assert.equal(
		again.stdout,
		`${file}\n  nothing new\n  there already: 12 answers\n`,
	);
});

test('answers that were deleted here are nothing new, and neither are their conversations', async () => {
	const home = emptyFolder();
	const file = madeLog(emptyFolder(), 10);
	await runProgram(['logs', 'import', file], {home});
	await runProgram(['logs', 'delete', '--all', '--force'], {home});
	const again = await runProgram(['logs', 'import', file], {home});
	assert.equal(
		again.stdout,
		`${file}\n  nothing new\n  left out: 12 × an answer that was deleted here\n`,
	);
	const runs = await runProgram(['runs'], {home});
	assert.equal(
		runs.stderr,
		'Nothing is in the log. What was deleted can be brought back: consortium-tui logs undo\n',
	);
});

test('of a backup of this log it is said how to read it', async () => {
	const home = emptyFolder();
	const backup = path.join(emptyFolder(), 'copy.db');
	await runProgram(['logs', 'import', madeLog(emptyFolder(), 1)], {home});
	await runProgram(['logs', 'backup', backup], {home});
	const {code, stderr} = await runProgram(['logs', 'import', backup], {home});
	assert.equal(code, 2);
	assert.match(
		stderr,
		/To read it, put it into a folder as log\.db and set CONSORTIUM_TUI_HOME to that folder\.$/mv,
	);

	const other = emptyFolder();
	renameSync(backup, path.join(other, 'log.db'));
	const list = await runProgram(['logs', '-n', '0', '--json'], {home: other});
	assert.equal((JSON.parse(list.stdout) as unknown[]).length, 3);
});

test('a way to treat names that are taken is one of those there are', async () => {
	const home = emptyFolder();
	const file = madeLog(emptyFolder(), 1);
	const {code, stdout, stderr} = await runProgram(
		['logs', 'import', file, '--on-conflict', 'foo'],
		{home},
	);
	assert.equal(code, 2);
	assert.equal(stdout, '');
	assert.match(stderr, /--on-conflict is one of suffix, overwrite, skip, not/v);
});

test('without a file, those of llm are named and left alone', async () => {
	const folder = emptyFolder();
	const home = emptyFolder();
	const none = await runProgram(['logs', 'import'], {
		home,
		env: {LLM_USER_PATH: folder},
	});
	assert.equal(none.code, 2);
	assert.ok(none.stderr.includes(`${folder}, and there is none`));

	makeForeignLog(path.join(folder, 'logs.db'), '0.31', someOfAll);
	const {code, stdout, stderr} = await runProgram(['logs', 'import'], {
		home,
		env: {LLM_USER_PATH: folder},
	});
	assert.equal(code, 2);
	assert.equal(stdout, '');
	assert.ok(stderr.includes(path.join(folder, 'logs.db')));

	const config = path.join(emptyFolder(), 'io.datasette.llm');
	mkdirSync(config);
	makeForeignLog(path.join(config, 'consortium_logs.db'), 'plug-in 0.8');
	const other = await runProgram(['logs', 'import'], {
		home,
		env: {XDG_CONFIG_HOME: path.dirname(config)},
	});
	assert.ok(other.stderr.includes(path.join(config, 'consortium_logs.db')));
});

test('Ctrl+C ends an import after its batch, and what is in stays', async () => {
	const folder = emptyFolder();
	const home = emptyFolder();
	const file = madeLog(folder, 12_000);
	const {child, ended} = startProgram(['logs', 'import', file, '--json'], {
		home,
	});
	const came = await someCame(child, path.join(home, 'log.db'));
	child.kill('SIGINT');
	const {code, stdout} = await ended;
	assert.equal(code, 130);
	const {files, isStopped} = JSON.parse(stdout) as Printed;
	assert.equal(isStopped, true);
	assert.equal(files[0]!.isComplete, false);
	assert.ok(files[0]!.came['answers']! >= came);

	const rest = await runProgram(['logs', 'import', file, '--json'], {home});
	const [whole] = (JSON.parse(rest.stdout) as Printed).files;
	assert.equal(whole!.there['answers'], files[0]!.came['answers']);
	assert.equal(whole!.there['answers']! + whole!.came['answers']!, 12_002);
});

test('an import that was killed is completed by the next', async () => {
	const folder = emptyFolder();
	const home = emptyFolder();
	const file = madeLog(folder, 8000);
	const {child, ended} = startProgram(['logs', 'import', file], {home});
	const log = path.join(home, 'log.db');
	await someCame(child, log);
	child.kill('SIGKILL');
	assert.equal((await ended).signal, 'SIGKILL');
	const {code} = await runProgram(['logs', 'import', file], {home});
	assert.equal(code, 0);
	const db = new Database(log, {readonly: true});
	assert.deepEqual(
		db
			.prepare(
				`SELECT count(*) AS answers,
					(SELECT count(*) FROM consortium_imported) AS imported,
					(SELECT count(*) FROM tool_calls) AS calls
				FROM responses`,
			)
			.get(),
		{answers: 8002, imported: 8002, calls: 1},
	);
	db.close();
});

test('a terminal shows how far an import is, unless it is to be quiet', async () => {
	const home = emptyFolder();
	const file = madeLog(emptyFolder(), 3000);
	const screen = startOnScreen(['logs', 'import', file], {
		env: {CONSORTIUM_TUI_HOME: home},
	});
	await screen.until(/To see the answers/v);
	assert.equal(await screen.ended, 0);
	assert.match(screen.raw(), /\d% · [\d.]+k? rows · [\d.]+k?\/s · logs\.db/v);
	assert.doesNotMatch(screen.text(), /rows ·/v);

	const quiet = startOnScreen(['logs', 'import', file, '--quiet'], {
		env: {CONSORTIUM_TUI_HOME: home},
	});
	await quiet.until(/there already: 3002 answers/v);
	assert.equal(await quiet.ended, 0);
	assert.doesNotMatch(quiet.raw(), /rows ·/v);
});
