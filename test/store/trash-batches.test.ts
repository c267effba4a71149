import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openLog} from '../../source/store/database.js';
import {createDeletedHere} from '../../source/store/import/deleted-here.js';
import {type Log} from '../../source/store/log.js';
import {listRuns} from '../../source/store/runs.js';
import {drained} from '../../source/store/steps.js';
import {deleteInBatches, deleteLogged} from '../../source/store/trash.js';
import {
	bringBack,
	undoDeletion,
	undoInBatches,
} from '../../source/store/trash-undo.js';
import {emptyTrash, trashStatus} from '../../source/store/trash-vacuum.js';
import {eventsOf} from '../helpers/chats.js';
import {dumpOf} from '../helpers/log-dump.js';
import {keep} from '../helpers/logs.js';
import {midnight, mixedLog} from '../helpers/mixed-log.js';

const now = midnight + 100_000;

const begin = (log: Log, id = 'd1') =>
	deleteInBatches(
		log,
		{kind: 'all'},
		{id, now, what: 'everything', batchBytes: 1},
	);

const runsIn = (log: Log) =>
	listRuns(log, {limit: 99})
		.map(({id}) => id)
		.toSorted();

test('between two batches others write, and forks go with what they build on', t => {
	const log = mixedLog(t);
	const other = openLog(log.name, 0);
	t.after(() => {
		other.close();
	});
	let count = 0;

	for (const {share} of begin(log)) {
		count++;
		assert.ok(share > 0);
		assert.ok(share <= 1);
		other
			.prepare(`INSERT INTO responses (id, prompt) VALUES (?, 'Meanwhile?')`)
			.run(`new${count}`);
		const left = new Set(runsIn(other));

		// What is left has all it builds on.
		assert.ok(left.has('r1') || !left.has('f1'));
		assert.ok(left.has('f1') || !left.has('g1'));
	}

	assert.ok(count > 3);
	assert.deepEqual(runsIn(log), []);
	assert.equal(
		log.prepare('SELECT count(*) FROM responses').pluck().get(),
		count,
	);
});

test('a deletion that was cut off is undone like any other', t => {
	const log = mixedLog(t);
	const whole = dumpOf(log);
	const other = openLog(log.name);
	const steps = begin(other);
	steps.next();
	steps.next();
	other.close();

	const left = dumpOf(log);
	assert.notDeepEqual(left, whole);
	assert.ok(left['responses']!.length > 0);
	const undone = undoDeletion(log);
	assert.deepEqual([undone?.what, undone?.wasFinished], ['everything', false]);
	assert.deepEqual(dumpOf(log), whole);
});

test('a deletion that was cut off is finished by another one, and both are undone', t => {
	const log = mixedLog(t);
	const whole = dumpOf(log);
	const steps = begin(log);
	steps.next();
	steps.return(undefined as never);
	deleteLogged(log, {kind: 'all'}, {id: 'd0', now, what: 'the rest'});
	assert.deepEqual(runsIn(log), []);

	// In the same millisecond, with a smaller id.
	assert.equal(undoDeletion(log)?.what, 'the rest');
	assert.equal(undoDeletion(log)?.what, 'everything');
	assert.deepEqual(dumpOf(log), whole);
});

test('an undo that was cut off goes on with the next one', t => {
	const log = mixedLog(t);
	const whole = dumpOf(log);
	drained(begin(log));
	const steps = undoInBatches(log);
	steps.next();
	steps.return(null);
	assert.notDeepEqual(dumpOf(log), whole);
	assert.equal(undoDeletion(log)?.what, 'everything');
	assert.deepEqual(dumpOf(log), whole);
	assert.equal(undoDeletion(log), null);
});

test('whoever undoes or gives up a deletion that goes on ends it', t => {
	for (const end of [
		(log: Log) => {
			undoDeletion(log);
		},
		(log: Log) => {
			drained(emptyTrash(log, {id: 'v1', now}));
		},
	]) {
		const log = mixedLog(t);
		const other = openLog(log.name);
		t.after(() => {
			other.close();
		});
		const steps = begin(log);
		steps.next();
		end(other);
		const left = dumpOf(log);
		assert.throws(() => steps.next(), {
			name: 'UserError',
			message: /undone or given up meanwhile/,
		});
		assert.deepEqual(dumpOf(log), left);
		assert.deepEqual(left['consortium_trash'], []);
	}
});

test('a conversation stays whole when it goes on, or was added to, since the deletion began', t => {
	const log = mixedLog(t);
	const steps = begin(log);
	assert.ok(!steps.next().done);
	const went = new Set(
		['old', 'solo', 'root'].filter(
			chat =>
				log
					.prepare('SELECT 1 FROM responses WHERE conversation_id = ?')
					.get(chat) === undefined,
		),
	);
	assert.equal(went.has('old') || went.has('root'), false);
	keep(
		log,
		eventsOf({
			id: 's2',
			chat: 'solo',
			at: midnight + 200_000,
			turn: 2,
			previous: 's1',
		}),
	);
	log.exec(`INSERT INTO responses (id, conversation_id) VALUES ('l9', 'old')`);
	const {staying} = drained(steps);
	assert.equal(staying, 2);
	assert.deepEqual(runsIn(log), ['s1', 's2']);
	assert.equal(
		log
			.prepare(
				`SELECT group_concat(id) FROM (
					SELECT id FROM responses WHERE conversation_id = 'old' ORDER BY id
				)`,
			)
			.pluck()
			.get(),
		'L2,l1,l9,o1',
	);
});

