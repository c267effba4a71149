import {Buffer} from 'node:buffer';
import assert from 'node:assert/strict';
import {copyFileSync, readFileSync, writeFileSync} from 'node:fs';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import Database from 'better-sqlite3';
import {expand, selfContained} from '../../source/store/import/condensed.js';
import {findListedRun} from '../../source/store/find-listed.js';
import {findFoundRun} from '../../source/store/found-runs.js';
import {type Log} from '../../source/store/log.js';
import {
	fill,
	generations,
	makeForeignLog,
	someOfAll,
} from '../helpers/foreign-logs.js';
import {dump, importFile, importPlace} from '../helpers/imports-of-logs.js';

const first = '01hzzzzzzz0000000000000001';
const second = '01hzzzzzzz0000000000000002';
const fixture = (name: string) =>
	fileURLToPath(new URL(`../fixtures/llm/${name}`, import.meta.url));

for (const generation of generations) {
	test(`a log of the generation ${generation} comes in whole, and a second time nothing does`, t => {
		const {log, file} = importPlace(t);
		makeForeignLog(file('foreign.db'), generation, someOfAll);
		const before = Object.keys(dump(log)).length;
		const summary = importFile(log, file('foreign.db'));
		const all = dump(log);
		assert.equal(Object.keys(all).length, before);
		assert.equal(summary.came.answers, 2);
		assert.equal(summary.came.conversations, 1);

		const answers = log
			.prepare('SELECT response FROM responses ORDER BY id')
			.pluck()
			.all();
		assert.deepEqual(
			answers,
			generation === '0.5'
				? ['Old answer', 'Then this']
				: ['Answer one', 'Answer two'],
		);

		const again = importFile(log, file('foreign.db'));
		assert.deepEqual(dump(log), all);
		assert.ok(Object.values(again.came).every(count => count === 0));
	});
}

test('what belongs to an answer comes with it, by the numbers it has here', t => {
	const {log, file} = importPlace(t);
	log.exec(
		"INSERT INTO fragments (id, hash, content) VALUES (7, 'ours', 'ours')",
	);
	makeForeignLog(file('foreign.db'), '0.31', someOfAll);
	const {came} = importFile(log, file('foreign.db'));
	assert.deepEqual(came, {
		answers: 2,
		conversations: 1,
		attachments: 1,
		fragments: 2,
		schemas: 1,
		tools: 1,
		toolCalls: 1,
		toolResults: 1,
		runs: 0,
	});
	assert.deepEqual(
		log
			.prepare(
				`SELECT content, "order" FROM prompt_fragments
				JOIN fragments ON id = fragment_id WHERE response_id = ? ORDER BY "order"`,
			)
			.raw()
			.all(first),
		[
			['A long text', 0],
			['Another text', 1],
			['A long text', 2],
		],
	);
	assert.deepEqual(
		log.prepare('SELECT content FROM attachments').pluck().get(),
		Buffer.from([137, 80, 78, 71, 0, 255]),
	);
	assert.deepEqual(
		log
			.prepare(
				`SELECT tools.name, output, tool_instances.name, attachment_id
				FROM tool_results JOIN tools ON tools.id = tool_id
				JOIN tool_instances ON tool_instances.id = instance_id
				JOIN tool_results_attachments ON tool_result_id = tool_results.id`,
			)
			.raw()
			.all(),
		[['add', '2', 'Box', 'picture']],
	);
	assert.equal(
		log
			.prepare(
				'SELECT content FROM fragment_aliases JOIN fragments ON id = fragment_id',
			)
			.pluck()
			.get(),
		'A long text',
	);
});

test('condensed JSON refers to nothing but its own answer, and the rest of it stays as it was', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.31', someOfAll);
	importFile(log, file('foreign.db'));
	const read = log.prepare<
		[string],
		{prompt_json: string; response_json: string}
	>('SELECT prompt_json, response_json FROM responses WHERE id = ?');

	assert.deepEqual(read.get(first), {
		prompt_json: '{"messages": [{"content": "A long text"}]}',
		response_json: `{"content": {"$": "r:${first}"}, "n": 1.0}`,
	});
	assert.deepEqual(
		expand(JSON.parse(read.get(second)!.prompt_json), () => null),
		{m: 'so Answer one'},
	);
});

