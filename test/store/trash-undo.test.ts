import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import os from 'node:os';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {test} from 'node:test';
import {setImmediate} from 'node:timers/promises';
import fc from 'fast-check';
import {UserError} from '../../source/core/user-error.js';
import {latestConversation, readChain} from '../../source/store/chains.js';
import {openLog} from '../../source/store/database.js';
import {findConversation} from '../../source/store/find-id.js';
import {type Log} from '../../source/store/log.js';
import {createRunLog} from '../../source/store/run-log.js';
import {listRuns, showRun} from '../../source/store/runs.js';
import {deleteLogged} from '../../source/store/trash.js';
import {type Unwanted} from '../../source/store/trash-selection.js';
import {undoConversation, undoDeletion} from '../../source/store/trash-undo.js';
import {eventsOf} from '../helpers/chats.js';
import {dumpOf} from '../helpers/log-dump.js';
import {keep, logWith} from '../helpers/logs.js';
import {midnight, mixedLog} from '../helpers/mixed-log.js';

const ids = ['r1', 'r2', 'r3', 'f1', 'g1', 's1', 'h1', 'l1', 'L2', 'l3', 'o1'];
const chats = ['root', 'fork', 'twig', 'solo', 'hidden', 'old', 'pair'];

const unwanted = fc.oneof(
	fc.record({
		kind: fc.constant('ids' as const),
		ids: fc.uniqueArray(fc.constantFrom(...ids), {minLength: 1}),
	}),
	fc.record({
		kind: fc.constant('conversation' as const),
		id: fc.constantFrom(...chats),
	}),
	fc.record({
		kind: fc.constant('older' as const),
		before: fc.constantFrom(
			Date.UTC(2025, 0, 15),
			midnight + 1500,
			midnight + 4500,
			midnight + 90_000,
		),
	}),
	fc.constantFrom({kind: 'all' as const}, {kind: 'hidden' as const}),
);

let deletions = 0;

function remove(
	log: Log,
	what: Unwanted,
	{now = midnight + 100_000, batchBytes = 1e6} = {},
) {
	return deleteLogged(log, what, {
		id: `deletion${String(++deletions).padStart(6, '0')}`,
		now,
		what: 'something',
		batchBytes,
	});
}

/**
Whether anything was deleted; null when that was refused.
*/
function attempt(log: Log, what: Unwanted, batchBytes: number): boolean | null {
	try {
		const {runs, responses} = remove(log, what, {batchBytes});
		return runs + responses > 0;
	} catch (error) {
		if (error instanceof UserError) {
			return null;
		}

		throw error;
	}
}

test('whatever is deleted comes back byte for byte, searches included, however many deletions are undone', t => {
	const log = mixedLog(t);
	addLarge(log);
	const whole = dumpOf(log);
	const reached = {deleted: 0, refused: 0};

	fc.assert(
		fc.property(
			fc.array(fc.tuple(unwanted, fc.constantFrom(1, 20_000, 1e6)), {
				maxLength: 4,
			}),
			list => {
				const dumps = [whole];

				for (const [each, batchBytes] of list) {
					const isDeleted = attempt(log, each, batchBytes);
					const dump = dumpOf(log);

					if (isDeleted === true) {
						reached.deleted++;
						assert.notDeepEqual(dump, dumps.at(-1));
						dumps.push(dump);
					} else {
						reached.refused += isDeleted === null ? 1 : 0;
						assert.deepEqual(dump, dumps.at(-1));
					}
				}

				while (dumps.length > 1) {
					dumps.pop();
					assert.notEqual(undoDeletion(log), null);
					assert.deepEqual(dumpOf(log), dumps.at(-1));
				}

				assert.equal(undoDeletion(log), null);
			},
		),
		{numRuns: 60},
	);

	assert.ok(reached.deleted > 25);
	assert.ok(reached.refused > 5);
});

/**
Values that lie beside their rows in the trash, in tables with and without numbers of rows.
*/
function addLarge(log: Log): void {
	log.exec(`
		UPDATE responses SET
			response_json = replace(hex(zeroblob(40000)), '00', 'é"'),
			prompt_json = CAST(x'ff' || zeroblob(100000) AS TEXT)
		WHERE id IN ('l1', 'o1');
		UPDATE attachments SET content = zeroblob(99999) || x'ff' WHERE id = 'both';
		INSERT INTO consortium_imported
			VALUES ('L2', 'source', 1, zeroblob(50000) || zeroblob(50000));
		UPDATE consortium_chunks SET text = hex(zeroblob(50000))
			WHERE run_id = 's1';
	`);
}

