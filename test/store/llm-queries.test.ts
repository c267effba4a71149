import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import Database from 'better-sqlite3';
import {openLog} from '../../source/store/database.js';
import {runOf} from '../helpers/events.js';
import {logAsLlm} from '../helpers/llm-files.js';
import {migrateAsLlm} from '../helpers/llm-migrations.js';
import {keep} from '../helpers/logs.js';

/*
What llm asks of its log, in our words: its command line shows nothing but what these find.
*/
const folder = mkdtempSync(path.join(tmpdir(), 'llm-'));
const first = '01kaaaaaaaaaaaaaaaaaaaaaa1';
const second = '01kbbbbbbbbbbbbbbbbbbbbbb1';
const run = '01kcccccccccccccccccccccc1';
const turn = '01kddddddddddddddddddddddd';

after(() => {
	rmSync(folder, {recursive: true});
});

/**
Two answers that llm logged, then a run of ours, opened as llm opens it: without our code.
*/
function mixed(isNewest: boolean): Database.Database {
	const file = path.join(mkdtempSync(path.join(folder, 'log-')), 'log.db');
	const log = openLog(file);
	logAsLlm(log, {id: first, words: 'How do whales sleep?'});
	logAsLlm(log, {id: second, words: 'Do penguins fly?'});
	keep(log, runOf(run, {prompt: 'Which is larger, a whale or a krill?'}));
	log.close();

	const theirs = new Database(file);

	if (isNewest) {
		migrateAsLlm(theirs);
		theirs.exec(`
			INSERT INTO threads (id, name) VALUES ('${turn}', 'A newer one');
			INSERT INTO turns (id, thread_id, model, datetime_utc)
				VALUES ('${turn}', '${turn}', 'gpt-4o', '2026-11-21T09:00:00+00:00'),
					('${first}', '${turn}', 'gpt-4o', '2026-11-20T09:00:00+00:00');
		`);
	}

	return theirs;
}

const calls = ['opus', 'luna', 'arbiter'].map(name => `${run}-${name}-1`);

/**
Both generations in one list, a turn hiding the response of the same id.
*/
const listed = `
	SELECT id, model, prompt, response, conversation_id, datetime_utc FROM (
		SELECT id, model, NULL AS prompt, NULL AS response,
			thread_id AS conversation_id, datetime_utc FROM turns
		UNION ALL
		SELECT id, model, prompt, response, conversation_id, datetime_utc
		FROM responses WHERE id NOT IN (SELECT id FROM turns)
	) ORDER BY id DESC LIMIT ?`;

const rowsOfOld = `
	SELECT responses.id, responses.model, responses.resolved_model,
		responses.prompt, responses.system, responses.prompt_json,
		responses.options_json, responses.response, responses.response_json,
		responses.conversation_id, responses.duration_ms, responses.datetime_utc,
		responses.input_tokens, responses.output_tokens, responses.token_details,
		conversations.name AS conversation_name,
		conversations.model AS conversation_model,
		schemas.content AS schema_json
	FROM responses
	LEFT JOIN schemas ON schemas.id = responses.schema_id
	LEFT JOIN conversations ON conversations.id = responses.conversation_id`;

test('the list of the latest answers has our run among those of llm, in both generations', () => {
	const old = mixed(false);
	assert.deepEqual(
		old
			.prepare(`${rowsOfOld} ORDER BY responses.id DESC LIMIT 3`)
			.all()
			.map(row => (row as {id: string}).id),
		[...calls].toSorted().toReversed(),
	);
	assert.deepEqual(
		old
			.prepare(`${rowsOfOld} WHERE responses.model = ? ORDER BY responses.id`)
			.all('duo')
			.map(row => {
				const {prompt, response, conversation_name} = row as Record<
					string,
					unknown
				>;
				return {prompt, response, conversation_name};
			}),
		[
			{
				prompt: 'Which is larger, a whale or a krill?',
				response: 'Forty-two, both say.',
				conversation_name: 'Which is larger, a whale or a k…',
			},
		],
	);
	old.close();

	const newest = mixed(true);
	assert.deepEqual(
		newest
			.prepare(listed)
			.all(10)
			.map(row => (row as {id: string}).id),
		[turn, ...calls.toSorted().toReversed(), run, second, first],
	);
	newest.close();
});

