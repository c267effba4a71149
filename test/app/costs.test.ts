import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {anthropicText} from '../helpers/anthropic-scenes.js';
import {ctrl, keys, leaveApp, openApp, saved} from '../helpers/app.js';
import {verdictText} from '../helpers/play.js';
import {responsesText, type Counts} from '../helpers/scenes.js';
import {secretKey, serve} from '../helpers/scripted.js';

const claude = (text: string, usage: Counts) => anthropicText(text, {usage});
const gpt = (text: string, usage: Counts) => responsesText(text, {usage});

/**
The app after two questions: the first member writes to its cache and reads it, the second one's prefix is below the minimum.
*/
async function afterTwo(
	t: TestContext,
	size: {readonly columns: number; readonly rows: number},
) {
	const server = await serve(t, {
		'claude-opus-5-5': [
			claude('Yes.', {input: 2000, cacheWritten: 1800, output: 50}),
			claude('Still.', {
				input: 2400,
				cached: 1800,
				cacheWritten: 500,
				output: 60,
			}),
		],
		'gpt-6.1-sol': [
			gpt('No.', {input: 700, cached: 0, output: 40}),
			gpt('Still no.', {input: 900, cached: 0, output: 45}),
		],
		arbiter: [verdictText()],
	});
	const screen = await openApp(t, {
		...size,
		config: {
			default: 'duo',
			consortiums: {
				duo: saved('duo', ['anthropic/claude-opus-5-5', 'openai/gpt-6.1-sol']),
			},
			settings: {
				dailyLimitUsd: 5,
				prices: {'openai/arbiter': {input: 1, output: 4}},
			},
		},
		env: {
			...server.env,
			ANTHROPIC_BASE_URL: server.url.replace(/\/v1$/, ''),
			ANTHROPIC_API_KEY: secretKey,
		},
	});
	screen.press(`Is it?${keys.enter}`);
	await screen.until(/confidence 90%/v);
	screen.press(`Is it still?${keys.enter}`);
	await screen.until(/> Is it still\?[^]*confidence 90%/v);
	return screen;
}

test('Ctrl+T tells the costs, the calls of a run, and counts down until caches are cold', async t => {
	const screen = await afterTwo(t, {columns: 140, rows: 40});
	screen.press(ctrl('t'));
	await screen.until(/conversations: \$0\.\d+ of the daily limit of \$5\.00/v);
	assert.match(
		screen.text(),
		/1 duo[^\n]*\n[^\n]*› 2 duo[^\n]*\n[^\n]* total [^\n]*\$0\.\d+\n/v,
	);
	assert.match(screen.text(), /m1#1[^\n]*\n[^\n]*m2#1[^\n]*\n[^\n]*arbiter#1/v);

	screen.press(keys.enter);
	await screen.until(/Calls of 2 duo/v);
	assert.match(screen.text(), /1 m1#1 [^\n]* yes +yes +hit 75%/v);
	assert.match(
		screen.text(),
		/1 m2#1 [^\n]* yes +yes +below the minimum \(700 < 1024\)/v,
	);

	screen.press('c');
	const countdown = () => /m1#1 .* in (0[34]:\d\d)/.exec(screen.text())?.[1];
	await screen.when(() => countdown() !== undefined);
	const first = countdown();
	await screen.when(() => countdown() !== first);
	await screen.until(/m1#1 [^\n]* 2\.3k +in 0[34]:\d\d +\$0\.0\d+/v);
	assert.match(screen.text(), /m2#1 [^\n]*below the minimum \(900 < 1024\)/v);

	screen.press(keys.escape);
	await screen.until(/by model/v);
	screen.press('q');
	await screen.until(/Ctrl\+K consortium/v);
	await leaveApp(screen);
});
