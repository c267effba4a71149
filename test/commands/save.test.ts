import assert from 'node:assert/strict';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {save} from '../../source/commands/save.js';
import {parseArguments} from '../../source/commands/parse.js';
import {readConfig} from '../../source/config/config.js';
import {placeAt} from '../helpers/place.js';
import {emptyFolder, runProgram} from '../helpers/program.js';

const savedIn = async (home: string) => (await readConfig(home)).config;

test('a consortium is saved, shown and listed', async () => {
	const home = emptyFolder();
	const saved = await runProgram(
		['save', 'trio', '-m', 'gpt-6-luna:2', '-m', 'ollama/x?temperature=0.2'],
		{home},
	);
	const shown = await runProgram(['show', 'trio'], {home});
	const listed = await runProgram(['list'], {home});
	const asJson = await runProgram(['show', 'trio', '--json'], {home});

	assert.equal(saved.code, 0);
	assert.equal(saved.stderr, '');
	assert.equal(saved.stdout, `Saved ${shown.stdout}`);
	assert.match(
		shown.stdout,
		/members +gpt-6-luna:2\n +ollama\/x\?temperature=0\.2\n/,
	);
	assert.match(shown.stdout, /arbiter +chosen at run/);
	assert.match(shown.stdout, /threshold +80%/);
	assert.match(listed.stdout, /^trio +80% +gpt-6-luna:2, ollama\/x/m);
	assert.match(listed.stdout, /^demo +80% +demo\/optimist/m);
	const trio = JSON.parse(asJson.stdout) as {arbiters: unknown};
	assert.deepEqual(trio, (await savedIn(home)).consortiums['trio']);
	assert.deepEqual(trio.arbiters, []);
});

test('the list as JSON has every consortium whole', async () => {
	const home = emptyFolder();
	await runProgram(['save', 'solo', '-C', 'demo', '--max-iterations', '1'], {
		home,
	});
	const {stdout} = await runProgram(['list', '--json'], {home});
	const list = JSON.parse(stdout) as {
		default: string | null;
		consortiums: Array<{name: string; maxIterations: number}>;
	};

	assert.equal(list.default, null);
	assert.deepEqual(
		list.consortiums.map(each => [each.name, each.maxIterations]),
		[
			['solo', 1],
			['demo', 3],
		],
	);
});

test('without a terminal an existing one is overwritten only by force', async () => {
	const home = emptyFolder();
	await runProgram(['save', 'trio', '-m', 'first'], {home});
	const refused = await runProgram(['save', 'trio', '-m', 'second'], {home});
	const before = await savedIn(home);
	const forced = await runProgram(['save', 'trio', '-m', 'second', '--force'], {
		home,
	});

	assert.equal(refused.code, 2);
	assert.match(refused.stderr, /"trio" exists.*\n.*--force/);
	assert.equal(before.consortiums['trio']?.members[0]?.model, 'first');
	assert.equal(forced.code, 0);
	assert.equal(
		(await savedIn(home)).consortiums['trio']?.members[0]?.model,
		'second',
	);
});

for (const [typed, model] of [
	['y\n', 'second'],
	['yes\n', 'second'],
	['n\n', 'first'],
	['\n', 'first'],
	['', 'first'],
] as const) {
	test(`at a terminal the answer ${JSON.stringify(typed)} leaves the ${model} one`, async () => {
		const home = emptyFolder();
		const saveAs = async (name: string, typing: string) => {
			const place = placeAt({home, columns: 80, typed: typing});
			const words = ['trio', '-m', name];
			const code = await save.run({
				...parseArguments(words, save.flags),
				place,
			});
			return {code, ...place.written()};
		};

		await saveAs('first', '');
		const {code, stderr} = await saveAs('second', typed);

		assert.equal(code, 0);
		assert.match(stderr, /"trio" exists\. Overwrite it\? \[y\/N\]/);
		assert.equal(
			(await savedIn(home)).consortiums['trio']?.members[0]?.model,
			model,
		);
	});
}

for (const [words, message] of [
	[['save'], /The name is missing/],
	[['save', 'a', 'b', '-m', 'x'], /One word is expected, not 2/],
	[['save', 'trio'], /needs members/],
	[['save', 'trio', '--arbiter', 'x'], /needs members/],
	[['save', 'demo', '-m', 'x', '--force'], /"demo" is built in/],
	[['save', 'a/b', '-m', 'x'], /cannot be called "a\/b"/],
	[['save', 'a:2', '-m', 'x'], /cannot be called "a:2"/],
	[['save', '__proto__', '-m', 'x'], /cannot be called "__proto__"/],
	[['save', 'trio', '-C', 'dem'], /"dem".*\n.*Did you mean "demo"\?/],
	[['save', 'trio', '-m', 'demo?seed=1'], /takes no options/],
	[['save', 'trio', '-m', 'x', '--stop', 'never'], /--stop/],
	[['show'], /The name is missing/],
	[['show', 'nobody'], /no consortium called "nobody"/],
	[['list', 'all'], /"all" is more than/],
	[['remove', 'nobody'], /no consortium called "nobody"/],
	[['remove', 'demo', '--force'], /"demo" is built in/],
	[['default', 'nobody'], /no consortium called "nobody"/],
	[['default', 'demo', '--none'], /"demo" is more than/],
] as const) {
	test(`${words.join(' ')} is a usage error and changes nothing`, async () => {
		const home = emptyFolder();
		const {code, stdout, stderr} = await runProgram(words, {home});

		assert.equal(code, 2);
		assert.equal(stdout, '');
		assert.match(stderr, message);
		assert.deepEqual((await savedIn(home)).consortiums, {});
	});
}

