import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {decide, keepDoubts} from '../../../source/store/backfill/doubts.js';
import {findRuns} from '../../../source/store/backfill/find-runs.js';
import {
	type Doubt,
	type FoundRun,
} from '../../../source/store/backfill/found.js';
import {
	forgetUnfound,
	keepFoundRuns,
} from '../../../source/store/backfill/keep.js';
import {showFoundRun} from '../../../source/store/found-runs.js';
import {type Log} from '../../../source/store/log.js';
import {deleteLogged} from '../../../source/store/trash.js';
import {eraLog} from '../../helpers/eras.js';
import {runOf} from '../../helpers/events.js';
import {
	addResponses,
	doubt,
	dumpOf,
	emptyLog,
	foundResponse,
	foundRun,
	placesIn,
	proposal,
} from '../../helpers/found-runs.js';
import {keep} from '../../helpers/logs.js';

const runIds = (log: Log) =>
	log.prepare('SELECT id FROM consortium_found_runs ORDER BY id').pluck().all();

test('a run is kept with every response in its place, in both tables', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'a1', 'm1', 'm2', 'other');
	const ids = keepFoundRuns(
		log,
		[foundRun({outputId: 'o1', arbiterId: 'a1', memberIds: ['m1', 'm2']})],
		'evidence',
	);
	assert.deepEqual(ids, ['o1']);
	assert.deepEqual(placesIn(log), {
		o1: 'o1/0 evidence',
		a1: 'o1/1 evidence',
		m1: 'o1/0 evidence',
		m2: 'o1/0 evidence',
	});
});

test('search still finds the words of rows that got a place, and goes on with new ones', t => {
	const log = emptyLog(t);
	const triggers = () =>
		log
			.prepare(
				"SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
			)
			.all();
	const found = (words: string) =>
		log
			.prepare(
				`SELECT id FROM responses JOIN responses_fts
					ON responses_fts.rowid = responses.rowid
				WHERE responses_fts MATCH ? ORDER BY id`,
			)
			.pluck()
			.all(words);
	const before = triggers();
	addResponses(log, 'o1', 'a1');
	keepFoundRuns(log, [foundRun({outputId: 'o1', arbiterId: 'a1'})], 'evidence');
	assert.deepEqual(triggers(), before);
	assert.deepEqual(found('o1'), ['o1']);
	log.exec("UPDATE responses SET response = 'whale' WHERE id = 'o1'");
	assert.deepEqual(found('whale'), ['o1']);
	log.exec(
		"INSERT INTO responses_fts (responses_fts, rank) VALUES ('integrity-check', 1)",
	);
});

test('when keeping fails, nothing has changed, the trigger neither', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'a1', 'a2');
	const before = dumpOf(log, ['sqlite_master', 'responses']);
	assert.throws(() => {
		keepFoundRuns(
			log,
			[
				foundRun({outputId: 'o1', arbiterId: 'a1'}),
				{
					...foundRun({arbiterId: 'a2'}),
					prompt: null as unknown as string,
				},
			],
			'evidence',
		);
	}, /NOT NULL/);
	assert.deepEqual(dumpOf(log, ['sqlite_master', 'responses']), before);
});

test('newer evidence takes the place of older, and a run without responses goes', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'a1', 'm1', 'm2', 'o2', 'a2');
	keepFoundRuns(
		log,
		[foundRun({outputId: 'o1', arbiterId: 'a1', memberIds: ['m1', 'm2']})],
		'evidence',
	);
	const ids = keepFoundRuns(
		log,
		[
			foundRun({outputId: 'o2', arbiterId: 'a2', memberIds: ['m2']}),
			foundRun({outputId: 'o1', arbiterId: 'a1'}),
		],
		'evidence',
	);
	assert.deepEqual(placesIn(log), {
		o1: 'o1/0 evidence',
		a1: 'o1/1 evidence',
		m2: 'o2/0 evidence',
		o2: 'o2/0 evidence',
		a2: 'o2/1 evidence',
	});
	forgetUnfound(log, new Set([ids[0]!]));
	assert.deepEqual(runIds(log), ['o2']);
	assert.deepEqual(Object.keys(placesIn(log)), ['a2', 'm2', 'o2']);
});

test('evidence changes nothing that was recorded, and only fills what the record left open', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'a1', 'm1', 'm2');
	const recorded = foundRun({
		outputId: 'o1',
		arbiterId: 'a1',
		memberIds: ['m1'],
		recordedId: 'uuid',
		confidence: null,
		prompt: 'As it was recorded',
	});
	keepFoundRuns(log, [recorded], 'record');
	keepFoundRuns(
		log,
		[foundRun({outputId: 'o1', arbiterId: 'm1', memberIds: ['m2']})],
		'evidence',
	);
	assert.deepEqual(placesIn(log), {
		o1: 'o1/0 record',
		a1: 'o1/1 record',
		m1: 'o1/0 record',
		m2: 'o1/0 evidence',
	});
	assert.deepEqual(runIds(log), ['o1']);
	assert.deepEqual(
		log
			.prepare(
				'SELECT prompt, confidence, recorded_id FROM consortium_found_runs',
			)
			.all(),
		[{prompt: 'As it was recorded', confidence: 0.9, recorded_id: 'uuid'}],
	);
});

