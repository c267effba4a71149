import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
	countOpenDoubts,
	decide,
	forgetDoubtsBefore,
	keepDoubts,
	openDoubts,
	undoDecision,
} from '../../../source/store/backfill/doubts.js';
import {
	forgetUnfound,
	keepFoundRuns,
} from '../../../source/store/backfill/keep.js';
import {
	addResponses,
	doubt,
	dumpOf,
	emptyLog,
	foundRun,
	placesIn,
	proposal,
} from '../../helpers/found-runs.js';

const openIds = (log: Parameters<typeof openDoubts>[0]) =>
	openDoubts(log, {limit: 10}).map(({id}) => id);

test('open doubts come page by page, with their proposals', t => {
	const log = emptyLog(t);
	addResponses(log, 'd1', 'd2', 'd3');
	const doubts = ['d1', 'd2', 'd3'].map(id =>
		doubt(id, {kind: 'tie', proposals: [proposal('o1'), proposal('o2')]}),
	);
	keepDoubts(log, doubts, 7);
	assert.equal(countOpenDoubts(log), 3);
	assert.deepEqual(openDoubts(log, {limit: 2}), [
		{...doubts[0], foundAt: 7},
		{...doubts[1], foundAt: 7},
	]);
	assert.deepEqual(openDoubts(log, {limit: 2, after: 'd2'}), [
		{...doubts[2], foundAt: 7},
	]);
});

test('what was chosen is where the response is, and no search asks again or changes it', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'a1', 'o2', 'a2', 'm1');
	const first = foundRun({outputId: 'o1', arbiterId: 'a1'});
	const second = foundRun({outputId: 'o2', arbiterId: 'a2'});
	const tie = doubt('m1', {proposals: [proposal('o1'), proposal('o2')]});
	keepFoundRuns(log, [first, second], 'evidence');
	keepDoubts(log, [tie], 1);
	decide(log, 'm1', {choice: 1}, 2);
	assert.equal(placesIn(log)['m1'], 'o2/0 person');
	assert.deepEqual(openIds(log), []);

	keepDoubts(log, [tie], 3);
	forgetDoubtsBefore(log, 3);
	forgetUnfound(
		log,
		new Set(
			keepFoundRuns(
				log,
				[foundRun({outputId: 'o1', arbiterId: 'a1', memberIds: ['m1']})],
				'evidence',
			),
		),
	);
	keepFoundRuns(
		log,
		[foundRun({outputId: 'o1', arbiterId: 'a1', memberIds: ['m1']})],
		'record',
	);
	assert.deepEqual(openIds(log), []);
	assert.equal(placesIn(log)['m1'], 'o2/0 person');
});

test('none of the proposals takes the response out of its run for good', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'a1', 'm1');
	const run = foundRun({outputId: 'o1', arbiterId: 'a1', memberIds: ['m1']});
	keepFoundRuns(log, [run], 'evidence');
	keepDoubts(log, [doubt('m1', {proposals: [proposal('o1')]})], 1);
	decide(log, 'm1', {choice: null}, 2);
	keepFoundRuns(log, [run], 'record');
	assert.equal(placesIn(log)['m1'], 'null/0 person');
	assert.equal(
		log
			.prepare("SELECT consortium_id FROM responses WHERE id = 'm1'")
			.pluck()
			.get(),
		null,
	);
});

for (const before of ['in no run', 'in a run'] as const) {
	for (const choice of [0, null]) {
		test(`a decision (${choice}) about a response that was ${before} can be taken back whole`, t => {
			const log = emptyLog(t);
			addResponses(log, 'o1', 'a1', 'o2', 'a2', 'm1');
			keepFoundRuns(
				log,
				[
					foundRun({
						outputId: 'o1',
						arbiterId: 'a1',
						memberIds: before === 'in a run' ? ['m1'] : [],
					}),
					foundRun({outputId: 'o2', arbiterId: 'a2'}),
				],
				'evidence',
			);
			keepDoubts(log, [doubt('m1', {proposals: [proposal('o2')]})], 1);
			const dump = dumpOf(log);
			decide(log, 'm1', {choice}, 2);
			assert.notDeepEqual(dumpOf(log), dump);
			undoDecision(log, 'm1');
			assert.deepEqual(dumpOf(log), dump);
		});
	}
}

