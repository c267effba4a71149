import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readConfig} from '../../source/config/config.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {apiNames, textIn} from '../helpers/protocols.js';
import {startWirePlayer} from '../helpers/wire-player.js';

const endpointsIn = async (home: string) =>
	(await readConfig(home)).config.endpoints;

test('an endpoint is added, listed before the built-in ones, and removed', async () => {
	const home = emptyFolder();
	const url = 'http://localhost:8080/v1';
	const added = await runProgram(
		['endpoints', 'add', 'lab', '--base-url', `${url}/`],
		{home},
	);
	const listed = await runProgram(['endpoints'], {home});

	assert.equal(added.code, 0, added.stderr);
	assert.equal(added.stderr, '');
	assert.match(added.stdout, /lab\/MODEL/);
	assert.deepEqual(await endpointsIn(home), {
		lab: {baseUrl: url, keyEnv: null, api: 'chat'},
	});
	assert.match(
		listed.stdout,
		/^lab +chat +none needed +http:\/\/localhost:8080\/v1 +added$/m,
	);
	assert.match(listed.stdout, /^ollama +chat +none needed .* built in$/m);

	const removed = await runProgram(['endpoints', 'remove', 'lab', '--force'], {
		home,
	});
	assert.equal(removed.code, 0);
	assert.deepEqual(await endpointsIn(home), {});
});

test('the list tells whether a key is set and never the key', async () => {
	const home = emptyFolder();
	const env = {OPENAI_API_KEY: 'sk-very-secret'};
	const {stdout} = await runProgram(['endpoints', 'list'], {home, env});
	const asJson = await runProgram(['endpoints', '--json'], {home, env});
	const {endpoints} = JSON.parse(asJson.stdout) as {
		endpoints: Array<{name: string; hasKey: boolean | null}>;
	};
	const openAi = endpoints.find(({name}) => name === 'openai');

	assert.match(stdout, /^openai +responses +from OPENAI_API_KEY /m);
	assert.match(stdout, /^groq +chat +GROQ_API_KEY missing /m);
	assert.equal(openAi?.hasKey, true);
	assert.ok(!(stdout + asJson.stdout).includes('secret'));
});

test('one that is added takes the place of a built-in one of its name', async () => {
	const home = emptyFolder();
	const words = ['endpoints', 'add', 'ollama'];
	await runProgram([...words, '--base-url', 'http://10.0.0.5:11434/v1'], {
		home,
	});
	const {stdout} = await runProgram(['endpoints'], {home});

	assert.equal(stdout.match(/^ollama /gm)?.length, 1);
	assert.match(stdout, /^ollama .*10\.0\.0\.5.* added$/m);
});

for (const [url, isWarned] of [
	['http://10.0.0.5/v1', true],
	['http://localhost:1/v1', false],
	['http://127.0.0.1/v1', false],
	['https://example.org/v1', false],
] as const) {
	test(`a key for ${url} is ${isWarned ? 'warned of' : 'no matter'}`, async () => {
		const words = ['endpoints', 'add', 'lab', '--base-url', url];
		const withKey = await runProgram([...words, '--key-env', 'LAB_KEY']);
		const without = await runProgram(words);

		assert.equal(withKey.code, 0);
		assert.equal(withKey.stderr.includes('not encrypted'), isWarned);
		assert.equal(without.stderr, '');
	});
}

test('an existing one is overwritten only by force', async () => {
	const home = emptyFolder();
	const words = ['endpoints', 'add', 'lab', '--base-url'];
	await runProgram([...words, 'http://localhost:1/v1'], {home});
	const refused = await runProgram([...words, 'http://localhost:2/v1'], {home});
	await runProgram([...words, 'http://localhost:3/v1', '--force'], {home});

	assert.equal(refused.code, 2);
	assert.match(refused.stderr, /--force/);
	assert.equal(
		(await endpointsIn(home))['lab']?.baseUrl,
		'http://localhost:3/v1',
	);
});

const add = (name: string, ...words: readonly string[]) => [
	'endpoints',
	'add',
	name,
	'--base-url',
	'http://localhost/v1',
	...words,
];

