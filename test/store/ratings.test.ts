import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {openLog} from '../../source/store/database.js';
import {rate, ratingsOf} from '../../source/store/ratings.js';
import {createRunLog} from '../../source/store/run-log.js';
import {showRun} from '../../source/store/runs.js';
import {runOf} from '../helpers/events.js';

const folder = mkdtempSync(join(tmpdir(), 'ratings-'));
const log = openLog(join(folder, 'log.db'));
const write = createRunLog(log);

for (const event of [...runOf('run'), ...runOf('other')]) {
	write(event);
}

write.close();

after(() => {
	log.close();
	rmSync(folder, {recursive: true});
});

const rating = {id: 'r1', runId: 'run', callId: null, score: 1, at: 5};

test('a rating takes the place of what the person said of the same answer before, and of nothing else', () => {
	const arbiter = log.prepare(
		`INSERT INTO consortium_ratings (id, run_id, call_id, source, score, at)
		VALUES ('r0', 'run', NULL, 'arbiter', 0.5, 1)`,
	);
	arbiter.run();
	rate(log, rating);
	rate(log, {...rating, id: 'r2', callId: 'run-opus-1', at: 6});
	rate(log, {...rating, id: 'r3', runId: 'other', at: 7});
	rate(log, {...rating, id: 'r4', score: 0, at: 8});
	rate(log, {...rating, id: 'r5', callId: 'run-opus-1', score: 0, at: 9});

	assert.deepEqual(ratingsOf(log, 'run'), [
		{
			id: 'r0',
			runId: 'run',
			callId: null,
			source: 'arbiter',
			score: 0.5,
			at: 1,
		},
		{...rating, id: 'r4', source: 'person', score: 0, at: 8},
		{
			...rating,
			id: 'r5',
			source: 'person',
			callId: 'run-opus-1',
			score: 0,
			at: 9,
		},
	]);
	assert.deepEqual(
		ratingsOf(log, 'other').map(({id}) => id),
		['r3'],
	);
	assert.deepEqual(showRun(log, 'run').ratings, ratingsOf(log, 'run'));
});

test('a run that is not in the log cannot be rated', () => {
	assert.throws(() => {
		rate(log, {...rating, runId: 'elsewhere'});
	}, /The run elsewhere is not in the log/);
	assert.deepEqual(ratingsOf(log, 'elsewhere'), []);
});
