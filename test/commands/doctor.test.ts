import assert from 'node:assert/strict';
import {
	chmodSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	realpathSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {test, type TestContext} from 'node:test';
import Database from 'better-sqlite3';
import {changeConfig, type SavedEndpoint} from '../../source/config/config.js';
import {terminal} from '../../source/commands/doctor/surroundings.js';
import {openLog} from '../../source/store/database.js';
import {placeAt} from '../helpers/place.js';
import {closedUrl, testKey} from '../helpers/providers.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {modelList, status} from '../helpers/scenes.js';
import {startOnScreen} from '../helpers/screen.js';
import {startWirePlayer, type Scene} from '../helpers/wire-player.js';

type Finding = {
	readonly area: string;
	readonly name: string;
	readonly says: string;
	readonly remedy: string | null;
};

/**
An address at which nobody listens.
*/
const nobody = await closedUrl();

async function playing(t: TestContext, scene: Scene) {
	const player = await startWirePlayer(() => scene);
	t.after(player.close);
	return player;
}

const chat = (
	baseUrl: string,
	keyEnv: string | null = null,
): SavedEndpoint => ({baseUrl, keyEnv, api: 'chat'});

async function findingsIn(
	home: string,
	env: Readonly<Record<string, string>> = {},
) {
	const {code, stdout, stderr} = await runProgram(['doctor', '--json'], {
		home,
		env,
	});
	assert.deepEqual([code, stderr], [0, '']);
	const {v, problems, findings} = JSON.parse(stdout) as {
		v: number;
		problems: number;
		findings: Finding[];
	};
	assert.equal(v, 1);
	assert.equal(problems, findings.filter(({remedy}) => remedy !== null).length);

	return {
		stdout,
		all: findings,
		find: (area: string, name: string) =>
			findings.filter(each => each.area === area && each.name === name),
	};
}

/**
All there is to know of the files in a folder without reading them.
*/
const stateOf = (folder: string) =>
	readdirSync(folder, {recursive: true, encoding: 'utf8'}).map(name => {
		const {mode, size, mtimeMs} = statSync(join(folder, name));
		return {name, mode, size, mtimeMs};
	});

test('where nothing is yet, nothing is made, and what to do is told', async () => {
	const home = join(emptyFolder(), 'not', 'there');
	const {code, stdout, stderr} = await runProgram(['doctor'], {home});

	assert.deepEqual([code, stderr], [0, '']);
	assert.match(stdout, /^ {4}SQLite +3\./m);
	assert.match(
		stdout,
		new RegExp(String.raw`^ {4}log\.db +${home}/log\.db \(not there\)$`, 'm'),
	);
	assert.throws(() => statSync(home), /ENOENT/);
});

test('a healthy place is left as it is, to the byte', async t => {
	const player = await playing(t, modelList('a'));
	const home = emptyFolder();
	await changeConfig(home, config => ({
		...config,
		endpoints: {box: chat(player.url)},
	}));
	openLog(join(home, 'log.db')).close();
	mkdirSync(join(home, 'prompts'));
	const before = stateOf(home);
	const {find, all} = await findingsIn(home);

	assert.deepEqual(stateOf(home), before);
	assert.deepEqual(
		all.filter(({remedy}) => remedy !== null),
		[],
	);
	assert.match(find('log', 'check')[0]!.says, /nothing is damaged/);
	assert.match(find('log', 'rows')[0]!.says, /^0 runs/);
	assert.match(find('files', 'config.json')[0]!.says, /KB, mode 600\)$/);
	assert.match(
		find('servers', 'box')[0]!.says,
		/^reachable at http:\/\/127.*, 1 model$/,
	);
	assert.deepEqual(
		player.seen.map(({method, path}) => [method, path]),
		[['GET', '/v1/models']],
	);
});

test('a log of llm that was never imported is named, and is no problem', async () => {
	const home = emptyFolder();
	const theirs = emptyFolder();
	const file = join(theirs, 'logs.db');
	const env = {LLM_USER_PATH: theirs};
	assert.deepEqual((await findingsIn(home, env)).find('log', 'llm'), []);

	writeFileSync(file, 'never opened');
	const [finding] = (await findingsIn(home, env)).find('log', 'llm');
	assert.equal(
		finding?.says,
		`not imported: consortium-tui logs import '${file}'`,
	);
	assert.equal(finding.remedy, null);

	const log = openLog(join(home, 'log.db'));
	log
		.prepare('INSERT INTO consortium_sources VALUES (?, ?, 0, 0)')
		.run('s1', realpathSync(file));
	log.close();
	assert.deepEqual((await findingsIn(home, env)).find('log', 'llm'), []);
});

