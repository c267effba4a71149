import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {test, type TestContext} from 'node:test';
import {createApp, type App} from '../../source/ui/app.js';
import {textOf} from '../../source/ui/composer/composer.js';
import {continuation} from '../../source/ui/leaving.js';
import {type Terminal} from '../../source/ui/terminal.js';
import {emptyFolder} from '../helpers/program.js';
import {verdictText} from '../helpers/play.js';
import {serve, type Script, type Scripted} from '../helpers/scripted.js';
import {servicesAt} from '../helpers/services.js';

const terminal: Terminal = {
	title() {},
	notify() {},
	copy: () => false,
	redraw() {},
	suspend: async () => undefined,
	lend: async work => work(),
	leave() {},
};

const verdicts = (...syntheses: readonly string[]): Script =>
	syntheses.map(synthesis => verdictText({confidence: 0.9, synthesis}));

const cities = ['Paris.', 'Seine.', 'Marne.', 'Loire.'];

const served = async (t: TestContext) =>
	serve(t, {a: cities, b: cities, arbiter: verdicts(...cities)});

/**
The app without its screen, open.
*/
async function openedApp(
	t: TestContext,
	server: Scripted,
	{
		home = emptyFolder(),
		words = [],
		wanted = null,
		prompt = null,
	}: {
		readonly home?: string;
		readonly words?: readonly string[];
		readonly wanted?: string | null;
		readonly prompt?: string | null;
	} = {},
) {
	const {services, close} = servicesAt(t, {
		home,
		env: server.env,
		words: ['-m', 'openai/a', '--arbiter', 'openai/arbiter', ...words],
	});
	const app = createApp({
		services,
		terminal,
		size: {columns: 100, rows: 30},
		now: Date.now,
	});
	t.after(async () => app.close('person'));
	await app.open(prompt, wanted);
	return {app, home, close, services};
}

/**
Wait until the state is as it should be.
*/
async function when(
	{store}: App,
	isReached: (state: ReturnType<App['store']['state']>) => boolean,
): Promise<void> {
	const {promise, resolve} = Promise.withResolvers<void>();
	const stop = store.subscribe(() => {
		if (isReached(store.state())) {
			resolve();
		}
	});

	if (isReached(store.state())) {
		resolve();
	}

	await promise;
	stop();
}

async function ask(app: App, question: string): Promise<void> {
	const {length} = app.store.state().runs;
	app.store.submit(question);
	await when(app, ({runs, running}) => runs.length > length && !running);
}

const answersOf = ({store}: App) =>
	store.state().turns.map(({result}) => result?.answer);
const noticeOf = ({store}: App) => store.state().notice?.text ?? '';

test('a conversation can be forked after any question, and both go on', async t => {
	const server = await served(t);
	const {app, services} = await openedApp(t, server);
	await ask(app, 'City?');
	await ask(app, 'River?');
	const {conversationId} = app.store.state();

	app.store.submit('/fork 1');
	assert.deepEqual(answersOf(app), ['Paris.']);
	assert.equal(app.store.state().conversationId, null);
	assert.equal(continuation(app.store.state()), null, 'it is not logged yet');
	await ask(app, 'Other river?');
	assert.deepEqual(answersOf(app), ['Paris.', 'Marne.']);
	assert.doesNotMatch(server.heard('a')[2]!.raw, /Seine/);

	const fork = app.store.state().conversationId!;
	assert.equal(
		continuation(app.store.state()),
		`consortium-tui chat --cid ${fork}`,
	);
	const entries = await services.conversations('', null);
	assert.deepEqual(
		entries.map(({id, forkedFrom}) => [id, forkedFrom]),
		[
			[fork, conversationId],
			[conversationId, null],
		],
	);

	app.store.submit(`/continue ${conversationId!}`);
	await when(app, state => state.conversationId === conversationId);
	assert.deepEqual(answersOf(app), ['Paris.', 'Seine.']);
	await ask(app, 'And then?');
	assert.match(server.heard('a')[3]!.raw, /Seine/);
	assert.doesNotMatch(server.heard('a')[3]!.raw, /Marne/);
});

test('stepping back behind the first question begins anew with it in the box, also where nothing is logged', async t => {
	const server = await served(t);
	const {app, home} = await openedApp(t, server, {words: ['--no-log']});
	await ask(app, 'City?');
	await ask(app, 'River?');
	app.store.submit('/back 2');
	assert.deepEqual(answersOf(app), []);
	assert.equal(textOf(app.store.state().composer), 'City?');
	assert.match(noticeOf(app), /Nothing is logged, so that/);
	await ask(app, 'Town?');
	assert.doesNotMatch(server.heard('a')[2]!.raw, /City|River/);
	assert.equal(continuation(app.store.state()), null);
	assert.equal(existsSync(path.join(home, 'log.db')), false);
});

test('what cannot be stepped back behind, forked or resumed is refused with a sentence', async t => {
	const server = await served(t);
	const {app} = await openedApp(t, server);
	const told = (command: string) => {
		app.store.submit(command);
		return noticeOf(app);
	};

	assert.match(told('/back'), /Nothing was asked/);
	assert.match(told('/fork'), /Nothing was asked/);
	assert.match(told('/rename x'), /Nothing was asked/);
	await ask(app, 'City?');
	assert.match(told('/back 2'), /from 1 to 1/);
	assert.match(told('/back -1'), /from 1 to 1/);
	assert.match(told('/back 0.5'), /from 1 to 1/);
	assert.match(told('/fork 2'), /no question 2/);
	assert.match(told('/resume none'), /such as \/resume 0\.50/);
	assert.match(told('/budget day 0'), /\/budget day 5/);
	assert.match(told('/budget day'), /\/budget day 5/);
	app.store.submit('/resume');
	await when(app, state => state.notice?.text.includes('missing') ?? false);
	assert.equal(server.heard('a').length, 1);
});

