import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {after, test} from 'node:test';
import Database from 'better-sqlite3';
import {openLog} from '../../source/store/database.js';
import {conversationName} from '../../source/store/llm-form.js';
import {indexesOnLlm} from '../../source/store/mend.js';
import {createRunLog} from '../../source/store/run-log.js';
import {runOf} from '../helpers/events.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));
const real = new Database(
	fileURLToPath(new URL('../fixtures/llm/logs-0.31.db', import.meta.url)),
	{readonly: true},
);
const log = openLog(join(folder, 'log.db'));

after(() => {
	real.close();
	log.close();
	rmSync(folder, {recursive: true});
});

const ours = new Set(['consortium_id', 'is_arbiter_response']);

function shapeOf(database: Database.Database, table: string) {
	const pragma = (name: string) =>
		database.pragma(`${name}("${table}")`) as Array<{name?: string}>;

	return {
		columns: pragma('table_info').filter(({name}) => !ours.has(name!)),
		foreignKeys: pragma('foreign_key_list'),
		indexes: pragma('index_list')
			.filter(({name}) => !Object.hasOwn(indexesOnLlm, name!))
			.map(({name}) => ({
				name,
				columns: database.pragma(`index_info("${name}")`),
			})),
	};
}

test('every table of llm is there as llm makes it', () => {
	const tables = real
		.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'")
		.pluck()
		.all();
	assert.equal(tables.length, 21);

	for (const table of tables) {
		assert.deepEqual(shapeOf(log, table), shapeOf(real, table), table);
	}
});

test('triggers and applied migrations have the names llm looks for', () => {
	const triggers = `SELECT name, tbl_name FROM sqlite_master
		WHERE type = 'trigger' ORDER BY name`;
	assert.deepEqual(log.prepare(triggers).all(), real.prepare(triggers).all());

	const names = 'SELECT name FROM _llm_migrations ORDER BY name';
	assert.deepEqual(log.prepare(names).all(), real.prepare(names).all());

	for (const time of log
		.prepare('SELECT applied_at FROM _llm_migrations')
		.pluck()
		.all()) {
		assert.match(
			String(time),
			/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00$/,
		);
	}
});

test('conversations are named as llm names them', () => {
	const named = real
		.prepare<[], {name: string; prompt: string}>(
			`SELECT conversations.name, prompt FROM conversations
			JOIN responses ON responses.id = (
				SELECT min(id) FROM responses WHERE conversation_id = conversations.id
			)`,
		)
		.all()
		// With fragments the name is taken from more than the prompt.
		.filter(({name}) => !name.includes('A fragment.'));
	assert.ok(named.length > 100);

	for (const {name, prompt} of named) {
		assert.equal(conversationName(prompt), name);
	}
});

test('the queries of llm find what a run logged', () => {
	const write = createRunLog(log);

	for (const event of runOf('run', {
		prompt: 'How deep is the Mariana trench?',
	})) {
		write(event);
	}

	const rows = log
		.prepare(
			`SELECT responses.id, responses.model, responses.prompt, responses.system,
				responses.options_json, responses.response, responses.response_json,
				responses.conversation_id, responses.duration_ms, responses.datetime_utc,
				responses.input_tokens, responses.output_tokens, responses.token_details,
				responses.resolved_model, conversations.name AS conversation_name,
				conversations.model AS conversation_model,
				schemas.content AS schema_json
			FROM responses
			LEFT JOIN schemas ON responses.schema_id = schemas.id
			LEFT JOIN conversations ON responses.conversation_id = conversations.id
			WHERE responses.id = ?`,
		)
		.all('run-opus-1');

	assert.deepEqual(rows, [
		{
			id: 'run-opus-1',
			model: 'anthropic/opus',
			prompt: 'How deep is the Mariana trench?',
			system: 'Answer with care.',
			options_json: '{}',
			response: 'Forty-two.',
			response_json:
				'{"protocol":"anthropic","items":[{"type":"text","text":"Forty-two."}]}',
			conversation_id: 'run-opus',
			duration_ms: 1480,
			datetime_utc: '2026-11-20T22:18:47.107000+00:00',
			input_tokens: 120,
			output_tokens: 30,
			token_details: '{"cached_tokens":64,"reasoning_tokens":12}',
			resolved_model: 'opus-2026-01',
			conversation_name: 'How deep is the Mariana trench?',
			conversation_model: 'anthropic/opus',
			schema_json: null,
		},
	]);
});

test('search follows rows that are added, changed and deleted', () => {
	const found = (words: string) =>
		log
			.prepare(
				`SELECT responses.id FROM responses
				JOIN responses_fts ON responses_fts.rowid = responses.rowid
				WHERE responses_fts MATCH ? ORDER BY bm25(responses_fts, 10.0, 1.0)`,
			)
			.pluck()
			.all(words);

	log.exec(`INSERT INTO responses (id, prompt, response)
		VALUES ('mine', 'penguins', 'swim')`);
	assert.deepEqual(found('penguins'), ['mine']);
	log.exec("UPDATE responses SET response = 'waddle' WHERE id = 'mine'");
	assert.deepEqual(found('swim'), []);
	assert.deepEqual(found('waddle'), ['mine']);
	log.exec("DELETE FROM responses WHERE id = 'mine'");
	assert.deepEqual(found('waddle'), []);
	log.exec(
		"INSERT INTO responses_fts (responses_fts, rank) VALUES ('integrity-check', 1)",
	);
});
