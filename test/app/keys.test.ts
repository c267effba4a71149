import assert from 'node:assert/strict';
import process from 'node:process';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {
	assertRestored,
	backToBox,
	ctrl,
	endOf,
	keys,
	leaveApp,
	openApp,
	pasted,
	saved,
} from '../helpers/app.js';
import {emptyFolder} from '../helpers/program.js';
import {verdictText} from '../helpers/play.js';
import {responsesText, stall} from '../helpers/scenes.js';
import {serve} from '../helpers/scripted.js';

const content = [verdictText({confidence: 0.9, synthesis: 'So it is.'})];

test('the switcher finds a consortium by a few letters, and the conversation goes on with it', async t => {
	const server = await serve(t, {
		a: ['Alpha.'],
		b: ['Beta.'],
		arbiter: content,
	});
	const screen = await openApp(t, {
		env: server.env,
		config: {
			default: 'first',
			consortiums: {
				first: saved('first', ['openai/a']),
				second: saved('second', ['openai/a', 'openai/b']),
			},
		},
	});
	screen.press(`One?${keys.enter}`);
	await screen.until(/confidence 90%/v);
	screen.press(ctrl('k'));
	await screen.until(/second[^]*demo/v);
	screen.press('/sec');
	await screen.until(/1 of 1[^]*› . second/v);
	screen.press(keys.enter);
	await screen.until(
		/Now: second\. The conversation goes on\. 1 instance keeps its own\.\s+1 instance is new to it/v,
	);
	screen.press(`Two?${keys.enter}`);
	await screen.until(/Two\?[^]*confidence 90%/v);
	assert.match(server.heard('a')[1]!.raw, /Alpha\.[^]*Two\?/v);
	assert.match(server.heard('b')[0]!.raw, /So it is\.[^]*Two\?/v);

	screen.press('\u001B1');
	await screen.until(/Now: demo|Now: first/v);
	await leaveApp(screen);
});

test('a consortium is made, changed and removed in the form', async t => {
	const home = emptyFolder();
	const screen = await openApp(t, {
		home,
		config: {
			default: 'first',
			consortiums: {
				first: saved('first', ['demo/optimist'], {arbiter: 'demo/arbiter'}),
			},
		},
	});
	const consortiums = () =>
		(
			JSON.parse(readFileSync(path.join(home, 'config.json'), 'utf8')) as {
				consortiums: Record<string, {maxIterations: number}>;
			}
		).consortiums;

	screen.press(ctrl('k'));
	await screen.until(/› 1 first/v);
	screen.press('d');
	await screen.until(/name/iv);
	screen.press(ctrl('s'));
	await screen.when(() => Object.keys(consortiums()).length === 2);
	await screen.until(/Saved /v);
	assert.equal(Object.keys(consortiums()).length, 2);
	screen.press(keys.escape);
	await screen.until(/> ask/v);
	await leaveApp(screen);
});

test('500 pasted lines are one chip in the box, and are sent whole', async t => {
	const server = await serve(t, {a: ['Alpha.'], arbiter: content});
	const screen = await openApp(t, {
		words: ['chat', '-m', 'openai/a', '--arbiter', 'openai/arbiter'],
		env: server.env,
	});
	const lines = Array.from({length: 500}, (_, index) => `line ${index + 1}`);
	screen.press(pasted(lines.join('\r')));
	await screen.until(/\[pasted 500 lines\]/v);
	screen.press(` What is this?${keys.enter}`);
	await screen.until(/confidence 90%/v);
	assert.ok(
		JSON.stringify(server.heard('a')[0]!.json).includes(
			`${JSON.stringify(lines.join('\n')).slice(1, -1)} What is this?`,
		),
	);
	screen.press(keys.up);
	await screen.until(/> \[pasted 500 lines\] What is this\?/v);
	screen.press(ctrl('c'));
	await screen.until(/> follow up/v);
	await leaveApp(screen);
});

test('200 keys in one instant all arrive while 64 panes stream', async t => {
	const server = await serve(t, {
		a: [{...responsesText('word '.repeat(2000)), betweenMs: 20}],
		arbiter: content,
	});
	const screen = await openApp(t, {
		words: ['chat', '-m', 'openai/a:64', '--arbiter', 'openai/arbiter'],
		env: server.env,
		columns: 200,
		rows: 50,
	});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/64 .*answering/v);
	const typed = Array.from({length: 200}, (_, index) =>
		String.fromCodePoint(97 + (index % 26)),
	).join('');

	for (const key of typed) {
		screen.press(key);
	}

	await screen.when(() =>
		screen
			.rows()
			.map(row => row.replace(/^[> ] /v, '').trimEnd())
			.join('')
			.includes(typed),
	);
	screen.press(ctrl('c'));
	await screen.until(/cancelled/v);
	screen.press(ctrl('c'));
	await screen.until(/> follow up/v);
	await leaveApp(screen);
});

