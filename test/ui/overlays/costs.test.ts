import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createConversation} from '../../../source/core/conversation.js';
import {type RunEvent} from '../../../source/core/events.js';
import {emptyRun, foldRun} from '../../../source/core/run-state.js';
import {costTable, type Use} from '../../../source/ui/overlays/cost-table.js';
import {costsFace, costsOf} from '../../../source/ui/overlays/costs.js';
import {turnViewOf, type TurnView} from '../../../source/ui/turn-view.js';
import {runOf} from '../../helpers/events.js';
import {failure, fakeModel} from '../../helpers/fake-model.js';
import {stepOf} from '../../helpers/overlays.js';
import {play, verdictText} from '../../helpers/play.js';
import {turnWith} from '../../helpers/turns.js';
import {stillWorld} from '../../helpers/world.js';

const pictureOf = (events: readonly RunEvent[]) => {
	const run = emptyRun();

	for (const event of events) {
		foldRun(run, event);
	}

	return run;
};

const unsure = [verdictText({confidence: 0.1, needsIteration: true})];
const sure = [verdictText()];

const cast = ({luna = 0.02}: {readonly luna?: number | null} = {}) => ({
	opus: fakeModel([['Yes.'], ['Still ', 'yes.']], {costUsd: 0.01}),
	luna: fakeModel([['No.'], [{failure: failure()}]], {costUsd: luna}),
	arbiter: fakeModel([unsure, sure], {costUsd: 0.005}),
});

const played = async (options?: Parameters<typeof cast>[0]) => {
	const {events} = await play(cast(options), {prompt: 'Is it?'});
	const picture = pictureOf(events);
	return {events, picture, turn: turnViewOf(picture)!};
};

/**
What is known of each sum, rounded as dollars are; a star where more is not.
*/
const known = (use: Use) =>
	Object.fromEntries(
		Object.entries(use).map(([key, {known: sum, isWhole}]) => [
			key,
			`${sum === null ? '?' : Number(sum.toFixed(6))}${isWhole ? '' : '*'}`,
		]),
	) as Record<keyof Use, string>;

const {result: _, ...nobody} = emptyRun();
const idle = {...nobody, result: null};

test('a settled run tells what each speaker took, the arbiter as the rest', async () => {
	const {turn} = await played();
	const {runs, speakers, total} = costTable([turn], idle);
	assert.equal(runs.length, 1);
	assert.deepEqual(
		speakers.map(({label, use}) => [label, known(use).costUsd]),
		[
			['opus#1', '0.02'],
			['luna#1', '0.04'],
			['arbiter', '0.01'],
		],
	);
	assert.equal(known(total.use).costUsd, '0.07');
	// The failed call told nothing.
	assert.equal(known(total.use).inputTokens, '50*');
	assert.equal(known(total.use).cachedTokens, '?*');
	assert.deepEqual(runs[0]!.run, {
		turn: 1,
		kind: 'ask',
		consortium: 'test',
		state: turn.result!.status,
		iterations: 2,
		durationMs: turn.result!.durationMs,
	});
});

test('settled and still running, the same calls add up to the same', async () => {
	for (const luna of [0.02, null]) {
		const {events, turn} = await played({luna});
		const running = pictureOf(events.filter(({type}) => type !== 'run-end'));
		const [before, after] = [
			costTable([], running),
			costTable([turn], idle),
		] as const;
		assert.deepEqual(known(before.total.use), known(after.total.use));
		assert.deepEqual(
			before.speakers.map(({label, use}) => [label, known(use).costUsd]),
			after.speakers.map(({label, use}) => [label, known(use).costUsd]),
		);
		assert.equal(before.runs[0]!.run!.state, 'running');
		assert.equal(before.runs[0]!.run!.durationMs, null);
	}
});

test('calls that are not over make the sums open', async () => {
	const {events} = await played();
	const end = events.findIndex(({type}) => type === 'call-end');
	const {total} = costTable([], pictureOf(events.slice(0, end + 1)));
	assert.equal(known(total.use).costUsd, '0.01*');
});