test('a name that every object has is a name like any other', async () => {
	const home = emptyFolder();
	const before = await runProgram(['show', 'constructor'], {home});
	const saved = await runProgram(['save', 'constructor', '-m', 'x'], {home});

	assert.equal(before.code, 2);
	assert.equal(saved.code, 0, saved.stderr);
	assert.equal((await runProgram(['show', 'constructor'], {home})).code, 0);
});

test('the default is set, printed, marked and cleared', async () => {
	const home = emptyFolder();
	const none = await runProgram(['default'], {home});
	await runProgram(['save', 'trio', '-m', 'x'], {home});
	await runProgram(['default', 'trio'], {home});

	assert.deepEqual([none.code, none.stdout], [0, '']);
	assert.equal((await runProgram(['default'], {home})).stdout, 'trio\n');
	assert.match((await runProgram(['list'], {home})).stdout, /^trio \* /m);
	assert.match((await runProgram(['show', 'trio'], {home})).stdout, /default/);
	await runProgram(['default', '--none'], {home});
	assert.equal((await savedIn(home)).default, null);
});

test('a removed consortium is not the default any longer', async () => {
	const home = emptyFolder();
	await runProgram(['save', 'trio', '-m', 'x'], {home});
	await runProgram(['save', 'duo', '-m', 'x'], {home});
	await runProgram(['default', 'trio'], {home});
	const asked = await runProgram(['remove', 'trio'], {home});
	await runProgram(['remove', 'duo', '--force'], {home});

	assert.equal(asked.code, 2);
	assert.match(asked.stderr, /--force/);
	assert.equal((await savedIn(home)).default, 'trio');
	await runProgram(['remove', 'trio', '--force'], {home});
	assert.equal((await savedIn(home)).default, null);
	assert.deepEqual((await savedIn(home)).consortiums, {});
});

test('a damaged configuration is reported once and the command goes on', async () => {
	const home = emptyFolder();
	writeFileSync(join(home, 'config.json'), '{');
	const first = await runProgram(['list'], {home});
	const second = await runProgram(['list'], {home});

	assert.equal(first.code, 0);
	assert.match(first.stderr, /damaged and is kept as .*config\.json\.damaged-/);
	assert.match(first.stdout, /demo/);
	assert.equal(second.stderr, '');
});

test('the strategies are listed with what they mean', async () => {
	const {code, stdout} = await runProgram(['strategies']);
	const {
		strategies: listed,
		judging,
		until,
	} = JSON.parse((await runProgram(['strategies', '--json'])).stdout) as {
		strategies: Array<{name: string; meaning: string; parameters: unknown}>;
		judging: Array<{name: string}>;
		until: unknown[];
	};
	const [strategy] = listed;

	assert.equal(code, 0);
	assert.match(stdout, /^default\n {2}\S/);
	assert.equal(strategy!.name, 'default');
	assert.ok(stdout.includes(strategy!.meaning));
	assert.ok(Array.isArray(strategy!.parameters));
	assert.deepEqual(
		judging.map(({name}) => name),
		['synthesis', 'rank', 'pick', 'panel', 'peer'],
	);
	assert.equal(until.length, 5);
	assert.match(stdout, /^elimination\n[^]*cannot be combined with .*tiered/m);
	assert.match(stdout, /^judging\n[^]*^until\n {2}contains:TEXT/m);
	assert.match(stdout, /^roles\n {2}contrarian: Your role/mv);
});

test('roles are listed with those of the person, and completed', async () => {
	const home = emptyFolder();
	mkdirSync(join(home, 'prompts', 'roles'), {recursive: true});
	writeFileSync(join(home, 'prompts', 'roles', 'poet.md'), 'Rhyme.');
	const {stdout} = await runProgram(['strategies', '--json'], {home});
	const kind = (
		JSON.parse(stdout) as {
			strategies: Array<{name: string; roles?: Array<{name: string}>}>;
		}
	).strategies.find(({name}) => name === 'role')!;

	assert.ok(kind.roles!.some(({name}) => name === 'poet'));
	const words = await runProgram(['completion', 'words', 'roles'], {home});
	assert.match(words.stdout, /^poet$/mv);
	assert.match(words.stdout, /^skeptic$/mv);
});