test('expanding puts texts back wherever keys are known', () => {
	const condensed = {
		a: {$: 'r:1'},
		b: [{$r: ['x ', {$: 'r:1'}, ' y']}, {$: 'r:2'}, {$: 3, c: null}],
	};
	assert.deepEqual(
		expand(condensed, key => (key === 'r:1' ? 'one' : null)),
		{a: 'one', b: ['x one y', {$: 'r:2'}, {$: 3, c: null}]},
	);
});

test('a turn becomes the row that older versions would have written', t => {
	const {log, file} = importPlace(t);
	const {responses, ...turnsOnly} = someOfAll;
	makeForeignLog(file('old.db'), '0.31', someOfAll);
	makeForeignLog(file('new.db'), '0.32', turnsOnly);
	importFile(log, file('new.db'));
	assert.equal(responses?.length, 2);

	const read = log.prepare(
		`SELECT prompt, system, response, conversation_id, input_tokens, options_json
		FROM responses WHERE id = ?`,
	);
	assert.deepEqual(read.get(first), {
		prompt: 'Question one',
		system: 'Be brief',
		response: 'Answer one',
		conversation_id: 'chat',
		input_tokens: 10,
		options_json: '{}',
	});
	assert.deepEqual(read.get(second), {
		prompt: 'Question two',
		system: 'Be brief',
		response: 'Answer two',
		conversation_id: 'chat',
		input_tokens: null,
		options_json: '{}',
	});
	assert.match(
		log
			.prepare<[string], string>(
				'SELECT extra FROM consortium_imported WHERE response_id = ?',
			)
			.pluck()
			.get(first)!,
		/"reasoning":"Let me think"/v,
	);
	const {calls, results, promptAttachments} = dump(log);
	importFile(log, file('old.db'));
	const after = dump(log);
	assert.deepEqual(after['calls'], calls);
	assert.deepEqual(after['results'], results);
	assert.deepEqual(after['promptAttachments'], promptAttachments);
	assert.equal(calls!.length + results!.length, 2);
});

test('text that no list of fragments names is whole in the prompt', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.32', {
		...someOfAll,
		responses: [],
		turn_fragments: [],
	});
	importFile(log, file('foreign.db'));
	assert.equal(
		log.prepare('SELECT prompt FROM responses WHERE id = ?').pluck().get(first),
		'A long text\nAnother text\nQuestion one',
	);
});

test('messages that go round in a circle, or are missing, end a turn where they do', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.32', {
		messages: [
			{hash: 'a', parent_hash: 'b', role: 'user'},
			{hash: 'b', parent_hash: 'a', role: 'assistant'},
		],
		parts: [
			{id: 1, message_hash: 'b', position: 0, type: 'text', text: 'Round'},
			{id: 2, message_hash: 'a', position: 0, type: 'text', text: 'Again'},
		],
		turns: [
			{
				id: 'circle',
				parent_message_hash: 'a',
				tip_message_hash: 'b',
				model: 'm',
			},
			{id: 'gone', parent_message_hash: 'x', tip_message_hash: 'y', model: 'm'},
		],
	});
	assert.equal(importFile(log, file('foreign.db')).came.answers, 2);
	assert.deepEqual(
		log.prepare('SELECT id, prompt, response FROM responses').raw().all(),
		[
			['circle', 'Again', 'Round'],
			['gone', '', ''],
		],
	);
});

test('columns of a person’s own are kept beside, and old numbers too', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('user.db'), 'user columns', someOfAll);
	makeForeignLog(file('old.db'), '0.5', someOfAll);
	importFile(log, file('user.db'));
	importFile(log, file('old.db'));
	const extras = log
		.prepare('SELECT extra FROM consortium_imported ORDER BY response_id')
		.pluck()
		.all();
	assert.deepEqual(extras, [
		'{"id":1}',
		'{"id":2,"chat_id":1}',
		'{"human_vote":1}',
		null,
	]);
	const conversations = log
		.prepare("SELECT conversation_id FROM responses WHERE model LIKE 'gpt%'")
		.pluck()
		.all();
	assert.equal(new Set(conversations).size, 1);
});