for (const [words, message] of [
	[['endpoints', 'ad'], /no "endpoints ad".*\n.*Did you mean "add"\?/],
	[['endpoints', 'list', 'all'], /"all" is more than/],
	[['endpoints', 'add'], /The name is missing/],
	[['endpoints', 'add', 'lab'], /address of "lab" is missing/],
	[['endpoints', 'add', 'lab', '--base-url', 'lab:80'], /not an http/],
	[['endpoints', 'add', 'lab', '--base-url', 'file:///x'], /not an http/],
	[add('openai'), /"openai" is taken/],
	[add('demo'), /"demo" is taken/],
	[add('anthropic'), /"anthropic" is taken/],
	[add('a/b'), /cannot be called "a\/b"/],
	[
		add('lab', '--api', 'soap'),
		/--api takes chat, responses, anthropic, or gemini, not "soap"/,
	],
	[['endpoints', 'remove', 'nobody'], /no endpoint called "nobody"/],
	[['endpoints', 'remove', 'ollama'], /"ollama" is built in/],
] as const) {
	test(`${words.join(' ')} is a usage error and changes nothing`, async () => {
		const home = emptyFolder();
		const {code, stdout, stderr} = await runProgram(words, {home});

		assert.equal(code, 2);
		assert.equal(stdout, '');
		assert.match(stderr, message);
		assert.deepEqual(await endpointsIn(home), {});
	});
}

const pathIn = {
	chat: /\/v1\/chat\/completions$/,
	responses: /\/v1\/responses$/,
	anthropic: /^\/v1\/messages/,
	gemini: /\/models\/a:streamGenerateContent/,
} as const;

for (const api of apiNames) {
	test(`a server that speaks ${api} is asked in its own protocol, with its own key`, async t => {
		const server = await startWirePlayer(() => textIn[api]('It is so.'));
		t.after(server.close);
		const home = emptyFolder();
		const added = await runProgram(
			[
				'endpoints',
				'add',
				'lab',
				'--base-url',
				server.url,
				'--api',
				api,
				'--key-env',
				'LAB_KEY',
			],
			{home},
		);
		const {stdout} = await runProgram(
			['run', '-m', 'lab/a', '--arbiter', 'lab/a', 'Is it so?'],
			{home, env: {LAB_KEY: 'sk-lab-1'}},
		);

		assert.equal(added.code, 0, added.stderr);
		assert.notEqual(stdout, '');
		assert.ok(server.seen.every(({path}) => pathIn[api].test(path)));
		assert.ok(
			server.seen.every(({headers}) =>
				Object.values(headers).some(value =>
					String(value).includes('sk-lab-1'),
				),
			),
		);
	});
}

test('with an endpoint its stored key goes, and another address for it is told', async () => {
	const home = emptyFolder();
	await runProgram(add('lab'), {home});
	await runProgram(['keys', 'set', 'lab'], {home, input: 'sk-lab-1'});
	const moved = await runProgram(
		['endpoints', 'add', 'lab', '--base-url', 'http://10.0.0.9/v1', '--force'],
		{home},
	);
	const removed = await runProgram(['endpoints', 'remove', 'lab', '--force'], {
		home,
	});
	const listed = await runProgram(['keys'], {home});

	assert.match(
		moved.stderr,
		/stored for lab will be sent to http:\/\/10\.0\.0\.9\/v1/,
	);
	assert.match(moved.stderr, /not encrypted/);
	assert.match(removed.stdout, /Removed the stored key for lab/);
	assert.doesNotMatch(listed.stdout, /lab/);
});

test('a key given by mistake is refused and not repeated', async () => {
	for (const words of [
		add('lab', '--key-env', 'sk-123456'),
		['endpoints', 'add', 'lab', '--base-url', 'http://me:sk-123456@x/v1'],
		['endpoints', 'add', 'lab', '--base-url', 'http://x/v1?key=sk-123456'],
		['endpoints', 'add', 'lab', '--base-url', 'http://x/v1#sk-123456'],
	]) {
		const {code, stderr} = await runProgram(words);

		assert.equal(code, 2);
		assert.doesNotMatch(stderr, /123456/);
	}
});
