import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {isLogOn} from '../../source/store/log-switch.js';
import {runOf} from '../helpers/events.js';
import {fillLog} from '../helpers/filled-log.js';
import {emptyFolder, runProgram} from '../helpers/program.js';

const home = emptyFolder();
fillLog(home, [
	runOf('01a', {prompt: 'The first?'}),
	runOf('01b', {prompt: 'The second?'}),
]);

const idsOf = (json: string) =>
	(JSON.parse(json) as Array<{id: string}>).map(({id}) => id);

test('final answers are listed oldest first', async () => {
	const {code, stdout} = await runProgram(['logs'], {home});
	const ids = stdout.split('\n').map(line => line.split(' ', 1)[0]);

	assert.equal(code, 0);
	assert.deepEqual(ids, ['id', '01a', '01b', '']);
	assert.match(stdout, /The first\? +Forty-two, both say\.$/m);
});

test('answers of another role, or all, are listed when asked for', async () => {
	const list = async (...words: readonly string[]) =>
		idsOf((await runProgram(['logs', ...words, '--json'], {home})).stdout);

	assert.deepEqual(await list('-n', '1'), ['01b']);
	assert.deepEqual(await list('list', '--role', 'arbiter'), [
		'01a-arbiter-1',
		'01b-arbiter-1',
	]);
	assert.deepEqual((await list('--role', 'member')).slice(0, 2), [
		'01a-luna-1',
		'01a-opus-1',
	]);
	assert.equal((await list('--role', 'all', '-n', '0')).length, 8);
});

test('one answer is shown whole, with what it answers', async () => {
	const {stdout} = await runProgram(['logs', 'show', '01a-opus-1'], {home});
	const asJson = await runProgram(['logs', 'show', '01a-opus-1', '--json'], {
		home,
	});

	assert.match(
		stdout,
		/^01a-opus-1 {2}member {2}anthropic\/opus \(opus-2026-01\)/,
	);
	assert.match(stdout, /\nSystem\n\nAnswer with care\.\n/);
	assert.match(stdout, /\nPrompt\n\nThe first\?\n/);
	assert.match(stdout, /\nAnswer\n\nForty-two\.\n$/);
	const {response} = JSON.parse(asJson.stdout) as {response: string};
	assert.equal(response, 'Forty-two.');
});

test('the path is that of the log, whether there is one or not', async () => {
	const empty = emptyFolder();

	assert.equal(
		(await runProgram(['logs', 'path'], {home: empty})).stdout,
		`${join(empty, 'log.db')}\n`,
	);
	assert.equal(existsSync(join(empty, 'log.db')), false);
});

test('logging is switched off and on, and the status tells', async () => {
	const place = emptyFolder();
	const status = async () =>
		JSON.parse(
			(await runProgram(['logs', 'status', '--json'], {home: place})).stdout,
		) as {isOn: boolean};

	assert.equal((await status()).isOn, true);
	await runProgram(['logs', 'off'], {home: place});
	assert.equal(isLogOn(place), false);
	assert.equal((await status()).isOn, false);
	await runProgram(['logs', 'on'], {home: place});
	assert.equal(isLogOn(place), true);
});

test('the status counts what is in the log', async () => {
	const {stdout} = await runProgram(['logs', 'status'], {home});

	assert.match(stdout, /^Logging is on\.\n2 runs, /);
	assert.match(stdout, /log\.db \(\d+\.\d MB\)\n$/);
});

for (const [words, message] of [
	[['logs', 'sho'], /Did you mean "show"\?/],
	[['logs', 'show', '09'], /no response/],
	[['logs', 'path', 'x'], /"x" is more than/],
	[['logs', '--role', 'judge'], /--role takes final, member, arbiter, or all/],
	[['logs', '-d', 'x.db'], /^There is no flag -d here: import the file with/],
	[['logs', '-n', '1.5'], /--count takes a whole number/],
] as const) {
	test(`${words.join(' ')} is a usage error`, async () => {
		const {code, stdout, stderr} = await runProgram(words, {home});

		assert.equal(code, 2);
		assert.equal(stdout, '');
		assert.match(stderr, message);
	});
}
