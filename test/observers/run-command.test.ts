import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {createObserver, withoutKeys} from '../../source/observers/observer.js';
import {matches} from '../../source/observers/match.js';
import {runCommand} from '../../source/observers/run-command.js';
import {emptyFolder} from '../helpers/program.js';

const environment = {PATH: process.env['PATH']};

const run = async (
	command: string,
	answer = 'An answer.',
	signal = new AbortController().signal,
) => runCommand(command, answer, {environment, signal});

test('a command accepts an answer by ending with 0', async () => {
	assert.deepEqual(await run('true'), {
		isMet: true,
		detail: '',
		problem: null,
	});
	assert.deepEqual(await run('exit 3'), {
		isMet: false,
		detail: '',
		problem: null,
	});
	assert.equal((await run('grep -q answer')).isMet, true);
	assert.equal((await run('grep -q question')).isMet, false);
});

test('its first line is kept, else the first of its complaints', async () => {
	assert.equal((await run('cat', 'One\nTwo')).detail, 'One');
	assert.equal((await run('echo; echo "  a  b "; echo c >&2')).detail, 'a b');
	const {isMet, detail, problem} = await run('no-such-command-here');
	assert.equal(isMet, false);
	assert.match(detail, /no-such-command-here.*not found/v);
	assert.match(problem!, /cannot be run: .*not found/v);
});

test('what it prints does nothing to a terminal, and megabytes are cut', async () => {
	const escapes = await run(
		String.raw`printf '\033]0;title\007\033[31mred\033[0m\n'`,
	);
	assert.equal(escapes.detail, 'red');
	const {isMet, detail} = await run(
		String.raw`head -c 5000000 /dev/zero | tr '\0' x`,
	);
	assert.equal(isMet, true);
	assert.equal(detail, 'x'.repeat(200));
});

test('one that reads nothing of a long answer is no trouble', async () => {
	assert.equal((await run('true', 'x'.repeat(5_000_000))).isMet, true);
	assert.equal(
		(await run('wc -c', 'x'.repeat(5_000_000))).detail.trim(),
		'5000000',
	);
});

test('what it leaves behind is ended with it', async () => {
	const folder = emptyFolder();
	const file = join(folder, 'pid');
	const {isMet, detail} = await run(
		`sleep 300 & echo $! > '${file}'; echo done`,
	);
	assert.deepEqual([isMet, detail], [true, 'done']);
	await hasEnded(Number(readFileSync(file, 'utf8')));
});

test('one that is interrupted is killed with what it started', async () => {
	const controller = new AbortController();
	const file = join(emptyFolder(), 'pid');
	const running = run(
		`sleep 300 & echo $! > '${file}'; wait`,
		'',
		controller.signal,
	);

	while (!existsSync(file) || readFileSync(file, 'utf8') === '') {
		await new Promise(resolve => {
			setImmediate(resolve);
		});
	}

	controller.abort(new Error('Enough.'));
	await assert.rejects(running, /Enough/v);
	await hasEnded(Number(readFileSync(file, 'utf8')));
});

test('one that takes too long is given up', async () => {
	assert.deepEqual(await run('echo begun; sleep 300'), {
		isMet: false,
		detail: 'begun',
		problem: 'It took more than 10 s and was stopped.',
	});
});

/**
Wait until a process has ended: what is killed takes a moment to be gone.
*/
async function hasEnded(pid: number): Promise<void> {
	while (isAlive(pid)) {
		await new Promise(resolve => {
			setImmediate(resolve);
		});
	}
}

/**
Whether a process goes on; one that ended and was not waited for does not.
*/
function isAlive(pid: number): boolean {
	try {
		return !/^State:\s+[ZX]/mv.test(
			readFileSync(`/proc/${pid}/status`, 'utf8'),
		);
	} catch {
		return false;
	}
}

test('keys are not passed on', () => {
	const kept = withoutKeys(
		{
			PATH: '/bin',
			OPENAI_API_KEY: 'a',
			My_Api_Key: 'b',
			LAB_TOKEN: 'c',
			HOME: '/home',
		},
		new Set(['LAB_TOKEN']),
	);
	assert.deepEqual(kept, {PATH: '/bin', HOME: '/home'});
});

test('a pattern is matched, and one that never ends is given up', () => {
	assert.equal(matches(String.raw`^\d+$`, '42'), true);
	assert.equal(matches(String.raw`^\d+$`, 'forty'), false);
	assert.equal(matches(String.raw`^\p{Lu}`, 'Ångström'), true);
	assert.match(
		String(matches('^(a+)+$', `${'a'.repeat(50)}!`)),
		/more than a second/v,
	);
	assert.equal(
		matches(String.raw`^\d+$`, `${'4'.repeat(200_000)} NOT A NUMBER`),
		false,
	);
	assert.match(
		String(matches(`^(?:a${'(x)?'.repeat(200)})*$`, 'a'.repeat(90_000))),
		/could not be searched|more than a second/v,
	);
});

test('an observer runs no command that was not confirmed, to the letter', async () => {
	const file = join(emptyFolder(), 'ran');
	const command = `touch '${file}'`;
	const observed = async (confirmed: string) =>
		createObserver({
			environment,
			isConfirmed: each => each === confirmed,
			async embedderFor() {
				throw new Error('There is none.');
			},
		}).observe(
			{kind: 'command', command, answer: ''},
			new AbortController().signal,
		);

	assert.deepEqual(await observed(`${command} `), {
		kind: 'command',
		command,
		isMet: false,
		detail: '',
		problem: 'It was not confirmed, and was not run.',
	});
	assert.equal(existsSync(file), false);
	assert.equal((await observed(command)).problem, null);
	assert.equal(existsSync(file), true);
});

test('an observer tells what is wrong with a pattern and an embedding model', async () => {
	const observer = createObserver({
		environment,
		isConfirmed: () => false,
		async embedderFor() {
			throw new Error('There is none.');
		},
	});
	const {signal} = new AbortController();
	const answers = [{instance: 'a#1', callId: 'c1', text: 'A.'}];
	const similarity = {kind: 'similarity', model: 'x/y', answers} as const;
	assert.deepEqual(await observer.observe(similarity, signal), {
		kind: 'similarity',
		model: 'x/y',
		instances: ['a#1'],
		calls: ['c1'],
		matrix: [],
		costUsd: 0,
		problem: 'There is none.',
	});
	assert.equal(await observer.priceOf(similarity), 0);
	assert.deepEqual(
		await observer.observe(
			{kind: 'regex', pattern: '(x+x+)+y', answer: 'x'.repeat(50)},
			signal,
		),
		{
			kind: 'regex',
			pattern: '(x+x+)+y',
			isMet: false,
			problem: 'It took more than a second and was given up.',
		},
	);
});
