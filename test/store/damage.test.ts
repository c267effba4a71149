import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {UserError} from '../../source/core/user-error.js';
import {readChain, readChainTo} from '../../source/store/chains.js';
import {
	listConversations,
	readConversation,
} from '../../source/store/conversations.js';
import {type Log} from '../../source/store/log.js';
import {readPictures} from '../../source/store/pictures.js';
import {showResponse} from '../../source/store/responses.js';
import {listRuns, showRun} from '../../source/store/runs.js';
import {eventsOf} from '../helpers/chats.js';
import {logWith} from '../helpers/logs.js';

/**
Two conversations of one run each, `bad` and `good`.
*/
const logOfTwo = (t: TestContext, damage: string): Log => {
	const log = logWith(t, [
		...eventsOf({id: 'good', chat: 'sound', at: 1000}),
		...eventsOf({id: 'bad', chat: 'broken', at: 2000}),
	]);
	log.exec(damage);
	return log;
};

const isDamage =
	(log: Log, trouble = 'the run bad cannot be read') =>
	(error: unknown): true => {
		assert.ok(error instanceof UserError, String(error));
		assert.equal(error.message, `The log ${log.name} is damaged: ${trouble}.`);
		assert.match(error.hint, /consortium-tui doctor$/);
		return true;
	};

const damages = [
	"UPDATE consortium_runs SET config = '{' WHERE id = 'bad'",
	"UPDATE consortium_runs SET config = 'null' WHERE id = 'bad'",
	"UPDATE consortium_runs SET config = '{}' WHERE id = 'bad'",
	"UPDATE consortium_calls SET message = '{' WHERE run_id = 'bad'",
	"UPDATE consortium_calls SET message = '[1]' WHERE run_id = 'bad'",
	"UPDATE consortium_calls SET iteration = 99 WHERE run_id = 'bad'",
	"UPDATE consortium_events SET body = 'null' WHERE run_id = 'bad' AND type = 'decision'",
	"UPDATE consortium_events SET type = 'nonsense' WHERE run_id = 'bad' AND type = 'decision'",
	"UPDATE consortium_events SET type = 'toString' WHERE run_id = 'bad' AND type = 'decision'",
	"DELETE FROM consortium_calls WHERE iteration = 1 AND run_id = 'bad'",
	"UPDATE responses SET response_json = '{}' WHERE id = 'bad'",
	"UPDATE responses SET response_json = '{}' WHERE id = 'bad-opus-1'",
	"UPDATE responses SET response = x'00ff' WHERE id = 'bad-opus-1'",
	"UPDATE consortium_runs SET started_at = 'x' WHERE id = 'bad'",
	"UPDATE consortium_verdicts SET ranking = '[1]' WHERE run_id = 'bad'",
	"UPDATE consortium_attempts SET failure = 'null' WHERE run_id = 'bad'",
];

for (const damage of damages) {
	test(`damage is told in a sentence, and the rest can be read: ${damage}`, async t => {
		const log = logOfTwo(t, damage);
		const expected = isDamage(log);

		assert.throws(() => showRun(log, 'bad'), expected);
		await assert.rejects(readPictures(log, ['good', 'bad']), expected);
		await assert.rejects(readChain(log, 'broken'), expected);
		await assert.rejects(readConversation(log, 'broken'), expected);

		assert.equal(showRun(log, 'good').picture.result?.answer, 'That.');
		assert.equal((await readChain(log, 'sound')).length, 1);
		const ids = listRuns(log, {limit: 9}).map(({id}) => id);
		assert.ok(ids.includes('good'));
		const chats = await listConversations(log, '');
		assert.deepEqual(
			chats.map(({id, title}) => [id, title]),
			[
				['broken', 'What?'],
				['sound', 'What?'],
			],
		);
	});
}

for (const change of [
	"started_at = 'x'",
	"reasons = '{'",
	"reasons = 'null'",
	"prompt = x'00ff'",
]) {
	test(`a list leaves out a run that it cannot read, and says which: ${change}`, t => {
		const log = logOfTwo(
			t,
			`UPDATE consortium_runs SET ${change} WHERE id = 'bad'`,
		);
		const damaged: string[] = [];
		const listed = listRuns(log, {
			limit: 9,
			onDamaged(id) {
				damaged.push(id);
			},
		});

		assert.deepEqual(
			listed.map(({id}) => id),
			['good'],
		);
		assert.deepEqual(damaged, ['bad']);
	});
}

test('words that are no text are listed as text', async t => {
	const log = logOfTwo(
		t,
		`UPDATE consortium_runs SET prompt = x'4869', consortium = x'4869'
			WHERE id = 'bad';
		UPDATE responses SET prompt = x'4869', response = x'4869'
			WHERE id = 'bad';`,
	);
	const [chat] = await listConversations(log, 'hi');
	const response = showResponse(log, 'bad');

	assert.deepEqual([chat?.title, chat?.consortium], ['Hi', 'Hi']);
	assert.deepEqual([response.prompt, response.response], ['Hi', 'Hi']);
});

test('a run that names itself as the one before it is damage, and its conversation is listed', async t => {
	const log = logOfTwo(
		t,
		"UPDATE consortium_runs SET previous_run_id = 'bad' WHERE id = 'bad'",
	);
	const expected = isDamage(
		log,
		'the run bad comes before itself in its conversation',
	);

	await assert.rejects(readChain(log, 'broken'), expected);
	await assert.rejects(readChainTo(log, 'bad'), expected);
	const chats = await listConversations(log, '');
	assert.deepEqual(
		chats.map(({id, forkedFrom}) => [id, forkedFrom]),
		[
			['broken', null],
			['sound', null],
		],
	);
});

test('conversations that name each other as their beginning are damage, and both are listed', async t => {
	const log = logOfTwo(
		t,
		`UPDATE consortium_runs
		SET previous_run_id = iif(id = 'bad', 'good', 'bad')`,
	);
	const expected = (id: string) =>
		isDamage(log, `the run ${id} comes before itself in its conversation`);

	await assert.rejects(readChain(log, 'broken'), expected('bad'));
	await assert.rejects(readChain(log, 'sound'), expected('good'));
	await assert.rejects(readChainTo(log, 'bad'), expected('bad'));
	const chats = await listConversations(log, 'what');
	assert.deepEqual(
		chats.map(({id, forkedFrom}) => [id, forkedFrom]),
		[
			['broken', 'sound'],
			['sound', 'broken'],
		],
	);
});