test('whatever columns hold, a row is read', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.31', {
		responses: [
			{
				id: 12n,
				model: Buffer.from('bytes'),
				prompt: 42n,
				response: null,
				duration_ms: 'soon',
				input_tokens: '17',
				output_tokens: 9_223_372_036_854_775_807n,
				datetime_utc: 'yesterday',
				prompt_json: '{"$": "r:',
				response_json: Buffer.from([255, 254]),
			},
			{id: null, model: 'nobody'},
			{id: '\u001B[31mred', model: 'm', prompt: 'x\0y', response: 'z'},
		],
	});
	const summary = importFile(log, file('foreign.db'));
	assert.equal(summary.came.answers, 2);
	assert.deepEqual(summary.leftOut, {'an answer without an id': 1});
	const row = log
		.prepare<[], Record<string, unknown>>(
			"SELECT * FROM responses WHERE id = '12'",
		)
		.get()!;
	assert.equal(row['model'], 'bytes');
	assert.equal(row['prompt'], '42');
	assert.equal(row['duration_ms'], null);
	assert.equal(row['input_tokens'], 17);
	assert.equal(row['prompt_json'], '{"$": "r:');
});

test('JSON that no log holds is kept as it is, and the rows beside it come in', t => {
	const {log, file} = importPlace(t);
	const endless = `{"$":"${'x'.repeat(20_000_000)}"}`;
	const blanks = `{${' '.repeat(20_000_000)}"$":"r:${first}"}`;
	const bomb = `[${Array.from({length: 15_000}, () => '{"$": "r:big"}').join(',')}]`;
	makeForeignLog(file('foreign.db'), '0.31', {
		responses: [
			{id: 'big', model: 'm', response: 'x'.repeat(1_000_000)},
			{id: 'bomb', model: 'm', response_json: bomb},
			{id: 'endless', model: 'm', response_json: endless},
			{id: 'blanks', model: 'm', response_json: blanks},
		],
	});
	const summary = importFile(log, file('foreign.db'));
	assert.equal(summary.came.answers, 4);
	assert.deepEqual(summary.leftOut, {
		'the texts that the JSON of an answer names, which are too many for it': 1,
	});
	const jsonOf = log
		.prepare<[string], string>(
			'SELECT response_json FROM responses WHERE id = ?',
		)
		.pluck();
	assert.equal(jsonOf.get('bomb'), bomb);
	assert.equal(jsonOf.get('endless')!.length, endless.length);
	assert.equal(jsonOf.get('blanks')!.length, blanks.length);
});

test('a value that names too many texts, however short they are, stays as it is', () => {
	const many = (count: number) =>
		JSON.stringify(Array.from({length: count}, () => ({$: 'f:1'})));
	assert.equal(
		selfContained(many(9000), 'r', () => 'a'),
		JSON.stringify(Array.from({length: 9000}, () => 'a')),
	);
	assert.equal(
		selfContained(many(20_000), 'r', () => 'a'),
		null,
	);
});

test('a row that SQLite does not hand out is counted, and those behind it come in', t => {
	const {log, file} = importPlace(t);
	const db = new Database(file('foreign.db'));
	db.exec(`CREATE TABLE responses (id TEXT, model TEXT, response TEXT);
		INSERT INTO responses (rowid, id, model, response) VALUES
			(1, 'first', 'm', ''), (${2n ** 62n}, 'huge', 'm', ''), (${2n ** 62n + 1n}, 'last', 'm', '')`);
	db.close();

	// The row's size, its number, and the sizes of its values: with a smaller number there is room to say that the last value has 805,306,368 bytes.
	const bytes = readFileSync(file('foreign.db'));
	const at = bytes.indexOf(Buffer.from('09a0808080808080800004150f0d', 'hex'));
	assert.ok(at > 0);
	Buffer.from('838080800d6408150f868080800d', 'hex').copy(bytes, at);
	writeFileSync(file('foreign.db'), bytes);

	const summary = importFile(log, file('foreign.db'));
	assert.deepEqual(
		log.prepare('SELECT id FROM responses ORDER BY id').pluck().all(),
		['first', 'last'],
	);
	assert.deepEqual(summary.leftOut, {'a row that is too large': 1});
});

