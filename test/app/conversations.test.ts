import assert from 'node:assert/strict';
import process from 'node:process';
import {test} from 'node:test';
import {
	assertRestored,
	backToBox,
	ctrl,
	endOf,
	keys,
	leaveApp,
	openApp,
	saved,
} from '../helpers/app.js';
import {verdictText} from '../helpers/play.js';
import {emptyFolder} from '../helpers/program.js';
import {responsesText, stall} from '../helpers/scenes.js';
import {serve, type Script} from '../helpers/scripted.js';

const answers = (...texts: readonly string[]): Script =>
	texts.map(text => `${text}\n<confidence>0.7</confidence>`);
const verdicts = (...syntheses: readonly string[]): Script =>
	syntheses.map(synthesis => verdictText({confidence: 0.9, synthesis}));

const duo = (changes: Readonly<Record<string, unknown>> = {}) => ({
	default: 'duo',
	consortiums: {
		duo: saved('duo', ['openai/a', 'openai/b'], changes),
		other: saved('other', ['openai/a']),
	},
});

const scripts = {
	a: answers('Paris, says alpha.', 'The Seine, alpha.', 'The Marne, alpha.'),
	b: answers('Paris, says beta.', 'The Seine, beta.', 'The Marne, beta.'),
	arbiter: verdicts('It is Paris.', 'It is the Seine.', 'It is the Marne.'),
};

/**
The app once it goes on with a conversation.
*/
async function goOn(
	t: Parameters<typeof openApp>[0],
	options: Parameters<typeof openApp>[1],
) {
	const screen = await openApp(t, {
		words: ['chat', '-c'],
		isReady: /The conversation goes on/v,
		...options,
	});
	await screen.when(() => screen.raw().includes('\u001B[?2004h'));
	return screen;
}

test('a conversation is left, continued, and each member knows the question before and the answer', async t => {
	const server = await serve(t, scripts);
	const home = emptyFolder();
	const first = await openApp(t, {home, config: duo(), env: server.env});
	first.press(`Which city?${keys.enter}`);
	await first.until(/It is Paris\./v);
	await leaveApp(first);
	const [, id] =
		/Continue with: consortium-tui chat --cid (?<id>\w+)/v.exec(first.text()) ??
		[];
	assert.ok(id);

	const second = await goOn(t, {home, env: server.env});
	assert.match(second.text(), /> Which city\?[^]*It is Paris\./v);
	assert.match(second.rows()[0]!, /duo/v);
	second.press(`Which river?${keys.enter}`);
	await second.until(/It is the Seine\./v);

	for (const model of ['a', 'b']) {
		const [before, after] = server
			.heard(model)
			.map(({json}) => json['input'] as unknown[]);
		assert.deepEqual(after!.slice(0, 1), before, 'it goes on in its own words');
		assert.match(
			JSON.stringify(after!.slice(1)),
			/Paris, says [^]*It is Paris\.[^]*Which river\?/v,
		);
	}

	await leaveApp(second);
	const third = await goOn(t, {
		home,
		env: server.env,
		words: ['chat', '--cid', id, 'And the other river?'],
		isReady: /It is the Marne\./v,
	});
	assert.match(
		server.heard('a')[2]!.raw,
		/It is the Seine\.[^]*And the other river/v,
	);
	await leaveApp(third);
});

test('flags override the consortium of the conversation', async t => {
	const server = await serve(t, scripts);
	const home = emptyFolder();
	const first = await openApp(t, {home, config: duo(), env: server.env});
	first.press(`Which city?${keys.enter}`);
	await first.until(/It is Paris\./v);
	await leaveApp(first);

	const second = await goOn(t, {
		home,
		env: server.env,
		words: ['chat', '-c', '-C', 'other'],
	});
	assert.match(second.rows()[0]!, /duo.*→ other/v);
	second.press(`Which river?${keys.enter}`);
	await second.until(/It is the Seine\./v);
	assert.equal(server.heard('b').length, 1, 'who is gone rests');
	await leaveApp(second);
});

test('where there is nothing to continue the app says so, and does not send what was asked', async t => {
	const server = await serve(t, scripts);
	const screen = await openApp(t, {
		words: ['chat', 'Which river?', '-c'],
		config: duo(),
		env: server.env,
		isReady: /no conversation to go on with/v,
	});
	await screen.until(/> Which river\?/v);
	screen.press(`${ctrl('u')}/continue${keys.enter}`);
	await screen.until(/> ask/v);
	assert.deepEqual(server.seen, []);
	await leaveApp(screen);
});

