import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import Conf from 'conf';
import {
	changeConfig,
	readConfig,
	type Config,
} from '../../source/config/config.js';
import {demo} from '../../source/config/demo.js';
import {migrate} from '../../source/config/migrate.js';
import {configSchema} from '../../source/config/schema.js';
import {UserError} from '../../source/core/user-error.js';
import {emptyFolder} from '../helpers/program.js';

const pathIn = (folder: string) => join(folder, 'config.json');

const withTrio = (config: Config): Config => ({
	...config,
	consortiums: {...config.consortiums, trio: {...demo, name: 'trio'}},
});

test('a folder without a configuration has the empty one, and stays as it is', async () => {
	const folder = join(emptyFolder(), 'not-there');
	const {config, notices} = await readConfig(folder);

	assert.deepEqual(config, {
		version: 1,
		default: null,
		consortiums: {},
		endpoints: {},
		settings: {},
	});
	assert.deepEqual(notices, []);
	assert.equal(existsSync(folder), false);
});

test('what is changed is read back', async () => {
	const folder = emptyFolder();
	await changeConfig(folder, withTrio);
	await changeConfig(folder, config => ({...config, default: 'trio'}));
	const {config} = await readConfig(folder);

	assert.equal(config.default, 'trio');
	assert.deepEqual(config.consortiums, {trio: {...demo, name: 'trio'}});
	assert.deepEqual(readdirSync(folder), ['config.json']);
});

test('only the owner can read the file and its folder', async () => {
	const folder = join(emptyFolder(), 'made', 'here');
	await changeConfig(folder, withTrio);

	assert.equal(statSync(folder).mode & 0o777, 0o700);
	assert.equal(statSync(pathIn(folder)).mode & 0o777, 0o600);
});

for (const [what, text, reason] of [
	['not JSON', '{"version": 1,', /JSON/],
	['empty', '', /JSON/],
	['no object', '[]', /not a JSON object/],
	['a wrong type', '{"version": 1, "default": 5}', /`default`/],
	['a version that is none', '{"version": "x"}', /`version`/],
	[
		'a consortium without its members',
		JSON.stringify({
			version: 1,
			consortiums: {trio: {...demo, members: undefined}},
		}),
		/trio/,
	],
	[
		'an endpoint of an unknown protocol',
		'{"endpoints": {"lab": {"baseUrl": "http://x", "keyEnv": null, "api": "soap"}}}',
		/lab/,
	],
] as const) {
	test(`a damaged configuration (${what}) is kept aside and reported, whoever comes first`, async () => {
		for (const open of [
			async (folder: string) => (await readConfig(folder)).notices,
			async (folder: string) => changeConfig(folder, withTrio),
		]) {
			const folder = emptyFolder();
			writeFileSync(pathIn(folder), text);
			const notices = await open(folder);
			const kept = readdirSync(folder).find(name =>
				name.startsWith('config.json.damaged-'),
			)!;

			assert.equal(notices.length, 1);
			assert.match(notices[0]!, reason);
			assert.ok(notices[0]!.includes(kept));
			assert.equal(readFileSync(join(folder, kept), 'utf8'), text);
			assert.deepEqual((await readConfig(folder)).notices, []);
		}
	});
}

test('a configuration of a newer version is an error and stays untouched', async () => {
	const folder = emptyFolder();
	const text = '{"version": 99, "future": true}';
	writeFileSync(pathIn(folder), text);

	await assert.rejects(readConfig(folder), (error: unknown) => {
		assert.ok(error instanceof UserError);
		assert.match(error.message, /newer version/);
		return true;
	});
	await assert.rejects(changeConfig(folder, withTrio), UserError);
	assert.equal(readFileSync(pathIn(folder), 'utf8'), text);
	assert.deepEqual(readdirSync(folder), ['config.json']);
});

test('a file written by hand may leave out what it does not need', async () => {
	const folder = emptyFolder();
	const text = '\uFEFF{"settings": {"providerLimit": 4}}';
	writeFileSync(pathIn(folder), text);
	const {config, notices} = await readConfig(folder);

	assert.deepEqual(notices, []);
	assert.equal(config.default, null);
	assert.deepEqual(config.settings, {providerLimit: 4});
	assert.equal(
		readFileSync(pathIn(folder), 'utf8'),
		text,
		'reading writes nothing',
	);
});