test('a log that is being written is looked at without a trace', async () => {
	const home = emptyFolder();
	const log = openLog(join(home, 'log.db'));
	log.exec('CREATE TABLE more (x)');
	const before = readdirSync(home).toSorted();
	const {find} = await findingsIn(home);
	const after = readdirSync(home).toSorted();
	log.close();

	assert.deepEqual(after, before);
	assert.match(find('log', 'tables')[0]!.says, /^version \d+$/);
});

test('problems are marked, counted at the end, and each has a way out', async t => {
	const refusing = await playing(t, status(401, {error: {message: 'No.'}}));
	const home = emptyFolder();
	await changeConfig(home, config => ({
		...config,
		default: 'gone',
		// Whatever runs on this machine is not asked.
		endpoints: Object.fromEntries(
			['away', 'ollama', 'lmstudio', 'vllm'].map(name => [name, chat(nobody)]),
		),
	}));
	const {code, stdout} = await runProgram(['doctor'], {
		home,
		env: {OPENAI_API_KEY: testKey, OPENAI_BASE_URL: refusing.url},
	});
	const end = stdout.slice(stdout.search(/^\d+ problems$/m));
	const marked = stdout.match(/^ {2}✗ /gm)!.length;
	const [count] = /^\d+/.exec(end)!;

	assert.equal(code, 0);
	assert.equal(marked, Number(count) * 2);
	assert.match(end, /✗ default: gone.*\n {4}Choose one/);
	assert.match(
		end,
		/✗ openai: the key is refused: .*\(401\).*\n {4}Get another/,
	);
	assert.match(end, /✗ away: not reachable: .*\n {4}Start the server/);
	assert.match(end, /✗ models: no model can be asked.*\n {4}Set the key/);
	assert.ok(!stdout.includes(testKey));
});

test('a damaged configuration is told and stays where it is', async () => {
	for (const [text, message] of [
		['{"version": 1, "def', /damaged: .*JSON/],
		['[]', /damaged: it is not a JSON object/],
		[
			'{"version": 1, "consortiums": {"a": {}}}',
			/damaged: it does not fit the schema/,
		],
		['{"version": 99}', /newer version/],
	] as const) {
		const home = emptyFolder();
		writeFileSync(join(home, 'config.json'), text);
		const {find} = await findingsIn(home);
		const [finding] = find('configuration', 'config.json');

		assert.match(finding!.says, message);
		assert.notEqual(finding!.remedy, null);
		assert.deepEqual(readdirSync(home), ['config.json']);
		assert.equal(readFileSync(join(home, 'config.json'), 'utf8'), text);
	}
});

test('a setting nobody knows is told with the nearest one', async () => {
	const home = emptyFolder();
	const misspelt: object = {stalSeconds: 5};
	await changeConfig(home, config => ({
		...config,
		settings: misspelt,
	}));
	const {find} = await findingsIn(home);

	assert.match(
		find('configuration', 'config.json')[0]!.says,
		/"stalSeconds".*Did you mean "stallSeconds"/,
	);
});

test('a log that is none, is damaged or is of a newer version is told', async () => {
	const noLog = emptyFolder();
	writeFileSync(join(noLog, 'log.db'), 'Dear diary, '.repeat(500));

	const damaged = emptyFolder();
	const log = openLog(join(damaged, 'log.db'));
	log.exec(
		'CREATE TABLE more (x); INSERT INTO more SELECT hex(randomblob(500)) FROM sqlite_master, sqlite_master LIMIT 200',
	);
	const root = log
		.prepare<[], number>(
			"SELECT rootpage FROM sqlite_master WHERE name = 'more'",
		)
		.pluck()
		.get()!;
	const pageSize = Number(log.pragma('page_size', {simple: true}));
	log.close();
	const bytes = readFileSync(join(damaged, 'log.db'));
	bytes.fill(0xff, (root - 1) * pageSize + 8, root * pageSize);
	writeFileSync(join(damaged, 'log.db'), bytes);

	const newer = emptyFolder();
	const future = openLog(join(newer, 'log.db'));
	future.exec('INSERT INTO consortium_migrations VALUES (999, 0)');
	future.close();

	const says = async (home: string) => {
		const {all} = await findingsIn(home);
		return all
			.filter(({area, remedy}) => area === 'log' && remedy !== null)
			.map(each => each.says)
			.join('\n');
	};

	assert.match(await says(noLog), /not a SQLite database/);
	assert.match(await says(damaged), /damaged/);
	assert.match(await says(newer), /newer version/);
});