test('a deletion that is in the way is passed over by --next, and comes back when it can', t => {
	const log = mixedLog(t);
	const whole = dumpOf(log);
	deleteLogged(
		log,
		{kind: 'conversation', id: 'solo'},
		{id: 'd1', now, what: 'the first'},
	);
	deleteLogged(
		log,
		{kind: 'conversation', id: 'old'},
		{id: 'd2', now, what: 'the second'},
	);
	log.exec(`INSERT INTO responses (id, prompt) VALUES ('L2', 'mine')`);
	assert.throws(() => undoDeletion(log), {
		message: /L2 is in the log again/,
		hint: /logs undo --next/,
	});
	assert.equal(undoDeletion(log, true)?.what, 'the first');
	assert.throws(() => undoDeletion(log, true), {hint: /logs vacuum/});
	log.exec(`DELETE FROM responses WHERE id = 'L2'`);
	assert.equal(undoDeletion(log)?.what, 'the second');
	assert.deepEqual(dumpOf(log), whole);
});

test('of a large deletion all comes back but the batch that cannot', t => {
	const log = mixedLog(t);
	const whole = dumpOf(log);
	drained(begin(log));
	log.exec(
		`INSERT INTO responses (rowid, id, prompt) VALUES (9000, 'L2', 'mine')`,
	);
	const undone = undoDeletion(log);
	assert.match(undone?.refusal?.message ?? '', /L2 is in the log again/);
	assert.deepEqual(runsIn(log), ['f1', 'g1', 'h1', 'r1', 'r2', 'r3', 's1']);
	assert.throws(() => undoDeletion(log), /L2 is in the log again/);
	log.exec(`DELETE FROM responses WHERE id = 'L2'`);
	assert.equal(undoDeletion(log)?.refusal, null);
	assert.deepEqual(dumpOf(log), whole);
});

test('what a person decided and what was recorded wins over evidence that was found meanwhile, and nothing else does', t => {
	const log = mixedLog(t);
	deleteLogged(log, {kind: 'ids', ids: ['o1']}, {id: 'd1', now, what: 'it'});
	log.exec(`
		INSERT INTO consortium_found_runs
			VALUES ('o1', 'o1', 'rec', 'other', 'opus', 'What?', 0.9, 1, 1, 2, '[]', NULL, NULL, 1);
		INSERT INTO consortium_found_responses VALUES
			('m1', 'x9', 'member', 0, 1, 'luna#1', 0.9, '[]', 'evidence', 2),
			('a1', 'x9', 'arbiter', 2, 1, NULL, 0.9, '[]', 'evidence', 2);
		INSERT INTO consortium_doubts VALUES
			('d1', 'x9', 'm1', 'weak', 'Little.', '[]', 0.1, 1, 'x9', 5, 1);
	`);
	assert.notEqual(undoDeletion(log), null);
	const rows = (sql: string) => log.prepare(sql).raw().all();
	assert.deepEqual(
		rows(
			`SELECT response_id, run_id, decided_by FROM consortium_found_responses
			WHERE response_id IN ('a1', 'm1') ORDER BY 1`,
		),
		[
			['a1', 'o1', 'person'],
			['m1', 'x9', 'evidence'],
		],
	);
	assert.deepEqual(
		rows(
			`SELECT id, consortium_id, is_arbiter_response FROM responses
			WHERE id IN ('a1', 'm1') ORDER BY 1`,
		),
		[
			['a1', 'o1', 1],
			['m1', 'x9', 0],
		],
	);
	assert.deepEqual(
		rows(`SELECT consortium FROM consortium_found_runs WHERE id = 'o1'`),
		[['other']],
	);
	assert.deepEqual(
		rows(`SELECT decision FROM consortium_doubts WHERE id = 'd1'`),
		[['x9']],
	);
});

test('what is in the trash is found by its id', t => {
	const log = mixedLog(t);
	const isDeleted = createDeletedHere(log);
	assert.equal(isDeleted('l1'), false);
	drained(begin(log));
	assert.deepEqual(
		['l1', 'L2', 'nobody'].map(id => isDeleted(id)),
		[true, true, false],
	);
	bringBack(log, 'f1');
	assert.deepEqual(runsIn(log), ['f1', 'r1', 'r2', 'r3']);
	assert.match(
		JSON.stringify(
			log
				.prepare(
					`EXPLAIN QUERY PLAN SELECT 1 FROM consortium_trash
					WHERE row_id = ? AND table_name = 'responses'`,
				)
				.all('l1'),
		),
		/idx_consortium_trash_row_id/,
	);
});

test('the trash of a deletion that was given up half is given up by the next vacuum', t => {
	const log = mixedLog(t);
	drained(begin(log));
	const steps = emptyTrash(log, {id: 'v1', now});
	steps.next();
	steps.return(undefined);
	assert.equal(undoDeletion(log), null);
	drained(emptyTrash(log, {id: 'v2', now}));
	assert.deepEqual(dumpOf(log)['consortium_trash'], []);
	assert.equal(trashStatus(log, now).deletions, 0);
});