test('the run in the picture is not counted again when it has settled', async () => {
	const {picture, turn} = await played();
	assert.deepEqual(costTable([turn], picture), costTable([turn], idle));
});

test('an arbiter that told nothing is unknown, and so is the whole', () => {
	const turn = turnViewOf(pictureOf(runOf('r1')))!;
	const {result} = turn;
	const silent: TurnView = {
		...turn,
		result: {
			...result!,
			usage: result!.iterations[0]!.instances[0]!.usage,
			costUsd: 0.0125,
			costIsComplete: false,
			iterations: [
				{
					...result!.iterations[0]!,
					instances: result!.iterations[0]!.instances.slice(0, 1),
				},
			],
		},
	};
	const {speakers, total} = costTable([silent], idle);
	assert.deepEqual(known(speakers.at(-1)!.use), {
		inputTokens: '?*',
		cachedTokens: '?*',
		cacheWriteTokens: '?*',
		outputTokens: '?*',
		reasoningTokens: '?*',
		costUsd: '?*',
	});
	assert.equal(known(total.use).costUsd, '0.0125*');
});

test('a run that was killed is unknown, and what follows from it', () => {
	const {runs, total} = costTable(
		[turnWith({result: null}), turnWith({prompt: 'And then?'})],
		idle,
	);
	assert.equal(runs[0]!.run!.state, 'broken off');
	assert.equal(known(runs[0]!.use).costUsd, '?*');
	assert.equal(known(total.use).costUsd, '0.025*');
});

test('a run that was made from another is about the same question', () => {
	const again = turnWith({kind: 'retry'});
	const {runs} = costTable(
		[turnWith(), again, turnWith({prompt: 'More?'})],
		idle,
	);
	assert.deepEqual(
		runs.map(({run}) => run!.turn),
		[1, 1, 2],
	);
});

test('a run that was made from another counts only what it took itself', async () => {
	const world = stillWorld();
	const conversation = createConversation(world);
	const {events: earlier} = await play(cast(), {
		prompt: 'Is it?',
		world,
		conversation,
	});
	const picture = pictureOf(earlier);
	const turn = turnViewOf(picture)!;
	const content = {
		...cast(),
		arbiter: fakeModel([sure], {costUsd: 0.005}),
	};
	const {events} = await play(content, {
		prompt: 'Is it?',
		world,
		conversation,
		from: {
			kind: 'retry',
			run: picture,
			redo: [{instance: 'luna#1', model: null}],
		},
	});
	const again = pictureOf(events);
	const expected = [
		['luna#1', '0.02'],
		['arbiter', '0.005'],
	];

	for (const table of [
		costTable([turnViewOf(again)!], idle),
		costTable([], pictureOf(events.filter(({type}) => type !== 'run-end'))),
	]) {
		assert.deepEqual(
			table.speakers.map(({label, use}) => [label, known(use).costUsd]),
			expected,
		);
	}

	const both = costTable([turn, turnViewOf(again)!], idle);
	const [first, second] = both.runs.map(({use}) => use.costUsd.known!);
	assert.equal(
		known(both.total.use).costUsd,
		String(Number((first! + second!).toFixed(6))),
	);
});

test('columns give way by importance, and the cost stays', () => {
	const screen = {turns: [turnWith(), turnWith({result: null})], picture: idle};
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

test('what is unknown is a question mark, and sums without it say so', () => {
	const screen = {turns: [turnWith(), turnWith({result: null})], picture: idle};
	const text = costsFace(costsOf(), screen, {columns: 118, rows: 20})
		.rows.map(row => row.map(each => each.text).join(''))
		.join('\n');
	assert.match(text, /broken off .* \?\n/);
	assert.match(text, /total .*\$0\.025 or more/);
	assert.equal(
		costsFace(costsOf(), {turns: [], picture: idle}, {columns: 80, rows: 9})
			.rows.length,
		1,
	);
});

test('the table closes as it was opened, or by Escape', () => {
	for (const chord of ['ctrl+t', 'escape', 'q', 'enter']) {
		assert.deepEqual(stepOf(costsOf(), chord), {overlay: null});
	}

	assert.deepEqual(stepOf(costsOf(), 'x'), {overlay: costsOf()});
});
