import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {changeConfig, readConfig} from '../../source/config/config.js';
import {demo} from '../../source/config/demo.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {startOnScreen} from '../helpers/screen.js';

const savedIn = async (home: string) => (await readConfig(home)).config;

const consortiumOf = (name: string, model = 'lab/a') => ({
	...demo,
	name,
	members: [{slot: 'a', model, count: 2}],
});
const lab = {
	baseUrl: 'http://localhost:8080/v1',
	keyEnv: 'LAB_KEY',
	api: 'chat',
} as const;

/**
A file to import, and its path.
*/
function fileWith(
	consortiums: ReadonlyArray<{
		readonly name: string;
		readonly members: readonly object[];
		readonly strategies?: readonly object[];
	}>,
	endpoints: object = {},
): string {
	const file = join(emptyFolder(), 'team.json');
	writeFileSync(
		file,
		JSON.stringify({
			v: 1,
			consortiums: Object.fromEntries(
				consortiums.map(each => [each.name, each]),
			),
			endpoints,
		}),
	);
	return file;
}

async function homeWith(...words: readonly string[]): Promise<string> {
	const home = emptyFolder();
	await runProgram(['save', 'trio', '-m', 'mine', ...words], {home});
	return home;
}

test('what a file holds is saved and shown', async () => {
	const home = emptyFolder();
	const file = fileWith([consortiumOf('trio'), consortiumOf('duo')]);
	const {code, stdout, stderr} = await runProgram(['import', file], {home});

	assert.deepEqual([code, stderr], [0, '']);
	assert.match(stdout, /^Saved trio\n {2}members +lab\/a:2\n[^]*^Saved duo\n/m);
	assert.deepEqual((await savedIn(home)).consortiums, {
		trio: consortiumOf('trio'),
		duo: consortiumOf('duo'),
	});
});

test('what is imported is warned of like what is saved', async () => {
	const home = emptyFolder();
	const file = fileWith([
		{
			...consortiumOf('trio'),
			strategies: [
				{name: 'voting', params: {rule: 'plurality', threshold: 0.6}},
			],
		},
	]);
	const {code, stderr} = await runProgram(['import', file], {home});

	assert.equal(code, 0);
	assert.match(
		stderr,
		/^! trio: voting\.threshold does nothing with the rule plurality\.$/mv,
	);
});

test('what show and list print can be piped in, with or without a dash', async () => {
	const home = await homeWith('-m', 'other');
	await runProgram(['clone', 'trio', 'duo'], {home});
	const {consortiums} = await savedIn(home);

	for (const [printing, importing, names] of [
		[['show', 'trio', '--json'], ['import', '-'], ['trio']],
		[['list', '--json'], ['import'], ['duo', 'trio']],
	] as const) {
		const other = emptyFolder();
		const {stdout} = await runProgram(printing, {home});
		const {code, stderr} = await runProgram(importing, {
			home: other,
			input: stdout,
		});

		assert.deepEqual([code, stderr], [0, '']);
		assert.deepEqual(
			(await savedIn(other)).consortiums,
			Object.fromEntries(names.map(name => [name, consortiums[name]])),
		);
	}
});

test('what is saved already is left alone', async () => {
	const home = emptyFolder();
	const file = fileWith([consortiumOf('trio')]);
	await runProgram(['import', file], {home});

	for (const flags of [[], ['--suffix'], ['--force']]) {
		const {code, stdout} = await runProgram(['import', file, ...flags], {home});
		assert.deepEqual(
			[code, stdout],
			[0, 'Saved already, and the same: trio\n'],
		);
	}

	assert.deepEqual(Object.keys((await savedIn(home)).consortiums), ['trio']);
});

test('another one of the same name is overwritten only by force', async () => {
	const home = await homeWith();
	const before = await savedIn(home);
	const file = fileWith([consortiumOf('duo'), consortiumOf('trio')]);
	const refused = await runProgram(['import', file], {home});
	const between = await savedIn(home);
	const forced = await runProgram(['import', file, '--force'], {home});

	assert.deepEqual([refused.code, refused.stdout], [2, '']);
	assert.match(
		refused.stderr,
		/^Saved already, and different: trio\. .*\n.*--force .*--suffix/,
	);
	assert.deepEqual(between, before, 'all is saved, or nothing');
	assert.equal(forced.code, 0);
	assert.deepEqual(
		(await savedIn(home)).consortiums['trio'],
		consortiumOf('trio'),
	);
});

test('a suffix keeps both, under a name that is free here and in the file', async () => {
	const home = await homeWith();
	await runProgram(['clone', 'trio', 'trio-2'], {home});
	const file = fileWith([
		consortiumOf('trio'),
		consortiumOf('trio-3'),
		consortiumOf('solo'),
	]);
	const {code, stdout} = await runProgram(['import', file, '--suffix'], {home});
	const {consortiums} = await savedIn(home);

	assert.equal(code, 0);
	assert.match(stdout, /^Saved trio-4$/m);
	assert.deepEqual(
		Object.entries(consortiums).map(([key, {name, members}]) => [
			key,
			name,
			members[0]!.model,
		]),
		[
			['trio', 'trio', 'mine'],
			['trio-2', 'trio-2', 'mine'],
			['trio-4', 'trio-4', 'lab/a'],
			['trio-3', 'trio-3', 'lab/a'],
			['solo', 'solo', 'lab/a'],
		],
	);
});

