import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createConversation} from '../../../source/core/conversation.js';
import {emptyRun} from '../../../source/core/run-state.js';
import {firstState} from '../../../source/ui/app-state.js';
import {overlayLoaded} from '../../../source/ui/overlays/overlay.js';
import {
	costsFace,
	costsOf,
	pressCosts,
	type Costs,
} from '../../../source/ui/overlays/costs.js';
import {type Room} from '../../../source/ui/overlays/rows.js';
import {spentOf, type Spent} from '../../../source/ui/spent.js';
import {turnViewOf} from '../../../source/ui/turn-view.js';
import {pictureOf} from '../../helpers/derived.js';
import {failure, fakeModel} from '../../helpers/fake-model.js';
import {press} from '../../helpers/keys.js';
import {wanted, stepOf} from '../../helpers/overlays.js';
import {play, verdictText} from '../../helpers/play.js';
import {pricedModel} from '../../helpers/priced.js';
import {stillWorld} from '../../helpers/world.js';

const idle: Spent = {pictures: [], liveRunId: null, dailyLimitUsd: null};
const wide: Room = {columns: 118, rows: 40};

/**
A conversation of so many questions to two members; luna's answers fail.
*/
async function spent(questions: number): Promise<Spent> {
	const world = stillWorld();
	const conversation = createConversation(world);
	const pictures = [];
	const cast = {
		opus: pricedModel(
			[['Yes.']],
			[
				{inputTokens: 700, cachedTokens: 0},
				{inputTokens: 900, cachedTokens: 0},
				{inputTokens: 1500, cachedTokens: 0},
			],
			{
				promptCache: {
					kind: 'implicit',
					minimumTokens: 1024,
					lifetimeMs: null,
					isShared: false,
				},
			},
		),
		luna: fakeModel([['N', {failure: failure()}]], {costUsd: 0.02}),
		arbiter: fakeModel([[verdictText()]], {costUsd: 0.005}),
	};

	for (let index = 0; index < questions; index++) {
		const {events} = await play(cast, {
			prompt: `Question ${index + 1}?`,
			world,
			conversation,
		});
		pictures.push(pictureOf(events));
	}

	return {...idle, pictures};
}

const textOf = (costs: Costs, screen: Spent, room = wide) => {
	const {title, note, rows, keys} = costsFace(costs, screen, room);
	return [
		`${title} | ${note} | ${keys}`,
		...rows.map(row =>
			row
				.map(({text}) => text)
				.join('')
				.trimEnd(),
		),
	].join('\n');
};

function pressed(
	costs: Costs,
	chords: readonly string[],
	screen: Spent,
	room = wide,
): Costs {
	let overlay = costs;

	for (const chord of chords) {
		const step = pressCosts(overlay, press(chord), {room, spent: screen});
		assert.equal(step.overlay?.type, 'costs');
		overlay = step.overlay;
	}

	return overlay;
}

