import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {type RunEvent} from '../../source/core/events.js';
import {createRunControl} from '../../source/core/run-control.js';
import {openLog} from '../../source/store/database.js';
import {runEvents} from '../../source/store/run-events.js';
import {createRunLog} from '../../source/store/run-log.js';
import {createTable, pictureOf} from '../helpers/derived.js';
import {runOf} from '../helpers/events.js';
import {fakeModel} from '../helpers/fake-model.js';
import {verdictText} from '../helpers/play.js';

const folder = mkdtempSync(join(tmpdir(), 'derived-'));

after(() => {
	rmSync(folder, {recursive: true});
});

function logged(name: string, events: readonly RunEvent[]) {
	const log = openLog(join(folder, name));
	const write = createRunLog(log);

	for (const event of events) {
		write(event);
	}

	write.close();
	return log;
}

/**
A run of two iterations in which a person did much, one that asked an instance again, and one that only judged again. Everyone says all in one piece.
*/
async function threeRuns() {
	const unsure = verdictText({confidence: 0.5, needsIteration: true});
	const table = createTable({
		a: fakeModel([[{thinking: 'Hm.'}, 'one a'], ['two a'], ['again a']]),
		b: fakeModel([['one b'], ['two b']]),
		arbiter: fakeModel([[unsure], [verdictText()]]),
	});
	const control = createRunControl();
	const first = await table.ask({
		control,
		onEvent(event) {
			if (event.type === 'call-end' && event.speaker === 'b#1') {
				control.leaveOut(event.callId);

				if (event.iteration === 1) {
					control.putBack(event.callId);
					control.swap('a#1', 'nothing');
				}
			}
		},
	});
	const second = await table.derive('retry', first.events, {
		redo: {'a#1': 'new/other'},
		findModel: async () => fakeModel([['other a']]),
	});
	const third = await table.derive('rearbitrate', second.events);
	return {table, runs: [first.events, second.events, third.events] as const};
}

test('runs that were made from one another are told again as they were', async () => {
	const {runs} = await threeRuns();
	const log = logged('again.db', runs.flat());

	for (const events of runs) {
		const {runId} = events[0]!;
		assert.deepEqual(
			pictureOf(runEvents(log, runId)),
			pictureOf(events),
			'the picture',
		);
		assert.deepEqual(runEvents(log, runId), events, 'and every event');
	}

	assert.ok(runs[2].some(({type}) => type === 'call-carry'));
	log.close();
});

test('a run can be made from the picture that the log has of the one before', async () => {
	const {table, runs} = await threeRuns();
	const log = logged('from-log.db', runs.flat());
	const restored = runEvents(log, runs[2][0]!.runId);
	const {result} = await table.derive('rearbitrate', restored);

	assert.equal(result.status, 'converged');
	assert.deepEqual(
		result.iterations.map(({instances}) =>
			instances.map(({answer}) => answer).toSorted(),
		),
		[
			['one a', 'one b'],
			['other a', 'two b'],
		],
	);
	log.close();
});

test('what a carried call said is stored once', async () => {
	const {runs} = await threeRuns();
	const log = logged('lean.db', runs.flat());
	const bodies = log
		.prepare("SELECT body FROM consortium_events WHERE type = 'call-carry'")
		.pluck()
		.all();

	assert.ok(bodies.length > 0);

	for (const body of bodies) {
		assert.doesNotMatch(String(body), /one a|one b|two b|other a|Hm\.|Why\?/);
	}

	log.close();
});

test('where the earlier run is in no log, what it said is in the later one', async () => {
	const {runs} = await threeRuns();
	const log = logged('alone.db', runs[2]);
	assert.deepEqual(runEvents(log, runs[2][0]!.runId), runs[2]);
	log.close();
});

test('a call whose rows were taken out of the log since has no text, and the rest is told', async () => {
	const {runs} = await threeRuns();
	const log = logged('gone.db', runs.flat());
	log.exec(`DELETE FROM responses WHERE consortium_id = '${runs[0][0]!.runId}';
		DELETE FROM consortium_calls WHERE run_id = '${runs[0][0]!.runId}'`);
	const events = runEvents(log, runs[1][0]!.runId);
	const {calls, result} = pictureOf(events);

	assert.equal(events.length, runs[1].length);
	assert.ok(calls.values().some(({text}) => text === 'other a'));
	assert.ok(calls.values().some(({text}) => text === ''));
	assert.ok(result);
	log.close();
});

test('a verdict that is carried and returned does not become the last word of the run it comes from', async () => {
	const {table, runs} = await threeRuns();
	const controller = new AbortController();
	controller.abort();
	const {events, result} = await table.derive('rearbitrate', runs[2], {
		signal: controller.signal,
	});
	const log = logged('last-word.db', [...runs.flat(), ...events]);
	const end = events.at(-1)!;
	const mark = log
		.prepare('SELECT is_arbiter_response FROM responses WHERE id = ?')
		.pluck();

	assert.equal(result.status, 'cancelled');
	assert.equal(end.type, 'run-end');
	assert.equal(mark.get(end.type === 'run-end' && end.finalCallId), 2);
	log.close();
});

test('what older versions wrote is read with the keys that are new', () => {
	const events = runOf('run');
	const log = logged('old.db', events);
	log.exec(`UPDATE consortium_events SET body = json_remove(body, '$.refusal');
		UPDATE responses SET response_json = json_remove(response_json,
			'$.iterations[0].instances[0].carriedFrom',
			'$.iterations[0].instances[0].isLeftOut') WHERE id = 'run'`);
	const restored = runEvents(log, 'run');

	assert.deepEqual(restored.at(-1), events.at(-1));
	assert.deepEqual(
		restored.find(({type}) => type === 'control'),
		events.find(({type}) => type === 'control'),
	);
	log.close();
});

test('a carry of an older version is read as one of a call that is not made again', async () => {
	const {runs} = await threeRuns();
	const [, events] = runs;
	const log = logged('old-carry.db', runs.flat());
	log.exec(
		"UPDATE consortium_events SET body = json_remove(body, '$.isAskedAgain') WHERE type = 'call-carry'",
	);

	assert.ok(
		events.some(event => event.type === 'call-carry' && event.isAskedAgain),
	);
	assert.deepEqual(
		runEvents(log, events[0]!.runId),
		events.map(event =>
			event.type === 'call-carry' ? {...event, isAskedAgain: false} : event,
		),
	);
	log.close();
});