test('a name too long for a suffix is refused with one', async () => {
	const home = emptyFolder();
	const name = 'a'.repeat(63);
	await runProgram(['save', name, '-m', 'mine'], {home});
	const file = fileWith([consortiumOf(name)]);
	const {code, stderr} = await runProgram(['import', file, '--suffix'], {home});

	assert.equal(code, 2);
	assert.match(stderr, /cannot be called "a{63}-2"/);
	assert.deepEqual(Object.keys((await savedIn(home)).consortiums), [name]);
});

test('a new endpoint is added only when that is asked for, and force does not', async () => {
	const home = emptyFolder();
	const file = fileWith([consortiumOf('trio')], {lab});
	const refused = await runProgram(['import', file, '--force'], {home});
	const between = await savedIn(home);
	const added = await runProgram(['import', file, '--add-endpoints'], {home});
	const after = await savedIn(home);

	assert.deepEqual([refused.code, refused.stdout], [2, '']);
	assert.match(
		refused.stderr,
		/lab at http:\/\/localhost:8080\/v1 \(key in LAB_KEY\)\. Prompts go there.*\n.*--add-endpoints/,
	);
	assert.deepEqual([between.consortiums, between.endpoints], [{}, {}]);
	assert.equal(added.code, 0, added.stderr);
	assert.match(added.stdout, /^Added the endpoint lab: http:.*\nSaved trio\n/);
	assert.deepEqual(after.endpoints, {lab});
});

test('a key that would travel readable is warned of', async () => {
	const far = {...lab, baseUrl: 'http://10.0.0.5/v1'};
	const file = fileWith([consortiumOf('trio', 'far/a')], {far});
	const {code, stderr} = await runProgram(['import', file, '--add-endpoints']);

	assert.equal(code, 0);
	assert.match(stderr, /^! http:\/\/10\.0\.0\.5\/v1 is not encrypted/);
});

test('a key that is stored under the name of a new endpoint is told of', async () => {
	const home = emptyFolder();
	await changeConfig(home, config => ({...config, endpoints: {lab}}));
	await runProgram(['keys', 'set', 'lab'], {home, input: 'key-of-lab'});
	await changeConfig(home, config => ({...config, endpoints: {}}));
	const file = fileWith([consortiumOf('trio')], {lab});
	const words = ['import', file, '--add-endpoints'];
	const {code, stderr} = await runProgram(words, {home});

	assert.equal(code, 0);
	assert.match(
		stderr,
		/^! The key that is stored for lab will be sent to http/,
	);
});

test('an endpoint that is the same here is nothing to ask about', async () => {
	const home = emptyFolder();
	await changeConfig(home, config => ({...config, endpoints: {lab}}));
	const ollama = {
		baseUrl: 'http://localhost:11434/v1',
		keyEnv: null,
		api: 'chat',
	};
	const file = fileWith([consortiumOf('trio')], {lab, ollama});
	const {code, stdout, stderr} = await runProgram(['import', file], {home});

	assert.deepEqual([code, stderr], [0, '']);
	assert.doesNotMatch(stdout, /endpoint/);
	assert.deepEqual((await savedIn(home)).endpoints, {lab});
});

for (const [what, name, change] of [
	['address', 'lab', {baseUrl: 'https://evil.example/v1'}],
	['key', 'lab', {keyEnv: 'OTHER_KEY'}],
	['protocol', 'lab', {api: 'responses'}],
	['address than a built-in one', 'ollama', {}],
] as const) {
	test(`an endpoint with another ${what} is never overwritten`, async () => {
		const home = emptyFolder();
		await changeConfig(home, config => ({...config, endpoints: {lab}}));
		const before = await savedIn(home);
		const file = fileWith([consortiumOf('trio', `${name}/a`)], {
			[name]: {...lab, ...change},
		});
		const words = ['import', file, '--force', '--add-endpoints'];
		const {code, stdout, stderr} = await runProgram(words, {home});

		assert.deepEqual([code, stdout], [2, '']);
		assert.match(
			stderr,
			new RegExp(`^The endpoint "${name}" is http.* here, but http`),
		);
		assert.deepEqual(await savedIn(home), before);
	});
}