test('a decision is taken back also when the run from before is gone by now', t => {
	const log = emptyLog(t);
	addResponses(log, 'a1', 'o2', 'a2');
	keepFoundRuns(
		log,
		[foundRun({arbiterId: 'a1'}), foundRun({outputId: 'o2', arbiterId: 'a2'})],
		'evidence',
	);
	keepDoubts(log, [doubt('a1', {proposals: [proposal('o2')]})], 1);
	decide(log, 'a1', {choice: 0}, 2);
	forgetUnfound(
		log,
		new Set(
			keepFoundRuns(
				log,
				[
					foundRun({outputId: 'o2', arbiterId: 'a2'}),
					foundRun({arbiterId: 'a1'}),
				],
				'evidence',
			),
		),
	);
	undoDecision(log, 'a1');
	assert.equal(placesIn(log)['a1'], undefined);
	assert.deepEqual(openIds(log), ['a1']);
});

test('doubts that are no longer found go, those that were decided stay', t => {
	const log = emptyLog(t);
	addResponses(log, 'd1', 'd2', 'd3');
	keepDoubts(log, [doubt('d1'), doubt('d2'), doubt('d3')], 1);
	decide(log, 'd1', {choice: null}, 2);
	keepDoubts(log, [doubt('d2', {reason: 'Another one.'})], 3);
	forgetDoubtsBefore(log, 3);
	assert.deepEqual(
		openDoubts(log, {limit: 10}).map(({id, reason}) => [id, reason]),
		[['d2', 'Another one.']],
	);
	undoDecision(log, 'd1');
	assert.deepEqual(openIds(log), ['d1', 'd2']);
});

test('what cannot be decided is refused, and changes nothing', t => {
	const log = emptyLog(t);
	addResponses(log, 'm1');
	keepDoubts(log, [doubt('m1', {proposals: [proposal('gone')]})], 1);
	const before = dumpOf(log);
	assert.throws(() => {
		decide(log, 'm1', {choice: 0}, 2);
	}, /The run gone is no longer in the log/);
	assert.throws(() => {
		decide(log, 'm1', {choice: 1}, 2);
	}, RangeError);
	assert.throws(() => {
		decide(log, 'none', {choice: null}, 2);
	}, /no longer in the log/);
	assert.throws(() => {
		undoDecision(log, 'm1');
	}, /Nothing was decided/);
	assert.deepEqual(dumpOf(log), before);
	decide(log, 'm1', {choice: null}, 2);
	assert.throws(() => {
		decide(log, 'm1', {choice: null}, 3);
	}, /decided meanwhile/);
});

test('a place that another response has meanwhile is not given twice, and nothing has changed', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'a1', 'm1', 'm2');
	keepFoundRuns(
		log,
		[foundRun({outputId: 'o1', arbiterId: 'a1', memberIds: ['m1']})],
		'evidence',
	);
	keepDoubts(
		log,
		[
			doubt('m2', {
				proposals: [proposal('o1'), proposal('o1', {instance: 'luna#2'})],
			}),
		],
		1,
	);
	const before = dumpOf(log);
	assert.throws(() => {
		decide(log, 'm2', {choice: 0}, 2);
	}, /The run o1 has another answer of luna#1 in iteration 1\./);
	assert.deepEqual(dumpOf(log), before);
	decide(log, 'm2', {choice: 1}, 2);
	assert.equal(placesIn(log)['m2'], 'o1/0 person');
});

test('a place that was given is no longer proposed for others, until that is undone', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'a1', 'm1', 'm2', 'm3', 'm4');
	keepFoundRuns(log, [foundRun({outputId: 'o1', arbiterId: 'a1'})], 'evidence');
	const other = proposal('o1', {instance: 'luna#2'});
	const unknown = proposal('o1', {instance: null});
	keepDoubts(
		log,
		[
			doubt('m1', {proposals: [proposal('o1')]}),
			doubt('m2', {proposals: [proposal('o1'), other]}),
			doubt('m3', {proposals: [proposal('o1')]}),
			doubt('m4', {proposals: [unknown]}),
		],
		1,
	);
	const before = dumpOf(log);
	const proposed = () =>
		openDoubts(log, {limit: 10}).map(({id, proposals}) => [id, proposals]);
	decide(log, 'm1', {choice: 0}, 2);
	assert.deepEqual(proposed(), [
		['m2', [other]],
		['m4', [unknown]],
	]);
	undoDecision(log, 'm1');
	assert.deepEqual(dumpOf(log), before);
});
