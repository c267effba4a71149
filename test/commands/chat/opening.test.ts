import assert from 'node:assert/strict';
import {
	chmodSync,
	readdirSync,
	readFileSync,
	renameSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {changeConfig, readConfig} from '../../../source/config/config.js';
import {demo} from '../../../source/config/demo.js';
import {changeKeys} from '../../../source/config/keys.js';
import {UserError} from '../../../source/core/user-error.js';
import {switchLog} from '../../../source/store/log-switch.js';
import {runCommand} from '../../helpers/command.js';
import {emptyFolder} from '../../helpers/program.js';
import {closedUrl} from '../../helpers/providers.js';
import {modelList} from '../../helpers/scenes.js';
import {secretKey} from '../../helpers/scripted.js';
import {servicesAt} from '../../helpers/services.js';
import {startWirePlayer} from '../../helpers/wire-player.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const trio = {...demo, name: 'trio', maxIterations: 7};
const keys = {OPENAI_API_KEY: secretKey, ANTHROPIC_API_KEY: secretKey};

async function homeWithTrio(isDefault = true): Promise<string> {
	const home = emptyFolder();
	await changeConfig(home, config => ({
		...config,
		default: isDefault ? 'trio' : null,
		consortiums: {trio},
	}));
	return home;
}

test('without anything the app opens in the demo, keyless, and makes nothing', async t => {
	const {services, home, notices} = servicesAt(t);

	assert.deepEqual(await services.open(), {
		choice: {kind: 'built-in', consortium: demo, isDefault: false},
		settings: {theme: 'auto', bell: true, dailyLimitUsd: null},
		notices: [],
		continued: null,
		isKeyless: true,
		isLogged: true,
	});
	assert.deepEqual(await services.history(), []);
	assert.deepEqual(await services.conversations('', null), []);
	assert.deepEqual(readdirSync(home), []);
	assert.deepEqual(notices, []);
});

test('with keys alone the consortium is chosen by them', async t => {
	const {choice, isKeyless} = await servicesAt(t, {env: keys}).services.open();

	assert.equal(choice.kind, 'chosen');
	assert.equal(isKeyless, false);
	assert.deepEqual(
		choice.consortium.members.map(({model}) => model),
		['anthropic/claude-opus-5-5', 'openai/gpt-6.1-sol'],
	);
});

test('the default is opened as it is saved, also where there are keys', async t => {
	const home = await homeWithTrio();
	const {choice} = await servicesAt(t, {home, env: keys}).services.open();

	assert.deepEqual(choice, {kind: 'saved', consortium: trio, isDefault: true});
});

test('a named consortium is opened; what flags change lasts for the session', async t => {
	const home = await homeWithTrio(false);
	const open = async (...words: string[]) => {
		const {choice} = await servicesAt(t, {home, words}).services.open();
		return choice;
	};

	assert.deepEqual(await open('-C', 'trio'), {
		kind: 'saved',
		consortium: trio,
		isDefault: false,
	});
	assert.equal((await open('-C', 'demo')).kind, 'built-in');
	assert.deepEqual(await open('-C', 'trio', '--max-iterations', '2'), {
		kind: 'changed',
		consortium: {...trio, maxIterations: 2},
		isDefault: false,
	});
	assert.equal((await open('--stop', 'both')).consortium.name, 'demo');
	assert.deepEqual((await readConfig(home)).config.consortiums, {trio});
});

test('members given by flags have an arbiter', async t => {
	const {services} = servicesAt(t, {words: ['-m', 'x/y:2'], env: keys});
	const {choice, isKeyless} = await services.open();

	assert.equal(choice.kind, 'changed');
	assert.equal(choice.consortium.name, 'unsaved');
	assert.deepEqual(choice.consortium.arbiters, [
		{model: 'anthropic/claude-opus-5-5'},
	]);
	assert.equal(isKeyless, false);
});

test('a damaged configuration opens the demo and says what to do, until it is put right', async t => {
	const home = emptyFolder();
	writeFileSync(join(home, 'config.json'), '{"default": "trio",');
	const words = ['-C', 'trio'];
	const first = await servicesAt(t, {home, env: keys}).services.open();
	const again = await servicesAt(t, {home, env: keys}).services.open();
	const named = await servicesAt(t, {home, env: keys, words}).services.open();
	const kept = readdirSync(home).find(name => name.includes('damaged'))!;

	for (const opening of [first, again, named]) {
		assert.equal(opening.choice.kind, 'built-in');
		assert.equal(opening.isKeyless, false);
		assert.ok(opening.notices.at(-1)!.includes(kept));
		assert.match(opening.notices.at(-1)!, /move it back to config\.json/);
	}

	assert.match(first.notices[0]!, /was damaged .*JSON/);
	assert.equal(again.notices.length, 1);

	const own = servicesAt(t, {home, env: keys, words: ['-m', 'gpt-6-luna']});
	assert.equal((await own.services.open()).choice.kind, 'changed');

	renameSync(join(home, kept), join(home, 'config.json'));
	writeFileSync(join(home, 'config.json'), '{}');
	const right = await servicesAt(t, {home, env: keys}).services.open();
	assert.equal(right.choice.kind, 'chosen');
	assert.deepEqual(right.notices, []);
});

test('a default that is gone opens the demo and says so', async t => {
	const home = emptyFolder();
	await changeConfig(home, config => ({...config, default: 'gone'}));
	const {choice, notices} = await servicesAt(t, {
		home,
		env: keys,
	}).services.open();

	assert.equal(choice.kind, 'built-in');
	assert.match(notices.join('\n'), /"gone"/);
});

for (const [words, message] of [
	[['-C', 'tri'], /"tri"/],
	[['--stop', 'never'], /--stop/],
	[['-m', 'trio?seed=1'], /is a saved consortium/],
] as const) {
	test(`${words.join(' ')} is refused`, async t => {
		const {services} = servicesAt(t, {home: await homeWithTrio(), words});
		await assert.rejects(
			services.open(),
			(error: unknown) =>
				error instanceof UserError && message.test(error.message),
		);
	});
}

test('settings are read, and saved beside the others', async t => {
	const home = emptyFolder();
	await changeConfig(home, config => ({
		...config,
		settings: {stallSeconds: 5, theme: 'light'},
	}));
	const {services} = servicesAt(t, {home});
	assert.deepEqual((await services.open()).settings, {
		theme: 'light',
		bell: true,
		dailyLimitUsd: null,
	});

	await services.saveSettings({theme: 'plain', bell: false, dailyLimitUsd: 5});
	assert.deepEqual((await services.open()).settings, {
		theme: 'plain',
		bell: false,
		dailyLimitUsd: 5,
	});
	const {config, notices} = await readConfig(home);
	assert.equal(config.settings.stallSeconds, 5);
	assert.deepEqual(notices, []);
});

test('what there is to say about the files is said once, at the opening', async t => {
	const home = emptyFolder();
	await changeKeys(home, () => ({openai: secretKey}));
	chmodSync(join(home, 'keys.json'), 0o644);
	const {services, notices} = servicesAt(t, {home});

	assert.match((await services.open()).notices.join('\n'), /read by others/);
	assert.deepEqual((await services.open()).notices, []);
	await services.keys();
	assert.deepEqual(notices, []);
});

test('what other processes change is seen', async t => {
	const home = await homeWithTrio();
	const {services} = servicesAt(t, {home});
	const names = async () =>
		(await services.consortiums()).map(({kind, consortium, isDefault}) => [
			kind,
			consortium.name,
			isDefault,
		]);
	assert.deepEqual(await names(), [
		['saved', 'trio', true],
		['built-in', 'demo', false],
	]);

	await changeConfig(home, config => ({
		...config,
		default: 'demo',
		consortiums: {...config.consortiums, duo: {...trio, name: 'duo'}},
	}));
	assert.deepEqual(await names(), [
		['saved', 'duo', false],
		['saved', 'trio', false],
		['built-in', 'demo', true],
	]);
	await changeKeys(home, () => ({openai: secretKey}));
	const openai = (await services.keys()).find(
		({provider}) => provider === 'openai',
	);
	assert.equal(openai?.source, 'stored');
});

test('with the log switched off, by flag or for good, the app is told', async t => {
	const home = emptyFolder();
	const {services} = servicesAt(t, {words: ['--no-log']});
	assert.equal((await services.open()).isLogged, false);
	switchLog(home, false);
	const off = servicesAt(t, {home});
	assert.equal((await off.services.open()).isLogged, false);
});

test('a local server is found and makes a consortium; without one there is none', async t => {
	const player = await startWirePlayer(() => modelList('embed-1', 'llama3.2'));
	t.after(player.close);
	const home = emptyFolder();
	const nobody = await closedUrl();
	const serve = async (ollama: string) =>
		changeConfig(home, config => ({
			...config,
			endpoints: {
				ollama: {baseUrl: ollama, keyEnv: null, api: 'chat'},
				lmstudio: {baseUrl: nobody, keyEnv: null, api: 'chat'},
			},
		}));
	const {services} = servicesAt(t, {home});
	await serve(nobody);
	assert.equal(await services.findLocal(), null);
	await serve(player.url);
	const choice = await services.findLocal();

	assert.equal(choice?.kind, 'chosen');
	assert.deepEqual(choice.consortium.members, [
		{slot: 'llama3.2', model: 'ollama/llama3.2', count: 3},
	]);
});

test('opening loads no SDK, no SQLite, no prices, and without a file no validator', async () => {
	const home = await homeWithTrio();
	const loads = join(emptyFolder(), 'loads');
	const program = `
		import {createServices} from './source/commands/chat/services.ts';
		const flags = {model: [], strategyParam: [], noLog: false};
		const place = {environment: {CONSORTIUM_TUI_HOME: process.argv[1]}};
		const {services} = createServices(place, flags, {onNotice() {}});
		await services.open();
		await services.history();
		await services.consortiums();
	`;
	const loadedIn = async (folder: string) => {
		writeFileSync(loads, '');
		const {stderr} = await runCommand(
			[
				process.execPath,
				'--import=tsx',
				'--import=./bench/note-loads.ts',
				'--input-type=module',
				'--eval',
				program,
				folder,
			],
			{folder: root, env: {BENCH_LOADS: loads}},
		);
		assert.equal(stderr, '');
		return readFileSync(loads, 'utf8');
	};

	const heavy =
		/node_modules\/(?:openai|@anthropic-ai|@google|@pydantic|better-sqlite3|ink|react|undici)\//;
	const configured = await loadedIn(home);
	assert.match(configured, /node_modules\/conf\//);
	assert.doesNotMatch(configured, heavy);
	const bare = await loadedIn(emptyFolder());
	assert.match(bare, /chat\/opening/);
	assert.doesNotMatch(bare, heavy);
	assert.doesNotMatch(bare, /node_modules\/(?:conf|ajv)\//);
});
