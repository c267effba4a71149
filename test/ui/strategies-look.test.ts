import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {type RunEventBody} from '../../source/core/events.js';
import {columnsOf} from '../../source/text/columns.js';
import {zoomLines} from '../../source/ui/zoom-source.js';
import {arbiterRows} from '../../source/ui/panes/arbiter-rows.js';
import {headerSpans} from '../../source/ui/panes/header.js';
import {titleSpans} from '../../source/ui/panes/pane.js';
import {nameWithMarks} from '../../source/ui/panes/spans.js';
import {outcome, verdict} from '../helpers/events.js';
import {liveRun, smallViewport, type LiveRun} from '../helpers/live-run.js';

const titleOf = ({store, pass}: LiveRun, index: number, width = 60) => {
	pass(1000);
	return titleSpans(store.panes.snapshot()[index]!.head, width, false)
		.map(({text}) => text)
		.join('');
};

const decided = (
	iteration: number,
	marks: ReadonlyArray<readonly [string, string, string]>,
	action: 'ask' | 'judge' = 'judge',
): RunEventBody => ({
	type: 'decision',
	iteration,
	strategy: 'elimination',
	action,
	reason: 'The best 1 of 2 go on.',
	marks: marks.map(([instance, mark, text]) => ({instance, mark, text})),
	saved: null,
});

/**
Somebody who weighs the answers begins.
*/
function judging(
	run: LiveRun,
	speaker: string,
	purpose: 'synthesis' | 'rank' | 'review',
	labels: Readonly<Record<string, string>> | null = null,
): string {
	const callId = `${speaker}-${purpose}-${run.store.picture().calls.size}`;
	run.say({
		type: 'call-start',
		callId,
		iteration: 1,
		speaker,
		purpose,
		model: speaker === 'arbiter#2' ? 'some/sol' : 'some/opus',
		transcriptId: callId,
		system: null,
		options: {},
		templateHash: null,
		message: ['Weigh.'],
		extends: null,
		labels,
		cache: null,
		reservedUsd: null,
	});
	run.say({type: 'call-send', callId, attempt: 1});
	return callId;
}

function over(run: LiveRun, callId: string): void {
	const {speaker, purpose} = run.store.picture().calls.get(callId)!.start;
	run.say({
		type: 'call-end',
		callId,
		iteration: 1,
		speaker,
		purpose,
		outcome: outcome({text: 'Done.'}),
		committed: false,
	});
}

const arbiterOf = ({store, pass}: LiveRun) => {
	pass(1000);
	return store.arbiter.snapshot();
};

const rowsOf = (run: LiveRun, width = 80) =>
	arbiterRows(arbiterOf(run), {width, height: 12}, false).map(row =>
		(row.type === 'spans' ? row.spans : row.bars.flatMap(({spans}) => spans))
			.map(({text}) => text)
			.join(''),
	);

test('an instance that is not asked says so and why, instead of waiting', () => {
	const run = liveRun(2, {models: ['a', 'b']});
	const [first, second] = run.ids;
	run.ask();
	run.end(first!);
	run.end(second!);
	run.judge();
	run.rule();
	run.say(
		decided(1, [[second!, 'eliminated', 'Its mean rank is 2.0.']], 'ask'),
	);
	run.say({type: 'iteration-start', iteration: 2, instances: [first!]});

	assert.match(titleOf(run, 1), /b eliminated ─ - not asked/);
	const {head} = run.store.panes.snapshot()[1]!;
	assert.equal(head.whyNot, 'Its mean rank is 2.0.');
	assert.doesNotMatch(titleOf(run, 0), /not asked|eliminated/);

	run.store.setViewport({
		...smallViewport,
		zoom: {width: 60, height: 20, target: 1},
	});
	run.pass(0);
	const lines = new Set(
		zoomLines(run.store.zoom.snapshot()!, 0, 99).map(({text}) => text),
	);
	assert.ok(lines.has('Its mean rank is 2.0.'));
	assert.ok(lines.has('iteration 2 · not asked'));
});

test('an instance the strategy did not wait for was let go', () => {
	const run = liveRun(1);
	run.ask();
	run.end(run.ids[0]!, {state: 'stopped', abort: 'strategy'});
	assert.match(titleOf(run, 0), /let go/);
});

test('a name is cut before its marks, and a title is never too wide', () => {
	const shown = nameWithMarks('a-model-with-a-long-name', ['winner'], 16);
	assert.equal(shown.about, ' winner');
	assert.equal(columnsOf(shown.name + shown.about), 16);
	fc.assert(
		fc.property(
			fc.string({unit: 'grapheme', maxLength: 30}),
			fc.array(fc.constantFrom('winner', 'tier 2', '×2', 'eliminated')),
			fc.integer({min: 2, max: 60}),
			(name, marks, width) => {
				const {name: cut, about} = nameWithMarks(name, marks, width);
				assert.ok(columnsOf(cut + about) <= width);
			},
		),
	);
});

