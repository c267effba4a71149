import assert from 'node:assert/strict';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {changeConfig, readConfig} from '../../source/config/config.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {startOnScreen} from '../helpers/screen.js';

const savedIn = async (home: string) => (await readConfig(home)).config;

/**
A home with everything there is to share, and what must not be shared.
*/
async function filledHome(): Promise<string> {
	const home = emptyFolder();

	for (const line of [
		'endpoints add lab --base-url http://localhost:8080/v1',
		'endpoints add far --base-url https://far.example/v1 --key-env FAR_KEY --api responses',
		'endpoints add unused --base-url http://localhost:9/v1',
		String.raw`save trio -m lab/a:3?temperature=0.2&stop=["\n"] --arbiter far/b?effort=high`,
		'save duo -m gpt-6-luna:2 --budget 2 --stop both',
		'save constructor -m ollama/x --memory lean',
	]) {
		const {code, stderr} = await runProgram(line.split(' '), {home});
		assert.equal(code, 0, stderr);
	}

	await runProgram(['edit', 'trio', '--system', 'Be brief.\r\nBe kind.'], {
		home,
	});
	await runProgram(['keys', 'set', 'far'], {home, input: 'key-that-is-stored'});
	await changeConfig(home, config => ({
		...config,
		default: 'trio',
		settings: {prices: {'lab/a': {input: 1, output: 2}}},
	}));
	return home;
}

test('what is exported can be imported elsewhere, and is the same there', async () => {
	const home = await filledHome();
	const other = emptyFolder();
	const exported = await runProgram(['export', '--all'], {home});
	const imported = await runProgram(['import', '-', '--add-endpoints'], {
		home: other,
		input: exported.stdout,
	});
	const before = await savedIn(home);
	const after = await savedIn(other);

	assert.deepEqual([exported.code, exported.stderr], [0, '']);
	assert.equal(imported.code, 0, imported.stderr);
	assert.deepEqual(after.consortiums, before.consortiums);
	assert.deepEqual(Object.keys(after.consortiums).toSorted(), [
		'constructor',
		'duo',
		'trio',
	]);
	assert.deepEqual(after.endpoints, {
		lab: before.endpoints['lab'],
		far: before.endpoints['far'],
	});
	assert.deepEqual([after.default, after.settings], [null, {}]);
	assert.equal(
		(await runProgram(['export', '--all'], {home: other})).stdout,
		exported.stdout,
	);
});

test('only what is named is exported, with the endpoints it uses', async () => {
	const home = await filledHome();
	const namesIn = async (...words: readonly string[]) => {
		const {stdout} = await runProgram(['export', ...words], {home});
		const {v, consortiums, endpoints} = JSON.parse(stdout) as {
			v: number;
			consortiums: object;
			endpoints: object;
		};
		return [v, Object.keys(consortiums), Object.keys(endpoints)];
	};

	assert.deepEqual(await namesIn('duo'), [1, ['duo'], []]);
	assert.deepEqual(await namesIn('trio', 'duo', 'trio'), [
		1,
		['trio', 'duo'],
		['lab', 'far'],
	]);
});

test('no key, price or setting is exported, not even a key that stands where none belongs', async () => {
	const home = await filledHome();
	const env = {FAR_KEY: 'key-of-far', OPENAI_API_KEY: 'key-of-openai'};
	await runProgram(
		[
			'save',
			'leak',
			'-m',
			'far/x?user=key-that-is-stored',
			'--system',
			'key-of-openai',
		],
		{home},
	);
	const {stdout} = await runProgram(['export', '--all'], {home, env});

	assert.match(stdout, /"keyEnv": "FAR_KEY"/);
	assert.match(stdout, /"system": "\[key\]"/);
	assert.doesNotMatch(stdout, /key-|price|settings|"default": /);
});

test('a file is written whole, with its folders, and never over another unasked', async () => {
	const home = await filledHome();
	const folder = join(emptyFolder(), 'new', 'folders');
	const file = join(folder, 'team.json');
	const words = ['export', 'trio', '-o', file];
	const written = await runProgram(words, {home});
	const content = readFileSync(file, 'utf8');
	const refused = await runProgram(['export', 'duo', '-o', file], {home});
	const between = readFileSync(file, 'utf8');
	const forced = await runProgram(['export', 'duo', '-o', file, '--force'], {
		home,
	});

	assert.deepEqual(
		[written.code, written.stdout, written.stderr],
		[0, `Wrote trio to ${file}\n`, ''],
	);
	assert.equal(content, (await runProgram(['export', 'trio'], {home})).stdout);
	assert.equal(refused.code, 2);
	assert.match(refused.stderr, /team\.json exists.*\n.*--force/);
	assert.equal(between, content);
	assert.equal(forced.code, 0);
	assert.match(readFileSync(file, 'utf8'), /"duo"/);
	assert.deepEqual(readdirSync(folder), ['team.json']);
});

test('at a terminal it asks before it overwrites a file', async () => {
	const home = await filledHome();
	const file = join(emptyFolder(), 'team.json');
	writeFileSync(file, 'mine');

	for (const answer of ['n', 'y']) {
		const screen = startOnScreen(['export', 'trio', '-o', file], {
			env: {CONSORTIUM_TUI_HOME: home},
			columns: 200,
		});
		await screen.until(/Overwrite it\? \[y\/N\]/);
		screen.press(`${answer}\r`);
		assert.equal(await screen.ended, 0);
		assert.equal(readFileSync(file, 'utf8') === 'mine', answer === 'n');
	}
});

for (const [words, message] of [
	[['export'], /The name is missing\.\n.*--all/],
	[['export', 'tri'], /no consortium called "tri"/],
	[['export', 'trio', 'nobody'], /no consortium called "nobody"/],
	[['export', 'trio', '--all'], /"trio" is more than/],
	[['export', 'demo'], /"demo" is built in.*\n.*clone demo NAME/],
	[['export', '--all'], /No consortium is saved/],
] as const) {
	test(`${words.join(' ')} with nothing to give is a usage error and writes nothing`, async () => {
		const home = emptyFolder();
		const file = join(emptyFolder(), 'team.json');

		if (words.includes('trio' as never)) {
			await runProgram(['save', 'trio', '-m', 'x'], {home});
		}

		const {code, stdout, stderr} = await runProgram([...words, '-o', file], {
			home,
		});

		assert.deepEqual([code, stdout], [2, '']);
		assert.match(stderr, message);
		assert.equal(existsSync(file), false);
	});
}

test('a place that cannot be written to is told', async () => {
	const home = await filledHome();
	const folder = join(emptyFolder(), 'folder');
	mkdirSync(folder);
	const {code, stderr} = await runProgram(['export', 'duo', '-o', folder], {
		home,
	});

	assert.equal(code, 2);
	assert.match(stderr, /folder cannot be written: it is no ordinary file/);
});
