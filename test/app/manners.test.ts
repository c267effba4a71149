import assert from 'node:assert/strict';
import process from 'node:process';
import {test} from 'node:test';
import {
	assertRestored,
	ctrl,
	endOf,
	keys,
	leaveApp,
	openApp,
} from '../helpers/app.js';
import {startOnScreen} from '../helpers/screen.js';
import {responsesText, stall} from '../helpers/scenes.js';
import {serve} from '../helpers/scripted.js';

test('without a key the app opens in the demo, says so, and shows how to add one', async t => {
	const screen = await openApp(t);
	await screen.until(/demo.*simulated: its answers mean nothing/v);
	await screen.until(/No provider has a key yet: \/key adds one/v);
	screen.press(`/key openai${keys.enter}`);
	await screen.until(/OPENAI_API_KEY|openai/v);
	screen.press('sk-secret-0123456789');
	await screen.until(/\*{19}/v);
	screen.press(keys.enter);
	await screen.until(/The key of openai is stored\. Now: /v);
	assert.doesNotMatch(screen.raw(), /sk-secret/v);
	await leaveApp(screen);
	assert.doesNotMatch(screen.raw(), /sk-secret/v);
});

test('NO_COLOR takes every colour away, and every state still has its word', async t => {
	const screen = await openApp(t, {env: {NO_COLOR: '1'}});
	screen.press(`Tabs or spaces?${keys.enter}`);
	await screen.until(/✓ done/v);
	await screen.until(/converged/v);
	assert.doesNotMatch(screen.raw(), /\u001B\[(?:\d+;)*(?:[34]\d|9[0-7])[;m]/v);
	await leaveApp(screen);
});

for (const [signal, code] of [
	['SIGTERM', 143],
	['SIGHUP', 129],
] as const) {
	test(`${signal} in the middle of a run gives the terminal back, and ends with ${code}`, async t => {
		const server = await serve(t, {
			a: [stall(responsesText('Words and more words that come.'), 8)],
		});
		const screen = await openApp(t, {
			words: ['chat', '-m', 'openai/a', '--arbiter', 'openai/arbiter'],
			env: server.env,
		});
		screen.press(`Why?${keys.enter}`);
		await screen.until(/Words and/v);
		process.kill(screen.pid, signal);
		assert.equal(await endOf(screen), code);
		assertRestored(screen);
		assert.match(screen.text(), /> Why\?[^]*cancelled/v);
		assert.equal(await server.heard('a')[0]!.leftEarly, true);
	});
}

for (const [how, options] of [
	[
		'--screen-reader',
		{words: ['chat', '--screen-reader', '-C', 'demo'], env: {}},
	],
	[
		'INK_SCREEN_READER',
		{words: ['chat', '-C', 'demo'], env: {INK_SCREEN_READER: 'true'}},
	],
	['a dumb terminal', {words: ['chat', '-C', 'demo'], env: {TERM: 'dumb'}}],
	['CI', {words: ['chat', '-C', 'demo'], env: {CI: 'true'}}],
] as const) {
	test(`by ${how} the app talks in lines and draws nothing`, async t => {
		const screen = startOnScreen([...options.words], {
			columns: 100,
			rows: 40,
			env: options.env,
		});
		t.after(screen.kill);
		await screen.until(/Type a question and press Enter/v);
		screen.press(`Tabs or spaces?${keys.enter}`);
		await screen.until(/optimist#1 answered/v);
		await screen.until(/The answer is:[^]*converged · confidence \d+%/v);
		screen.press(`/dissent${keys.enter}`);
		await screen.until(/Dissent/v);
		screen.press(`/nonsense${keys.enter}`);
		await screen.until(/There is no command \/nonsense/v);
		screen.press(`/help${keys.enter}`);
		await screen.until(/\/switch \[NAME\]: Switch the consortium/v);
		screen.press(`/quit${keys.enter}`);
		assert.equal(await endOf(screen), 0);
		assert.doesNotMatch(screen.raw(), /\u001B/v);
	});
}

test('--screen-reader without a command opens the app in lines', async t => {
	const screen = await openApp(t, {
		words: ['--screen-reader'],
		config: {version: 1, default: 'demo'},
		isReady: /Type a question and press Enter/v,
	});
	screen.press(`/quit${keys.enter}`);
	assert.equal(await endOf(screen), 0);
	assert.doesNotMatch(screen.raw(), /\u001B/v);
});

test('a light background is asked for, and its answer types nothing', async t => {
	const screen = await openApp(t);
	assert.match(screen.raw(), /\u001B\]11;\?/v);
	screen.press('\u001B]11;rgb:ffff/ffff/ffff\u001B\\');
	await screen.when(() => screen.raw().includes('38;2;29;78;216'));
	await screen.until(/> ask/v);
	await leaveApp(screen);
});

test('the editor has the terminal while it is open, and what it leaves is in the box', async t => {
	const screen = await openApp(t, {
		env: {EDITOR: 'printf "edited %s" words >'},
	});
	screen.press('a draft');
	await screen.until(/> a draft/v);
	screen.press(ctrl('g'));
	await screen.until(/> edited words/v);
	assert.equal(screen.isAlternate(), true);
	screen.press(ctrl('c'));
	await screen.until(/> ask/v);
	await leaveApp(screen);
});

test('good and bad marks are kept', async t => {
	const screen = await openApp(t);
	screen.press(`Tabs or spaces?${keys.enter}`);
	await screen.until(/converged/v);
	screen.press(`/good${keys.enter}`);
	await screen.until(/good/v);
	screen.press(`/copy${keys.enter}`);
	await screen.until(/Sent to the clipboard: \d+ characters/v);
	assert.match(screen.raw(), /\u001B\]52;c;/v);
	await leaveApp(screen);
});
