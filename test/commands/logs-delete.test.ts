import assert from 'node:assert/strict';
import {existsSync, readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {logs} from '../../source/commands/logs.js';
import {parseArguments} from '../../source/commands/parse.js';
import {eventsOf} from '../helpers/chats.js';
import {fillLog} from '../helpers/filled-log.js';
import {placeAt} from '../helpers/place.js';
import {emptyFolder, runProgram} from '../helpers/program.js';

const at = Date.UTC(2026, 0, 1);

function homeWithRuns(): string {
	const home = emptyFolder();
	fillLog(home, [
		eventsOf({
			id: '01a',
			chat: 'one',
			at,
			prompt: 'The first?\u001B[31m\nMore.',
		}),
		eventsOf({id: '01b', chat: 'two', at: at + 1000, prompt: 'The second?'}),
	]);
	return home;
}

const idsIn = async (home: string) => {
	const {stdout} = await runProgram(['logs', 'list', '--json'], {home});
	return (JSON.parse(stdout) as Array<{id: string}>).map(({id}) => id);
};

test('without a terminal a deletion is shown and not made, and --force makes it', async () => {
	const home = homeWithRuns();
	const {code, stdout, stderr} = await runProgram(
		['logs', 'delete', '--cid', 'on'],
		{home},
	);
	assert.equal(code, 2);
	assert.equal(stdout, '');
	assert.match(stderr, /^1 conversation, 1 run, 4 answers\nFrom /);
	assert.match(stderr, /\nPaid: \$0\.0250\n {2}The first\? More\.\n/);
	assert.match(stderr, /Delete the conversation one \(1 run, 4 answers\)\?/);
	assert.match(stderr, /--force/);
	assert.deepEqual(await idsIn(home), ['01a', '01b']);

	const forced = await runProgram(
		['logs', 'delete', '--cid', 'one', '--force'],
		{home},
	);
	assert.equal(forced.code, 0);
	assert.match(forced.stdout, /^Deleted the conversation one .*logs undo/);
	assert.deepEqual(await idsIn(home), ['01b']);

	const goneOn = await runProgram(
		['run', '-m', 'demo/optimist', '--cid', 'one', 'And?'],
		{home},
	);
	assert.equal(goneOn.code, 2);
	assert.match(goneOn.stderr, /`one` is deleted\.[^]*logs undo/);
});

test('deletions are undone one after the other, the latest first', async () => {
	const home = homeWithRuns();
	await runProgram(['logs', 'delete', '01a', '--force'], {home});
	await runProgram(['logs', 'delete', '01b', '--force'], {home});
	assert.deepEqual(await idsIn(home), []);

	const {stdout} = await runProgram(['logs', 'undo'], {home});
	assert.match(stdout, /^Back again: 01b \(4 answers\), deleted 20/);
	assert.deepEqual(await idsIn(home), ['01b']);
	await runProgram(['logs', 'undo'], {home});
	assert.deepEqual(await idsIn(home), ['01a', '01b']);
	const {code, stderr} = await runProgram(['logs', 'undo'], {home});
	assert.equal(code, 2);
	assert.match(stderr, /no deletion to undo/);
});

test('a person is asked, and no is no', async () => {
	const home = homeWithRuns();

	for (const [typed, left] of [
		['n\n', 2],
		['', 2],
		['y\n', 0],
	] as const) {
		const place = placeAt({home, columns: 80, typed});
		await logs.run({...parseArguments(['delete', '--all'], logs.flags), place});
		const {stderr} = place.written();
		assert.match(stderr, /Delete everything \(2 runs, 8 answers\)\? \[y\/N\]/);
		assert.equal((await idsIn(home)).length, left);
	}
});

test('a vacuum gives up what was deleted, for good', async () => {
	const home = homeWithRuns();
	await runProgram(['logs', 'delete', '--older-than', '1h', '--force'], {home});
	const asked = await runProgram(['logs', 'vacuum'], {home});
	assert.equal(asked.code, 2);
	assert.match(asked.stderr, /Give up 8 deleted answers for good\?.* MB/);

	const {code, stdout} = await runProgram(['logs', 'vacuum', '--force'], {
		home,
	});
	assert.equal(code, 0);
	assert.match(
		stdout,
		/^Gave up 8 deleted answers\. The log is \d+\.\d MB smaller\.\n$/,
	);
	assert.equal((await runProgram(['logs', 'undo'], {home})).code, 2);
	const again = await runProgram(['logs', 'vacuum'], {home});
	assert.equal(again.code, 0);
	assert.match(again.stdout, /^The trash was empty\./);
});

test('nothing that old is nothing to delete', async () => {
	const {code, stderr} = await runProgram(
		['logs', 'delete', '--older-than', '99y'],
		{home: homeWithRuns()},
	);
	assert.equal(code, 0);
	assert.equal(stderr, 'Nothing to delete.\n');
});

test('a backup is a log by itself, and is not overwritten', async () => {
	const home = homeWithRuns();
	const other = emptyFolder();
	const file = join(other, 'log.db');
	const {code, stdout} = await runProgram(['logs', 'backup', file], {home});
	assert.equal(code, 0);
	assert.equal(stdout, `The log was copied to ${file}.\n`);
	assert.equal(statSync(file).mode & 0o777, 0o600);
	assert.deepEqual(await idsIn(other), ['01a', '01b']);

	const again = await runProgram(['logs', 'backup', file], {home});
	assert.equal(again.code, 2);
	assert.match(again.stderr, /exists\.\n.*--force/);
	const forced = await runProgram(['logs', 'backup', file, '--force'], {home});
	assert.equal(forced.code, 0);
	const onItself = await runProgram(
		['logs', 'backup', join(home, 'log.db'), '--force'],
		{home},
	);
	assert.match(onItself.stderr, /is the log itself/);
	const onKeys = await runProgram(
		['logs', 'backup', join(home, 'keys.json'), '--force'],
		{home},
	);
	assert.equal(onKeys.code, 2);
	assert.match(onKeys.stderr, /consortium-tui has a file of its own/);
	assert.equal(existsSync(join(home, 'keys.json')), false);
	assert.deepEqual(await idsIn(home), ['01a', '01b']);
});

test('where there is no log none is made', async () => {
	for (const [words, code] of [
		[['logs', 'delete', '--all', '--force'], 0],
		[['logs', 'vacuum', '--force'], 0],
		[['logs', 'undo'], 2],
		[['logs', 'backup', 'copy.db'], 2],
	] as const) {
		const home = emptyFolder();
		assert.equal((await runProgram(words, {home})).code, code, words.join(' '));
		assert.equal(existsSync(join(home, 'log.db')), false);
		assert.deepEqual(readdirSync(home), []);
	}
});

for (const [words, message] of [
	[['delete'], /What to delete is missing/],
	[['delete', '01a', '--all'], /exclude one another/],
	[['delete', '--older-than', '3m'], /--older-than takes an age/],
	[['delete', '--older-than', '-3d'], /--older-than/],
	[['delete', '01a-luna-1'], /belongs to the run 01a, which/],
	[['delete', '01'], /More than one run or response/],
	[['delete', '--cid', 'three'], /no conversation `three`/],
	[['backup'], /The file is missing/],
	[['undo', 'x'], /"x" is more than/],
] as const) {
	test(`logs ${words.join(' ')} is a usage error`, async () => {
		const {code, stdout, stderr} = await runProgram(['logs', ...words], {
			home: homeWithRuns(),
		});
		assert.equal(code, 2);
		assert.equal(stdout, '');
		assert.match(stderr, message);
	});
}