test('runs, speakers and models are told with their sum, and the last run is picked', async () => {
	const text = textOf(costsOf(), await spent(2));
	assert.match(text, /\n {2}1 test +degraded +1 .*\n› 2 test +degraded +1 /);
	assert.match(text, /\n {2}total .*\$0\.050 or more\n/);
	assert.match(text, /by who spoke\n {2}opus#1.*\n {2}luna#1.*\n {2}arbiter#1/);
	assert.match(text, /by model\n {2}opus .*\n {2}luna .*\n {2}arbiter /);
	assert.match(text, /\? is not known/);
});

test('a conversation without a question says so', () => {
	assert.match(textOf(costsOf(), idle), /Nothing was asked/);
	const still = pressed(costsOf(), ['up', 'down', 'enter'], idle);
	assert.match(textOf(still, idle), /Nothing was asked/);
	assert.match(
		textOf(pressed(costsOf(), ['c'], idle), idle),
		/Nobody has read anything/,
	);
});

test('columns give way by importance, and the cost stays', async () => {
	const screen = await spent(1);
	const titles = (columns: number) =>
		costsFace(costsOf(), screen, {columns, rows: 20})
			.rows[0]!.map(({text}) => text.trim())
			.filter(Boolean);

	assert.deepEqual(titles(138), [
		'state',
		'iterations',
		'time',
		'in',
		'cached',
		'written',
		'out',
		'reasoning',
		'cost',
	]);
	assert.deepEqual(titles(58), ['state', 'in', 'out', 'cost']);
	assert.equal(titles(30).at(-1), 'cost');
});

test('Enter tells the calls of the run that is picked, and what the cache did for each', async () => {
	const screen = await spent(2);
	const first = pressed(costsOf(), ['up', 'enter'], screen);
	assert.match(textOf(first, screen), /^Calls of 1 test \|/);
	assert.match(
		textOf(first, screen),
		/1 opus#1 +answer +done .* yes +no +first\n/,
	);
	assert.match(textOf(first, screen), /1 luna#1 +answer +failed .* \$0\.020 /);
	const second = textOf(pressed(costsOf(), ['right'], screen), screen);
	assert.match(
		second,
		/1 opus#1 .* yes +no +below the minimum \(700 < 1024\)\n/,
	);
	assert.doesNotMatch(second, /miss\n/);
	assert.match(second, /Asked: /);
	assert.match(second, /Sent: /);
	assert.match(second, /Observed: /);
});

test('in a narrow room the cost of a call and what was observed are left', async () => {
	const screen = await spent(2);
	const text = textOf(pressed(costsOf(), ['enter'], screen), screen, {
		columns: 58,
		rows: 12,
	});
	assert.match(text, /1 opus#1 .* \? +below the minimum \(700 < 1024\)\n/);
});

test('where many runs are, the picked one is in sight, and the sums below are scrolled to', async () => {
	const screen = await spent(12);
	const room = {columns: 58, rows: 6};
	const last = textOf(costsOf(), screen, room);
	assert.match(last, /\n› 12 test/);
	const up = pressed(
		costsOf(),
		Array.from({length: 11}, () => 'up'),
		screen,
		room,
	);
	assert.match(textOf(up, screen, room), /\n› 1 test/);
	const end = pressed(up, ['end'], screen, room);
	assert.doesNotMatch(textOf(end, screen, room), /›/);
	const higher = pressed(end, ['up'], screen, room);
	assert.equal(higher.run, up.run);
	assert.notEqual(textOf(higher, screen, room), textOf(end, screen, room));
	const beyond = pressed(costsOf(), ['down', 'down', 'down'], screen, room);
	assert.match(textOf(beyond, screen, room), /total/);
});

test('c tells the caches, and asks what it costs to write them anew', async () => {
	const screen = await spent(3);
	const step = pressCosts(costsOf(), press('c'), {room: wide, spent: screen});
	const [asked] = wanted(step, 'rereads');
	const {start} = screen.pictures[0]!.calls.values().next().value!;
	assert.deepEqual(
		asked!.prefixes.find(({model}) => model === 'opus'),
		{transcriptId: start.transcriptId, model: 'opus', tokens: 1500},
	);
	const usd = new Map([[start.transcriptId, 0.003]]);
	const loaded = overlayLoaded(step.overlay!, {kind: 'rereads', usd});
	assert.match(
		textOf(loaded.overlay as Costs, screen),
		/^Prompt caches[^]*\nopus#1 .* \$0\.00300/,
	);
	const short = pressCosts(costsOf(), press('c'), {
		room: wide,
		spent: await spent(1),
	});
	assert.deepEqual(
		wanted(short, 'rereads')[0]!.prefixes.map(({model}) => model),
		['arbiter'],
	);
	assert.equal(pressed(costsOf(), ['c', 'c'], screen).page, 'sums');
});

test('what was spent today stands beside the daily limit', async () => {
	const screen = {...(await spent(1)), dailyLimitUsd: 5};
	const {overlay} = overlayLoaded(costsOf(), {
		kind: 'spending',
		todayUsd: 0.42,
	});
	assert.match(
		textOf(overlay as Costs, screen),
		/conversations: \$0\.420 of the daily limit of \$5\.00/,
	);
	assert.match(
		textOf(overlay as Costs, {...screen, dailyLimitUsd: null}),
		/today, in all conversations: \$0\.420$/m,
	);
	assert.match(
		textOf(costsOf(), screen),
		/today, in all conversations: \? of the daily limit/,
	);
	assert.doesNotMatch(
		textOf(costsOf(), {...screen, dailyLimitUsd: null}),
		/today/,
	);
});

test('what was spent today is asked for again every ten seconds, once at a time', () => {
	const at = (costs: Costs, now: number) =>
		overlayLoaded(costs, {kind: 'time', now});
	const first = at(costsOf(), 0);
	assert.equal(
		wanted(at(first.overlay as Costs, 60_000), 'spending').length,
		0,
	);
	const heard = overlayLoaded(first.overlay!, {kind: 'spending', todayUsd: 1});
	assert.equal(wanted(at(heard.overlay as Costs, 9999), 'spending').length, 0);
	const late = at(heard.overlay as Costs, 10_000);
	assert.equal(wanted(late, 'spending').length, 1);
	assert.equal(wanted(at(late.overlay as Costs, 30_000), 'spending').length, 0);
	assert.equal((late.overlay as Costs).todayUsd, 1);
});

test('the table closes as it was opened, or by Escape, which first leaves its pages', async () => {
	for (const chord of ['ctrl+t', 'escape', 'q']) {
		assert.deepEqual(stepOf(costsOf(), chord), {overlay: null});
	}

	assert.deepEqual(stepOf(costsOf(), 'x'), {overlay: costsOf()});
	const screen = await spent(1);

	for (const chord of ['escape', 'left', 'backspace']) {
		assert.equal(pressed(costsOf(), ['enter', chord], screen).page, 'sums');
	}

	for (const chord of ['q', 'ctrl+t']) {
		const calls = pressed(costsOf(), ['enter'], screen);
		assert.deepEqual(
			pressCosts(calls, press(chord), {room: wide, spent: screen}),
			{overlay: null},
		);
	}
});

test('the run on the screen is counted once, as it is now', async () => {
	const {pictures} = await spent(2);
	const [first, second] = pictures as [
		(typeof pictures)[0],
		(typeof pictures)[0],
	];
	const state = {
		...firstState({columns: 80, rows: 24}),
		runs: [turnViewOf(first)!],
		running: {prompt: '', isCancelling: false},
	};
	assert.deepEqual(spentOf(state, second).pictures, [first, second]);
	assert.equal(spentOf(state, second).liveRunId, second.runId);
	const resumed = {...first, result: null};
	assert.deepEqual(spentOf(state, resumed).pictures, [resumed]);
	assert.deepEqual(spentOf(state, emptyRun()).pictures, [first]);
	assert.equal(spentOf({...state, running: null}, second).liveRunId, null);
});
