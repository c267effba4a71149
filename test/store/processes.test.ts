import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {copyFileSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {after, test} from 'node:test';
import {openLog} from '../../source/store/database.js';
import {runEvents} from '../../source/store/run-events.js';
import {listRuns, showRun} from '../../source/store/runs.js';
import {runOf} from '../helpers/events.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));

after(() => {
	rmSync(folder, {recursive: true});
});

const moduleAt = (path: string) =>
	JSON.stringify(new URL(`../../${path}`, import.meta.url).href);

/**
A process of its own that has the log at `path` open as `log`, and `write` to write to it.
*/
function startProcess(path: string, body: string) {
	const code = `
		import {openLog} from ${moduleAt('source/store/database.ts')};
		import {createRunLog} from ${moduleAt('source/store/run-log.ts')};
		import * as helpers from ${moduleAt('test/helpers/events.ts')};
		const log = openLog(${JSON.stringify(path)});
		const write = createRunLog(log, {onError(error) { throw error; }});
		${body}
	`;

	return spawn(
		process.execPath,
		['--import=tsx', '--input-type=module', '--eval', code],
		{stdio: ['ignore', 'pipe', 'pipe']},
	);
}

const names = Array.from({length: 8}, (_, index) => `process${index}`);

async function writeFromEight(path: string): Promise<void> {
	await Promise.all(
		names.map(async name => {
			const child = startProcess(
				path,
				`for (let count = 0; count < 20; count++) {
					for (const event of helpers.runOf(\`${name}-\${count}\`)) {
						write(event);
					}
				}
				write.close();
				log.close();`,
			);
			const [errors] = await Promise.all([
				text(child.stderr),
				once(child, 'close'),
			]);
			assert.equal(errors, '');
			assert.equal(child.exitCode, 0);
		}),
	);

	const log = openLog(path);
	assert.equal(listRuns(log, {limit: 1000}).length, 160);

	for (const name of names) {
		for (let count = 0; count < 20; count++) {
			const id = `${name}-${count}`;
			const told = runEvents(log, id);
			assert.deepEqual(told[0], runOf(id)[0]);
			assert.deepEqual(told.at(-1), runOf(id).at(-1));
		}
	}

	assert.equal(
		log
			.prepare('SELECT count(*) FROM responses WHERE consortium_id IS NOT NULL')
			.pluck()
			.get(),
		640,
	);
	assert.equal(log.pragma('integrity_check', {simple: true}), 'ok');
	log.close();
}

test('eight processes make one new log and lose nothing', async () => {
	await writeFromEight(join(folder, 'new.db'));
});

test('a log that another process is making is waited for', async () => {
	const path = join(folder, 'held.db');
	const held = spawn(
		process.execPath,
		[
			'--input-type=module',
			'--eval',
			`import Database from 'better-sqlite3';
			const other = new Database(${JSON.stringify(path)});
			other.exec('BEGIN IMMEDIATE; CREATE TABLE theirs (id)');
			console.log('held');
			setTimeout(() => {
				other.exec('COMMIT');
				other.close();
			}, 500);`,
		],
		{stdio: ['ignore', 'pipe', 'inherit'], cwd: import.meta.dirname},
	);
	await once(held.stdout, 'data');
	const log = openLog(path);
	assert.deepEqual(log.prepare('SELECT * FROM theirs').all(), []);
	assert.equal(log.pragma('journal_mode', {simple: true}), 'wal');
	log.close();

	if (held.exitCode === null) {
		await once(held, 'close');
	}
});

test('eight processes bring an older log up to date together, with one backup', async () => {
	const path = join(folder, 'old.db');
	copyFileSync(new URL('../fixtures/llm/logs-0.31.db', import.meta.url), path);
	await writeFromEight(path);
	assert.deepEqual(
		readdirSync(folder).filter(name => name.startsWith('old.db.')),
		['old.db.before-1.bak'],
	);
});

test('a killed run is shown as interrupted, with all but its latest text', async () => {
	const path = join(folder, 'killed.db');
	const child = startProcess(
		path,
		`const say = (text, seq) => {
			write({type: 'call-delta', callId: 'run-luna-1', channel: 'text', text, runId: 'run', seq, t: 0});
		};
		const saved = log.prepare('SELECT count(*) FROM consortium_chunks').pluck();

		for (const event of helpers.runOf('run').slice(0, 7)) {
			write(event);
		}

		// The timer saves the first words, their number the next ones, and nothing the last.
		say('It is ', 7);
		setInterval(() => {
			if (saved.get() === 1) {
				for (let seq = 8; seq < 2008; seq++) {
					say('well', seq);
				}

				say('-known', 2008);
				console.log('said');
			}
		}, 1);`,
	);
	const errors = text(child.stderr);
	await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
	child.kill('SIGKILL');

	if (child.exitCode === null && child.signalCode === null) {
		await once(child, 'close');
	}

	assert.equal(await errors, '');
	assert.equal(child.signalCode, 'SIGKILL');

	const log = openLog(path);
	const {summary, picture} = showRun(log, 'run');
	const call = picture.calls.get('run-luna-1');
	const whole = `It is ${'well'.repeat(2000)}-known`;
	assert.equal(summary.status, 'interrupted');
	assert.equal(call?.outcome, null);
	assert.ok(whole.startsWith(call.text));
	assert.ok(call.text.length >= whole.length - 4096);
	assert.equal(picture.calls.get('run-opus-1')?.text, '');
	log.close();
});