for (const [what, ids] of Object.entries({
	'the least and the greatest number': [
		-(2n ** 63n),
		-1n,
		0n,
		2n ** 53n,
		2n ** 53n + 1n,
		2n ** 53n + 2n,
		2n ** 63n - 1n,
	],
	'the least number alone': [-(2n ** 63n)],
})) {
	test(`rows are read whatever SQLite counts them by: ${what}`, t => {
		const {log, file} = importPlace(t);
		makeForeignLog(file('foreign.db'), '0.31');
		const db = new Database(file('foreign.db'));
		db.exec(`DROP TABLE responses;
			CREATE TABLE responses (id INTEGER PRIMARY KEY, model TEXT)`);
		const insert = db.prepare('INSERT INTO responses VALUES (?, ?)');
		const link = db.prepare(
			'INSERT INTO tool_calls (id, response_id, name) VALUES (?, ?, ?)',
		);

		for (const id of ids) {
			insert.run(id, 'm');
			link.run(id, id, `call of ${id}`);
		}

		db.close();
		const summary = importFile(log, file('foreign.db'));
		assert.deepEqual(
			log
				.prepare(
					'SELECT response_id, name FROM tool_calls ORDER BY CAST(response_id AS INTEGER)',
				)
				.raw()
				.all(),
			ids.map(id => [String(id), `call of ${id}`]),
		);
		assert.equal(summary.came.answers, ids.length);
	});
}

test('rows that are not counted are read by their key, and without one they are left out', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.31', someOfAll);
	const db = new Database(file('foreign.db'));
	db.pragma('foreign_keys = OFF');
	db.exec(`DROP TABLE responses;
		CREATE TABLE responses (
			model TEXT, id TEXT, response TEXT, PRIMARY KEY (model, id)
		) WITHOUT ROWID;
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12500)
		INSERT INTO responses SELECT 'm' || i % 3, 'r' || i, 'a' FROM n;
		CREATE TABLE logs (rowid TEXT, oid TEXT, _rowid_ TEXT, response TEXT);
		INSERT INTO logs VALUES (1, 2, 3, 'a'), (1, 2, 3, 'a')`);
	db.close();
	const summary = importFile(log, file('foreign.db'));
	assert.equal(summary.came.answers, 12_500);
	assert.deepEqual(summary.leftOut, {'a row of a table that has no key': 2});
});

test('the plug-in’s own record becomes runs, with the answers that llm’s log has', t => {
	const {log} = importPlace(t);
	importFile(log, fixture('logs-0.31.db'));
	const {came} = importFile(log, fixture('consortium-0.31.db'));
	assert.equal(came.runs, 28);
	assert.equal(came.answers, 220);

	const runs = log
		.prepare<[], Record<string, unknown>>(
			`SELECT runs.*, (SELECT count(*) FROM consortium_found_responses
				WHERE run_id = runs.id AND is_arbiter_response = 1) AS finals
			FROM consortium_found_runs AS runs`,
		)
		.all();
	const whole = runs.filter(run => run['output_id'] !== null);
	assert.ok(whole.length >= 26);

	for (const run of whole) {
		assert.equal(run['id'], run['output_id']);
		assert.equal(run['problems'], '[]');
	}

	assert.ok(runs.every(({finals}) => Number(finals) <= 1));
	assert.deepEqual(
		log
			.prepare(
				`SELECT role, count(*) FROM consortium_found_responses
				WHERE role <> 'output' GROUP BY role ORDER BY role`,
			)
			.raw()
			.all(),
		[
			['arbiter', 56],
			['member', 164],
		],
	);
	assert.deepEqual(
		log
			.prepare('SELECT DISTINCT decided_by FROM consortium_found_responses')
			.pluck()
			.all(),
		['record'],
	);
});

