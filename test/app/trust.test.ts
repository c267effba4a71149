import assert from 'node:assert/strict';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test, type TestContext} from 'node:test';
import {endOf, keys, leaveApp, openApp, saved} from '../helpers/app.js';
import {verdictText} from '../helpers/play.js';
import {emptyFolder} from '../helpers/program.js';
import {serve} from '../helpers/scripted.js';

/**
A consortium that is run until a command accepts, which leaves what it was given in a file.
*/
async function setting(t: TestContext, more = '') {
	const home = emptyFolder();
	const {env, heard} = await serve(t, {
		a: ['It is so.'],
		arbiter: [verdictText({synthesis: 'So it is.', confidence: 0.2})],
	});
	const file = join(home, 'given');
	const command = `tee '${file}'${more}`;
	const config = {
		default: 'checked',
		consortiums: {
			checked: saved('checked', ['openai/a'], {until: [`command:${command}`]}),
			outer: saved('outer', ['checked'], {maxIterations: 1}),
		},
	};
	return {home, env, heard, file, config};
}

test('a command is shown before it is run for the first time: no gives the question back, yes is remembered', async t => {
	const {home, env, heard, file, config} = await setting(t);
	const screen = await openApp(t, {home, env, config});
	screen.press(`Is it so?${keys.enter}`);
	await screen.until(/Run this on your machine\?/v);
	assert.ok(screen.text().replaceAll(/\s|│/gv, '').includes(`tee'${file}'`));
	// A habit is not a yes.
	screen.press(`${keys.enter} ${keys.escape}`);
	await screen.until(/was not confirmed, so nothing was asked/v);
	await screen.until(/> Is it so\?/v);
	assert.equal(heard('a').length, 0);
	assert.equal(existsSync(file), false);

	screen.press(keys.enter);
	await screen.until(/y run it, and do not ask again/v);
	screen.press('y');
	await screen.until(/So it is\./v);
	await screen.until(/converged/v);
	assert.match(readFileSync(file, 'utf8'), /^So it is\./v);

	screen.press(`Again?${keys.enter}`);
	await screen.until(/Again\?[^]*So it is\.[^]*confidence 20%/v);
	assert.doesNotMatch(screen.text(), /Run this on your machine/v);
	await leaveApp(screen);
	assert.match(
		readFileSync(join(home, 'config.json'), 'utf8'),
		/"trustedCommands":\s*\[\s*"[\da-f]{64}"\s*\]/v,
	);
});

test('a long command of a consortium inside another has to be read to its end', async t => {
	const {home, env, heard, config} = await setting(
		t,
		`${'true; '.repeat(900)}echo the-end`,
	);
	const screen = await openApp(t, {
		home,
		env,
		config: {...config, default: 'outer'},
	});
	screen.press(`Is it so?${keys.enter}`);
	await screen.until(/↓ PgDn read to its end first/v);
	assert.doesNotMatch(screen.text(), /the-end/v);
	screen.press('y');
	screen.press(keys.end);
	await screen.until(/the-end/v);
	assert.match(screen.text(), /y run it/v);
	assert.equal(heard('a').length, 0, 'the first yes came too early');
	screen.press('y');
	await screen.until(/converged|max-iterations|unconverged/v);
	assert.ok(heard('a').length > 0);
	await leaveApp(screen);
});

test('answers that are judged again ask as well, where the command is not known any more', async t => {
	const {home, env, file, config} = await setting(t);
	const first = await openApp(t, {
		home,
		env,
		config,
		words: ['chat', '--trust-commands'],
	});
	first.press(`Is it so?${keys.enter}`);
	await first.until(/converged/v);
	await first.until(/Confirmed by --trust-commands, from now on: tee/v);
	await leaveApp(first);

	writeFileSync(file, '');
	const screen = await openApp(t, {
		home,
		env,
		config,
		words: ['chat', '-c'],
		isReady: /follow up, or/v,
	});
	screen.press(`/judge${keys.enter}`);
	await screen.until(/y run it/v);
	screen.press('n');
	await screen.until(/so nothing was asked/v);
	screen.press(`/judge${keys.enter}`);
	await screen.until(/y run it/v);
	screen.press('y');
	await screen.when(() => readFileSync(file, 'utf8').includes('So it is.'));
	await screen.until(/checked converged/v);
	await leaveApp(screen);
});

test('in lines the command is read out, and only y is a yes', async t => {
	const {home, env, file, config} = await setting(t);
	const screen = await openApp(t, {
		home,
		env,
		config,
		words: ['chat', '--screen-reader'],
		isReady: /Type a question and press Enter/v,
		columns: 250,
	});
	screen.press(`Is it so?${keys.enter}`);
	await screen.until(/\ntee '[^]*anything else is a no/v);
	screen.press(keys.enter);
	await screen.until(/was not confirmed, so nothing was asked/v);
	assert.equal(existsSync(file), false);
	screen.press(`Is it so now?${keys.enter}`);
	await screen.until(/now\?[^]*anything else is a no/v);
	screen.press(`y${keys.enter}`);
	await screen.until(/So it is\.[^]*converged/v);
	screen.press(`/quit${keys.enter}`);
	assert.equal(await endOf(screen), 0);
});