test('a database of another program is not touched', async () => {
	const home = emptyFolder();
	const other = new Database(join(home, 'log.db'));
	other.exec('CREATE TABLE responses (x)');
	other.close();
	const before = stateOf(home);
	const {find} = await findingsIn(home);

	assert.match(find('log', 'tables')[0]!.says, /not made yet/);
	assert.deepEqual(stateOf(home), before);
});

test('keys are told by where they come from, and one that cannot be one is a problem', async () => {
	const home = emptyFolder();
	await changeConfig(home, config => ({
		...config,
		endpoints: {box: chat(nobody, 'BOX_KEY')},
	}));
	const {find, stdout} = await findingsIn(home, {
		GROQ_API_KEY: 'gsk with spaces',
		GOOGLE_API_KEY: testKey,
		GEMINI_BASE_URL: nobody,
	});

	assert.equal(find('keys', 'gemini')[0]!.says, 'from GOOGLE_API_KEY');
	assert.deepEqual(
		find('keys', 'anthropic').map(({says, remedy}) => [says, remedy]),
		[['missing', null]],
	);
	assert.match(find('keys', 'groq')[0]!.says, /has spaces/);
	assert.match(find('keys', 'box')[0]!.remedy!, /BOX_KEY/);
	assert.ok(!stdout.includes('with spaces'));
	assert.ok(!stdout.includes(testKey));
});

test('keys that others can read are told', async () => {
	const home = emptyFolder();
	writeFileSync(join(home, 'keys.json'), '{}');
	chmodSync(join(home, 'keys.json'), 0o644);
	const open = await findingsIn(home);
	chmodSync(join(home, 'keys.json'), 0o600);
	const closed = await findingsIn(home);

	assert.match(open.find('files', 'keys.json')[0]!.remedy!, /^chmod 600 /);
	assert.equal(closed.find('files', 'keys.json')[0]!.remedy, null);
});

test('other addresses are shown, each for its own provider and without what may be a secret', async () => {
	const {find, stdout} = await findingsIn(emptyFolder(), {
		OPENAI_BASE_URL: 'https://proxy.example/v1?token=hush',
		ANTHROPIC_BASE_URL: 'nonsense',
		GEMINI_BASE_URL: 'https://me:hush@box.example',
	});

	const moved = await findingsIn(emptyFolder(), {
		OPENAI_BASE_URL: 'https://proxy.example/v1',
	});

	assert.deepEqual(
		moved
			.find('servers', 'OPENAI_BASE_URL')
			.map(({says, remedy}) => [says, remedy]),
		[['openai is reached at https://proxy.example/v1', null]],
	);
	assert.match(find('servers', 'OPENAI_BASE_URL')[0]!.says, /behind its path/);
	assert.match(
		find('servers', 'ANTHROPIC_BASE_URL')[0]!.says,
		/anthropic is not an http/,
	);
	assert.match(find('servers', 'GEMINI_BASE_URL')[0]!.says, /a password/);
	assert.ok(!stdout.includes('hush'));
});

test('a proxy that is not used is said to be, and not shown', async () => {
	const {find, stdout} = await findingsIn(emptyFolder(), {
		HTTPS_PROXY: 'https://me:hush@proxy.example',
	});

	assert.match(find('servers', 'HTTPS_PROXY')[0]!.says, /not used/);
	assert.ok(!stdout.includes('hush'));
});

test('an endpoint in the place of a vendor is told', async () => {
	const home = emptyFolder();
	await changeConfig(home, config => ({
		...config,
		endpoints: {openai: chat(nobody)},
	}));
	const {find} = await findingsIn(home);

	assert.match(find('servers', 'openai')[0]!.says, /cannot be named openai/);
});

