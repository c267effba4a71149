import assert from 'node:assert/strict';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {emptyFolder, runProgram, startProgram} from '../helpers/program.js';
import {startOnScreen} from '../helpers/screen.js';
import {status} from '../helpers/scenes.js';
import {serve} from '../helpers/scripted.js';

const key = 'sk-stored-0123456789abcdef';
const other = 'sk-from-the-environment-9876';
const fileIn = (home: string) => path.join(home, 'keys.json');
const storedIn = (home: string) =>
	(JSON.parse(readFileSync(fileIn(home), 'utf8')) as {keys: unknown}).keys;
const modeOf = (file: string) => (statSync(file).mode % 0o1000).toString(8);
const set = async (home: string, provider: string, input = key) =>
	runProgram(['keys', 'set', provider], {home, input});

test('a key that is piped in is stored, without the line break, where only its owner can read it', async () => {
	const home = path.join(emptyFolder(), 'new');
	const {code, stdout, stderr} = await set(home, 'openai', `${key}\n`);

	assert.equal(code, 0, stderr);
	assert.equal(stdout, 'Stored the key for openai.\n');
	assert.equal(stderr, '');
	assert.deepEqual(storedIn(home), {openai: key});
	assert.equal(modeOf(fileIn(home)), '600');
	assert.equal(modeOf(home), '700');
});

test('a file that others can read is reported, and private again when it is written', async () => {
	const home = emptyFolder();
	await set(home, 'openai');
	chmodSync(fileIn(home), 0o644);
	const listed = await runProgram(['keys'], {home});
	await set(home, 'gemini');

	assert.match(listed.stderr, /can be read by others: chmod 600 .*keys\.json/);
	assert.equal(modeOf(fileIn(home)), '600');
	assert.deepEqual(storedIn(home), {openai: key, gemini: key});
});

test('no permission mask opens the file', async () => {
	const home = emptyFolder();
	const before = process.umask(0);

	try {
		await set(home, 'openai');
	} finally {
		process.umask(before);
	}

	assert.equal(modeOf(fileIn(home)), '600');
});

test('a key that is typed is not seen on the screen', async () => {
	const home = emptyFolder();
	const screen = startOnScreen(['keys', 'set', 'anthropic'], {
		env: {CONSORTIUM_TUI_HOME: home},
	});
	await screen.until(/Key for anthropic \(it is not shown\):/);
	screen.press('sk-typo\u0015'); // Ctrl+U takes back what was typed.
	screen.press(`${key}\r`);

	assert.equal(await screen.ended, 0);
	assert.match(screen.text(), /Stored the key for anthropic\./);
	assert.doesNotMatch(screen.raw(), /0123456789|typo/);
	assert.deepEqual(storedIn(home), {anthropic: key});
});

for (const [name, keys, exitCode] of [
	['Ctrl+C', '\u0003', 130],
	['Ctrl+D', '\u0004', 2],
	['Enter alone', '\r', 2],
] as const) {
	test(`${name} stores nothing and gives the terminal back`, async () => {
		const home = emptyFolder();
		const screen = startOnScreen(['keys', 'set', 'openai'], {
			env: {CONSORTIUM_TUI_HOME: home},
		});
		await screen.until(/not shown/);
		screen.press(`${name === 'Ctrl+C' ? 'sk-half' : ''}${keys}`);

		assert.equal(await screen.ended, exitCode);
		assert.match(screen.text(), /Nothing was changed|No key for openai/);
		assert.ok(!existsSync(fileIn(home)));
	});
}

test('a signal while a key is typed ends it and stores nothing', async () => {
	const home = emptyFolder();
	const screen = startOnScreen(['keys', 'set', 'openai'], {
		env: {CONSORTIUM_TUI_HOME: home},
	});
	await screen.until(/not shown/);
	process.kill(screen.pid, 'SIGTERM');

	assert.equal(await screen.ended, 143);
	assert.ok(!existsSync(fileIn(home)));
});

test('a key is never an argument: it is refused and not repeated', async () => {
	const home = emptyFolder();
	const {code, stdout, stderr} = await runProgram(
		['keys', 'set', 'openai', key],
		{home},
	);
	assert.equal(code, 2);
	assert.match(stderr, /never an argument[^]*make a new one/);
	assert.ok(!(stdout + stderr).includes(key));
	assert.deepEqual(readdirSync(home), []);
});