for (const [keyEnv, owner] of [
	['OPENAI_API_KEY', 'openai'],
	['GOOGLE_API_KEY', 'gemini'],
	['groq_api_key', 'groq'],
	['LAB_KEY', 'lab'],
] as const) {
	test(`a file cannot send the key in ${keyEnv} to a stranger`, async () => {
		const home = emptyFolder();
		await changeConfig(home, config => ({...config, endpoints: {lab}}));
		const before = await savedIn(home);
		const file = fileWith([consortiumOf('trio', 'evil/a')], {
			evil: {...lab, baseUrl: 'https://evil.example/v1', keyEnv},
		});
		const words = ['import', file, '--force', '--add-endpoints'];
		const {code, stderr} = await runProgram(words, {home});

		assert.equal(code, 2);
		assert.match(
			stderr,
			new RegExp(`asks for ${keyEnv}, which is the key for ${owner}\\.\n`),
		);
		assert.deepEqual(await savedIn(home), before);
	});
}

test('at a terminal it asks about endpoints and names, and one no is no to all', async () => {
	const home = await homeWith();
	const before = await savedIn(home);
	const file = fileWith([consortiumOf('trio'), consortiumOf('duo')], {lab});

	for (const answers of [['n'], ['y', 'n'], ['y', 'y']]) {
		const screen = startOnScreen(['import', file], {
			env: {CONSORTIUM_TUI_HOME: home},
			columns: 200,
		});
		const questions = [/Add them\? \[y\/N\]/, /Overwrite\? \[y\/N\]/];

		for (const [index, answer] of answers.entries()) {
			await screen.until(questions[index]!);
			screen.press(`${answer}\r`);
		}

		assert.equal(await screen.ended, 0);

		if (answers.includes('n')) {
			assert.match(screen.text(), /Nothing was changed\.$/);
			assert.deepEqual(await savedIn(home), before);
		}
	}

	const {consortiums, endpoints} = await savedIn(home);
	assert.deepEqual(endpoints, {lab});
	assert.deepEqual(Object.keys(consortiums).toSorted(), ['duo', 'trio']);
});

test('an answer does not hold for what was saved after the question', async () => {
	const home = await homeWith();
	const file = fileWith([consortiumOf('trio'), consortiumOf('duo')]);
	const screen = startOnScreen(['import', file], {
		env: {CONSORTIUM_TUI_HOME: home},
		columns: 200,
	});
	await screen.until(/different: trio\. Overwrite\?/);
	await runProgram(['save', 'duo', '-m', 'new'], {home});
	const before = await savedIn(home);
	screen.press('y\r');

	assert.equal(await screen.ended, 2);
	assert.match(screen.text(), /changed at the same moment/);
	assert.deepEqual(await savedIn(home), before);
});

test('what somebody saves meanwhile under another name is kept', async () => {
	const home = await homeWith();
	const screen = startOnScreen(['import', fileWith([consortiumOf('trio')])], {
		env: {CONSORTIUM_TUI_HOME: home},
		columns: 200,
	});
	await screen.until(/Overwrite\?/);
	await runProgram(['save', 'solo', '-m', 'new'], {home});
	screen.press('y\r');

	assert.equal(await screen.ended, 0);
	const {consortiums} = await savedIn(home);
	assert.equal(consortiums['trio']!.members[0]!.model, 'lab/a');
	assert.equal(consortiums['solo']!.members[0]!.model, 'new');
});

test('a mistake names the file and the place in it, and nothing is saved', async () => {
	const home = emptyFolder();
	const wrong = consortiumOf('wrong');
	const file = fileWith([
		consortiumOf('trio'),
		{...wrong, members: [...wrong.members, {model: 'b', count: 99}]},
	]);
	const {code, stdout, stderr} = await runProgram(['import', file], {home});

	assert.deepEqual([code, stdout], [2, '']);
	assert.match(
		stderr,
		/team\.json: consortiums\.wrong\.members\[1\]\.count is a whole number from 1 to 64, not 99\.\n/,
	);
	assert.deepEqual((await savedIn(home)).consortiums, {});
});

test('a mistake on standard input is told as well', async () => {
	const {code, stderr} = await runProgram(['import', '-'], {input: '{'});

	assert.equal(code, 2);
	assert.match(stderr, /^standard input: It is not JSON: .*\n.*`export`/);
});

test('a file without an end is not read to its end', async () => {
	const {code, stderr} = await runProgram(['import', '/dev/zero']);

	assert.equal(code, 2);
	assert.match(stderr, /more than 1 MB/);
});

for (const [words, message] of [
	[['import', 'a.json', 'b.json'], /One word is expected, not 2/],
	[['import', 'missing.json'], /missing\.json cannot be read: ENOENT/],
	[['import', '/'], /\/ cannot be read: EISDIR/],
	[['import', 'a.json', '--force', '--suffix'], /exclude one another/],
] as const) {
	test(`${words.join(' ')} is a usage error`, async () => {
		const {code, stdout, stderr} = await runProgram(words);

		assert.deepEqual([code, stdout], [2, '']);
		assert.match(stderr, message);
	});
}

test('at a terminal a file must be named', async () => {
	const screen = startOnScreen(['import']);

	assert.equal(await screen.ended, 2);
	assert.match(screen.text(), /The file is missing\./);
});
