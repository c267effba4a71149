import assert from 'node:assert/strict';
import {readFileSync, statSync} from 'node:fs';
import {test} from 'node:test';
import {keepFoundRuns} from '../../source/store/backfill/keep.js';
import {openLog} from '../../source/store/database.js';
import {type Log} from '../../source/store/log.js';
import {listRuns} from '../../source/store/runs.js';
import {hideConversation} from '../../source/store/names.js';
import {drained} from '../../source/store/steps.js';
import {deleteLogged} from '../../source/store/trash.js';
import {undoDeletion} from '../../source/store/trash-undo.js';
import {
	compact,
	emptyTrash,
	trashStatus,
} from '../../source/store/trash-vacuum.js';
import {eventsOf} from '../helpers/chats.js';
import {foundRun} from '../helpers/found-runs.js';
import {dumpOf} from '../helpers/log-dump.js';
import {logWith} from '../helpers/logs.js';
import {midnight, mixedLog} from '../helpers/mixed-log.js';

const now = midnight + 100_000;

test('what is given up leaves no trace in the file, and what stays is found as before', t => {
	const log = logWith(t, [
		...eventsOf({
			id: 'r1',
			chat: 'one',
			at: midnight,
			prompt: 'Secretive '.repeat(50_000),
		}),
		...eventsOf({
			id: 'r2',
			chat: 'two',
			at: midnight + 1000,
			prompt: 'What now?',
		}),
	]);
	deleteLogged(
		log,
		{kind: 'conversation', id: 'one'},
		{id: 'd1', now, what: 'one'},
	);
	const {deletions, responses, hidden, bytes} = trashStatus(log, now);
	assert.deepEqual([deletions, responses, hidden], [1, 4, 0]);
	assert.ok(bytes > 500_000);

	log.pragma('wal_checkpoint(TRUNCATE)');
	const before = statSync(log.name).size;
	drained(emptyTrash(log, {id: 'd2', now}));
	assert.equal(compact(log), true);
	const after = statSync(log.name).size;
	assert.ok(before - after > 0.8 * bytes, `${before} ${after} ${bytes}`);
	assert.equal(readFileSync(log.name).includes('Secretive'), false);
	assert.equal(statSync(`${log.name}-wal`).size, 0);
	assert.equal(undoDeletion(log), null);
	assert.equal(dumpOf(log)['search for what']?.length, 3);
});

test('conversations that older versions hid are given up too, unless others build on them', t => {
	const log = mixedLog(t);
	hideConversation(log, 'root', 5);
	const {hidden, responses} = trashStatus(log, now);
	assert.deepEqual([hidden, responses], [1, 4]);
	drained(emptyTrash(log, {id: 'd1', now}));
	assert.deepEqual(
		listRuns(log, {limit: 9}).map(({id}) => id),
		['s1', 'r3', 'r2', 'r1', 'g1', 'f1'],
	);
	assert.equal(undoDeletion(log), null);
});

test('what was found of responses that are gone is given up, but for what a record names', t => {
	const log = mixedLog(t);
	const left = () =>
		log
			.prepare<[], string>(
				`SELECT id FROM consortium_found_runs
				UNION ALL SELECT response_id FROM consortium_found_responses
				UNION ALL SELECT id FROM consortium_doubts ORDER BY 1`,
			)
			.pluck()
			.all();
	const before = left();
	keepFoundRuns(
		log,
		[foundRun({arbiterId: 'not-here-yet', id: 'recorded'})],
		'record',
	);
	log.exec(`
		INSERT INTO consortium_found_runs (id, prompt, iterations, started_at, problems, version)
			VALUES ('stray', 'Secretive?', 1, 1, '[]', 1);
		INSERT INTO consortium_found_responses VALUES
			('gone', 'stray', 'member', 0, 1, 'luna#1', 0.9, '[]', 'evidence', 1);
		INSERT INTO consortium_doubts
			VALUES ('d3', 'stray', 'gone', 'weak', 'Little.', '[]', 0.1, 1, NULL, NULL, 1);
	`);
	drained(emptyTrash(log, {id: 'd1', now}));
	assert.deepEqual(
		new Set(left()),
		new Set([...before, 'recorded', 'not-here-yet']),
	);
});

test('a search finds the same texts after a vacuum of a file with gaps', t => {
	const log = mixedLog(t);
	deleteLogged(
		log,
		{kind: 'ids', ids: ['r3', 'l1']},
		{id: 'd1', now, what: 'it'},
	);
	const before = dumpOf(log);
	compact(log);
	const after = dumpOf(log);
	assert.deepEqual(
		Object.entries(after).filter(([name]) => name.startsWith('search')),
		Object.entries(before).filter(([name]) => name.startsWith('search')),
	);
	undoDeletion(log);
	dumpOf(log);
});

test('a log that another program holds is left alone, with a sentence', t => {
	const log = mixedLog(t);
	const other = openLog(log.name);
	t.after(() => {
		other.close();
	});
	log.pragma('busy_timeout = 50');
	other.exec('BEGIN IMMEDIATE');
	assert.throws(() => compact(log), {
		name: 'UserError',
		message: /is held by another program/,
	});
	assert.throws(() => {
		drained(emptyTrash(log, {id: 'd1', now}));
	}, /is held by another program/);
	other.exec('COMMIT');
});