for (const [what, input] of [
	['nothing', ''],
	['white space', ' \n\t\n'],
	['two lines', `${key}\nsecond\n`],
	['a space inside', 'sk-with space-0123'],
	['a letter no header can carry', 'sk-schlüssel-0123'],
	['an escape code', 'sk-\u001B[31m0123'],
	['a whole file', 'a'.repeat(200_000)],
] as const) {
	test(`${what} is no key: it is refused in a sentence and not repeated`, async () => {
		const home = emptyFolder();
		const {code, stderr} = await set(home, 'openai', input);
		assert.equal(code, 2);
		assert.match(stderr, /for openai/);
		assert.doesNotMatch(stderr, /0123|aaaa|second/);
		assert.ok(stderr.length < 300);
		assert.ok(!existsSync(fileIn(home)));
	});
}

test('a pipe that stays silent is mentioned', async () => {
	const {child, until, ended} = startProgram(['keys', 'set', 'openai'], {
		input: null,
	});
	await until(/Waiting for the key on standard input/);
	child.stdin.end(key);
	assert.equal((await ended).code, 0);
});

test('a provider nobody knows is refused before a key is asked for, with the nearest name', async () => {
	const {code, stderr} = await set(emptyFolder(), 'antropic');
	assert.equal(code, 2);
	assert.match(stderr, /no provider of that name/);
	assert.match(stderr, /Did you mean "anthropic"\?/);
	assert.ok(!stderr.includes(key));
});

test('a key in the place of the provider is not repeated', async () => {
	for (const verb of ['set', 'remove']) {
		const {code, stderr} = await runProgram(['keys', verb, key]);
		assert.equal(code, 2);
		assert.ok(!stderr.includes(key));
	}
});

test('the list tells where each key comes from and never a piece of one', async () => {
	const home = emptyFolder();
	await set(home, 'openai');
	const env = {OPENAI_API_KEY: other, GOOGLE_API_KEY: other};
	const {stdout} = await runProgram(['keys'], {home, env});
	const asJson = await runProgram(['keys', 'list', '--json'], {home, env});
	const {keys} = JSON.parse(asJson.stdout) as {
		keys: Array<{provider: string; source: string | null}>;
	};

	assert.match(stdout, /^openai +stored +OPENAI_API_KEY$/m);
	assert.match(stdout, /^gemini +from GOOGLE_API_KEY /m);
	assert.match(stdout, /^anthropic +missing +ANTHROPIC_API_KEY$/m);
	assert.equal(keys.find(each => each.provider === 'openai')?.source, 'stored');
	assert.doesNotMatch(stdout + asJson.stdout, /0123|9876|sk-/);
});

test('the stored key is sent before the one of the environment, and to its own provider only', async t => {
	const server = await serve(t, {a: ['Yes.']});
	const home = emptyFolder();
	const told = await runProgram(['keys', 'set', 'openai'], {
		home,
		input: key,
		env: {OPENAI_API_KEY: other},
	});
	await runProgram(['endpoints', 'add', 'lab', '--base-url', server.url], {
		home,
	});
	const ask = async (provider: string) => {
		await runProgram(
			['run', '-m', `${provider}/a`, '--arbiter', `${provider}/a`, 'Why?'],
			{home, env: {...server.env, OPENAI_API_KEY: other}},
		);
		return new Set(
			server.seen.splice(0).map(({headers}) => headers['authorization']),
		);
	};

	assert.match(told.stderr, /OPENAI_API_KEY is set, too/);
	assert.deepEqual(await ask('openai'), new Set([`Bearer ${key}`]));
	assert.ok(![...(await ask('lab'))].join('').includes(key));

	const removed = await runProgram(['keys', 'remove', 'openai', '--force'], {
		home,
		env: {OPENAI_API_KEY: other},
	});
	assert.match(removed.stderr, /one in OPENAI_API_KEY is used now/);
	assert.deepEqual(await ask('openai'), new Set([`Bearer ${other}`]));
});

test('a stored key is in nothing that is printed or written but its file, even when the error of a server repeats it', async t => {
	const server = await serve(t, {
		a: [status(401, {error: {message: `Wrong key: ${key}`}})],
		b: ['Yes.'],
		arbiter: ['Yes.'],
	});
	const home = emptyFolder();
	await set(home, 'openai');
	const {OPENAI_API_KEY, ...env} = server.env;
	const outputs = await Promise.all(
		[
			['run', '--debug', '-v', '-m', 'openai/a', '-m', 'openai/b'],
			['run', '--json', '-m', 'openai/a', '-m', 'openai/b'],
			['run', '--events', '-m', 'openai/a', '-m', 'openai/b'],
		].map(async words =>
			runProgram([...words, '--arbiter', 'openai/arbiter', 'Why?'], {
				home,
				env,
			}),
		),
	);
	outputs.push(
		...(await Promise.all(
			[['doctor'], ['models'], ['endpoints'], ['list', '--json']].map(
				async words => runProgram(words, {home, env}),
			),
		)),
	);

	assert.match(outputs[0]!.stderr, /Wrong key/);
	assert.doesNotMatch(
		outputs.map(({stdout, stderr}) => stdout + stderr).join(''),
		new RegExp(key),
	);

	const files = readdirSync(home).filter(name => name !== 'keys.json');

	for (const file of files) {
		assert.ok(!readFileSync(path.join(home, file)).includes(key), file);
	}
});