test('an unknown setting is reported and kept', async () => {
	const folder = emptyFolder();
	writeFileSync(pathIn(folder), '{"settings": {"providerLimits": 4}}');
	const {notices} = await readConfig(folder);
	await changeConfig(folder, withTrio);
	const {config} = await readConfig(folder);

	assert.equal(notices.length, 1);
	assert.match(notices[0]!, /"providerLimits".*Did you mean "providerLimit"\?/);
	assert.deepEqual(config.settings, {providerLimits: 4});
});

test('a change that throws leaves the configuration as it was and open to the next one', async () => {
	const folder = emptyFolder();
	await changeConfig(folder, withTrio);
	const before = readFileSync(pathIn(folder), 'utf8');

	await assert.rejects(
		changeConfig(folder, () => {
			throw new UserError('no');
		}),
		/^UserError: no$/,
	);
	assert.equal(readFileSync(pathIn(folder), 'utf8'), before);
	await changeConfig(folder, config => ({...config, default: 'trio'}));
	assert.equal((await readConfig(folder)).config.default, 'trio');
});

test('a folder that cannot be made is an error a person can understand', async () => {
	const file = join(emptyFolder(), 'file');
	writeFileSync(file, '');

	await assert.rejects(changeConfig(join(file, 'under'), withTrio), {
		name: 'UserError',
		message: /cannot be written/,
	});
});

test('processes that change it at the same moment do not lose what the others did', async () => {
	const folder = emptyFolder();
	const script = `
		import {changeConfig} from '${new URL('../../source/config/config.ts', import.meta.url).href}';
		const [folder, name] = process.argv.slice(1);
		for (const number of [1, 2, 3, 4, 5]) {
			await changeConfig(folder, config => ({
				...config,
				endpoints: {...config.endpoints, [name + number]: {baseUrl: 'http://x', keyEnv: null, api: 'chat'}},
			}));
		}
	`;

	await Promise.all(
		['a', 'b', 'c', 'd'].map(async name =>
			// eslint-disable-next-line @typescript-eslint/strict-void-return -- The rule looks at another overload.
			promisify(execFile)(
				process.execPath,
				['--import=tsx', '--input-type=module', '-e', script, folder, name],
				{cwd: fileURLToPath(new URL('../..', import.meta.url))},
			),
		),
	);

	const {config} = await readConfig(folder);
	assert.equal(Object.keys(config.endpoints).length, 20);
});

test('the lock of a process that died does not last', async () => {
	const folder = emptyFolder();
	const lock = `${pathIn(folder)}.lock`;
	const tomorrow = Date.now() / 1000 + 86_400;

	for (const time of [1, tomorrow]) {
		mkdirSync(lock);
		utimesSync(lock, time, time);
		await changeConfig(folder, withTrio);
		assert.deepEqual(readdirSync(folder), ['config.json']);
	}
});

test('an old configuration is brought up to date step by step', () => {
	const steps = [
		(stored: Readonly<Record<string, unknown>>) => ({...stored, second: true}),
		({second, ...stored}: Readonly<Record<string, unknown>>) => ({
			...stored,
			third: second,
		}),
	];

	assert.deepEqual(migrate({kept: 1}, steps), {
		version: 3,
		kept: 1,
		third: true,
	});
	assert.deepEqual(migrate({version: 2, second: 'own'}, steps), {
		version: 3,
		third: 'own',
	});
	assert.deepEqual(migrate({version: 3, kept: 1}, steps), {
		version: 3,
		kept: 1,
	});
	assert.throws(() => migrate({version: 4}, steps), UserError);
});

test('the schema itself is valid', () => {
	const open = (schema: unknown) =>
		new Conf({cwd: emptyFolder(), schema: schema as never});

	assert.equal(open(configSchema).size, 0);
	assert.throws(
		() => open({...configSchema, version: {type: 'nonsense'}}),
		/schema is invalid/,
	);
});

test('a pipe in place of the configuration is refused, where reading it would wait for ever', async () => {
	const folder = emptyFolder();
	execFileSync('mkfifo', [pathIn(folder)]);
	await assert.rejects(readConfig(folder), /is no ordinary file/);
});