test('prompts of the person are told, and those that cannot be used are problems', async () => {
	const home = emptyFolder();
	mkdirSync(join(home, 'prompts'));
	writeFileSync(join(home, 'prompts', 'arbiter.md'), '{{nobody}}');
	writeFileSync(join(home, 'prompts', 'arbitre.md'), 'Judge.');
	const {find} = await findingsIn(home);

	assert.match(find('files', 'prompts/arbiter.md')[0]!.says, /replaces/);
	assert.match(find('files', 'prompts/arbitre.md')[0]!.remedy!, /arbiter\.md/);
	assert.match(
		find('files', 'prompts')
			.map(({says}) => says)
			.join(' '),
		/cannot be used/,
	);
});

test('roles of the person are listed, and those that cannot be given out are problems', async () => {
	const home = emptyFolder();
	const folder = join(home, 'prompts', 'roles');
	mkdirSync(join(folder, 'unreadable.md'), {recursive: true});
	writeFileSync(join(folder, 'skeptic.md'), 'Doubt.');
	writeFileSync(join(folder, 'pirate.md'), 'Speak like one.');
	writeFileSync(join(folder, 'empty.md'), ' \n');
	writeFileSync(join(folder, 'notes.txt'), 'No role.');
	const {find} = await findingsIn(home);
	const of = (name: string) => find('files', `prompts/roles/${name}.md`);

	assert.match(of('skeptic')[0]!.says, /replaces the built-in role/);
	assert.match(of('pirate')[0]!.says, /--role 'pirate'/);
	assert.equal(of('pirate')[0]!.remedy, null);
	assert.match(of('empty')[0]!.says, /has no text/);
	assert.match(of('empty')[0]!.remedy!, /remove the file/);
	assert.match(of('unreadable')[0]!.says, /is no file/);
	assert.deepEqual(of('verifier'), [], 'those that are built in are no news');
});

test('roles that cannot be listed are a problem', async () => {
	const home = emptyFolder();
	mkdirSync(join(home, 'prompts'));
	writeFileSync(join(home, 'prompts', 'roles'), '');
	const {find} = await findingsIn(home);

	assert.match(find('files', 'prompts/roles')[0]!.says, /cannot be listed/);
	assert.match(find('files', 'prompts/roles')[0]!.remedy!, /remove it/);
});

test('a home that is no folder is told', async () => {
	const home = join(emptyFolder(), 'file');
	writeFileSync(home, '');
	const {find} = await findingsIn(home);

	assert.match(find('files', 'folder')[0]!.says, /is no folder/);
	assert.notEqual(find('files', 'folder')[0]!.remedy, null);
});

test('what a terminal can do is told', async () => {
	const screen = startOnScreen(['doctor'], {
		columns: 123,
		rows: 45,
		env: {TERM: 'xterm-256color', LANG: 'C.UTF-8', CI: '1'},
	});
	await screen.ended;

	assert.match(screen.text(), /stdout +a terminal/);
	assert.match(screen.text(), /size +123 columns, 45 rows/);
	assert.match(screen.text(), /locale +C\.UTF-8 \(LANG\)$/m);
	assert.match(screen.text(), /app +talks in lines and draws nothing$/m);
});

for (const [size, says] of [
	[{columns: 60, rows: 16}, 'is drawn'],
	[{columns: 59, rows: 16}, 'needs 60 columns and 16 rows to be drawn'],
	[{columns: 60, rows: 15}, 'needs 60 columns and 16 rows to be drawn'],
] as const) {
	test(`on ${size.columns} columns and ${size.rows} rows the app ${says}`, () => {
		const place = placeAt({home: emptyFolder(), columns: size.columns});
		Object.assign(place.stdout, size);
		const app = terminal(place).find(({name}) => name === 'app');

		assert.equal(app?.says, says);
	});
}

for (const [env, name, says] of [
	[{NO_COLOR: '1'}, 'colors', 'none (NO_COLOR=1)'],
	[{FORCE_COLOR: '3'}, 'colors', '16 million (FORCE_COLOR=3)'],
	[{TERM: 'dumb'}, 'TERM', 'dumb: progress is told in lines'],
	[{}, 'locale', 'not set: characters beyond ASCII may not be shown'],
	[{CI: 'true'}, 'CI', 'yes'],
	[{}, 'app', 'not here: it needs a terminal for its input and its output'],
] as const) {
	test(`${JSON.stringify(env)} is told as ${name} ${says}`, async () => {
		const {find} = await findingsIn(emptyFolder(), env);

		assert.equal(find('terminal', name)[0]?.says, says);
	});
}

test('a doctor wants no words', async () => {
	const {code} = await runProgram(['doctor', 'who']);

	assert.equal(code, 2);
});