test('a record takes a response from evidence, and the run that is left without any goes', t => {
	const log = emptyLog(t);
	addResponses(log, 'a1', 'm1', 'o2', 'a2');
	keepFoundRuns(log, [foundRun({arbiterId: 'm1'})], 'evidence');
	keepFoundRuns(
		log,
		[foundRun({outputId: 'o2', arbiterId: 'a2', memberIds: ['m1']})],
		'record',
	);
	assert.deepEqual(runIds(log), ['o2']);
	assert.equal(placesIn(log)['m1'], 'o2/0 record');
});

for (const known of ['by its recorded id', 'by its final arbiter'] as const) {
	test(`a run that was known without its answer, ${known}, takes on the answer's id`, t => {
		const log = emptyLog(t);
		addResponses(log, 'o1', 'a1', 'm1', 'm2');
		const isRecorded = known === 'by its recorded id';
		const [madeId] = keepFoundRuns(
			log,
			[
				foundRun({
					arbiterId: 'a1',
					memberIds: ['m1'],
					recordedId: isRecorded ? 'uuid' : null,
				}),
			],
			isRecorded ? 'record' : 'evidence',
		);
		keepDoubts(
			log,
			[
				doubt('m2', {
					runId: madeId!,
					proposals: [proposal(madeId!, {instance: 'luna#2'})],
				}),
			],
			1,
		);
		decide(log, 'm2', {choice: 0}, 2);
		const complete = foundRun({
			outputId: 'o1',
			arbiterId: 'a1',
			memberIds: ['m1'],
			recordedId: isRecorded ? 'uuid' : null,
		});
		assert.deepEqual(keepFoundRuns(log, [complete], 'evidence'), ['o1']);
		assert.deepEqual(runIds(log), ['o1']);
		assert.deepEqual(placesIn(log), {
			o1: 'o1/0 evidence',
			a1: `o1/1 ${isRecorded ? 'record' : 'evidence'}`,
			m1: `o1/0 ${isRecorded ? 'record' : 'evidence'}`,
			m2: 'o1/0 person',
		});
		assert.deepEqual(
			log
				.prepare(
					"SELECT run_id, json_extract(proposals, '$[0].runId') AS proposed FROM consortium_doubts",
				)
				.all(),
			[{run_id: 'o1', proposed: 'o1'}],
		);
	});
}

test('a run that is known with its answer stays so when it comes once more without it', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'a1', 'm1');
	const recorded = foundRun({
		arbiterId: 'a1',
		memberIds: ['m1'],
		recordedId: 'uuid',
		problems: ['It has no answer.'],
	});
	keepFoundRuns(log, [recorded], 'record');
	keepFoundRuns(
		log,
		[foundRun({outputId: 'o1', arbiterId: 'a1', recordedId: 'uuid'})],
		'evidence',
	);
	const before = dumpOf(log);
	assert.deepEqual(keepFoundRuns(log, [recorded], 'record'), ['o1']);
	assert.deepEqual(dumpOf(log), before);
});

test('two runs with the same arbiter and other answers stay two', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'o2', 'a1');
	keepFoundRuns(
		log,
		[
			foundRun({outputId: 'o1', arbiterId: 'a1'}),
			foundRun({outputId: 'o2', arbiterId: 'a1'}),
		],
		'evidence',
	);
	assert.deepEqual(runIds(log), ['o1', 'o2']);
	assert.equal(placesIn(log)['a1'], 'o2/1 evidence');
});

test('an arbiter that only older evidence gave to an answer makes no run of newer evidence the same', t => {
	const log = emptyLog(t);
	addResponses(log, 'o1', 'a1', 'a2', 'm1');
	keepFoundRuns(
		log,
		[foundRun({outputId: 'o1', arbiterId: 'a1', memberIds: ['m1']})],
		'evidence',
	);
	const search = [
		foundRun({arbiterId: 'a1'}),
		foundRun({outputId: 'o1', arbiterId: 'a2', memberIds: ['m1']}),
	];
	assert.deepEqual(keepFoundRuns(log, search, 'evidence'), ['run-of-a1', 'o1']);
	const once = dumpOf(log);
	keepFoundRuns(log, search, 'evidence');
	assert.deepEqual(dumpOf(log), once);
});

