import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	backToBox,
	ctrl,
	keys,
	leaveApp,
	openApp,
	saved,
} from '../helpers/app.js';
import {verdictText} from '../helpers/play.js';
import {chatText, responsesText, stall, status} from '../helpers/scenes.js';
import {type Screen} from '../helpers/screen.js';
import {serve, type Script} from '../helpers/scripted.js';

const twoRounds: Script = [
	verdictText({
		confidence: 0.5,
		needsIteration: true,
		areas: ['the year'],
		synthesis: 'Probably in 1969.',
	}),
	verdictText({
		confidence: 0.93,
		dissent: 'It may have been the 21st.',
		synthesis: '**In July 1969.** On the 20th, in Houston’s time.',
	}),
	verdictText({confidence: 0.88, synthesis: 'Neil Armstrong.'}),
];

const answers = (...texts: readonly string[]): Script =>
	texts.map(text => `${text}\n<confidence>0.7</confidence>`);

const duo = (changes: Readonly<Record<string, unknown>> = {}) => ({
	default: 'duo',
	consortiums: {
		duo: saved('duo', ['openai/a', 'openai/b'], changes),
	},
});

test('a run of two iterations is watched, its answer read, and followed up in the same conversations', async t => {
	const server = await serve(t, {
		a: answers('In 1969, alpha says.', 'In July 1969.', 'Armstrong.'),
		b: answers('In the sixties, beta says.', 'The 21st.', 'Neil A.'),
		arbiter: twoRounds,
	});
	const screen = await openApp(t, {config: duo(), env: server.env});
	screen.press(`When did they land on the moon?${keys.enter}`);
	await screen.until(/iteration 2\/3/v);
	await screen.until(/converged/v);
	await screen.until(/confidence 93%/v);
	assert.match(screen.rows()[0]!, /duo/v);
	assert.match(screen.text(), /> When did they land on the moon\?/v);
	assert.match(screen.text(), /In July 1969\. On the 20th/v);
	assert.match(screen.text(), /dissent/v);
	assert.match(screen.text(), /1 .*50%.*2 .*93% ▲43/v);

	screen.press(`Who was it?${keys.enter}`);
	await screen.until(/confidence 88%/v);
	assert.match(screen.text(), /Neil Armstrong\./v);
	assert.match(
		server.heard('a')[2]!.raw,
		/alpha says.*In July 1969.*Who was it/v,
	);
	await leaveApp(screen);
	assert.match(
		screen.text(),
		/When did they land on the moon\?[^]*\*\*In July 1969\.\*\*[^]*93%[^]*Who was it\?[^]*Neil Armstrong\.[^]*88%/v,
	);
});

test('Escape cancels the run; what came is kept, and what was queued is back in the box', async t => {
	const server = await serve(t, {
		a: [stall(responsesText('Words and more words that come.'), 8)],
		b: [stall(responsesText('Other words that come.'), 8)],
	});
	const screen = await openApp(t, {config: duo(), env: server.env});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/Words and[^]*answering|answering[^]*Words and/v);
	screen.press(`And then?${keys.enter}`);
	await screen.until(/queued 1: And then\?/v);
	screen.press(keys.escape);
	await screen.until(/cancelled/v);
	await screen.until(/> And then\?/v);
	assert.doesNotMatch(screen.text(), /queued/v);
	assert.equal(server.heard('arbiter').length, 0);
	screen.press(ctrl('u'));
	await leaveApp(screen);
});

test('Ctrl+S answers now, with what is there', async t => {
	const server = await serve(t, {
		a: answers('Alpha is done.'),
		b: [stall(responsesText('Beta never comes to an end.'), 8)],
		arbiter: [verdictText({confidence: 0.9, synthesis: 'From alpha.'})],
	});
	const screen = await openApp(t, {config: duo(), env: server.env});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/Alpha is done\.[^]*/v);
	await screen.until(/Beta/v);
	screen.press(ctrl('s'));
	await screen.until(/From alpha\./v);
	await screen.until(/stopped/v);
	await leaveApp(screen);
});

