import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {openLog} from '../../source/store/database.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {startOnScreen} from '../helpers/screen.js';

/**
A home with a log of so many answers of llm, of so many bytes each.
*/
function homeWith(answers: number, bytes = 10): string {
	const home = emptyFolder();
	const log = openLog(join(home, 'log.db'));
	log
		.prepare(
			`WITH RECURSIVE n (i) AS (
				SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?
			)
			INSERT INTO responses (id, model, prompt, response, datetime_utc)
			SELECT printf('01jqfkzv4n%016d', i), 'm', 'Why?', substr(hex(randomblob(?)), 2),
				'2025-04-01T12:00:00' FROM n`,
		)
		.run(answers, bytes);
	log.close();
	return home;
}

function idsIn(home: string): string[] {
	const log = openLog(join(home, 'log.db'));

	try {
		return log
			.prepare<[], string>('SELECT id FROM responses ORDER BY id')
			.pluck()
			.all();
	} finally {
		log.close();
	}
}

test('a backup that finds the disk full leaves no file and says so, and the log is whole', async () => {
	const home = homeWith(1000, 1000);
	const folder = emptyFolder();
	const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
	const {promise, resolve} = Promise.withResolvers<{
		code: unknown;
		stderr: string;
	}>();
	execFile(
		'bash',
		[
			'-c',
			// No file may grow beyond 512 kB.
			'ulimit -f 512; exec "$0" "$@"',
			process.execPath,
			program,
			'logs',
			'backup',
			join(folder, 'copy.db'),
		],
		{
			env: {
				PATH: process.env['PATH'],
				HOME: emptyFolder(),
				CONSORTIUM_TUI_HOME: home,
			},
		},
		(error, _, stderr) => {
			resolve({code: error?.code ?? 0, stderr});
		},
	);
	const {code, stderr} = await promise;
	assert.equal(code, 2, stderr);
	assert.match(stderr, /^The copy \S+copy\.db cannot be written: the disk/);
	assert.deepEqual(readdirSync(folder), []);
	assert.equal(idsIn(home).length, 1000);

	const whole = await runProgram(['logs', 'backup', join(folder, 'copy.db')], {
		home,
	});
	assert.equal(whole.code, 0, whole.stderr);
});

test('undo --next passes over a deletion that cannot come back', async () => {
	const home = homeWith(2);
	const [first, second] = idsIn(home) as [string, string];
	await runProgram(['logs', 'delete', first, '--force'], {home});
	await runProgram(['logs', 'delete', second, '--force'], {home});
	const log = openLog(join(home, 'log.db'));
	log
		.prepare(
			"INSERT INTO responses (id, model, response) VALUES (?, 'm', 'anew')",
		)
		.run(second);
	log.close();

	const refused = await runProgram(['logs', 'undo'], {home});
	assert.equal(refused.code, 2);
	assert.ok(refused.stderr.includes(`${second} is in the log again`));
	assert.match(refused.stderr, /deletion before it: .*logs undo --next/);
	assert.deepEqual(idsIn(home), [second]);

	const next = await runProgram(['logs', 'undo', '--next'], {home});
	assert.equal(next.code, 0, next.stderr);
	assert.match(next.stdout, new RegExp(`^Back again: ${first} `));
	assert.deepEqual(idsIn(home), [first, second]);

	const none = await runProgram(['logs', 'undo', '--next'], {home});
	assert.equal(none.code, 2);
	assert.match(none.stderr, /logs vacuum. gives up what was deleted/);
});

test('a vacuum names the copies beside the log, which still hold what was deleted', async () => {
	const home = homeWith(3);
	await runProgram(['logs', 'delete', '--all', '--force'], {home});
	writeFileSync(join(home, 'log.db.before-4.bak'), '');
	writeFileSync(join(home, 'other.bak'), '');
	const {code, stderr} = await runProgram(['logs', 'vacuum', '--force'], {
		home,
	});
	assert.equal(code, 0);
	assert.equal(
		stderr,
		'Copies beside the log still hold what was in it when they were made: log.db.before-4.bak\n',
	);
});

test('a long deletion shows how far it is, stops at Ctrl+C and can be undone', async () => {
	const home = homeWith(20_000);
	const all = idsIn(home);
	const screen = startOnScreen(['logs', 'delete', '--all'], {
		env: {CONSORTIUM_TUI_HOME: home},
	});
	await screen.until(/Delete everything \(0 runs, 20000 answers\)\? \[y\/N\]/);
	screen.press('y\r');
	await screen.until(/\d% · \S+ rows · \S+ · everything/);
	screen.press('\u0003');
	assert.equal(await screen.ended, 130);
	const text = screen.text().replaceAll('\n', '');
	assert.match(text, /To bring them back: consortium-tui logs undo\./);
	const [, deleted] =
		/Stopped\. Deleted so far: (\d+) answers/.exec(text) ?? [];
	const left = idsIn(home);
	assert.ok(left.length > 0);
	assert.equal(left.length, all.length - Number(deleted));
	assert.doesNotMatch(screen.text(), /\d% · /, 'the line of progress is gone');

	const undone = await runProgram(['logs', 'undo'], {home});
	assert.equal(
		undone.stdout.replace(/deleted [^;]+;/, 'deleted then;'),
		`Back again: everything (${deleted} answers), deleted then; that deletion was cut off.\n`,
	);
	assert.deepEqual(idsIn(home), all);
});
