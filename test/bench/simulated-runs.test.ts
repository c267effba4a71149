import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type RunEvent} from '../../source/core/events.js';
import {
	brokenIn,
	changedByResume,
	changedDecisions,
	mostCallsOf,
} from '../../bench/run-rules.js';
import {measureWorld} from '../../bench/measured-rows.js';
import {questionOf} from '../../bench/simulated-questions.js';
import {playSimulated} from '../../bench/simulated-run.js';
import {simulatedWorlds} from '../../bench/simulated-worlds.js';
import {
	calibrationOf,
	pairedDifference,
	wilson,
} from '../../bench/statistics.js';
import {consortiumFor, strategyRows} from '../../bench/strategy-rows.js';

const worldNamed = (name: string) =>
	simulatedWorlds.find(world => world.name === name)!;
const rowNamed = (name: string) => strategyRows.find(row => row.name === name)!;

test('every way to ask obeys the rules, and the same seed gives the same bytes', async () => {
	for (const name of ['prose', 'tiers', 'slow']) {
		const world = worldNamed(name);
		const asked = {questions: 2, seed: 3};
		const measured = await measureWorld(world, asked);
		assert.deepEqual(
			measured.rows.flatMap(({broken}) => broken),
			[],
		);
		assert.equal(measured.rows.length, strategyRows.length);

		if (name === 'slow') {
			assert.equal(
				JSON.stringify(await measureWorld(world, asked)),
				JSON.stringify(measured),
			);
		}
	}
});

test('what breaks a rule is noticed', async () => {
	const world = worldNamed('equal');
	const question = questionOf(world, 1, 1);
	const consortium = consortiumFor(world, rowNamed('voting'));
	const most = await mostCallsOf(question, consortium);
	const run = await playSimulated(question, consortium);
	assert.deepEqual(brokenIn(run, most), []);
	assert.match(brokenIn(run, 3).join(' '), /calls, and 3 were forecast/v);

	const [iteration] = run.result.iterations;
	const lossy = {
		...run,
		result: {
			...run.result,
			costUsd: 0,
			iterations: [{...iteration!, instances: iteration!.instances.slice(1)}],
		},
	};
	assert.match(brokenIn(lossy, most).join(' '), /is lost.*It cost/v);

	const changed = (change: (event: RunEvent) => RunEvent) => ({
		...run,
		events: run.events.map(event => change(event)),
	});
	const withVoter = changed(event =>
		event.type === 'verdict'
			? {
					...event,
					verdict: {
						...event.verdict,
						dissent: [{text: '1', who: ['nobody#1']}],
					},
				}
			: event,
	);
	assert.match(brokenIn(withVoter, most).join(' '), /A vote of iteration 1/v);
	const otherwise = changed(event =>
		event.type === 'decision' ? {...event, reason: 'Because.'} : event,
	);
	assert.notDeepEqual(changedDecisions(otherwise), []);
	const otherAnswer = {...run, result: {...run.result, answer: 'Other.'}};
	assert.match(
		(await changedByResume(question, consortium, otherAnswer)).join(' '),
		/ends otherwise/v,
	);
});

test('the arbiter is better than chance, and knows what it is told', async () => {
	const world = {...worldNamed('hard'), discernment: 4};
	const consortium = consortiumFor(world, rowNamed('default'));
	let right = 0;
	let brought = 0;

	for (let index = 0; index < 40; index++) {
		const question = questionOf(world, index, 1);
		const run = await playSimulated(question, consortium);
		const isThere = run.result.iterations[0]!.instances.some(
			({final}) => final === String(100 + 7 * question.truth),
		);
		brought += Number(isThere);
		right += Number(run.isRight);
	}

	// Nobody can find what nobody brings up.
	assert.ok(right <= brought);
	assert.ok(right > 0.8 * brought, `${right} of ${brought}`);
});

test('statistics are those of the text books', () => {
	const {low, high} = wilson(8, 10);
	assert.equal(low.toFixed(4), '0.4902');
	assert.equal(high.toFixed(4), '0.9433');
	assert.equal(wilson(0, 10).share, 0);

	const one = [true, true, true, false];
	const other = [false, true, false, true];
	const {difference, margin} = pairedDifference(one, other);
	assert.equal(difference, 0.25);
	assert.equal(margin.toFixed(3), '0.813');
	assert.equal(pairedDifference(one, one).margin, 0);

	assert.equal(calibrationOf([]), null);
	const {brier, ece} = calibrationOf([
		{confidence: 0.9, isRight: true},
		{confidence: 0.9, isRight: false},
		{confidence: 0.1, isRight: false},
	])!;
	assert.equal(brier.toFixed(4), '0.2767');
	assert.equal(ece.toFixed(4), '0.3000');
});