test('a search finds what was asked in our run, its prompt before its answer', () => {
	const file = mixed(true);
	const search = file
		.prepare<[string], string>(
			`SELECT responses.id FROM responses
			JOIN responses_fts ON responses_fts.rowid = responses.rowid
			WHERE responses_fts MATCH ?
			ORDER BY bm25(responses_fts, 10.0, 1.0)`,
		)
		.pluck();

	assert.deepEqual(search.all('penguins'), [second]);
	assert.ok(search.all('krill').includes(run));
	assert.ok(search.all('"both say"').includes(run));
	file.close();
});

test('the current conversation and a chosen one are found', () => {
	const old = mixed(false);
	const current = old
		.prepare<[], string>(
			'SELECT conversation_id FROM responses ORDER BY id DESC LIMIT 1',
		)
		.pluck()
		.get()!;
	assert.equal(
		current,
		`${run}-opus`,
		'that of the latest call, whose transcript is a conversation to llm',
	);
	assert.deepEqual(
		old
			.prepare(
				`${rowsOfOld} WHERE responses.conversation_id = ? ORDER BY responses.id`,
			)
			.all(`${second.slice(0, -1)}c`)
			.map(row => (row as {id: string}).id),
		[second],
	);
	old.close();

	const newest = mixed(true);
	assert.equal(
		newest
			.prepare<[], string>(
				`SELECT conversation_id FROM (
					SELECT id, thread_id AS conversation_id FROM turns
					UNION ALL SELECT id, conversation_id FROM responses
				) ORDER BY id DESC LIMIT 1`,
			)
			.pluck()
			.get(),
		turn,
	);
	newest.close();
});

test('the counts that llm shows of a log are those of its rows and ours', () => {
	const file = mixed(true);

	assert.deepEqual(
		file
			.prepare(
				`SELECT (SELECT count(*) FROM responses) AS responses,
					(SELECT count(*) FROM conversations) AS conversations,
					(SELECT count(*) FROM turns) AS turns,
					(SELECT count(*) FROM threads) AS threads`,
			)
			.get(),
		{responses: 6, conversations: 6, turns: 2, threads: 1},
	);
	file.close();
});

test('what llm reads to go on with a conversation is what it can read, also of our runs', () => {
	const file = mixed(false);
	const conversations = file
		.prepare<[], {id: string; name: string; model: string}>(
			'SELECT id, name, model FROM conversations ORDER BY id DESC',
		)
		.all();
	assert.ok(conversations.length > 0);

	for (const {id, name, model} of conversations) {
		assert.equal(typeof name, 'string');
		const rows = file
			.prepare<[string], Record<string, string | null>>(
				'SELECT * FROM responses WHERE conversation_id = ? ORDER BY id',
			)
			.all(id);
		assert.ok(rows.length > 0, `the conversation ${id} has answers`);

		for (const row of rows) {
			assert.equal(row['model'], model);
			assert.equal(typeof row['prompt'], 'string');
			assert.equal(typeof row['response'], 'string');
			assert.equal(typeof JSON.parse(row['options_json']!), 'object');
			for (const column of ['prompt_json', 'response_json']) {
				assert.equal(typeof JSON.parse(row[column] ?? 'null'), 'object');
			}

			assert.match(
				row['datetime_utc']!,
				/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?\+00:00$/,
			);

			for (const table of [
				'prompt_attachments',
				'prompt_fragments',
				'system_fragments',
				'tool_responses',
				'tool_calls',
				'tool_results',
			]) {
				assert.deepEqual(
					file
						.prepare(`SELECT * FROM ${table} WHERE response_id = ?`)
						.all(row['id']),
					[],
				);
			}
		}
	}

	file.close();
});
