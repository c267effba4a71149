import assert from 'node:assert/strict';
import {test} from 'node:test';
import {findAnyConversation, findWhole} from '../../source/store/find-id.js';
import {type Log} from '../../source/store/log.js';
import {createPurse, spentTodayUsd} from '../../source/store/purse.js';
import {listRuns} from '../../source/store/runs.js';
import {deleteLogged, previewDeletion} from '../../source/store/trash.js';
import {type Unwanted} from '../../source/store/trash-selection.js';
import {undoDeletion} from '../../source/store/trash-undo.js';
import {idAt} from '../../source/store/id-at.js';
import {eventsOf} from '../helpers/chats.js';
import {keep, logWith} from '../helpers/logs.js';
import {midnight, mixedLog} from '../helpers/mixed-log.js';

const day = 86_400_000;
const later = midnight + 100_000;

const idsIn = (log: Log, table = 'responses') =>
	log.prepare<[], string>(`SELECT id FROM ${table} ORDER BY id`).pluck().all();

let deletions = 0;

function remove(log: Log, unwanted: Unwanted, now = later): void {
	deleteLogged(log, unwanted, {id: `d${++deletions}`, now, what: 'something'});
}

test('a preview tells how much goes, from when to when, what was asked and what was paid, and changes nothing', t => {
	const log = mixedLog(t);
	const before = idsIn(log);

	assert.deepEqual(
		previewDeletion(log, {kind: 'ids', ids: ['r2', 'r3']}, later),
		{
			conversations: 1,
			runs: 2,
			responses: 8,
			firstAt: midnight + 1000,
			lastAt: midnight + 2000,
			questions: ['What?', 'What?'],
			costUsd: 0.05,
			costIsComplete: true,
			staying: 0,
		},
	);

	const {firstAt, questions, costUsd, ...of} = previewDeletion(
		log,
		{kind: 'conversation', id: 'old'},
		later,
	);
	assert.deepEqual(
		[of.conversations, of.runs, of.responses, costUsd, questions[1]],
		[1, 1, 5, null, 'What have you seen?'],
	);
	assert.equal(firstAt, 1);
	assert.deepEqual(idsIn(log), before);
});

for (const [unwanted, message] of [
	[{kind: 'ids', ids: ['r1']}, /^The run r1 is what the run r[23] builds on/],
	[{kind: 'ids', ids: ['r2']}, /^The run r2 is what the run r3 builds on/],
	[{kind: 'ids', ids: ['r1', 'r2', 'r3']}, /^The run r1 is what the fork fork/],
	[
		{kind: 'conversation', id: 'root'},
		/^The conversation root shares its beginning with the fork fork/,
	],
	[
		{kind: 'conversation', id: 'fork'},
		/^The conversation fork shares its beginning with the fork twig/,
	],
] as const) {
	test(`what others build on is refused: ${JSON.stringify(unwanted)}`, t => {
		const log = mixedLog(t);
		assert.throws(
			() => {
				remove(log, unwanted);
			},
			{name: 'UserError', message},
		);
		assert.equal(listRuns(log, {limit: 9}).length, 7);
	});
}

test('forks are deleted from the youngest to the root, or all at once by their ids', t => {
	const log = mixedLog(t);

	for (const id of ['twig', 'fork', 'root']) {
		remove(log, {kind: 'conversation', id});
	}

	assert.deepEqual(idsIn(log, 'consortium_runs'), ['h1', 's1']);
	const other = mixedLog(t);
	remove(other, {kind: 'ids', ids: ['r1', 'r2', 'r3', 'f1', 'g1']});
	assert.deepEqual(idsIn(other, 'consortium_runs'), ['h1', 's1']);
});

test('a run whose call another run goes on with or takes over is refused, whatever else links them', t => {
	for (const link of [
		`UPDATE consortium_calls SET extends = 's1-luna-1' WHERE id = 'h1-luna-1'`,
		`INSERT INTO consortium_events VALUES ('h1', 99, 1, 'call-carry', 's1-luna-1', '{}')`,
	]) {
		const log = mixedLog(t);
		log.exec(link);
		assert.throws(() => {
			remove(log, {kind: 'conversation', id: 'solo'});
		}, /shares its beginning with the fork hidden/);
		remove(log, {kind: 'ids', ids: ['h1', 's1']});
	}
});

test('by age conversations go in which nothing happened for so long, also those of llm; those of unknown time and those that younger ones build on stay', t => {
	const log = mixedLog(t);
	log.exec(`
		INSERT INTO responses (id, conversation_id, datetime_utc) VALUES
			('x1', 'talk', '2020-01-01T00:00:00Z'), ('x2', 'talk', '2026-06-01T00:00:00Z'),
			('y1', 'past', '2020-01-01T00:00:00Z'), ('y2', 'past', '2020-06-01T00:00:00Z'),
			('z1', 'vague', '2020-01-01T00:00:00Z'), ('z2', 'vague', NULL)
	`);
	const before = Date.UTC(2025, 6, 1);
	remove(log, {kind: 'older', before});
	const left = idsIn(log).filter(id => !id.includes('-'));
	assert.deepEqual(left, [
		'f1',
		'g1',
		'h1',
		'l3',
		'r1',
		'r2',
		'r3',
		's1',
		'x1',
		'x2',
		'z1',
		'z2',
	]);

	// The twig is younger, and needs the fork, which needs the root.
	const preview = previewDeletion(
		log,
		{kind: 'older', before: midnight + 3500},
		later,
	);
	assert.deepEqual([preview.runs, preview.staying], [0, 2]);
	remove(log, {kind: 'older', before: midnight + 4500});
	assert.equal(idsIn(log, 'consortium_runs').length, 2);
});