test('the answers of recorded runs are found whichever file comes first', t => {
	const {log} = importPlace(t);
	importFile(log, fixture('consortium-0.31.db'));
	const whole = log
		.prepare(
			'SELECT count(*) FROM consortium_found_runs WHERE output_id IS NOT NULL AND id = output_id',
		)
		.pluck();
	assert.equal(whole.get(), 0);
	const former = log
		.prepare<[], {id: string; recorded_id: string}>(
			'SELECT id, recorded_id FROM consortium_found_runs',
		)
		.all();
	importFile(log, fixture('logs-0.31.db'));
	const healed = dump(log);
	const idOf = log
		.prepare<[string], string>(
			'SELECT id FROM consortium_found_runs WHERE recorded_id = ?',
		)
		.pluck();

	for (const {id, recorded_id: recordedId} of former) {
		const now = idOf.get(recordedId)!;
		assert.equal(findFoundRun(log, id), now);
		assert.equal(findFoundRun(log, id.toUpperCase()), now);
		assert.equal(findFoundRun(log, now), now);
		assert.equal(findFoundRun(log, recordedId), now);
		assert.equal(findFoundRun(log, recordedId.slice(0, 12)), now);
		assert.equal(findListedRun(log, id), now);
		assert.equal(findListedRun(log, recordedId), now);
	}

	assert.equal(findFoundRun(log, former[0]!.id.slice(0, -1) + 'u'), null);
	assert.ok(Number(whole.get()) >= 26);

	const other = importPlace(t).log;
	importFile(other, fixture('logs-0.31.db'));
	importFile(other, fixture('consortium-0.31.db'));
	assert.deepEqual(healed, dump(other));
});

test('answers that come from another file than the record have the same places and leave the same problems, whichever comes first', t => {
	const {file} = importPlace(t);
	const [runs, answers] = [file('runs.db'), file('answers.db')];
	const {lost} = splitRecords(fixture('consortium-0.31.db'), {runs, answers});
	const others = fixture('logs-0.31.db');

	const imported = (...files: string[]) => {
		const {log} = importPlace(t);

		for (const each of files) {
			importFile(log, each);
		}

		return log;
	};

	const expected = imported(answers, others, runs);
	const problems = problemsOf(expected);
	assert.deepEqual(
		Object.entries(problems).filter(([, list]) => list !== '[]'),
		[[lost, '["One of its answers is not in the log."]']],
	);

	for (const order of [
		[runs, answers, others],
		[runs, others, answers],
		[others, runs, answers, runs],
	]) {
		const log = imported(...order);
		assert.deepEqual(problemsOf(log), problems);
		assert.deepEqual(dump(log), dump(expected));
	}

	const alone = Object.values(problemsOf(imported(runs)));
	assert.ok(alone.filter(list => list.includes('not in the log')).length > 20);
	assert.deepEqual(problemsOf(imported(runs, answers)), problems);
});

const problemsOf = (log: Log) =>
	Object.fromEntries(
		log
			.prepare<[], [string, string]>(
				'SELECT recorded_id, problems FROM consortium_found_runs ORDER BY 1',
			)
			.raw()
			.all(),
	);

/**
Make of the plug-in's file one with its record and one with the answers, of which one is lost: the run it was of.
*/
function splitRecords(
	path: string,
	{runs, answers}: {readonly runs: string; readonly answers: string},
): {readonly lost: string} {
	copyFileSync(path, runs);
	copyFileSync(path, answers);
	const [one, other] = [new Database(runs), new Database(answers)];
	const [lost, responseId] = one
		.prepare<[], [string, string]>(
			'SELECT run_id, response_id FROM consortium_members ORDER BY response_id LIMIT 1',
		)
		.raw()
		.get()!;
	one.pragma('foreign_keys = OFF');
	one.exec('DELETE FROM responses');
	other.pragma('foreign_keys = OFF');
	other.exec('DELETE FROM consortium_runs; DELETE FROM consortium_members');
	other.prepare('DELETE FROM responses WHERE id = ?').run(responseId);
	one.close();
	other.close();
	return {lost};
}

