import assert from 'node:assert/strict';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test, type TestContext} from 'node:test';
import {readConfig} from '../../source/config/config.js';
import {type RunResult} from '../../source/core/result.js';
import {verdictText} from '../helpers/play.js';
import {emptyFolder, runProgram} from '../helpers/program.js';
import {startOnScreen} from '../helpers/screen.js';
import {secretKey, serve} from '../helpers/scripted.js';

/**
A consortium that goes on until a command accepts, which leaves what it was given in a file.
*/
async function setting(t: TestContext, home = emptyFolder()) {
	const {env} = await serve(t, {
		a: ['So.\n<final>1</final>'],
		arbiter: [verdictText({synthesis: 'It is so.', confidence: 0.2})],
	});
	const file = join(home, 'given');
	const command = `tee '${file}'; env >> '${file}'`;
	const words = [
		'run',
		'-m',
		'openai/a',
		'--arbiter',
		'openai/arbiter',
		'--until',
		`command:${command}`,
	];
	return {home, env, file, command, words};
}

test('a script says that it trusts a command, or nothing is asked', async t => {
	const {home, env, file, command, words} = await setting(t);
	const refused = await runProgram([...words, 'Why?'], {home, env});
	assert.equal(refused.code, 2);
	assert.ok(refused.stderr.includes(command));
	assert.match(refused.stderr, /--trust-commands/v);
	assert.equal(existsSync(file), false);

	const trusted = await runProgram(
		[...words, '--trust-commands', '--json', 'Why?'],
		{home, env},
	);
	assert.equal(trusted.code, 0, trusted.stderr);
	assert.match(
		trusted.stderr.replaceAll(/\s+/gv, ' '),
		/Confirmed by --trust-commands, from now on: tee/v,
	);
	const result = JSON.parse(trusted.stdout) as RunResult;
	assert.equal(result.status, 'converged');
	const given = readFileSync(file, 'utf8');
	assert.match(given, /^It is so\./v);
	assert.equal(given.includes(secretKey), false, 'it sees no key');

	const {settings} = (await readConfig(home)).config;
	assert.match(settings.trustedCommands![0]!, /^[\da-f]{64}$/v);
	const again = await runProgram([...words, '--trust-commands', 'Why?'], {
		home,
		env,
	});
	assert.equal(again.code, 0, 'it was confirmed');
	assert.doesNotMatch(again.stderr, /Confirmed/v, 'it is told once');
});

test('a person is asked once for a command, and no means that nothing is asked', async t => {
	const {home, env, file, words} = await setting(t);
	const screen = () =>
		startOnScreen([...words, '--no-stdin', 'Why?'], {
			env: {...env, CONSORTIUM_TUI_HOME: home},
			columns: 250,
		});
	const refused = screen();
	await refused.until(/Run it\? \[y\/N\]/v);
	refused.press('n\r');
	assert.equal(await refused.ended, 2);
	assert.equal(existsSync(file), false);

	const confirmed = screen();
	await confirmed.until(/Run it\? \[y\/N\]/v);
	confirmed.press('y\r');
	assert.equal(await confirmed.ended, 0, confirmed.text());
	assert.equal(existsSync(file), true);

	const again = screen();
	assert.equal(await again.ended, 0);
	assert.doesNotMatch(again.text(), /\[y\/N\]/v);
});

test('an imported consortium brings no trust along', async t => {
	const {home, env, file, words} = await setting(t);
	const saved = await runProgram(['save', 'mine', ...words.slice(1)], {
		home,
		env,
	});
	assert.equal(saved.code, 0, saved.stderr);
	const exported = await runProgram(['export', 'mine'], {home, env});
	const shared = join(home, 'shared.json');
	writeFileSync(shared, exported.stdout);

	const other = emptyFolder();
	const imported = await runProgram(['import', shared], {home: other, env});
	assert.equal(imported.code, 0, imported.stderr);
	const told = await runProgram(['validate', 'mine'], {home: other, env});
	assert.match(told.stdout, /until +command:tee/v);
	const run = await runProgram(['run', '-C', 'mine', 'Why?'], {
		home: other,
		env,
	});
	assert.equal(run.code, 2, run.stdout);
	assert.equal(existsSync(file), false);

	const confirmed = await runProgram(['validate', 'mine', '--trust-commands'], {
		home: other,
		env,
	});
	assert.equal(confirmed.code, 0, confirmed.stderr);
	const after = await runProgram(['run', '-C', 'mine', 'Why?'], {
		home: other,
		env,
	});
	assert.equal(after.code, 0, after.stderr);
});