test('a run that goes on in a process that lives is never deleted, nor what it builds on', t => {
	const log = mixedLog(t);
	keep(
		log,
		eventsOf({
			id: 'r9',
			chat: 'root',
			at: midnight + 9000,
			turn: 3,
			previous: 'r3',
		}).slice(0, 5),
	);

	assert.throws(() => {
		remove(log, {kind: 'ids', ids: ['r9']}, midnight + 900 * day);
	}, /^UserError: The run r9 goes on right now, in process \d+ of /);
	assert.throws(() => {
		remove(log, {kind: 'conversation', id: 'root'});
	}, /The run r9 goes on right now/);
	remove(log, {kind: 'all'});
	assert.deepEqual(idsIn(log, 'consortium_runs'), ['r1', 'r2', 'r3', 'r9']);

	// Its process is gone.
	log.exec(`UPDATE consortium_runs SET pid = 4194303 WHERE id = 'r9'`);
	remove(log, {kind: 'conversation', id: 'root'}, later + 1);
	assert.deepEqual(idsIn(log, 'consortium_runs'), []);
});

test('a run of another machine counts as going on for a day', t => {
	const log = logWith(
		t,
		eventsOf({id: 'r1', chat: 'one', at: midnight}).slice(0, 5),
	);
	log.exec(`UPDATE consortium_runs SET host = 'elsewhere'`);
	assert.throws(() => {
		remove(log, {kind: 'ids', ids: ['r1']}, midnight + day - 1);
	}, /of elsewhere/);
	remove(log, {kind: 'ids', ids: ['r1']}, midnight + day + 1);
	assert.deepEqual(idsIn(log, 'consortium_runs'), []);
});

test('nothing is deleted when it is not what was shown', t => {
	const log = mixedLog(t);
	const unwanted = {kind: 'conversation', id: 'solo'} as const;
	const expected = previewDeletion(log, unwanted, later);
	keep(
		log,
		eventsOf({id: 's2', chat: 'solo', at: later, turn: 2, previous: 's1'}),
	);
	const deletion = {id: 'd', now: later, what: 'it', expected};
	assert.throws(
		() => deleteLogged(log, unwanted, deletion),
		/has changed meanwhile/,
	);
	assert.equal(listRuns(log, {limit: 9}).length, 8);
});

test('a conversation that is not in the log leaves no deletion behind', t => {
	const log = mixedLog(t);
	remove(log, {kind: 'conversation', id: 'nobody'});
	assert.equal(undoDeletion(log), null);
});

test('what was paid today counts for the daily limit after a deletion, and once after its undoing', t => {
	const now = Date.now();
	const id = `${idAt(now)}0000000000000001`;
	const log = logWith(t, eventsOf({id, chat: 'one', at: now}));
	const [, second] = idsIn(log, 'consortium_calls');

	// Somebody was killed who had set money aside for a call that was answered.
	log
		.prepare(
			`INSERT INTO consortium_reservations VALUES (?, ?, 9, 1, 'here', 0)`,
		)
		.run(second, now);
	const spent = spentTodayUsd(log, now);
	assert.ok(spent > 0.03);

	remove(log, {kind: 'all'}, now);
	assert.equal(spentTodayUsd(log, now).toFixed(9), spent.toFixed(9));
	log.exec('DELETE FROM consortium_trash; DELETE FROM consortium_deletions');
	const purse = createPurse(log, {dailyUsd: spent, now: () => now});
	assert.match(purse.reserve('next', 0.01) ?? '', /daily limit/);
});

test('undoing counts nothing twice', t => {
	const now = Date.now();
	const id = `${idAt(now)}0000000000000001`;
	const log = logWith(t, eventsOf({id, chat: 'one', at: now}));
	const spent = spentTodayUsd(log, now);
	remove(log, {kind: 'all'}, now);
	undoDeletion(log);
	assert.equal(spentTodayUsd(log, now), spent);
	assert.equal(
		log.prepare('SELECT count(*) FROM consortium_reservations').pluck().get(),
		0,
	);
});

test('what is deleted is found by the beginning of its id; an answer within a run names the run', t => {
	const log = mixedLog(t);
	assert.equal(findWhole(log, 'S'), 's1');
	assert.equal(findWhole(log, 'L2'), 'L2');
	assert.equal(findWhole(log, 'o'), 'o1');
	assert.throws(() => findWhole(log, 'r'), /More than one run or response/);
	assert.throws(() => findWhole(log, 's1-lu'), /belongs to the run s1, which/);
	assert.throws(() => findWhole(log, 'm1'), /belongs to the run o1, which/);
	assert.throws(() => findWhole(log, 'zz'), /no run or response `zz`/);
	assert.throws(() => findWhole(log, ' '), /no run or response/);

	assert.equal(findAnyConversation(log, 'ol'), 'old');
	assert.equal(findAnyConversation(log, 'hid'), 'hidden');
	assert.throws(
		() => findAnyConversation(log, 'pair'),
		/speaker of the run o1/,
	);
	assert.throws(() => findAnyConversation(log, 'zz'), /no conversation `zz`/);
});
