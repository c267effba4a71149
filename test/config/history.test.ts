import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmdirSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {appendHistory, readHistory} from '../../source/config/history.js';
import {UserError} from '../../source/core/user-error.js';
import {runCommand} from '../helpers/command.js';
import {emptyFolder} from '../helpers/program.js';

const pathIn = (folder: string) => join(folder, 'history.jsonl');
const module = new URL('../../source/config/history.ts', import.meta.url).href;
const root = fileURLToPath(new URL('../..', import.meta.url));
const linesOf = (count: number, text: string) =>
	Array.from({length: count}, (_, index) =>
		JSON.stringify(`${index} ${text}`),
	).join('\n');

test('what is kept comes back in order, whatever is in it', async () => {
	const folder = join(emptyFolder(), 'made', 'here');
	const entries = ['Why?', 'two\nlines', 'naïve 🦊 "quoted" \u2028', ''];

	for (const entry of entries) {
		await appendHistory(folder, entry);
	}

	assert.deepEqual(readHistory(folder), entries);
	assert.equal(statSync(pathIn(folder)).mode & 0o777, 0o600);
	assert.equal(statSync(folder).mode & 0o777, 0o700);
	assert.deepEqual(readdirSync(folder), ['history.jsonl']);
});

test('without a file there is no history, and none is made', () => {
	const folder = emptyFolder();

	assert.deepEqual(readHistory(folder), []);
	assert.equal(existsSync(pathIn(folder)), false);
});

test('damaged lines are passed over and swallow none that come after', async () => {
	const folder = emptyFolder();
	await appendHistory(folder, 'first');
	appendFileSync(pathIn(folder), '\n{"an": "object"}\nnot JSON\n"cut of');
	await appendHistory(folder, 'last');

	assert.deepEqual(readHistory(folder), ['first', 'last']);
});

test('an entry of more than 100 KB is not kept', async () => {
	const folder = emptyFolder();
	await appendHistory(folder, 'x'.repeat(100_000));
	await appendHistory(folder, 'é'.repeat(60_000));

	assert.deepEqual(
		readHistory(folder).map(entry => entry.length),
		[100_000],
	);
});

test('of a long file only the last 256 KB are read, from a whole line on', () => {
	const folder = emptyFolder();
	writeFileSync(pathIn(folder), linesOf(2000, '🦊'.repeat(250)));
	const entries = readHistory(folder);

	assert.ok(entries.length > 240);
	assert.ok(entries.length < 262);
	assert.deepEqual(
		entries.map(entry => Number(entry.split(' ', 1)[0])),
		entries.map((_, index) => 2000 - entries.length + index),
	);
});

test('what is left of the line in which reading begins is no entry, though it may look like one', () => {
	const folder = emptyFolder();
	const rest = `"${'y'.repeat(262_135)}"\n"last"`;
	assert.equal(rest.length, 256 * 1024);
	writeFileSync(pathIn(folder), `"x\\${rest}`);

	assert.deepEqual(readHistory(folder), ['last']);
});

test('at most 1,000 entries are kept in memory', () => {
	const folder = emptyFolder();
	writeFileSync(pathIn(folder), linesOf(3000, 'short'));

	assert.equal(readHistory(folder).length, 1000);
	assert.equal(readHistory(folder).at(-1), '2999 short');
});

test('a file that passes 4 MB is cut down to its end', async () => {
	const folder = emptyFolder();
	writeFileSync(pathIn(folder), linesOf(41_000, 'x'.repeat(90)), {mode: 0o600});
	assert.ok(statSync(pathIn(folder)).size < 4 * 1024 * 1024);
	await appendHistory(folder, 'y'.repeat(99_000));
	const before = statSync(pathIn(folder)).size;
	await appendHistory(folder, 'z'.repeat(99_000));

	assert.ok(before > 4_000_000);
	assert.ok(statSync(pathIn(folder)).size <= 256 * 1024);
	assert.equal(statSync(pathIn(folder)).mode & 0o777, 0o600);
	assert.match(readHistory(folder).at(-1)!, /^z+$/);
	assert.match(readHistory(folder).at(-2)!, /^y+$/);
	assert.deepEqual(readdirSync(folder), ['history.jsonl']);
});

test('several processes append at once, across a cut, and every entry is whole', async () => {
	const folder = emptyFolder();
	writeFileSync(
		pathIn(folder),
		`${linesOf(41_000, 'x'.repeat(92))}\n"${'y'.repeat(40_000)}"`,
	);
	assert.ok(statSync(pathIn(folder)).size > 4_000_000);
	const program = `
		import {appendHistory} from '${module}';
		for (let index = 0; index < 25; index++) {
			await appendHistory(process.argv[1], process.argv[2] + index + ' ' + 'z'.repeat(2000));
		}
	`;
	const ends = await Promise.all(
		['a', 'b', 'c', 'd'].map(async name =>
			runCommand(
				[
					process.execPath,
					'--import=tsx',
					'--input-type=module',
					'--eval',
					program,
					folder,
					name,
				],
				{folder: root},
			),
		),
	);
	assert.deepEqual(
		ends.map(({stderr}) => stderr),
		['', '', '', ''],
	);
	const kept = readHistory(folder).filter(entry =>
		/^[a-d]\d+ z{2000}$/.test(entry),
	);

	assert.ok(statSync(pathIn(folder)).size < 1_000_000, 'it was cut');
	assert.equal(new Set(kept).size, 100);
	assert.equal(kept.length, 100);
	assert.deepEqual(readdirSync(folder), ['history.jsonl']);
});

test('nothing is appended while another process is at it', async () => {
	const folder = emptyFolder();
	mkdirSync(`${pathIn(folder)}.lock`);
	const appended = appendHistory(folder, 'mine');
	await setImmediate();
	assert.deepEqual(readHistory(folder), []);
	rmdirSync(`${pathIn(folder)}.lock`);
	await appended;

	assert.deepEqual(readHistory(folder), ['mine']);
});

for (const [what, make] of [
	[
		'a folder',
		(path: string) => {
			mkdirSync(path);
		},
	],
	[
		'a pipe',
		(path: string) => {
			execFileSync('mkfifo', [path]);
		},
	],
] as const) {
	test(`where ${what} has its name, the person is told`, async () => {
		const folder = emptyFolder();
		make(pathIn(folder));
		const isTold = (error: unknown) =>
			error instanceof UserError && error.message.includes('no ordinary file');

		assert.throws(() => {
			readHistory(folder);
		}, isTold);
		await assert.rejects(appendHistory(folder, 'lost'), isTold);
	});
}

test('a folder that cannot be made is a sentence', async () => {
	const folder = join(emptyFolder(), 'file');
	writeFileSync(folder, '');

	await assert.rejects(
		appendHistory(join(folder, 'below'), 'lost'),
		(error: unknown) =>
			error instanceof UserError && error.message.includes('history.jsonl'),
	);
	assert.equal(readFileSync(folder, 'utf8'), '');
});