test('a recorded run of three of the same model names its instances', t => {
	const {log} = importPlace(t);
	importFile(log, fixture('consortium-0.31.db'));
	const instances = log
		.prepare<[], string>(
			`SELECT DISTINCT instance FROM consortium_found_responses
			JOIN consortium_found_runs AS runs ON runs.id = run_id
			WHERE consortium = 'same-model' AND role = 'member' ORDER BY 1`,
		)
		.pluck()
		.all();
	assert.deepEqual(instances, ['mock-a#1', 'mock-a#2', 'mock-a#3']);
});

test('a confidence that no arbiter gave is none, and iterations are those that are there', t => {
	const {log, file} = importPlace(t);
	const said = {
		none: 'Nothing to say.',
		zero: '<synthesis>No.</synthesis><confidence>0.0</confidence>',
		word: '<synthesis>No.</synthesis><confidence>high</confidence>',
		failed: null,
	};
	makeForeignLog(file('foreign.db'), 'plug-in 0.8', {
		consortium_runs: Object.keys(said).map(id => ({
			id,
			user_prompt: 'q',
			iteration_count: id === 'failed' ? 0 : 1,
			final_confidence: 0,
			status: id === 'failed' ? 'model_failure' : 'running',
		})),
		consortium_members: Object.keys(said).map(id => ({
			run_id: id,
			response_id: `m-${id}`,
			role: 'm',
			iteration: 2,
			member_index: 0,
		})),
		arbiter_decisions: Object.keys(said).flatMap(id =>
			[1, 2].map(iteration => ({
				run_id: id,
				iteration,
				response_id: `a${iteration}-${id}`,
			})),
		),
		responses: Object.entries(said).flatMap(([id, response]) => [
			{id: `m-${id}`, model: 'm', response: 'a'},
			{id: `a1-${id}`, model: 'm', response: said.zero},
			...(response === null ? [] : [{id: `a2-${id}`, model: 'm', response}]),
		]),
	});
	importFile(log, file('foreign.db'));
	assert.deepEqual(
		log
			.prepare(
				'SELECT recorded_id, confidence, iterations FROM consortium_found_runs ORDER BY 1',
			)
			.raw()
			.all(),
		[
			['failed', null, 2],
			['none', null, 2],
			['word', null, 2],
			['zero', 0, 2],
		],
	);
});

test('the older layout of the plug-in is read, and what holds no answers is counted', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), 'plug-in, older', {
		...someOfAll,
		consortium_runs: [
			{
				run_id: 'run-1',
				start_timestamp: '2024-06-01T10:00:00',
				end_timestamp: '2024-06-01T10:01:30',
				original_prompt: 'Why?',
				consortium_config: '{"arbiter": "model-b"}',
				final_confidence: 0.8,
			},
		],
		consortium_iterations: [
			{
				iteration_id: 'i1',
				run_id: 'run-1',
				iteration_number: 1,
				arbiter_response_id: second,
			},
		],
		consortium_iteration_responses: [
			{iteration_id: 'i1', response_id: first, model: 'model-a-inst2'},
			{iteration_id: 'i1', response_id: 'lost', model: 'model-a-inst1'},
		],
		evaluations: [{id: 1, decision_json: '{}'}],
	});
	const summary = importFile(log, file('foreign.db'));
	assert.deepEqual(summary.leftOut, {
		'an evaluation, which has no answers in it': 1,
	});
	const [run] = log
		.prepare<[], Record<string, unknown>>('SELECT * FROM consortium_found_runs')
		.all();
	assert.equal(run!['recorded_id'], 'run-1');
	assert.equal(run!['arbiter'], 'model-b');
	assert.equal(run!['prompt'], 'Why?');
	assert.equal(run!['duration_ms'], 90_000);
	assert.equal(run!['problems'], '["One of its answers is not in the log."]');
	assert.deepEqual(
		log
			.prepare(
				'SELECT response_id, is_arbiter_response, instance FROM consortium_found_responses ORDER BY 1',
			)
			.raw()
			.all(),
		[
			[first, 0, 'model-a#2'],
			[second, 1, null],
		],
	);
});

const markedRow = (id: string, group: string | null, flag: number) => ({
	id,
	model: 'm',
	prompt: 'q',
	response: id,
	datetime_utc: '2024-06-01T10:00:00',
	consortium_id: group,
	is_arbiter_response: flag,
});

