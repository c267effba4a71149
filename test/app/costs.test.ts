import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {anthropicText} from '../helpers/anthropic-scenes.js';
import {
	backToBox,
	ctrl,
	keys,
	leaveApp,
	openApp,
	saved,
	type AppOptions,
} from '../helpers/app.js';
import {verdictText} from '../helpers/play.js';
import {emptyFolder} from '../helpers/program.js';
import {responsesText, type Counts} from '../helpers/scenes.js';
import {type Screen} from '../helpers/screen.js';
import {secretKey, serve} from '../helpers/scripted.js';

const claude = (text: string, usage: Counts) => anthropicText(text, {usage});
const gpt = (text: string, usage: Counts) => responsesText(text, {usage});

/**
A server and the app's options for two questions: the first member writes to its cache and reads it, the second one's prefix is below the minimum.
*/
async function table(t: TestContext): Promise<AppOptions> {
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

	return {
		columns: 140,
		rows: 40,
		home: emptyFolder(),
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
	};
}

async function afterTwo(t: TestContext, options: AppOptions) {
	const screen = await openApp(t, options);
	screen.press(`Is it?${keys.enter}`);
	await screen.until(/confidence 90%/v);
	screen.press(`Is it still?${keys.enter}`);
	await screen.until(/> Is it still\?[^]*confidence 90%/v);
	return screen;
}

test('Ctrl+T tells the costs, the calls of a run, and counts down until caches are cold', async t => {
	const screen = await afterTwo(t, await table(t));
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

test('a conversation that goes on after a restart has the header, the panes and the costs it had', async t => {
	const options = await table(t);
	const seen = async (screen: Screen) => {
		await screen.until(/54% cached/v);
		screen.press(`${keys.tab}2${keys.enter}`);
		await screen.until(
			/iteration 1 · done · below the minimum \(700 < 1024\)[^]*Esc back/v,
		);
		const zoomed = screen.rows().slice(0, 3);
		screen.press(keys.escape);
		await screen.until(/1–9 ←→ pick/v);
		await backToBox(screen);
		const shown = [zoomed];

		// A frame is drawn from its top: what stands below comes last.
		for (const [key, isWhole] of [
			[ctrl('t'), /\$0\.\d+ of the daily limit[^]*Esc close/v],
			[keys.enter, /Calls of 2[^]*Esc back/v],
		] as const) {
			screen.press(key);
			await screen.until(isWhole);
			shown.push(screen.rows());
		}

		screen.press('q');
		await screen.until(/Ctrl\+K consortium/v);
		return shown;
	};

	const first = await afterTwo(t, options);
	const before = await seen(first);
	await leaveApp(first);
	const second = await openApp(t, {
		...options,
		words: ['chat', '-c'],
		isReady: /> Is it still\?[^]*confidence 90%/v,
	});
	assert.deepEqual(await seen(second), before);
	await leaveApp(second);
});
