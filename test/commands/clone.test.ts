import assert from 'node:assert/strict';
import {test} from 'node:test';
import {withConsortium} from '../../source/commands/config-changes.js';
import {storeUnder} from '../../source/commands/store-consortium.js';
import {readConfig} from '../../source/config/config.js';
import {demo} from '../../source/config/demo.js';
import {placeAt} from '../helpers/place.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {startOnScreen} from '../helpers/screen.js';

const savedIn = async (home: string) => (await readConfig(home)).config;

async function homeWith(
	...names: readonly [string, ...string[]]
): Promise<string> {
	const home = emptyFolder();

	for (const name of names) {
		await runProgram(['save', name, '-m', `model-of-${name}:2`], {home});
	}

	return home;
}

test('a copy differs from what it was made of in what the flags say and in nothing else', async () => {
	const home = await homeWith('trio');
	const words = ['clone', 'trio', 'careful', '--confidence-threshold', '95%'];
	const {code, stdout, stderr} = await runProgram(words, {home});
	const {consortiums} = await savedIn(home);

	assert.deepEqual([code, stderr], [0, '']);
	assert.match(stdout, /^Saved careful\n[^]*threshold +95%\n/);
	assert.deepEqual(consortiums['careful'], {
		...consortiums['trio'],
		name: 'careful',
		confidenceThreshold: 0.95,
	});
	assert.equal(consortiums['trio']!.confidenceThreshold, 0.8);
});

test('the built-in consortium can be copied', async () => {
	const home = emptyFolder();
	await runProgram(['clone', 'demo', 'mine'], {home});

	assert.deepEqual((await savedIn(home)).consortiums, {
		mine: {...demo, name: 'mine'},
	});
});

test('a copy and an edit are warned of like what is saved', async () => {
	const home = await homeWith('trio');

	for (const words of [
		['clone', 'trio', 'alone'],
		['edit', 'trio'],
	]) {
		const {code, stderr} = await runProgram([...words, '-m', 'gpt-6-luna'], {
			home,
		});
		assert.equal(code, 0);
		assert.match(stderr, /^! Only one instance answers/);
	}
});

test('a renamed consortium has its new name, and only that', async () => {
	const home = await homeWith('trio', 'duo');
	const before = (await savedIn(home)).consortiums;
	const {code, stdout} = await runProgram(['rename', 'trio', 'three'], {home});
	const after = await savedIn(home);

	assert.deepEqual([code, stdout], [0, 'Renamed trio to three\n']);
	assert.deepEqual(after.consortiums, {
		duo: before['duo'],
		three: {...before['trio'], name: 'three'},
	});
	assert.equal(after.default, null);
});

test('the default is still the default under its new name', async () => {
	const home = await homeWith('trio', 'duo');
	await runProgram(['default', 'trio'], {home});
	await runProgram(['rename', 'duo', 'two'], {home});
	assert.equal((await savedIn(home)).default, 'trio');
	await runProgram(['rename', 'trio', 'three'], {home});
	assert.equal((await savedIn(home)).default, 'three');
});

for (const command of ['clone', 'rename'] as const) {
	test(`${command} overwrites what has the new name only by force`, async () => {
		const home = await homeWith('trio', 'duo');
		const before = await savedIn(home);
		const refused = await runProgram([command, 'trio', 'duo'], {home});
		const between = await savedIn(home);
		const forced = await runProgram([command, 'trio', 'duo', '--force'], {
			home,
		});
		const {consortiums} = await savedIn(home);

		assert.equal(refused.code, 2);
		assert.match(refused.stderr, /"duo" exists.*\n.*--force/);
		assert.deepEqual(between, before);
		assert.equal(forced.code, 0, forced.stderr);
		assert.equal(consortiums['duo']!.members[0]!.model, 'model-of-trio');
		assert.equal(Object.hasOwn(consortiums, 'trio'), command === 'clone');
	});

	test(`${command} asks at a terminal, and no is no`, async () => {
		const home = await homeWith('trio', 'duo');
		const before = await savedIn(home);

		for (const [answer, isDone] of [
			['n', false],
			['y', true],
		] as const) {
			const screen = startOnScreen([command, 'trio', 'duo'], {
				env: {CONSORTIUM_TUI_HOME: home},
			});
			await screen.until(/Overwrite it\? \[y\/N\]/);
			screen.press(`${answer}\r`);

			assert.equal(await screen.ended, 0);
			assert.equal(screen.text().includes('Nothing was changed'), !isDone);
			assert.equal(
				JSON.stringify(await savedIn(home)) === JSON.stringify(before),
				!isDone,
			);
		}
	});
}

test('what was saved under the new name a moment ago is not overwritten', async () => {
	const home = await homeWith('trio', 'duo');
	const before = await savedIn(home);
	const {duo: _, ...consortiums} = before.consortiums;
	const store = async (isForced: boolean) =>
		storeUnder(
			placeAt({home}),
			{name: 'duo', config: {...before, consortiums}, isForced},
			config => withConsortium(config, {...demo, name: 'duo'}),
		);

	await assert.rejects(store(false), {
		name: 'UserError',
		message: /"duo" was saved at the same moment/,
	});
	assert.deepEqual(await savedIn(home), before);
	assert.equal(await store(true), true);
	assert.equal((await savedIn(home)).consortiums['duo']!.members.length, 3);
});

for (const [words, message] of [
	[['clone'], /Two names are expected, not 0/],
	[['clone', 'trio'], /Two names are expected, not 1/],
	[['clone', 'trio', 'a', 'b'], /Two names are expected, not 3/],
	[['clone', 'tri', 'a'], /no consortium called "tri".*\n.*"trio"\?/],
	[['clone', 'trio', 'demo'], /"demo" is built in/],
	[['clone', 'trio', 'a/b'], /cannot be called "a\/b"/],
	[['clone', 'trio', '__proto__'], /cannot be called "__proto__"/],
	[['clone', 'trio', 'a', '--stop', 'never'], /--stop takes/],
	[['clone', 'trio', 'a', '-C', 'demo'], /no flag -C/],
	[['rename', 'trio'], /Two names are expected, not 1/],
	[['rename', 'nobody', 'a'], /no consortium called "nobody"/],
	[['rename', 'demo', 'a'], /"demo" is built in.*\n.*clone demo NAME/],
	[['rename', 'trio', 'demo'], /"demo" is built in/],
	[['rename', 'trio', 'a:2'], /cannot be called "a:2"/],
	[['rename', 'trio', 'trio'], /its name already/],
] as const) {
	test(`${words.join(' ')} is a usage error and changes nothing`, async () => {
		const home = await homeWith('trio');
		const before = await savedIn(home);
		const {code, stdout, stderr} = await runProgram(words, {home});

		assert.deepEqual([code, stdout], [2, '']);
		assert.match(stderr, message);
		assert.deepEqual(await savedIn(home), before);
	});
}