const parentsIn = (log: Log) =>
	log
		.prepare(
			`SELECT id, parent ->> '$.runId' AS outer, parent ->> '$.instance' AS instance
			FROM consortium_found_runs ORDER BY id`,
		)
		.all();

for (const order of ['before', 'after'] as const) {
	test(`an answer that a record has as another run's member, ${order} its own run is found, stays the answer of its run, which has a parent then`, t => {
		const log = emptyLog(t);
		addResponses(log, 'outer', 'a1', 'inner', 'a2', 'm1');
		const record = () =>
			keepFoundRuns(
				log,
				[foundRun({outputId: 'outer', arbiterId: 'a1', memberIds: ['inner']})],
				'record',
			);
		const search = () =>
			keepFoundRuns(
				log,
				[foundRun({outputId: 'inner', arbiterId: 'a2', memberIds: ['m1']})],
				'evidence',
			);

		if (order === 'before') {
			record();
		}

		search();
		record();
		search();
		assert.deepEqual(parentsIn(log), [
			{id: 'inner', outer: 'outer', instance: 'luna#1'},
			{id: 'outer', outer: null, instance: null},
		]);
		assert.deepEqual(placesIn(log), {
			outer: 'outer/0 record',
			a1: 'outer/1 record',
			inner: 'inner/0 evidence',
			a2: 'inner/1 evidence',
			m1: 'inner/0 evidence',
		});
		const shown = showFoundRun(log, 'outer');
		assert.deepEqual(
			shown.responses.map(({responseId, nestedRunId}) => [
				responseId,
				nestedRunId,
			]),
			[
				['inner', 'inner'],
				['a1', null],
				['outer', null],
			],
		);
		assert.equal(shown.parent, null);
		assert.equal(showFoundRun(log, 'inner').parent?.runId, 'outer');
	});
}

test('a run that was asked by one that is known by another id knows it by that', t => {
	const log = emptyLog(t);
	addResponses(log, 'outer', 'a1', 'inner', 'a2');
	const [{responseId, isArbiterResponse, ...place}] = [
		foundResponse('inner', 'member'),
	] as const;
	keepFoundRuns(
		log,
		[foundRun({outputId: 'outer', arbiterId: 'a1', recordedId: 'uuid'})],
		'record',
	);
	keepFoundRuns(
		log,
		[
			foundRun({
				outputId: 'inner',
				arbiterId: 'a2',
				parent: {...place, runId: 'run-of-a1'},
			}),
			foundRun({arbiterId: 'a1', recordedId: 'uuid'}),
		],
		'evidence',
	);
	assert.deepEqual(parentsIn(log), [
		{id: 'inner', outer: 'outer', instance: 'luna#1'},
		{id: 'outer', outer: null, instance: null},
	]);
});

test('a response of a run of ours is left alone', t => {
	const log = emptyLog(t);
	keep(log, runOf('run'));
	addResponses(log, 'a1');
	const before = log.prepare("SELECT * FROM responses WHERE id <> 'a1'").all();
	keepFoundRuns(
		log,
		[foundRun({outputId: 'run', arbiterId: 'a1', memberIds: ['run-opus-1']})],
		'record',
	);
	assert.deepEqual(
		log.prepare("SELECT * FROM responses WHERE id <> 'a1'").all(),
		before,
	);
});

test('what is deleted while a search goes on is not written back, and its rest is kept', async t => {
	const log = emptyLog(t);
	const {rows} = eraLog({era: 'c', hasLateIds: true, seed: 3, runs: 20});
	const insert = log.prepare(
		`INSERT INTO responses
			(id, model, prompt, response, response_json, duration_ms, datetime_utc)
		VALUES (@id, @model, @prompt, @response, @response_json, @duration_ms, @datetime_utc)`,
	);

	for (const row of rows) {
		insert.run(row);
	}

	const runs: FoundRun[] = [];
	const doubts: Doubt[] = [];

	for await (const found of findRuns(log, {names: new Set()})) {
		if ('responses' in found) {
			runs.push(found);
		} else {
			doubts.push(found);
		}
	}

	const [byOutput, byMember] = runs.filter(
		({outputId, responses}) =>
			outputId !== null && responses.some(({role}) => role === 'member'),
	);
	const withoutOutput = runs.find(({outputId}) => outputId === null)!;
	const {responseId: memberId} = byMember!.responses.find(
		({role}) => role === 'member',
	)!;
	const {responseId: finalId} = withoutOutput.responses.find(
		({isArbiterResponse}) => isArbiterResponse === 1,
	)!;
	const {responseId: doubtedId} = doubts[0]!;
	deleteLogged(
		log,
		{kind: 'ids', ids: [byOutput!.id, memberId, finalId, doubtedId!]},
		{id: 'd1', now: 1, what: 'some'},
	);
	const kept = keepFoundRuns(log, runs, 'evidence');
	keepDoubts(log, doubts, 1);
	assert.deepEqual(
		kept.toSorted(),
		runs
			.filter(run => run !== byOutput && run !== withoutOutput)
			.map(({id}) => id)
			.toSorted(),
	);
	assert.deepEqual(runIds(log), kept.toSorted());

	for (const table of ['consortium_found_responses', 'consortium_doubts']) {
		assert.deepEqual(
			log
				.prepare(
					`SELECT response_id FROM ${table}
					WHERE response_id NOT IN (SELECT id FROM responses)`,
				)
				.all(),
			[],
			table,
		);
	}

	deleteLogged(log, {kind: 'all'}, {id: 'd2', now: 2, what: 'all'});
	assert.deepEqual(keepFoundRuns(log, runs, 'evidence'), []);
	assert.deepEqual(runIds(log), []);
});

