import assert from 'node:assert/strict';
import {test} from 'node:test';
import {verdictText} from '../helpers/play.js';
import {startOnScreen} from '../helpers/screen.js';
import {responsesText, stall} from '../helpers/scenes.js';
import {serve} from '../helpers/scripted.js';

const ask = ['run', '-C', 'demo', '--no-stdin', 'Tabs or spaces?'];

test('a block shows who is at work, and leaves only the answer and a summary behind', async () => {
	const screen = startOnScreen(ask, {columns: 100});
	await screen.until(/optimist#1 +answer/);
	await screen.until(/verdict 1: [█░]{10}/);
	await screen.until(/iteration 2 of 3/);
	assert.match(screen.text(), /simulated: the answers mean nothing/);
	assert.equal(await screen.ended, 0);
	assert.match(
		screen.text(),
		/^The answer is: (?:tabs|spaces)\.\n[^]*\n\nsimulated, converged · confidence \d\d% · 2 iterations/,
	);
	assert.doesNotMatch(screen.text(), /optimist#1/);
	assert.doesNotMatch(
		screen.raw(),
		/\u001B\[\?/,
		'no mode of the terminal is touched',
	);
});

test('the block never outgrows a small screen, also while it shrinks', async () => {
	const screen = startOnScreen(
		[
			'run',
			'--no-stdin',
			'-m',
			'demo/optimist:40',
			'-m',
			'demo/careful:9',
			'Tabs or spaces?',
		],
		{columns: 60, rows: 16},
	);
	await screen.until(/iteration 1 of 3 · \d+ of 49 done, 12 shown/);
	screen.resize(30, 8);
	assert.equal(await screen.ended, 0);
	assert.match(screen.text(), /simulated, converged/);
});

test('Ctrl+C cancels the run, takes the block away and says where to find what came', async t => {
	const server = await serve(t, {
		a: [stall(responsesText('Words and more words that come.'), 8)],
	});
	const screen = startOnScreen(
		[
			'run',
			'--no-stdin',
			'-m',
			'openai/a',
			'--arbiter',
			'openai/arbiter',
			'Why?',
		],
		{env: server.env, columns: 120},
	);
	await screen.until(/a#1 answering/);
	screen.press('\u0003');
	assert.equal(await screen.ended, 130);
	assert.match(screen.text(), /cancelled · /);
	assert.match(screen.text(), /consortium-tui runs resume [0-9a-z]{26}/);
	assert.doesNotMatch(screen.text(), /a#1 answering/);
});

test('what models write cannot do anything to the terminal', async t => {
	const evil =
		'\u001B]0;owned\u0007\u001B[2J\u001B]52;c;aGk=\u0007\u009B31m\u202Eevil';
	const server = await serve(t, {
		a: [`${evil}\n<final>${evil}</final>\n<confidence>0.9</confidence>`],
		arbiter: [
			verdictText({
				synthesis: `Fine. ${evil}`,
				dissent: `<point labels="A">${evil}</point>`,
			}),
		],
	});
	const screen = startOnScreen(
		[
			'run',
			'-v',
			'--no-stdin',
			'-m',
			'openai/a',
			'--arbiter',
			'openai/arbiter',
			'Why?',
		],
		{env: server.env},
	);
	assert.equal(await screen.ended, 0);
	assert.match(screen.text(), /Fine\. <U\+202E>evil/);
	assert.doesNotMatch(screen.raw(), /\u001B\]|\u001B\[2J|[\u0007\u009B\u202E]/);
});

test('a dumb terminal gets lines instead of a block', async () => {
	const screen = startOnScreen(ask, {env: {TERM: 'dumb'}});
	assert.equal(await screen.ended, 0);
	assert.match(screen.text(), /✓ skeptic#1 answered/);
	assert.doesNotMatch(screen.raw(), /\u001B/);
});