test('no table but the trash holds anything of what is deleted, and shared rows stay', t => {
	const log = mixedLog(t);
	remove(log, {kind: 'all'});
	const left = Object.entries(dumpOf(log))
		.filter(([, rows]) => rows.length > 0)
		.map(([name]) => name)
		.filter(name => !name.startsWith('responses_fts'));

	assert.deepEqual(left, [
		'_llm_migrations',
		'consortium_deletions',
		'consortium_migrations',
		'consortium_reservations',
		'consortium_texts',
		'consortium_trash',
		'fragments',
		'tools',
	]);
	assert.deepEqual(listRuns(log, {limit: 9}), []);
	assert.equal(latestConversation(log), null);
});

test('a run that comes back can be read and continued as before', async t => {
	const log = mixedLog(t);
	const before = showRun(log, 's1');
	remove(log, {kind: 'conversation', id: 'solo'});
	assert.throws(() => showRun(log, 's1'), /no run `s1`/);
	assert.throws(() => findConversation(log, 'solo'), /`solo` is deleted\.$/);

	undoDeletion(log);
	assert.deepEqual(showRun(log, 's1'), before);
	assert.equal((await readChain(log, 'solo')).length, 1);
});

test('one conversation comes back out of a deletion of many, and the rest later', t => {
	const log = mixedLog(t);
	const whole = dumpOf(log);
	remove(log, {kind: 'all'});
	assert.equal(undoConversation(log, 'solo'), true);
	assert.deepEqual(
		listRuns(log, {limit: 9}).map(({id}) => id),
		['s1'],
	);
	assert.equal(undoConversation(log, 'solo'), false);
	undoDeletion(log);
	assert.deepEqual(dumpOf(log), whole);
});

test('what took a number of a deleted row meanwhile keeps it, and the row comes back with another', t => {
	const log = mixedLog(t);
	remove(log, {kind: 'conversation', id: 'old'});
	log.exec(`
		INSERT INTO responses (rowid, id, prompt, response) VALUES (1003, 'new', 'What?', 'forty');
		INSERT INTO tool_results VALUES (5, 'new', 3, 'tool', 'theirs', 'call', NULL, NULL);
		INSERT INTO tool_calls VALUES (4, 'new', 3, 'tool', 'theirs', 'call');
	`);
	undoDeletion(log);

	const outputs = log
		.prepare(
			`SELECT response_id, output, attachment_id FROM tool_results
			LEFT JOIN tool_results_attachments ON tool_result_id = tool_results.id
			ORDER BY response_id`,
		)
		.raw()
		.all();
	assert.deepEqual(outputs, [
		['L2', 'out', 'made'],
		['new', 'theirs', null],
	]);
	assert.equal(
		log
			.prepare(
				`SELECT group_concat(id) FROM responses WHERE rowid IN (
					SELECT rowid FROM responses_fts WHERE responses_fts MATCH 'zebra'
				)`,
			)
			.pluck()
			.get(),
		'l1',
	);
	dumpOf(log);
});

test('what is in the log again, as by a new import, is not overwritten', t => {
	const log = mixedLog(t);
	remove(log, {kind: 'conversation', id: 'old'});
	log.exec(`INSERT INTO responses (id, prompt) VALUES ('L2', 'mine')`);
	const before = dumpOf(log);

	assert.throws(() => undoDeletion(log), /L2 is in the log again/);
	assert.deepEqual(dumpOf(log), before);
});

test('a conversation that llm made anew meanwhile is kept as it is', t => {
	const log = mixedLog(t);
	remove(log, {kind: 'conversation', id: 'old'});
	log.exec(`INSERT INTO conversations VALUES ('old', 'Anew', 'nova')`);
	undoDeletion(log);
	assert.equal(
		log
			.prepare(`SELECT name FROM conversations WHERE id = 'old'`)
			.pluck()
			.get(),
		'Anew',
	);
});