test('conversations are named, forked, deleted and brought back in their list', async t => {
	const server = await serve(t, scripts);
	const home = emptyFolder();
	const screen = await openApp(t, {home, config: duo(), env: server.env});
	screen.press(`Which city?${keys.enter}`);
	await screen.until(/It is Paris\./v);
	screen.press(`Which river?${keys.enter}`);
	await screen.until(/It is the Seine\./v);
	screen.press(`/new${keys.enter}`);
	await screen.until(/> ask/v);

	screen.press(ctrl('o'));
	await screen.until(/› .*Which city\?.*2 turns/v);
	screen.press('r');
	await screen.until(/Rename the conversation/v);
	screen.press(`${ctrl('u')}About France${keys.enter}`);
	await screen.until(/› .*About France/v);
	screen.press(keys.delete);
	await screen.until(/Deleted\. u brings it back/v);
	assert.doesNotMatch(screen.text(), /› .*About France/v);
	screen.press('u');
	await screen.until(/› .*About France/v);

	screen.press('f');
	await screen.until(/after which question[^]*› 2 +Which river\?/v);
	screen.press(`${keys.up}${keys.enter}`);
	await screen.until(/A fork after question 1/v);
	await screen.until(/It is Paris\./v);
	assert.doesNotMatch(screen.text(), /Seine/v);
	screen.press(`Which other river?${keys.enter}`);
	await screen.until(/It is the Marne\./v);
	assert.doesNotMatch(server.heard('a')[2]!.raw, /Seine/v);
	assert.match(server.heard('a')[2]!.raw, /says alpha[^]*Which other river/v);

	screen.press(ctrl('o'));
	await screen.until(/on the screen[^]*About France/v);
	screen.press(keys.delete);
	await screen.until(/Delete it, and begin a new one\?/v);
	screen.press('n');
	await screen.until(/on the screen/v);
	screen.press('/seine');
	await screen.until(/1 of 1[^]*«Seine»/v);
	screen.press(keys.enter);
	await screen.until(/to be read +Enter go on/v);
	screen.press(keys.enter);
	await screen.until(/The conversation goes on/v);
	await screen.until(/It is the Seine\./v);
	await leaveApp(screen);
});

test('/back puts the last question into the box, in a fork, and the conversation stays as it was', async t => {
	const server = await serve(t, scripts);
	const screen = await openApp(t, {config: duo(), env: server.env});
	screen.press(`Which city?${keys.enter}`);
	await screen.until(/It is Paris\./v);
	screen.press(`Which river?${keys.enter}`);
	await screen.until(/It is the Seine\./v);
	screen.press(`/back${keys.enter}`);
	await screen.when(() => !screen.text().includes('Seine'));
	await screen.until(/> Which river\?\s/v);
	screen.press(` In the east.${keys.enter}`);
	await screen.until(/It is the Marne\./v);
	assert.match(server.heard('b')[2]!.raw, /Which river\? In the east\./v);
	assert.doesNotMatch(server.heard('b')[2]!.raw, /Seine/v);

	screen.press(ctrl('o'));
	await screen.until(/fork · duo · 1 turn[^]*2 turns/v);
	screen.press(`${keys.end}${keys.enter}`);
	await screen.until(/It is the Seine\./v);
	await leaveApp(screen);
});

test('a run that was cancelled is resumed: kept answers stay, only what is missing is asked', async t => {
	const server = await serve(t, {
		a: scripts.a,
		b: [stall(responsesText('Beta hesitates and hesitates.'), 8), ...scripts.b],
		arbiter: scripts.arbiter,
	});
	const screen = await openApp(t, {config: duo(), env: server.env});
	screen.press(`Which city?${keys.enter}`);
	await screen.until(/says alpha[^]*Beta/v);
	await screen.until(/done/v);
	screen.press(keys.escape);
	await screen.until(/cancelled/v);
	await screen.until(/Ctrl\+N resume/v);
	screen.press(ctrl('n'));
	await screen.until(/It is Paris\./v);
	await screen.until(/converged/v);
	assert.deepEqual(
		[server.heard('a').length, server.heard('b').length],
		[1, 2],
	);
	assert.match(server.heard('arbiter')[0]!.raw, /says alpha/v);
	assert.match(server.heard('arbiter')[0]!.raw, /says beta/v);
	await screen.until(/> Which city\?/v);
	assert.equal(screen.text().match(/> Which city\?/gv)!.length, 1);
	screen.press(`/resume${keys.enter}`);
	await screen.until(/nothing of it is missing/v);
	await leaveApp(screen);
});