test('an instance that failed is asked again, and the answers are judged again', async t => {
	const server = await serve(t, {
		a: answers('Alpha.'),
		b: [
			status(400, {error: {message: 'Broken on purpose.'}}),
			...answers('Beta at last.'),
		],
		arbiter: [
			verdictText({confidence: 0.85, synthesis: 'From one.'}),
			verdictText({confidence: 0.95, synthesis: 'From both.'}),
		],
	});
	const screen = await openApp(t, {config: duo(), env: server.env});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/degraded/v);
	await screen.until(/From one\./v);
	screen.press(`${keys.tab}2`);
	await screen.until(/Broken on purpose/v);
	screen.press('r');
	await screen.until(/Beta at last\./v);
	await screen.until(/95%/v);
	await screen.until(/converged/v);
	await backToBox(screen);
	await screen.until(/From both\./v);
	assert.doesNotMatch(screen.text(), /degraded|From one/v);
	assert.equal(server.heard('a').length, 1, 'who answered is not asked again');
	await leaveApp(screen);
});

test('an answer that is left out is not judged', async t => {
	const server = await serve(t, {
		a: answers('Alpha.'),
		b: answers('Beta is wrong.'),
		arbiter: [
			verdictText({confidence: 0.85, synthesis: 'From both.'}),
			verdictText({confidence: 0.9, synthesis: 'From alpha alone.'}),
		],
	});
	const screen = await openApp(t, {config: duo(), env: server.env});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/confidence 85%/v);
	screen.press(`${keys.tab}2`);
	await screen.until(/▸2/v);
	screen.press('x');
	await screen.until(/left out/v);
	await backToBox(screen);
	screen.press(`/judge${keys.enter}`);
	await screen.until(/From alpha alone\./v);
	assert.doesNotMatch(server.heard('arbiter')[1]!.raw, /Beta is wrong/v);
	await leaveApp(screen);
});

test('one instance is stopped, and keeps what it said', async t => {
	const server = await serve(t, {
		a: answers('Alpha.'),
		b: [stall(responsesText('Beta says this much and then nothing.'), 9)],
		arbiter: [verdictText({confidence: 0.9, synthesis: 'Enough.'})],
	});
	const screen = await openApp(t, {config: duo(), env: server.env});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/Beta says/v);
	screen.press(`${keys.tab}2s`);
	await screen.until(/Enough\./v);
	assert.match(screen.text(), /stopped/v);
	await leaveApp(screen);
});

const boxesOn = (screen: Screen) =>
	screen.rows().filter(row => row.startsWith('> ')).length;

test('64 instances can be told apart at 60×16, also while the window changes', async t => {
	const server = await serve(t, {
		a: [{...stall(responsesText('word '.repeat(120)), 100), betweenMs: 5}],
		arbiter: [verdictText({confidence: 0.9, synthesis: 'All of them.'})],
	});
	const screen = await openApp(t, {
		words: ['chat', '-m', 'openai/a:64', '--arbiter', 'openai/arbiter'],
		env: server.env,
		columns: 60,
		rows: 16,
	});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/answering/v);
	await screen.until(/of 64/v);

	for (const [columns, rows] of [
		[200, 50],
		[61, 17],
		[40, 10],
		[120, 40],
		[60, 16],
	] as const) {
		screen.resize(columns, rows);
		// A frame that was on its way when the window changed is there for a moment; then one frame, not two.
		await screen.when(() =>
			columns < 60
				? screen.rows().some(row => row.includes('It needs 60×16')) &&
					boxesOn(screen) === 0
				: boxesOn(screen) === 1,
		);
	}

	screen.press(ctrl('s'));
	await screen.until(/All of them\./v);
	await leaveApp(screen);
});

test('what models write does nothing to the terminal', async t => {
	const hostile =
		'before \u001B]52;c;ZXZpbA==\u0007\u001B[2J\u001B[?1049l\u001BPevil\u001B\\\u009B31m \u202Eafter';
	const server = await serve(t, {
		a: answers(hostile),
		b: [chatText(hostile)],
		arbiter: [
			verdictText({
				confidence: 0.9,
				synthesis: `Safe ${hostile}`,
				dissent: hostile,
			}),
		],
	});
	const screen = await openApp(t, {config: duo(), env: server.env});
	screen.press(`Why?${keys.enter}`);
	await screen.until(/confidence 90%/v);
	assert.match(screen.text(), /Safe before\s+<U\+202E>after/v);
	assert.equal(screen.isAlternate(), true);
	assert.doesNotMatch(screen.raw(), /\]52|ZXZpbA|\u001BP|\u009B|\u202E/v);
	await leaveApp(screen);
	assert.doesNotMatch(screen.raw(), /\]52|ZXZpbA|\u001BP|\u009B|\u202E/v);
});
