import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {emptyFolder, runProgram} from '../helpers/program.js';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const demo = '"$0" "$1" run -m "demo/optimist?delay=0" -q';
const full =
	/^The output could not be written: ENOSPC: no space left on device, write\.$/m;

/**
Run the words of a shell, where "$0" "$1" is the program.
*/
async function inShell(words: string, home = emptyFolder()) {
	const child = spawn('bash', ['-c', words, process.execPath, program], {
		cwd: home,
		env: {PATH: process.env['PATH'], HOME: home, CONSORTIUM_TUI_HOME: home},
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	let stderr = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	const {promise, resolve, reject} = Promise.withResolvers<number | null>();
	child.once('error', reject);
	child.once('close', resolve);
	return {code: await promise, stderr};
}

for (const words of ['list', 'logs path', '--help', 'help save', 'models']) {
	test(`“${words}” to a full disk says so and fails`, async () => {
		const {code, stderr} = await inShell(`"$0" "$1" ${words} > /dev/full`);

		assert.equal(code, 1, stderr);
		assert.match(stderr, full);
	});
}

test('runs that are listed to a full disk are told to be lost', async () => {
	const home = emptyFolder();
	await inShell(`${demo} "Why?"`, home);
	const {code, stderr} = await inShell('"$0" "$1" runs list > /dev/full', home);

	assert.equal(code, 1, stderr);
	assert.match(stderr, full);
});

for (const flag of ['', '--json', '--events']) {
	test(`a run ${flag} to a full disk is made, is in the log, and fails`, async () => {
		const home = emptyFolder();
		const {code, stderr} = await inShell(
			`${demo} ${flag} "Why?" > /dev/full`,
			home,
		);

		assert.equal(code, 1, stderr);
		assert.match(stderr, full);
		const id = /is in the log: consortium-tui runs show (?<id>\w+)$/m.exec(
			stderr,
		)!.groups!['id']!;
		const shown = await runProgram(['runs', 'show', id, '--json'], {home});
		const {status, answer} = JSON.parse(shown.stdout) as {
			status: string;
			answer: string | null;
		};
		assert.notEqual(status, 'cancelled');
		assert.ok(answer);
	});
}

test('output that fits a file only in part is lost, and that is said', async () => {
	const home = emptyFolder();
	const {code, stderr} = await inShell(
		'trap "" XFSZ; ulimit -f 1; "$0" "$1" completion bash > out',
		home,
	);

	assert.equal(code, 1, stderr);
	assert.match(stderr, /could not be written: EFBIG/);
	assert.equal(statSync(join(home, 'out')).size, 1024);
});

test('output to a file is the same as output to a pipe', async () => {
	const home = emptyFolder();
	const {code} = await inShell(
		'echo before > out; "$0" "$1" completion bash >> out',
		home,
	);
	const {stdout} = await runProgram(['completion', 'bash']);

	assert.equal(code, 0);
	assert.equal(readFileSync(join(home, 'out'), 'utf8'), `before\n${stdout}`);
});

test('a reader who leaves is no trouble to a command', async () => {
	const {code, stderr} = await inShell(
		'exec 3> >(:); wait $!; "$0" "$1" list >&3',
	);

	assert.deepEqual([code, stderr], [0, '']);
});