test('a run whose program was killed is resumed in the next one', async t => {
	const server = await serve(t, {
		a: scripts.a,
		b: [stall(responsesText('Beta hesitates and hesitates.'), 8), ...scripts.b],
		arbiter: scripts.arbiter,
	});
	const home = emptyFolder();
	const first = await openApp(t, {home, config: duo(), env: server.env});
	first.press(`Which city?${keys.enter}`);
	await first.until(/says alpha[^]*Beta/v);
	await first.until(/done/v);
	process.kill(first.pid, 'SIGKILL');
	await endOf(first);

	const second = await openApp(t, {home, env: server.env});
	second.press(ctrl('o'));
	await second.until(/broken off: Enter goes on, then \/resume/v);
	second.press(keys.enter);
	await second.until(/Its last run was broken off/v);
	second.press(keys.tab);
	await second.until(/says alpha/v);
	await backToBox(second);
	second.press(`/resume${keys.enter}`);
	await second.until(/It is Paris\./v);
	assert.deepEqual(
		[server.heard('a').length, server.heard('b').length],
		[1, 2],
	);
	await leaveApp(second);
	assertRestored(second);
});

test('a run that met its budget asks for another one', async t => {
	const server = await serve(t, scripts);
	const screen = await openApp(t, {
		env: server.env,
		config: {
			...duo({limits: {budgetUsd: 0.000001, timeoutSeconds: 600}}),
			settings: {
				prices: Object.fromEntries(
					['a', 'b', 'arbiter'].map(model => [
						`openai/${model}`,
						{input: 1, output: 1},
					]),
				),
			},
		},
	});
	screen.press(`Which city?${keys.enter}`);
	await screen.until(/stopped by a limit/v);
	screen.press(ctrl('n'));
	await screen.until(/Resume it with twice the budget/v);
	screen.press('n');
	await screen.until(/> follow up/v);
	assert.deepEqual(server.seen, []);
	screen.press(`/resume 5${keys.enter}`);
	await screen.until(/It is Paris\./v);
	await leaveApp(screen);
});

test('a change that breaks off a long cached prefix is asked for', async t => {
	const long = 'Once more: which city do you mean? '.repeat(20);
	const server = await serve(t, {
		...scripts,
		a: [
			responsesText('Paris, says alpha.', {
				usage: {input: 5000, output: 5},
			}),
		],
	});
	const screen = await openApp(t, {config: duo(), env: server.env});
	screen.press(`${long}${keys.enter}`);
	await screen.until(/It is Paris\./v);
	screen.press(`/set system=Doubt.${keys.enter}`);
	await screen.until(/breaks off[^]*m1#1 starts anew[^]*5\.0k tokens/v);
	screen.press('n');
	await screen.until(/> follow up/v);
	screen.press(`/set system=Doubt.${keys.enter}`);
	await screen.until(/breaks off/v);
	screen.press('y');
	await screen.until(/system is Doubt\. now/v);
	screen.press(`Which river?${keys.enter}`);
	await screen.until(/another model or system prompt than before/v);
	await screen.until(/It is the Seine\./v);
	await leaveApp(screen);
});

test('in lines a conversation is continued by its id, and a question before a change is answered by a letter', async t => {
	const long = {usage: {input: 5000, output: 5}};
	const server = await serve(t, {
		...scripts,
		a: [responsesText('Paris, says alpha.', long)],
	});
	const home = emptyFolder();
	const first = await openApp(t, {home, config: duo(), env: server.env});
	first.press(`Which city?${keys.enter}`);
	await first.until(/It is Paris\./v);
	await leaveApp(first);

	const lines = await openApp(t, {
		home,
		env: server.env,
		words: ['chat', '--screen-reader'],
		isReady: /Consortium: duo/v,
	});
	lines.press(`/continue city${keys.enter}`);
	await lines.until(/Go on with one: \/continue ID/v);
	const {id} = /^(?<id>\w{26}): Which city\?, 1 turn$/mv.exec(
		lines.text(),
	)!.groups!;
	lines.press(`/continue ${id!}${keys.enter}`);
	await lines.until(
		/The conversation goes on\.[^]*> Which city\?[^]*It is Paris/v,
	);
	lines.press(`/set system=Doubt.${keys.enter}`);
	await lines.until(/m1#1 starts anew[^]*Type y for yes/v);
	lines.press(`y${keys.enter}`);
	await lines.until(/system is Doubt\. now/v);
	lines.press(`Which river?${keys.enter}`);
	await lines.until(/It is the Seine\./v);
	assert.match(
		server.heard('a')[1]!.raw,
		/Doubt\.[^]*It is Paris[^]*Which river/v,
	);
	lines.press(`/quit${keys.enter}`);
	assert.equal(await endOf(lines), 0);
	assert.match(lines.text(), new RegExp(`Continue with: .* --cid ${id!}`, 'v'));
});