test('Ctrl+C cancels the run, then clears the box, then leaves when it is pressed twice', async t => {
	const server = await serve(t, {
		a: [stall(responsesText('Words and more words that come.'), 8)],
	});
	const screen = await openApp(t, {
		words: ['chat', '-m', 'openai/a', '--arbiter', 'openai/arbiter'],
		env: server.env,
	});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/Words and/v);
	screen.press('half a thought');
	await screen.until(/half a thought/v);
	screen.press(ctrl('c'));
	await screen.until(/cancelled/v);
	assert.match(screen.text(), /> half a thought/v);
	screen.press(ctrl('c'));
	await screen.until(/> follow up/v);
	screen.press(keys.up);
	await screen.until(/> half a thought/v);
	screen.press(ctrl('c'));
	await screen.until(/> follow up/v);
	screen.press(ctrl('c'));
	await screen.until(/Press Ctrl\+C again to leave/v);
	screen.press(ctrl('c'));
	assert.equal(await endOf(screen), 0);
	assertRestored(screen);
	assert.match(screen.text(), /> Why\?[^]*cancelled/v);
});

test('Ctrl+Z gives the terminal back to the shell, and fg draws the screen again', async t => {
	const folder = emptyFolder();
	const program = new URL('../../dist/cli.js', import.meta.url).pathname;
	writeFileSync(
		path.join(folder, 'rc'),
		// The shell shows a job as it is written here: no wider than the screen, wherever the project lies.
		`PS1='shell> '\nnode='${process.execPath}'\nprogram='${program}'\napp() { "$node" "$program" chat; }\n`,
	);
	const screen = await openApp(t, {
		command: ['/bin/bash', '--rcfile', path.join(folder, 'rc'), '-i'],
		isReady: /shell>/v,
	});
	screen.press(`app${keys.enter}`);
	await screen.until(/> ask/v);
	screen.press('a thought');
	await screen.until(/> a thought/v);
	screen.press(ctrl('z'));
	await screen.until(/Stopped[^]*shell>$/v);
	assert.equal(screen.isAlternate(), false);
	// As long lines as the shell may have are wrapped.
	screen.press(`echo ${'x'.repeat(130)}${keys.enter}`);
	await screen.until(/\nx{100}\nx{30}\nshell>$/v);
	screen.press(`echo still he''re${keys.enter}`);
	await screen.until(/still here/v);
	screen.press(`fg${keys.enter}`);
	await screen.when(() => screen.isAlternate());
	await screen.until(/> a thought/v);
	screen.press(' more');
	await screen.until(/> a thought more/v);
	screen.press(ctrl('c'));
	await screen.until(/> ask/v);
	screen.press(ctrl('d'));
	await screen.until(/chat\nshell>$/v);
	screen.press(`exit${keys.enter}`);
	await endOf(screen);
});

test('F1 shows the keys anywhere, and a slash finds the commands', async t => {
	const screen = await openApp(t);
	screen.press(keys.f1);
	await screen.until(/Ctrl\+K +switch the consortium/v);
	await backToBox(screen);
	screen.press('/jud');
	await screen.until(/› \/judge/v);
	screen.press(keys.enter);
	await screen.until(/nothing to be done again/v);
	screen.press('/nonsense');
	await screen.until(/> \/nonsense/v);
	screen.press(keys.enter);
	await screen.until(/There is no command \/nonsense/v);
	assert.match(screen.text(), /> \/nonsense/v, 'to be put right');
	screen.press(ctrl('u'));
	await screen.until(/> ask/v);
	screen.press(ctrl('t'));
	await screen.until(/Nothing was asked in this conversation yet/v);
	await backToBox(screen);
	await leaveApp(screen);
});

test('what was asked is known in the next session', async t => {
	const home = emptyFolder();
	const first = await openApp(t, {home});
	first.press(`Tabs or spaces?${keys.enter}`);
	await first.until(/converged/v);
	await leaveApp(first);
	const second = await openApp(t, {home});
	second.press(keys.up);
	await second.until(/> Tabs or spaces\?/v);
	second.press(ctrl('u'));
	await second.until(/> ask/v);
	second.press(ctrl('o'));
	await second.until(/Tabs or spaces\?/v);
	second.press('v');
	await second.until(/an earlier conversation, to be read/v);
	assert.match(second.text(), /> Tabs or spaces\?[^]*The answer is/v);
	await backToBox(second);
	await leaveApp(second);
});