test('what to do about a refused key depends on where it came from', async t => {
	const server = await serve(t, {a: [status(401)]});
	const home = emptyFolder();
	const {OPENAI_API_KEY, ...env} = server.env;

	const ask = async (more: Readonly<Record<string, string>>) => {
		const {stderr} = await runProgram(
			['run', '-m', 'openai/a', '--arbiter', 'openai/a', 'Why?'],
			{home, env: {...env, ...more}},
		);
		return stderr;
	};

	assert.match(await ask({OPENAI_API_KEY: other}), /check OPENAI_API_KEY/);

	await set(home, 'openai');
	const stored = await ask({OPENAI_API_KEY: other});
	assert.match(stored, /stored one; store another: consortium-tui keys set/);
	assert.doesNotMatch(stored, /check OPENAI_API_KEY/);
});

test('a key that is not stored cannot be removed, and where the one in use stands is told', async () => {
	const none = await runProgram(['keys', 'remove', 'openai', '--force']);
	const elsewhere = await runProgram(['keys', 'remove', 'openai', '--force'], {
		env: {OPENAI_API_KEY: other},
	});
	assert.equal(none.code, 2);
	assert.match(none.stderr, /No key for openai is stored/);
	assert.match(elsewhere.stderr, /stands in OPENAI_API_KEY/);
});

test('without a terminal a key is removed only by force', async () => {
	const home = emptyFolder();
	await set(home, 'openai');
	const {code, stderr} = await runProgram(['keys', 'remove', 'openai'], {home});
	assert.equal(code, 2);
	assert.match(stderr, /--force/);
	assert.deepEqual(storedIn(home), {openai: key});
});

test('eight processes store a key each and none is lost', async () => {
	const home = emptyFolder();
	const providers = [
		'openai',
		'anthropic',
		'gemini',
		'openrouter',
		'groq',
		'mistral',
		'xai',
		'together',
	];
	await Promise.all(providers.map(async provider => set(home, provider)));
	assert.deepEqual(
		storedIn(home),
		Object.fromEntries(providers.map(provider => [provider, key])),
	);
});

for (const [what, text] of [
	['cut off', `{"version": 1, "keys": {"openai": "${key}`],
	['of another shape', `{"version": 1, "keys": {"openai": ["${key}"]}}`],
	['no object', `["${key}"]`],
	['empty', ''],
] as const) {
	test(`a file that is ${what} is not used, not repeated, and kept aside when a key is set`, async () => {
		const home = emptyFolder();
		writeFileSync(fileIn(home), text, {mode: 0o600});
		const listed = await runProgram(['keys'], {home});
		assert.equal(listed.code, 0);
		assert.match(listed.stderr, /None of the stored keys is used: .* damaged/);
		assert.match(listed.stdout, /^openai +missing/m);
		assert.equal(readFileSync(fileIn(home), 'utf8'), text, 'left as it was');

		const {stderr, code} = await set(home, 'gemini');
		const kept = readdirSync(home).find(name => name.includes('.damaged-'))!;
		assert.equal(code, 0);
		assert.match(stderr, /damaged and is kept as/);
		assert.equal(readFileSync(path.join(home, kept), 'utf8'), text);
		assert.equal(modeOf(path.join(home, kept)), '600');
		assert.deepEqual(storedIn(home), {gemini: key});
		assert.doesNotMatch(listed.stderr + stderr, /0123/);
	});
}

test('what is no file is no place for keys', async () => {
	const home = emptyFolder();
	mkdirSync(fileIn(home));
	const {code, stderr} = await set(home, 'openai');
	assert.equal(code, 2);
	assert.match(stderr, /keys\.json/);
	assert.doesNotMatch(stderr, /\n {4}at |0123/);
});

test('the key of a provider that is gone is listed and can be removed', async () => {
	const home = emptyFolder();
	writeFileSync(fileIn(home), JSON.stringify({version: 1, keys: {gone: key}}), {
		mode: 0o600,
	});
	const listed = await runProgram(['keys'], {home});
	const removed = await runProgram(['keys', 'remove', 'gone', '--force'], {
		home,
	});
	assert.match(listed.stdout, /^gone +stored/m);
	assert.equal(removed.code, 0);
	assert.deepEqual(storedIn(home), {});
});
