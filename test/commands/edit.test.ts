import assert from 'node:assert/strict';
import {
	chmodSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {readConfig} from '../../source/config/config.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {startOnScreen} from '../helpers/screen.js';

const savedIn = async (home: string) => (await readConfig(home)).config;

async function homeWithTrio(): Promise<string> {
	const home = emptyFolder();
	await runProgram(
		['save', 'trio', '-m', 'luna:2', '-m', 'x?temperature=0.2'],
		{home},
	);
	return home;
}

/**
What a person needs to edit on a screen: an editor made of lines for a shell, `$1` being the file, and a folder that is all the temporary folders there are.
*/
async function atTheEditor(script: string) {
	const home = await homeWithTrio();
	const folder = emptyFolder();
	const temporary = join(folder, "it's temporary");
	const editor = join(folder, 'editor');
	mkdirSync(temporary);
	writeFileSync(editor, `#!/bin/sh\n${script}\n`);
	chmodSync(editor, 0o755);
	const screen = startOnScreen(['edit', 'trio'], {
		columns: 200,
		env: {
			CONSORTIUM_TUI_HOME: home,
			TMPDIR: temporary,
			HERE: folder,
			EDITOR: editor,
		},
	});
	return {
		home,
		folder,
		screen,
		// Node keeps its compiled code in such a folder, too.
		left: () =>
			readdirSync(temporary, {recursive: true, encoding: 'utf8'}).filter(name =>
				name.startsWith('consortium-tui-'),
			),
		contentOf: (name: string) => readFileSync(join(temporary, name), 'utf8'),
	};
}

test('only what the flags name is changed, and each change is told in a line', async () => {
	const home = await homeWithTrio();
	const before = (await savedIn(home)).consortiums['trio']!;
	const {code, stdout, stderr} = await runProgram(
		['edit', 'trio', '--confidence-threshold', '95', '--budget', '2'],
		{home},
	);

	assert.deepEqual([code, stderr], [0, '']);
	assert.equal(
		stdout,
		'Saved trio\n  threshold   80% → 95%\n  budget      none → $2\n',
	);
	assert.deepEqual((await savedIn(home)).consortiums['trio'], {
		...before,
		confidenceThreshold: 0.95,
		limits: {...before.limits, budgetUsd: 2},
	});
});

test('members named with -m take the place of all that were there', async () => {
	const home = await homeWithTrio();
	const {stdout} = await runProgram(['edit', 'trio', '-m', 'luna:3'], {home});

	assert.match(stdout, /^ {2}members +luna:2, x\?temperature=0\.2 → luna:3$/m);
	assert.deepEqual((await savedIn(home)).consortiums['trio']!.members, [
		{slot: 'luna', model: 'luna', count: 3},
	]);
});

test('a long system prompt from a file is told by its beginning', async () => {
	const home = await homeWithTrio();
	const file = join(emptyFolder(), 'system.txt');
	writeFileSync(file, `Be brief.\n${'And kind. '.repeat(50)}`);
	const {stdout} = await runProgram(['edit', 'trio', '--system', file], {home});

	assert.match(
		stdout,
		/^Saved trio\n {2}system +built in → Be brief\. And kind\. .{0,40}…\n$/,
	);
	assert.match(
		(await savedIn(home)).consortiums['trio']!.system!,
		/^Be brief\.\n/,
	);
});

test('an edit that changes nothing says so', async () => {
	const home = await homeWithTrio();
	const {code, stdout} = await runProgram(['edit', 'trio', '--stop', 'any'], {
		home,
	});

	assert.deepEqual([code, stdout], [0, 'trio is like that already.\n']);
});

test('edits at the same time are all kept', async () => {
	const home = await homeWithTrio();
	await runProgram(['clone', 'trio', 'duo'], {home});
	const edits = [
		['edit', 'trio', '--stop', 'both'],
		['edit', 'trio', '--max-iterations', '7'],
		['edit', 'trio', '--memory', 'lean'],
		['edit', 'duo', '--timeout', '5'],
	];
	await Promise.all(edits.map(async words => runProgram(words, {home})));
	const {consortiums} = await savedIn(home);
	const {stop, maxIterations, memory} = consortiums['trio']!;

	assert.deepEqual([stop, maxIterations, memory], ['both', 7, 'lean']);
	assert.equal(consortiums['duo']!.limits.timeoutSeconds, 5);
});

for (const [words, message] of [
	[['edit'], /The name is missing/],
	[['edit', 'trio', 'duo', '--stop', 'any'], /One word is expected, not 2/],
	[['edit', 'trio'], /Without a terminal.*\n.*--confidence-threshold/],
	[['edit', 'tri', '--stop', 'any'], /"tri".*\n.*Did you mean "trio"\?/],
	[['edit', 'demo', '--stop', 'any'], /built in.*\n.*clone demo NAME/],
	[['edit', 'trio', '--stop', 'never'], /--stop takes/],
	[['edit', 'trio', '--count', '3'], /--count needs --model/],
	[['edit', 'trio', '-m', 'demo?seed=1'], /takes no options/],
	[['edit', 'trio', '--min-iterations', '9'], /more than at most 3/],
	[['edit', 'trio', '--system', '/'], /is a folder/],
] as const) {
	test(`${words.join(' ')} is a usage error and changes nothing`, async () => {
		const home = await homeWithTrio();
		const before = await savedIn(home);
		const {code, stdout, stderr} = await runProgram(words, {home});

		assert.deepEqual([code, stdout], [2, '']);
		assert.match(stderr, message);
		assert.deepEqual(await savedIn(home), before);
	});
}

test('without flags its JSON is opened in the editor, where only its owner can read it, and what it became is saved', async () => {
	const {home, folder, screen, left} = await atTheEditor(
		[
			'cp "$1" "$HERE/seen.json"',
			'stat -c "%a" "$1" "$(dirname "$1")" > "$HERE/modes"',
			`sed -i 's/"slot": "x"/"slot": "y"/; s/"stop": "any"/"stop": "both"/' "$1"`,
		].join('\n'),
	);
	const {name, v, ...shown} = (await savedIn(home)).consortiums['trio']!;

	assert.equal(await screen.ended, 0, screen.text());
	assert.match(screen.text(), /Saved trio\n {2}members +\[.*"x".* → \[.*"y"/);
	assert.match(screen.text(), /^ {2}stop +any → both$/m);
	assert.deepEqual(
		JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8')),
		shown,
	);
	assert.equal(readFileSync(join(folder, 'modes'), 'utf8'), '600\n700\n');
	const {stop, members} = (await savedIn(home)).consortiums['trio']!;
	assert.deepEqual([stop, members[1]!.slot], ['both', 'y']);
	assert.deepEqual(left(), []);
});

for (const [what, mistake, sentence] of [
	['what is not JSON', 's/"stop": "any",/"stop": /', /It is not JSON: /],
	['an unknown key', 's/"stop"/"stopp"/', /no key "stopp"[^]*"stop"\?/],
	['a wrong value', 's/"count": 2/"count": 99/', /members\[0\]\.count .* 99/],
] as const) {
	test(`${what} is told, and can be edited again where it was left`, async () => {
		const {home, folder, screen, left} = await atTheEditor(
			`if [ -e "$HERE/again" ]; then
				cp "$1" "$HERE/second.json"
				echo once more
				read -r line
				cp "$HERE/good.json" "$1"
			else
				sed 's/"any"/"both"/' "$1" > "$HERE/good.json"
				sed -i '${mistake}' "$1"
				cp "$1" "$HERE/first.json"
				touch "$HERE/again"
			fi`,
		);
		await screen.until(/Edit it again\? \[y\/N\]/);
		assert.match(screen.text(), sentence);
		screen.press('y\r');
		await screen.until(/^once more$/m);
		screen.press('a line for the editor\r');
		assert.equal(await screen.ended, 0, screen.text());
		assert.equal((await savedIn(home)).consortiums['trio']!.stop, 'both');
		assert.equal(
			readFileSync(join(folder, 'second.json'), 'utf8'),
			readFileSync(join(folder, 'first.json'), 'utf8'),
		);
		assert.deepEqual(left(), []);
	});
}

test('what was written with a mistake is kept when it is not edited again', async () => {
	const {home, screen, left, contentOf} = await atTheEditor(
		`echo '{"members": [], "note": "an hour of work"}' > "$1"`,
	);
	const before = await savedIn(home);
	await screen.until(/Edit it again\? \[y\/N\]/);
	screen.press('\r');

	assert.equal(await screen.ended, 2);
	assert.match(screen.text(), /Nothing was changed\. What you wrote is in \//);
	assert.match(contentOf(left()[1]!), /an hour of work/);
	assert.deepEqual(await savedIn(home), before);
});

test('what somebody else saved meanwhile is not overwritten', async () => {
	const {home, screen, left} = await atTheEditor(
		`sed -i 's/"any"/"both"/' "$1"
		echo open
		read -r line`,
	);
	await screen.until(/open/);
	await runProgram(['edit', 'trio', '--max-iterations', '9'], {home});
	screen.press('done\r');
	await screen.until(/was changed by someone else[^]*again\?/);
	screen.press('n\r');

	assert.equal(await screen.ended, 2);
	const {stop, maxIterations} = (await savedIn(home)).consortiums['trio']!;
	assert.deepEqual([stop, maxIterations], ['any', 9]);
	assert.equal(left().length, 2);
});

for (const [what, script] of [
	['leaves it as it was', 'true'],
	['empties it', ': > "$1"'],
	['deletes it', 'rm "$1"'],
] as const) {
	test(`an editor that ${what} changes nothing`, async () => {
		const {home, screen, left} = await atTheEditor(script);
		const before = await savedIn(home);

		assert.equal(await screen.ended, 0);
		assert.match(screen.text(), /^Nothing was changed\.$/);
		assert.deepEqual(await savedIn(home), before);
		assert.deepEqual(left(), []);
	});
}

test('Ctrl+C goes to the editor alone', async () => {
	const {home, screen} = await atTheEditor(
		`trap 'sed -i s/any/both/ "$1"; exit 0' INT
		echo open
		read -r line`,
	);
	await screen.until(/open/);
	screen.press('\u0003');

	assert.equal(await screen.ended, 0, screen.text());
	assert.equal((await savedIn(home)).consortiums['trio']!.stop, 'both');
});

test('an editor that fails is named, and what was written is kept', async () => {
	const {home, screen, left} = await atTheEditor('echo "{}" > "$1"; exit 3');
	const before = await savedIn(home);

	assert.equal(await screen.ended, 2);
	assert.match(screen.text(), /The editor ".*editor" ended with 3\./);
	assert.match(screen.text(), /What you wrote is in/);
	assert.equal(left().length, 2);
	assert.deepEqual(await savedIn(home), before);
});

test('VISUAL comes before EDITOR, and may have arguments', async () => {
	const home = await homeWithTrio();
	const screen = startOnScreen(['edit', 'trio'], {
		env: {
			CONSORTIUM_TUI_HOME: home,
			VISUAL: `sed -i 's/"any"/"both"/'`,
			EDITOR: 'false',
		},
	});

	assert.equal(await screen.ended, 0, screen.text());
	assert.equal((await savedIn(home)).consortiums['trio']!.stop, 'both');
});

test('without an editor a person is told how to name one', async () => {
	const home = await homeWithTrio();
	const screen = startOnScreen(['edit', 'trio'], {
		env: {CONSORTIUM_TUI_HOME: home},
	});

	assert.equal(await screen.ended, 2);
	assert.match(screen.text(), /neither VISUAL nor EDITOR is set/);
	assert.match(screen.text(), /EDITOR=nano/);
});
