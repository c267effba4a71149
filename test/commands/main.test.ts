import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {commands} from '../../source/commands/names.js';
import {commonFlags, flagName} from '../../source/commands/common-flags.js';
import {verbHelp} from '../../source/commands/help.js';
import {parseArguments} from '../../source/commands/parse.js';
import {emptyFolder, runProgram} from '../helpers/program.js';

const {version} = JSON.parse(
	readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as {version: string};

for (const words of [
	['--version'],
	['-V'],
	['list', '--version'],
	['run', '-V', '-C', 'demo'],
]) {
	test(`${words.join(' ')} prints the version`, async () => {
		assert.deepEqual(await runProgram(words), {
			code: 0,
			signal: null,
			stdout: `${version}\n`,
			stderr: '',
		});
	});
}

for (const word of ['--help', '-h', 'help']) {
	test(`${word} prints a page that names every command`, async () => {
		const {code, stdout, stderr} = await runProgram([word]);

		assert.deepEqual([code, stderr], [0, '']);

		for (const name of Object.keys(commands)) {
			assert.match(stdout, new RegExp(String.raw`\b${name}\b`));
		}
	});
}

for (const [name, load] of Object.entries(commands)) {
	test(`${name} --help prints its usage, every flag and examples that fit`, async () => {
		const {flags, examples} = await load();
		const {code, stdout} = await runProgram([name, '--help']);
		const flagLines = stdout.slice(0, stdout.indexOf('\nExamples')).split('\n');

		assert.equal(code, 0);
		assert.match(stdout, new RegExp(String.raw`^consortium-tui ${name}\b`));

		for (const flag of Object.keys({...flags, ...commonFlags})) {
			assert.match(stdout, new RegExp(String.raw`${flagName(flag)}\b`));
		}

		for (const example of examples) {
			assert.ok(stdout.includes(example));
		}

		for (const line of flagLines) {
			assert.ok(line.length <= 120, line);
		}
	});
}

for (const [words, name] of [
	[['validat', 'trio'], 'validate'],
	[['lst'], 'list'],
	[['sav', 'trio'], 'save'],
	[['kyes'], 'keys'],
	[['lisst'], 'list'],
	[['endpoint'], 'endpoints'],
] as const) {
	test(`“${words.join(' ')}” is ${name === null ? 'too far from a command to be a slip' : 'a slip, and not sent'}`, async () => {
		const {code, stdout, stderr} = await runProgram([...words], {});
		const refusal =
			/There is no command "\w+"\. Did you mean "(?<name>\w+)"\?\n.*run "/;
		assert.equal(refusal.exec(stderr)?.groups!['name'] ?? null, name);
		assert.equal(code, 2, stderr + stdout);
	});
}

test('what a configuration holds does nothing to a terminal', async () => {
	const home = emptyFolder();
	const file = join(home, 'config.json');
	const evil = '\u001B]0;PWNED\u0007\u001B[31m';
	const texts = [
		{version: 1, settings: {[evil]: 1}},
		{version: 1, consortiums: {[evil]: {v: 1}}},
		{
			version: 1,
			endpoints: {[evil]: {baseUrl: 'nowhere', keyEnv: null, api: 'chat'}},
		},
	];

	for (const text of texts) {
		for (const words of [
			['list'],
			['endpoints'],
			['run', '-m', 'a/b', 'Why?'],
		]) {
			writeFileSync(file, JSON.stringify(text));
			const {stdout, stderr} = await runProgram(words, {home});
			assert.doesNotMatch(stdout + stderr, /[\u001B\u0007]/);
		}
	}
});

test('help for a command can be asked for first', async () => {
	const first = await runProgram(['help', 'save']);
	const last = await runProgram(['save', '--help']);
	const unknown = await runProgram(['help', 'sav']);

	assert.equal(first.stdout, last.stdout);
	assert.equal(unknown.code, 2);
	assert.match(unknown.stderr, /no command "sav"[^]*Did you mean "save"\?/);
});

for (const name of ['logs', 'runs']) {
	test(`each verb of ${name} has a page of help with its own flags alone`, async () => {
		const command = await commands[name]!();
		const {verbs, flags} = command;

		for (const [
			verb,
			{usage, summary = '', flags: own, examples},
		] of Object.entries(verbs!)) {
			const page = verbHelp(command, verb);
			const shown = Array.from(
				page.matchAll(/^ {2}(?:-\w, | {4})(--[\-a-z]+)/gmv),
				([, flag]) => flag,
			);

			assert.ok(
				page
					.replaceAll(/\s+/g, ' ')
					.startsWith(
						`consortium-tui ${`${usage} ${summary}`.trimEnd()} Flags `,
					),
			);
			assert.deepEqual(
				new Set(shown),
				new Set(
					[...own, ...Object.keys(commonFlags)].map(flag => flagName(flag)),
				),
			);
			assert.doesNotMatch(page, new RegExp(`^ .*--.* ${verb}[,:]`, 'm'));

			for (const example of examples) {
				assert.ok(page.includes(example));

				if (!example.startsWith(name)) {
					continue;
				}

				const {input} = parseArguments(example.split(' ').slice(1), flags);
				assert.ok(verb === 'list' || input[0] === verb);
			}
		}
	});
}

test('a verb has its help behind it, before it, and when it is asked for first', async () => {
	const [behind, before, first, command] = await Promise.all(
		[
			['logs', 'backup', '--help'],
			['logs', '--help', 'backup'],
			['help', 'logs', 'backup'],
			['logs', '--help'],
		].map(async words => (await runProgram(words)).stdout),
	);

	assert.match(behind!, /^consortium-tui logs backup FILE\n/);
	assert.match(behind!, / --force +Over a file that is there\.\n/);
	assert.equal(before, behind);
	assert.equal(first, behind);
	assert.notEqual(command, behind);
});

test('help asked for behind two dashes is a prompt', async () => {
	const {code, stdout} = await runProgram([
		'run',
		'-q',
		'-C',
		'demo',
		'--',
		'--help',
	]);

	assert.equal(code, 0);
	assert.doesNotMatch(stdout, /Flags/);
});

test('the app is not opened where nobody can look or type', async () => {
	const {code, stdout, stderr} = await runProgram(['chat', 'it']);

	assert.deepEqual([code, stdout], [2, '']);
	assert.match(stderr, /needs a terminal[^]*consortium-tui run/);
});

test('an unknown flag is named, with the nearest one', async () => {
	const {code, stderr} = await runProgram(['list', '--jsn']);

	assert.equal(code, 2);
	assert.match(stderr, /^There is no flag --jsn\.\nDid you mean "--json"\?/);
});

test('a mistake of the person is told in two lines, with its stack only on request', async () => {
	const plainly = await runProgram(['show', 'nobody']);
	const debugged = await runProgram(['show', 'nobody', '--debug']);

	assert.equal(plainly.stderr.trim().split('\n').length, 2);
	assert.equal(debugged.code, 2);
	assert.match(debugged.stderr, /\n +at /);
	assert.doesNotMatch(debugged.stderr, /bug/);
});

test('what nobody foresaw is called a bug, with the place of the log', async () => {
	const home = emptyFolder();
	// A folder where the file that switches the log off would be.
	mkdirSync(join(home, 'logs-off'));
	const {code, stderr} = await runProgram(['logs', 'off'], {home});

	assert.equal(code, 1);
	assert.match(stderr, /^consortium-tui failed unexpectedly: .*EISDIR/);
	assert.match(stderr, /This is a bug/);
	assert.ok(stderr.includes(join(home, 'log.db')));
});
