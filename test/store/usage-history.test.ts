import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test, type TestContext} from 'node:test';
import {type Model} from '../../source/core/model.js';
import {openLog} from '../../source/store/database.js';
import {type Log} from '../../source/store/log.js';
import {createRunLog} from '../../source/store/run-log.js';
import {usageHistory} from '../../source/store/usage-history.js';
import {failure, fakeModel} from '../helpers/fake-model.js';
import {consortiumOf, play, verdictText} from '../helpers/play.js';
import {stillWorld} from '../helpers/world.js';

type Cast = Readonly<Record<string, Model>>;

/**
An empty log, and a way to keep runs of a consortium in it.
*/
function emptyLog(t: TestContext) {
	const folder = mkdtempSync(join(tmpdir(), 'history-'));
	const log = openLog(join(folder, 'log.db'));
	const world = stillWorld();
	t.after(() => {
		log.close();
		rmSync(folder, {recursive: true});
	});

	return {
		log,
		async keep(models: Cast, changes: Parameters<typeof play>[1] = {}) {
			const write = createRunLog(log);
			await play(models, {...changes, world, onEvent: write});
			write.close();
		},
	};
}

/**
Says so many pieces of two characters, which the fake counts as tokens.
*/
const says = (count: number) => Array.from({length: count}, () => 'ab');
const content = verdictText();
const unsure = verdictText({confidence: 0, needsIteration: true});
const judge = (...verdicts: readonly string[]) =>
	fakeModel(verdicts.map(verdict => [verdict]));
const historyOf = (log: Log, models: readonly string[], name = 'test') =>
	usageHistory(log, {
		...consortiumOf(Object.fromEntries(models.map(id => [id, judge()]))),
		name,
	});

test('an empty log tells nothing', t => {
	const {log} = emptyLog(t);
	assert.deepEqual(historyOf(log, ['a']), {outputs: [], iterations: []});
});

test('the output of a model is told by purpose, as percentiles of what it said', async t => {
	const {log, keep} = emptyLog(t);

	for (const count of [5, 30, 10, 20]) {
		await keep({a: fakeModel([says(count)]), arbiter: judge(content)});
	}

	const {outputs} = historyOf(log, ['a', 'unheard-of']);

	assert.deepEqual(outputs, [
		{
			model: 'a',
			purpose: 'answer',
			calls: 4,
			tokens: {low: 5, likely: 10, high: 30},
			characters: {low: 10, likely: 20, high: 60},
		},
		{
			model: 'arbiter',
			purpose: 'synthesis',
			calls: 4,
			tokens: {low: 1, likely: 1, high: 1},
			characters: {
				low: content.length,
				likely: content.length,
				high: content.length,
			},
		},
	]);
	assert.equal(historyOf(log, ['arbiter']).outputs.length, 1);
});

test('what failed, was refused or reported nothing does not count; what was cut off does', async t => {
	const {log, keep} = emptyLog(t);
	const reply = async (a: Model) => keep({a, arbiter: judge(content)});
	await reply(fakeModel([[{failure: failure()}]]));
	await reply(fakeModel([[...says(50), {stop: 'blocked'}]]));
	await reply(fakeModel([[...says(6), {stop: 'length'}]]));
	assert.equal(historyOf(log, ['a']).outputs[0]?.calls, 1);
	assert.equal(historyOf(log, ['a']).outputs[0]?.tokens.likely, 7);

	log.exec('UPDATE consortium_calls SET output_tokens = NULL');
	assert.deepEqual(historyOf(log, ['a']).outputs, []);
});

test('only the latest hundred calls count', async t => {
	const {log, keep} = emptyLog(t);
	const models = {a: fakeModel([says(9)]), arbiter: judge(content)};
	const many = (count: number) => ({
		members: [{slot: 'a', model: 'a', count}],
	});
	await keep(models, {consortium: many(310)});
	await keep({...models, a: fakeModel([says(3)])}, {consortium: many(100)});
	const {outputs} = historyOf(log, ['a']);

	assert.equal(outputs[0]?.calls, 100);
	assert.deepEqual(outputs[0]?.tokens, {low: 3, likely: 3, high: 3});
});

test('reading it scans no table', t => {
	const {log} = emptyLog(t);
	const plans: string[] = [];
	const spying = Object.create(log, {
		name: {value: log.name},
		prepare: {
			value(sql: string) {
				plans.push(
					...log
						.prepare<unknown[], {detail: string}>(`EXPLAIN QUERY PLAN ${sql}`)
						.all({model: '', purpose: '', seen: 1, limit: 1, name: ''})
						.map(({detail}) => detail),
				);
				return log.prepare(sql);
			},
		},
	}) as Log;
	usageHistory(spying, consortiumOf({a: judge()}));

	assert.match(plans.join('\n'), /idx_consortium_calls_model \(model=\?/);
	assert.match(plans.join('\n'), /idx_consortium_runs_consortium/);
	assert.doesNotMatch(plans.join('\n'), /SCAN (?:consortium|responses)/);
});

test('the iterations are those of runs that ended by themselves, of this consortium', async t => {
	const {log, keep} = emptyLog(t);
	const members = {a: fakeModel([['x']])};
	await keep({...members, arbiter: judge(content)});
	await keep({...members, arbiter: judge(unsure, content)});
	await keep({...members, arbiter: judge(unsure)});
	await keep(
		{...members, arbiter: judge(unsure, content)},
		{consortium: {name: 'other'}},
	);
	await keep(
		{...members, arbiter: judge(unsure)},
		{consortium: {limits: {budgetUsd: 0.03, timeoutSeconds: 60}}},
	);
	const stopped = new AbortController();
	stopped.abort();
	await keep({...members, arbiter: judge(content)}, {signal: stopped.signal});

	assert.deepEqual(
		log.prepare('SELECT status FROM consortium_runs ORDER BY id').pluck().all(),
		[
			'converged',
			'converged',
			'unconverged',
			'converged',
			'limited',
			'cancelled',
		],
	);
	assert.deepEqual(historyOf(log, ['a']).iterations, [3, 2, 1]);
	assert.deepEqual(historyOf(log, ['a'], 'other').iterations, [2]);
});

test('only the latest fifty runs count', async t => {
	const {log, keep} = emptyLog(t);
	const members = {a: fakeModel([['x']])};

	for (let count = 0; count < 60; count++) {
		await keep({
			...members,
			arbiter: judge(count < 15 ? unsure : content),
		});
	}

	const {iterations} = historyOf(log, ['a']);
	assert.deepEqual(
		[iterations.length, iterations.filter(each => each === 3).length],
		[50, 5],
	);
});