test('columns that mark runs are taken over as runs, and never as they stand', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), 'user columns', {
		responses: [
			markedRow('01hm0000000000000000000001', 'group', 0),
			markedRow('01hm0000000000000000000002', 'group', 2),
			markedRow('01hm0000000000000000000003', 'group', 1),
			markedRow('01hm0000000000000000000004', 'group', 0),
			markedRow('01hm0000000000000000000005', null, 0),
			markedRow('01hm0000000000000000000006', '01hm0000000000000000000006', 0),
			markedRow('01hm0000000000000000000007', '01hm0000000000000000000006', 1),
		],
	});
	assert.equal(importFile(log, file('foreign.db')).came.runs, 2);
	assert.deepEqual(
		log
			.prepare(
				`SELECT substr(id, -1), substr(consortium_id, -1), responses.is_arbiter_response, role
				FROM responses LEFT JOIN consortium_found_responses ON response_id = id`,
			)
			.raw()
			.all(),
		[
			['1', '4', 0, 'member'],
			['2', '4', 2, 'arbiter'],
			['3', '4', 1, 'arbiter'],
			['4', '4', 0, 'output'],
			['5', null, 0, null],
			['6', '6', 0, 'output'],
			['7', '6', 1, 'arbiter'],
		],
	);
});

test('a foreign record cannot claim what was not imported', t => {
	const {log, file} = importPlace(t);
	log.exec("INSERT INTO responses (id, model) VALUES ('mine', 'm')");
	makeForeignLog(file('foreign.db'), 'plug-in 0.8', {
		consortium_runs: [{id: 'theirs', user_prompt: 'q'}],
		consortium_members: [
			{run_id: 'theirs', response_id: 'mine', role: 'm', iteration: 1},
		],
		responses: [{id: 'mine', model: 'other', response: 'other'}],
	});
	const summary = importFile(log, file('foreign.db'));
	assert.equal(
		log
			.prepare("SELECT consortium_id FROM responses WHERE id = 'mine'")
			.pluck()
			.get(),
		null,
	);
	assert.equal(
		log.prepare("SELECT model FROM responses WHERE id = 'mine'").pluck().get(),
		'm',
	);
	assert.deepEqual(summary.leftOut, {
		'an answer that is otherwise than the one here with its id': 1,
	});
});

test('an import that was stopped goes on where it was', t => {
	const {log, file} = importPlace(t);
	const rows = Array.from({length: 12_500}, (_, index) => ({
		id: `r${String(index).padStart(5, '0')}`,
		model: 'm',
		prompt: `question ${index}`,
		response: `answer ${index}`,
		conversation_id: 'chat',
	}));
	makeForeignLog(file('foreign.db'), '0.31', {...someOfAll, responses: rows});
	const part = importFile(log, file('foreign.db'), 1);
	assert.ok(part.came.answers > 0);
	assert.ok(part.came.answers < 12_500);
	const rest = importFile(log, file('foreign.db'));
	assert.equal(rest.there.answers, part.came.answers);
	assert.equal(part.came.answers + rest.came.answers, 12_500);
	assert.equal(
		log
			.prepare(
				`SELECT count(*) FROM responses_fts WHERE responses_fts MATCH 'question'`,
			)
			.pluck()
			.get(),
		12_500,
	);
});

test('llm writes on between two batches', t => {
	const {log, file} = importPlace(t);
	makeForeignLog(file('foreign.db'), '0.31', {
		responses: Array.from({length: 15_000}, (_, index) => ({
			id: `r${index}`,
			model: 'm',
			response: 'a',
		})),
	});
	const llm = new Database(file('foreign.db'), {timeout: 0});
	t.after(() => {
		llm.close();
	});
	let writes = 0;
	const onEach = () => {
		fill(llm, {responses: [{id: `new${writes++}`, model: 'm'}]});
	};

	const summary = importFile(log, file('foreign.db'), Infinity, onEach);
	assert.ok(writes >= 3);
	assert.equal(summary.came.answers, 15_000);
	assert.ok(importFile(log, file('foreign.db')).came.answers >= 3);
});