test('whoever goes on with a conversation that was deleted meanwhile has it back, beginning included', async t => {
	const log = mixedLog(t);
	remove(log, {kind: 'all'});
	keep(
		log,
		eventsOf({
			id: 'g2',
			chat: 'twig',
			at: midnight + 200_000,
			turn: 4,
			previous: 'g1',
		}),
	);

	const chain = await readChain(log, 'twig');
	assert.deepEqual(
		listRuns(log, {limit: 9}).map(({id}) => id),
		['r3', 'r2', 'r1', 'g2', 'g1', 'f1'],
	);
	assert.equal(chain.length, 4);
	undoDeletion(log);
	assert.equal(listRuns(log, {limit: 9}).length, 8);
});

test('a run whose trash was emptied stands alone, and can be read', async t => {
	const log = mixedLog(t);
	remove(log, {kind: 'conversation', id: 'solo'});
	log.exec('DELETE FROM consortium_trash; DELETE FROM consortium_deletions');
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
	assert.equal((await readChain(log, 'solo')).length, 1);
	assert.equal(showRun(log, 's2').summary.status, 'converged');
});

test('a run that was taken for dead and deleted is brought back by what it says', t => {
	const events = eventsOf({id: 'r1', chat: 'one', at: midnight});
	const log = logWith(t, events.slice(0, 7));
	log.exec(`UPDATE consortium_runs SET host = 'elsewhere', pid = 1`);
	remove(log, {kind: 'ids', ids: ['r1']}, {now: midnight + 2 * 86_400_000});
	assert.deepEqual(listRuns(log, {limit: 1}), []);

	// The process that wrote the beginning is this one again.
	const {pid} = process;
	log.exec(`UPDATE consortium_trash SET row = json_set(
		row, '$.pid', ${pid}, '$.host', '${os.hostname()}'
	) WHERE table_name = 'consortium_runs'`);
	keep(log, events.slice(7));
	assert.equal(showRun(log, 'r1').summary.status, 'converged');
});

test('a process that has the conversation open goes on with it after another one deleted it, and nothing it paid for is lost', async t => {
	const log = mixedLog(t);
	const other = openLog(log.name);
	t.after(() => {
		other.close();
	});
	const write = createRunLog(other);
	remove(log, {kind: 'conversation', id: 'solo'});
	const events = eventsOf({
		id: 's2',
		chat: 'solo',
		at: midnight + 200_000,
		turn: 2,
		previous: 's1',
	});

	for (const event of events.slice(0, 7)) {
		write(event);
	}

	// It is found by its own process too, whose run goes on.
	await setImmediate();
	assert.throws(() => {
		remove(log, {kind: 'conversation', id: 'solo'});
	}, /The run s2 goes on right now/);

	for (const event of events.slice(7)) {
		write(event);
	}

	assert.equal(write.close(), true);
	assert.equal((await readChain(log, 'solo')).length, 2);
	assert.equal(undoDeletion(log), null);
});

test('two processes that delete and undo at once leave a log that is whole', async t => {
	const log = mixedLog(t);
	const whole = dumpOf(log);
	const moduleAt = (path: string) =>
		JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
	const errors = await Promise.all(
		['solo', 'hidden'].map(async chat => {
			const child = spawn(
				process.execPath,
				[
					'--import=tsx',
					'--input-type=module',
					'--eval',
					`import {openLog} from ${moduleAt('source/store/database.ts')};
					import {deleteLogged} from ${moduleAt('source/store/trash.ts')};
					import {undoConversation} from ${moduleAt('source/store/trash-undo.ts')};
					const log = openLog(${JSON.stringify(log.name)});
					const id = '${chat}';

					for (let count = 0; count < 20; count++) {
						const deletion = {id: id + count, now: count, what: id};
						deleteLogged(log, {kind: 'conversation', id}, deletion);
						undoConversation(log, id);
					}

					log.close();`,
				],
				{stdio: ['ignore', 'ignore', 'pipe']},
			);
			const [said] = await Promise.all([
				text(child.stderr),
				once(child, 'close'),
			]);
			return said;
		}),
	);
	assert.deepEqual(errors, ['', '']);
	const {responses, consortium_runs: runs, ...others} = dumpOf(log);
	assert.equal(responses?.length, whole['responses']?.length);
	assert.equal(runs?.length, whole['consortium_runs']?.length);
	assert.deepEqual(others['consortium_trash'], []);
	assert.deepEqual(others['consortium_deletions'], []);
});