const ids = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'];

/**
Runs over few responses, so that they contradict each other.
*/
const arbitraryRun: fc.Arbitrary<FoundRun> = fc
	.record({
		order: fc.shuffledSubarray(ids, {minLength: 1}),
		hasOutput: fc.boolean(),
		recordedId: fc.constantFrom(null, 'uuid-1', 'uuid-2'),
	})
	.map(({order, hasOutput, recordedId}) => {
		// What a program recorded as the answer of a run, it never records as one of its calls.
		const answers =
			recordedId === null ? order : order.filter(id => isAnswer(id));
		const outputId =
			hasOutput && order.length > 1 ? (answers[0] ?? null) : null;
		const [arbiterId = 'r8', ...memberIds] = order.filter(
			id => id !== outputId && (recordedId === null || !isAnswer(id)),
		);
		return foundRun({outputId, arbiterId, memberIds, recordedId});
	});

const isAnswer = (id: string) => id < 'r4';

/**
Each response in one of the runs at most, as a search finds them.
*/
const arbitrarySearch = fc.array(arbitraryRun, {maxLength: 4}).map(runs => {
	const taken = new Set<string>();
	return runs.flatMap(run => {
		const isNew = run.responses.every(({responseId}) => !taken.has(responseId));

		for (const {responseId} of isNew ? run.responses : []) {
			taken.add(responseId);
		}

		return isNew ? [{...run, recordedId: null}] : [];
	});
});

test('whatever was recorded, decided and found: no response is in two runs, decisions stay, and the same search changes nothing', async t => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(
				fc.oneof(
					fc.record({kind: fc.constant('record'), run: arbitraryRun}),
					fc.record({kind: fc.constant('search'), runs: arbitrarySearch}),
					fc.record({
						kind: fc.constant('decide'),
						id: fc.constantFrom(...ids),
						isNone: fc.boolean(),
					}),
				),
				{maxLength: 8},
			),
			arbitrarySearch,
			async (steps, search) => {
				const log = emptyLog(t);
				addResponses(log, ...ids);
				const decisions = new Map<string, string | null>();
				let at = 1;

				const check = () => {
					const places = placesIn(log);

					for (const [id, place] of Object.entries(places)) {
						assert.doesNotMatch(place, /but responses/, id);
					}

					const known = new Set(runIds(log));

					for (const {run_id: runId, response_id: responseId} of log
						.prepare<[], {run_id: string | null; response_id: string}>(
							'SELECT run_id, response_id FROM consortium_found_responses',
						)
						.all()) {
						assert.ok(runId === null || known.has(runId), responseId);
					}

					for (const [id, runOfFirst] of decisions) {
						// The run may have a new id: what it was decided to be with tells.
						assert.match(places[id]!, / person$/);
						assert.equal(places[id]!.startsWith('null/'), runOfFirst === null);
					}
				};

				const find = (runs: readonly FoundRun[]) => {
					forgetUnfound(log, new Set(keepFoundRuns(log, runs, 'evidence')));
				};

				for (const step of steps) {
					if ('run' in step) {
						keepFoundRuns(log, [step.run], 'record');
					} else if ('runs' in step) {
						find(step.runs);
					} else if (!decisions.has(step.id)) {
						const runId = (runIds(log) as string[])[0] ?? null;
						const proposals =
							runId === null ? [] : [proposal(runId, {instance: null})];
						keepDoubts(log, [doubt(step.id, {proposals})], at++);

						if (runId !== null) {
							decide(log, step.id, {choice: step.isNone ? null : 0}, at++);
							decisions.set(step.id, step.isNone ? null : runId);
						}
					}

					check();
				}

				find(search);
				check();
				const once = dumpOf(log);
				find(search);
				assert.deepEqual(dumpOf(log), once);
			},
		),
		{numRuns: 150},
	);
});