test('of a panel each arbiter is told apart, then the median and that they disagree', () => {
	const run = liveRun(2, {
		judging: 'panel',
		arbiters: [{model: 'some/opus'}, {model: 'some/sol'}],
	});
	run.ask();
	run.end(run.ids[0]!);
	run.end(run.ids[1]!);
	const first = judging(run, 'arbiter#1', 'synthesis');
	const second = judging(run, 'arbiter#2', 'synthesis');
	run.say({
		type: 'call-delta',
		callId: second,
		channel: 'text',
		text: '<synthesis>Second speaks',
	});
	run.say({
		type: 'call-delta',
		callId: first,
		channel: 'text',
		text: '<synthesis>First speaks',
	});
	assert.deepEqual(arbiterOf(run).lines, ['First speaks']);
	over(run, first);
	assert.deepEqual(arbiterOf(run).lines, ['Second speaks']);
	assert.match(rowsOf(run)[0]!, /1 of 2 have weighed/);

	const say = (arbiter: string, callId: string, changes: object) => {
		run.say({
			type: 'verdict',
			iteration: 1,
			arbiter,
			callId,
			labels: {},
			verdict: {...verdict, problems: [], ...changes},
		});
	};

	say('arbiter#1', first, {confidence: 0.9});
	assert.deepEqual(arbiterOf(run).head.weighed, []);
	over(run, second);
	say('arbiter#2', second, {confidence: 0.4});
	say('panel', first, {
		confidence: 0.65,
		method: 'panel',
		madeOf: [first, second],
		problems: ['The arbiters disagree: arbiter#1 90%, arbiter#2 40%.'],
	});
	const {head} = arbiterOf(run);
	assert.equal(head.weighed[0]!.confidence, 0.65);
	assert.deepEqual(head.problems, [
		'The arbiters disagree: arbiter#1 90%, arbiter#2 40%.',
	]);
	assert.ok(head.told[0]!.text.startsWith('median 65% of '));
});

test('who reviews says so in its own pane, and how many have is told beside', () => {
	const run = liveRun(3, {judging: 'peer'});
	run.ask();

	for (const id of run.ids) {
		run.end(id);
	}

	const calls = run.ids.map(id => judging(run, id, 'review'));
	assert.match(titleOf(run, 0), /reviews the others/);
	over(run, calls[0]!);
	assert.doesNotMatch(titleOf(run, 0), /reviews/);
	assert.match(titleOf(run, 1), /reviews the others/);
	assert.match(rowsOf(run)[0]!, /reviews ─ .*1 of 3 reviews/);
	run.say({
		type: 'verdict',
		iteration: 1,
		arbiter: run.ids[0]!,
		callId: calls[0]!,
		labels: {},
		verdict: {
			...verdict,
			method: 'review',
			ranking: [[run.ids[2]!], [run.ids[1]!]],
		},
	});
	assert.ok(
		rowsOf(run).some(row =>
			row.includes('mean places: luna#3 1.0, luna#2 2.0'),
		),
	);
	assert.deepEqual(arbiterOf(run).head.weighed, []);
});

test('answers that are judged in the opposite order again are said to be', () => {
	const run = liveRun(2, {judging: 'rank'});
	run.ask();
	run.end(run.ids[0]!);
	run.end(run.ids[1]!);
	const first = judging(run, 'arbiter#1', 'rank');
	assert.match(rowsOf(run)[0]!, /puts 2 answers in order|puts/);
	over(run, first);
	const second = judging(run, 'arbiter#1', 'rank');
	assert.match(rowsOf(run)[0]!, /judges again in the opposite order/);
	run.say({
		type: 'verdict',
		iteration: 1,
		arbiter: 'arbiter#1',
		callId: first,
		labels: {},
		verdict: {...verdict, method: 'rank', ranking: [[...run.ids]]},
	});
	assert.ok(
		rowsOf(run).some(row => row.includes('first order: a tie: luna#1')),
	);
	assert.deepEqual(arbiterOf(run).head.weighed, [], 'it is not over');

	over(run, second);
	assert.equal(arbiterOf(run).head.weighed.length, 1);
	assert.ok(
		rowsOf(run).some(row => row.includes(' order: a tie: luna#1 = luna#2')),
	);
});

test('an arbiter weighs the answers it is shown, also when one is left out meanwhile', () => {
	const run = liveRun(3);
	run.ask();

	for (const id of run.ids) {
		run.end(id);
	}

	const [first, second] = run.ids;
	judging(run, 'arbiter#1', 'synthesis', {A: first!, B: second!});
	assert.match(rowsOf(run)[0]!, /reads 2 answers/v);
	run.say({
		type: 'call-mark',
		callId: `${first!}-1`,
		mark: 'left-out',
		reason: 'A person left it out.',
	});
	assert.match(rowsOf(run)[0]!, /reads 2 answers/v);
});

test('a vote says that no arbiter was asked', () => {
	const run = liveRun(2);
	run.ask();
	run.end(run.ids[0]!);
	run.end(run.ids[1]!);
	run.say({
		type: 'verdict',
		iteration: 1,
		arbiter: 'vote',
		callId: `${run.ids[0]}-1`,
		labels: {},
		verdict: {
			...verdict,
			method: 'vote',
			analysis: '2 of 2 say 42.',
			confidence: null,
			madeOf: ['x', 'y'],
			dissent: [],
		},
	});
	assert.match(rowsOf(run).join('\n'), / 1 vote 2 of 2, \d+% certain/);
	assert.doesNotMatch(rowsOf(run).join('\n'), /confidence|not stated/);
	assert.match(
		rowsOf(run)[0]!,
		/vote ─ ✓ no arbiter was asked · 2 of 2 say 42\./,
	);
});

test('the header names strategies, judging and the conditions that end it', () => {
	const run = liveRun(2, {
		judging: 'panel',
		until: ['contains:42'],
		strategies: [
			{name: 'voting', params: {}},
			{name: 'weighted', params: {}},
		],
	});
	run.ask();
	run.pass(0);
	const text = headerSpans(run.store.header.snapshot(), null, 160)
		.left.map(each => each.text)
		.join('');
	assert.match(text, /voting \+ weighted · panel · until contains:42/);

	for (const width of [100, 80]) {
		const {left} = headerSpans(run.store.header.snapshot(), null, width);
		assert.match(
			left.map(each => each.text).join(''),
			/voting \+ weighted · panel/,
			String(width),
		);
	}
});