test('Esc drops a conversation that is on its way, to be read or gone on with', async t => {
	const server = await served(t);
	const {app, services} = await openedApp(t, server);
	await ask(app, 'City?');
	const city = app.store.state().conversationId!;
	app.store.submit('/new');
	await ask(app, 'River?');
	const [entry] = await services.conversations('city', null);
	const press = (...chords: readonly string[]) => {
		for (const chord of chords) {
			const text = chord.length === 1 ? chord : '';
			app.store.press({chord, text});
		}
	};

	press('ctrl+o');
	await when(app, ({overlays}) => {
		const [list] = overlays;
		return list?.type === 'conversations' && list.entries !== null;
	});
	press('/', ...'city', 'enter', 'escape', 'escape');
	app.store.request({type: 'continue', id: city, afterTurn: null});
	app.store.request({type: 'open-conversation', entry: entry!});
	press('escape');
	await services.conversations('', null);
	await services.continueConversation(city, null);
	assert.deepEqual(answersOf(app), ['Seine.']);
	assert.equal(app.store.state().reading, null);

	app.store.request({type: 'continue', id: city, afterTurn: null});
	await when(app, ({conversationId}) => conversationId === city);
	assert.deepEqual(answersOf(app), ['Paris.']);
});

test('while a run goes on no other conversation is gone on with', async t => {
	const server = await served(t);
	const home = emptyFolder();
	const first = await openedApp(t, server, {home});
	await ask(first.app, 'City?');
	const id = first.app.store.state().conversationId!;
	first.app.store.submit('/new');
	first.app.store.submit('River?');
	assert.ok(first.app.store.state().running);

	for (const command of [`/continue ${id}`, '/fork', '/back', '/new']) {
		first.app.store.submit(command);
		assert.match(noticeOf(first.app), /A run is going on/, command);
	}

	first.app.store.request({type: 'continue', id, afterTurn: null});
	await when(first.app, ({running}) => !running);
	assert.deepEqual(answersOf(first.app), ['Seine.']);
});

test('what is typed and queued stays for the conversation that goes on', async t => {
	const server = await served(t);
	const home = emptyFolder();
	const first = await openedApp(t, server, {home});
	await ask(first.app, 'City?');
	await first.app.close('person');
	await first.close();

	const second = await openedApp(t, server, {
		home,
		wanted: 'latest',
		prompt: 'River?',
	});
	await when(second.app, ({turns, running}) => turns.length === 2 && !running);
	assert.deepEqual(answersOf(second.app), ['Paris.', 'Seine.']);
	assert.match(server.heard('a')[1]!.raw, /City\?.*Paris.*River\?/s);
});

test('a conversation is written as its file is called', async t => {
	const server = await served(t);
	const {app, home} = await openedApp(t, server);
	await ask(app, 'Is <b> a city?');
	const written = async (name: string) => {
		const file = path.join(home, name);
		app.store.submit(`/export ${file}`);
		await when(app, ({notice}) => notice?.text.includes(file) ?? false);
		return readFileSync(file, 'utf8');
	};

	assert.match(await written('a.html'), /^<!doctype html>.*&lt;b&gt;/is);
	assert.match(await written('a.md'), /# .*Paris\./s);
	assert.match(await written('a.json'), /"answer": "Paris\."/);
	assert.match(await written('a.txt'), /^> Is <b> a city\?\n\nParis\./);
});

test('who is given another role starts anew, which is told with the change and with the switch', async t => {
	const server = await served(t);
	const {app} = await openedApp(t, server);
	const plain = app.store.state().choice!;
	await ask(app, 'City?');
	const isTold = async (words: RegExp) =>
		when(app, ({notice}) => words.test(notice?.text ?? ''));
	app.store.submit('/set role=skeptic');
	await isTold(/^role is skeptic now/v);
	assert.match(noticeOf(app), /so a new start from [^:]+: a#1\./v);

	await ask(app, 'River?');
	app.store.request({type: 'switch', choice: plain});
	await isTold(/^Now: /v);
	assert.match(noticeOf(app), /goes on\. 1 instance keeps its own\./v);
	app.store.submit('/set role=verifier');
	await isTold(/^role is verifier now/v);
	assert.match(noticeOf(app), /so a new start from [^:]+: a#1\./v);
});

test('a consortium that was changed since is asked as it was then, and that is told', async t => {
	const server = await served(t);
	const {app, services, close} = await openedApp(t, server);
	const consortium = {
		...app.store.state().choice!.consortium,
		name: 'mine',
	};
	await services.saveConsortium(consortium, null);
	app.store.request({
		type: 'use',
		choice: {kind: 'saved', consortium, isDefault: false},
		notice: '',
	});
	await ask(app, 'City?');
	const id = app.store.state().conversationId!;
	const same = await services.continueConversation(id, null);
	assert.deepEqual([same.choice.kind, same.notices], ['saved', []]);

	await services.saveConsortium({...consortium, maxIterations: 7}, 'mine');
	const other = await services.continueConversation(id, null);
	assert.equal(other.choice.consortium.maxIterations, 3);
	assert.equal(other.choice.kind, 'changed');
	assert.match(other.notices[0]!, /\/switch mine takes the one/);
	await close();
});