test('while another program reads, it is said that some is left beside the file', t => {
	const log = mixedLog(t);
	const other = openLog(log.name);
	t.after(() => {
		other.close();
	});
	other.exec('BEGIN; SELECT count(*) FROM responses');
	other.prepare('SELECT count(*) FROM responses').get();
	log.pragma('busy_timeout = 50');
	assert.equal(compact(log), false);
	other.exec('COMMIT');
	assert.equal(compact(log), true);
});

test('a disk without room is said to be that, and loses nothing', t => {
	const log = mixedLog(t);
	const before = dumpOf(log);
	log.pragma(
		`max_page_count = ${String(log.pragma('page_count', {simple: true}))}`,
	);
	assert.throws(
		() => deleteLogged(log, {kind: 'all'}, {id: 'd1', now, what: 'all'}),
		{name: 'UserError', message: /no room left on the disk/},
	);
	assert.deepEqual(dumpOf(log), before);
});

test('shared texts go when nothing refers to them any more, and stay while something does', t => {
	const log = mixedLog(t);
	log.exec(`
		INSERT INTO fragments VALUES
			(8, 'named', 'Named', NULL, NULL), (9, 'keyed', 'In JSON', NULL, NULL),
			(10, 'gone', 'Secretive', NULL, NULL);
		INSERT INTO fragment_aliases VALUES ('mine', 8);
		INSERT INTO schemas VALUES ('used', '{}'), ('unused', '{"title": "Secretive"}');
		INSERT INTO attachments VALUES ('alone', NULL, NULL, NULL, 'Secretive');
		INSERT INTO consortium_templates VALUES ('lost', 'member', 'Secretive');
		UPDATE responses SET schema_id = 'used', prompt_json = '{"a": [{"$r": ["x", {"$": "f:9"}]}]}'
			WHERE id = 'l3';
	`);
	const ids = (table: string, column = 'id') =>
		log.prepare(`SELECT ${column} FROM ${table} ORDER BY 1`).pluck().all();
	const texts = ids('consortium_texts', 'hash');
	assert.ok(texts.length > 0);
	drained(emptyTrash(log, {id: 'd1', now}));
	assert.deepEqual(ids('fragments'), [7, 8, 9]);
	assert.deepEqual(ids('schemas'), ['used']);
	assert.deepEqual(ids('attachments'), ['both', 'made', 'mine']);
	assert.deepEqual(ids('tools'), [3]);
	assert.deepEqual(ids('consortium_texts', 'hash'), texts);
	assert.equal(ids('consortium_templates', 'hash').includes('lost'), false);

	deleteLogged(log, {kind: 'all'}, {id: 'd2', now, what: 'all'});
	drained(emptyTrash(log, {id: 'd3', now}));
	compact(log);
	assert.deepEqual(ids('fragments'), [8]);
	assert.deepEqual(ids('schemas'), []);
	assert.deepEqual(ids('attachments'), []);
	assert.deepEqual(ids('tools'), []);
	assert.deepEqual(ids('consortium_texts', 'hash'), []);
	assert.equal(readFileSync(log.name).includes('Secretive'), false);
});

test('others write between two batches of texts, and what they refer to stays', t => {
	const log = mixedLog(t);
	log.exec(`
		WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		INSERT INTO fragments SELECT i, 'hash' || i, 'text', NULL, NULL FROM n;
		INSERT INTO attachments VALUES
			('a', NULL, NULL, NULL, zeroblob(6000000)),
			('b', NULL, NULL, NULL, zeroblob(6000000));
	`);
	const other = openLog(log.name);
	const steps = emptyTrash(log, {id: 'd1', now});
	let isShared = false;

	for (const {share} of steps) {
		assert.ok(share <= 1);
		other.exec('BEGIN IMMEDIATE; ROLLBACK');
		const left = countOf(other, 'fragments WHERE id >= 100');

		if (left < 4901 && !isShared) {
			isShared = true;
			assert.ok(left > 0, 'not all go at once');
			other.exec(
				"INSERT INTO prompt_fragments SELECT 'l1', max(id), 9 FROM fragments",
			);
		}
	}

	assert.ok(isShared);
	assert.equal(countOf(log, 'fragments WHERE id >= 100'), 1);
	assert.equal(countOf(log, "attachments WHERE id IN ('a', 'b')"), 0);
	other.close();
});

const countOf = (log: Log, of: string) =>
	log.prepare<[], number>(`SELECT count(*) FROM ${of}`).pluck().get()!;

test('a template that a run or a call names stays', t => {
	const log = logWith(t, eventsOf({id: 'r1', chat: 'one', at: midnight}));
	log.exec(`
		INSERT INTO consortium_templates VALUES ('a', 'x', 'A'), ('b', 'y', 'B'), ('c', 'z', 'C');
		UPDATE consortium_runs SET templates = '{"x": "a"}';
		UPDATE consortium_calls SET template_hash = 'b';
	`);
	drained(emptyTrash(log, {id: 'd1', now}));
	assert.deepEqual(
		log.prepare('SELECT hash FROM consortium_templates').pluck().all(),
		['a', 'b'],
	);
	log.exec(`UPDATE consortium_runs SET templates = 'damaged'`);
	drained(emptyTrash(log, {id: 'd2', now}));
});
