import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import fc from 'fast-check';
import {UserError} from '../../source/core/user-error.js';
import {openLog} from '../../source/store/database.js';
import {
	findListedConversation,
	findListedRun,
	latestConversation,
} from '../../source/store/find-listed.js';
import {
	findResponses,
	type ResponseSearch,
} from '../../source/store/find-responses.js';
import {type ResponseFilter} from '../../source/store/response-filter.js';
import {readResponses, showResponse} from '../../source/store/responses.js';
import {addResponse, fillListedLog, ids} from '../helpers/listed-log.js';
import {logWith} from '../helpers/logs.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));
const log = openLog(join(folder, 'log.db'));
fillListedLog(log);

after(() => {
	log.close();
	rmSync(folder, {recursive: true});
});

function find(search: Partial<ResponseSearch>, from = log): string[] {
	const {rowids} = findResponses(from, {limit: -1, ...search});
	return Array.from(readResponses(from, rowids), ({id}) => id);
}

const {wal, code, output, foundMember, foundArbiter} = ids;
const runA = ['01ya-opus-1', '01ya-luna-1', '01ya-arbiter-1', '01ya'];
const runB = ['01yb-opus-1', '01yb-luna-1', '01yb-arbiter-1', '01yb'];
const range = (
	from: number,
	to: number,
	isFromExcluded = false,
	isToExcluded = false,
) => ({from, to, isFromExcluded, isToExcluded});

const filters: ReadonlyArray<
	readonly [title: string, filter: ResponseFilter, expected: readonly string[]]
> = [
	['the role final', {role: 'final'}, ['01yb', '01ya', output, code, wal]],
	[
		'the role member',
		{role: 'member'},
		['01yb-opus-1', '01yb-luna-1', '01ya-opus-1', '01ya-luna-1', foundMember],
	],
	[
		'the role arbiter',
		{role: 'arbiter'},
		['01yb-arbiter-1', '01ya-arbiter-1', foundArbiter],
	],
	['a model', {model: 'gpt-4o'}, [foundArbiter, foundMember, wal]],
	[
		'a model whose provider llm does not name',
		{model: 'openai/gpt-4o'},
		[foundArbiter, foundMember, wal],
	],
	[
		'a model without its provider',
		{model: 'luna'},
		['01yb-luna-1', '01ya-luna-1'],
	],
	[
		'a model with a provider',
		{model: 'openai/luna'},
		['01yb-luna-1', '01ya-luna-1'],
	],
	['a model of another provider', {model: 'azure/luna'}, []],
	['the end of the name of a model', {model: 'una'}, []],
	['a model as its provider calls it', {model: 'llama-3'}, [code]],
	['a run of ours', {runId: '01ya'}, runA],
	['a found run', {runId: output}, [foundArbiter, foundMember, output]],
	['a conversation of ours', {conversationId: '01yb-chat'}, runB],
	['a conversation of llm', {conversationId: 'talk'}, [wal]],
	[
		'a conversation of the plug-in',
		{conversationId: 'py-chat'},
		[foundArbiter, foundMember, output],
	],
	['a transcript', {conversationId: '01ya-opus'}, ['01ya-opus-1']],
	['a consortium', {consortium: 'trio'}, runB],
	[
		'the consortium of a found run',
		{consortium: 'pyduo'},
		[foundArbiter, foundMember, output],
	],
	[
		'a confidence below',
		{confidence: range(-Infinity, 0.6, false, true)},
		['01yb'],
	],
	['a confidence up to', {confidence: range(-Infinity, 0.6)}, ['01yb', output]],
	[
		'a confidence above',
		{confidence: range(0.85, Infinity, true)},
		['01yb-arbiter-1', '01ya-arbiter-1', '01ya'],
	],
	[
		'a confidence of a member',
		{confidence: range(0.85, 0.85)},
		['01yb-opus-1', '01ya-opus-1'],
	],
	['the state of a call', {state: 'truncated'}, ['01yb-luna-1', '01ya-luna-1']],
	['the state of a run', {state: 'unconverged'}, ['01yb']],
	[
		'a time from which on',
		{since: Date.parse('2025-01-10T12:00:01Z')},
		[...runB, ...runA, foundArbiter, foundMember],
	],
	['a time before which', {until: Date.parse('2024-05-02T12:00:00Z')}, [wal]],
	[
		'a span of time',
		{
			since: Date.parse('2024-05-01T10:00:00.123Z'),
			until: Date.parse('2025-01-10T12:00:00.001Z'),
		},
		[output, code, wal],
	],
	['ids after one', {idAfter: foundArbiter}, [...runA, ...runB]],
	['ids from one on', {idFrom: foundArbiter}, [...runA, ...runB, foundArbiter]],
];

const sorted = (list: readonly string[]) => list.toSorted().toReversed();

for (const [title, filter, expected] of filters) {
	test(`responses are found by ${title}`, () => {
		assert.deepEqual(find({role: null, ...filter}), sorted(expected));
	});
}

test('filters together find what each of them finds', () => {
	const all = find({role: null});
	assert.equal(all.length, 13);

	fc.assert(
		fc.property(
			fc.uniqueArray(fc.constantFrom(...filters), {
				maxLength: 4,
				// Two filters of one kind are none.
				comparator: ([, left], [, right]) =>
					Object.keys(left).some(name => Object.hasOwn(right, name)),
			}),
			fc.integer({min: 1, max: 15}),
			(chosen, limit) => {
				const search = Object.assign(
					{role: null},
					...chosen.map(([, filter]) => filter),
				) as ResponseFilter;
				const expected = all.filter(id =>
					chosen.every(filter => filter[2].includes(id)),
				);
				assert.deepEqual(find(search), expected);
				assert.deepEqual(find({...search, limit}), expected.slice(0, limit));
			},
		),
	);
});

test('final answers are meant unless a role is given', () => {
	assert.deepEqual(find({}), find({role: 'final'}));
	assert.deepEqual(find({limit: 2}), find({}).slice(0, 2));
});

test('words in a prompt weigh more than words in an answer', () => {
	assert.deepEqual(find({words: 'sqlite'}), [wal, code]);
	assert.deepEqual(find({words: 'sqlite', isLatest: true}), [code, wal]);
	assert.deepEqual(find({words: 'sqlite', limit: 1}), [wal]);
	assert.deepEqual(find({words: 'sqlite', model: 'llama-3'}), [code]);
	assert.deepEqual(find({words: 'nowhere'}), []);
});

test('words may be a query', () => {
	assert.deepEqual(find({words: '"sqlite wal"'}), [wal]);
	assert.deepEqual(find({words: 'sql*', isLatest: true}), [code, wal]);
	assert.deepEqual(find({words: 'wal OR brief OR code', isLatest: true}), [
		code,
		wal,
	]);
	assert.deepEqual(find({words: 'sqlite NOT wal'}), [code]);
	assert.deepEqual(find({words: 'prompt: code'}), [code]);
	assert.deepEqual(find({words: 'NEAR(sqlite work, 1)'}), [wal]);
});

for (const words of [
	"sqlite's",
	'wal-work',
	'wal.work',
	'wal?',
	'model:gpt',
	'(wal',
	'wal)',
	'c++',
	'*',
	'!!',
	'and OR-else',
	'50%',
	'^',
	'a:b:c',
]) {
	test(`words that are no query are looked for as they stand: ${words}`, () => {
		const found = find({words, role: null});
		const plainWords = words.match(/[a-z\d]+/gi) ?? [];
		const phrase = `"${plainWords.join(' ')}"`;

		assert.deepEqual(
			found,
			plainWords.length === 0 ? [] : find({words: phrase, role: null}),
		);
	});
}

test('a word with a mark in it is found', () => {
	assert.deepEqual(find({words: 'sqlite-wal?'}), [wal]);
});

for (const words of ['"sqlite', 'sqlite AND', 'OR', 'NEAR(', 'x: "y']) {
	test(`what means to be a query and is none is a mistake: ${words}`, () => {
		assert.throws(
			() => find({words}),
			(error: unknown) =>
				error instanceof UserError &&
				error.message === `"${words}" is no query that the search understands.`,
		);
	});
}

test('more words than a person looks for are refused', () => {
	const isTooMuch = (error: unknown) =>
		error instanceof UserError &&
		error.message ===
			'--query takes at most 200 words and 10,000 characters: give the words that matter.';

	for (const words of [
		'word '.repeat(201),
		'a.'.repeat(201),
		`"${'a '.repeat(201)}"`,
		'x'.repeat(10_001),
	]) {
		assert.throws(() => find({words}), isTooMuch);
	}

	assert.equal(find({words: 'sqlite '.repeat(200)}).length, 2);
});

test('no words at all are a mistake', () => {
	assert.throws(() => find({words: ' '}), UserError);
});

function mistakeOf(work: () => unknown): unknown {
	try {
		work();
		return null;
	} catch (error) {
		return error;
	}
}

test('any words are searched, or are a mistake that can be put right', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc
					.array(
						fc.constantFrom(
							'wal',
							'AND',
							'NOT',
							'"',
							'(',
							')',
							'*',
							':',
							'-',
							'^',
							' ',
						),
					)
					.map(parts => parts.join('')),
			),
			fc.boolean(),
			(words, isLatest) => {
				const mistake = mistakeOf(() => find({words, isLatest}));
				assert.ok(mistake === null || mistake instanceof UserError);
			},
		),
		{numRuns: 500},
	);
});

test('words that most have are found the latest first, without being weighed', t => {
	const big = logWith(t, []);
	big.exec(`
		WITH RECURSIVE numbers (n) AS (
			SELECT 1050000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1150999
		)
		INSERT INTO responses (id, model, prompt, response, consortium_id, is_arbiter_response)
		SELECT n, 'm',
			iif(n % 10000 = 7, 'common', 'asked') || iif(n = 1120008, ' rare', ''),
			'common', iif(n % 10000 < 3, 'run', NULL), 0
		FROM numbers
	`);
	const {rowids, isUnranked} = findResponses(big, {limit: 8, words: 'common'});
	const found = Array.from(readResponses(big, rowids), ({id}) => id);

	assert.equal(isUnranked, true);
	assert.deepEqual(
		found,
		Array.from({length: 8}, (_, index) => String(1_150_999 - index)),
	);
	assert.deepEqual(find({words: 'common', limit: 2}, big), [
		'1150999',
		'1150998',
	]);
	assert.equal(
		new Set(findResponses(big, {limit: -1, words: 'common'}).rowids).size,
		101_000 - 11 * 3,
		'each once',
	);
	assert.deepEqual(find({words: 'common', isLatest: true, limit: 2}, big), [
		'1150999',
		'1150998',
	]);
	assert.deepEqual(
		find({words: 'common', isLatest: true, limit: 2, role: 'member'}, big),
		['1150002', '1150001'],
	);
	assert.deepEqual(
		find({words: 'common rare', isLatest: true, limit: 2}, big),
		['1120008'],
		'also where the newest do not have them',
	);
	big.exec("INSERT INTO responses (id, prompt) VALUES ('2', 'common rare')");
	assert.deepEqual(
		find({words: 'common rare', isLatest: true, limit: 2}, big),
		['2', '1120008'],
		'also where only some of the newest have them',
	);
	assert.deepEqual(find({words: 'comm*', isLatest: true, limit: 1}, big), [
		'2',
	]);
	assert.equal(findResponses(big, {limit: 1, words: 'rare'}).isUnranked, false);
});

test('a response is told with its place in its run', () => {
	const facts = (id: string) => {
		const {role, consortium, iteration, instance, confidence, state} =
			showResponse(log, id);
		return [role, consortium, iteration, instance, confidence, state];
	};

	assert.deepEqual(facts('01ya'), [
		'final',
		'duo',
		null,
		null,
		0.9,
		'converged',
	]);
	assert.deepEqual(facts('01ya-opus-1'), [
		'member',
		'duo',
		1,
		'opus#1',
		0.85,
		'answered',
	]);
	assert.deepEqual(facts('01ya-arbiter-1'), [
		'arbiter',
		'duo',
		1,
		'arbiter#1',
		0.9,
		'answered',
	]);
	assert.deepEqual(facts(output), ['final', 'pyduo', null, null, 0.6, null]);
	assert.deepEqual(facts(foundMember), [
		'member',
		'pyduo',
		2,
		'gpt-4o#1',
		null,
		null,
	]);
	assert.deepEqual(facts(wal), ['final', null, null, null, null, null]);
});

test('a final answer cost what its run cost', () => {
	const final = showResponse(log, '01ya');
	const member = showResponse(log, '01ya-opus-1');

	assert.deepEqual(
		[final.costUsd, final.costIsComplete, final.inputTokens],
		[0.025, false, 120],
	);
	assert.deepEqual([member.costUsd, member.costIsComplete], [0.0125, true]);
	assert.equal(showResponse(log, '01ya-luna-1').costUsd, null);
});

test('the times of llm are read with and without a zone', () => {
	assert.deepEqual(
		[wal, code, foundArbiter].map(id => showResponse(log, id).startedAt),
		[
			Date.UTC(2024, 4, 1, 10, 0, 0, 123),
			Date.UTC(2024, 4, 2, 12),
			Date.UTC(2025, 0, 10, 12, 0, 2),
		],
	);
});

test('columns that hold what they should not are told as text, number or nothing', t => {
	const odd = logWith(t, []);
	addResponse(odd, {
		id: 'odd',
		model: new TextEncoder().encode('blob'),
		prompt: new TextEncoder().encode('bytes'),
		response: null,
		datetime_utc: 'now',
		duration_ms: 'long',
		input_tokens: '12',
		output_tokens: new Uint8Array(3),
		is_arbiter_response: null,
		consortium_id: 'run',
	});
	addResponse(odd, {id: null, model: null, datetime_utc: 20_240_501});
	const rows = [
		...readResponses(odd, findResponses(odd, {limit: -1, role: null}).rowids),
	];

	assert.deepEqual(
		rows.map(row => [row.id, row.role, row.model, row.prompt, row.response]),
		[
			['odd', 'arbiter', 'blob', 'bytes', ''],
			['', 'final', '', '', ''],
		],
	);
	assert.deepEqual(
		rows.map(row => [
			row.startedAt,
			row.durationMs,
			row.inputTokens,
			row.outputTokens,
		]),
		[
			[null, null, 12, null],
			[null, null, null, null],
		],
	);
	assert.deepEqual(find({role: null, since: 0}, odd), []);
});

test('a run is found by the beginning of its id, and by the name the plug-in had for it', () => {
	assert.equal(findListedRun(log, '01YA'), '01ya');
	assert.equal(findListedRun(log, output.slice(0, 12)), output);
	assert.equal(findListedRun(log, 'b0c1-uuid'), output);
	assert.throws(() => findListedRun(log, '01'), /More than one run/);
	assert.throws(() => findListedRun(log, 'zz'), /no run `zz`/);
	assert.throws(() => findListedRun(log, ' '), /no run/);
});

test('a conversation is found by the beginning of its id, whose ever it is', () => {
	assert.equal(findListedConversation(log, '01ya-c'), '01ya-chat');
	assert.equal(findListedConversation(log, 'tal'), 'talk');
	assert.throws(() => findListedConversation(log, '01ya'), /More than one/);
	assert.throws(() => findListedConversation(log, 'zz'), /no conversation/);
});

test('what was deleted is not listed, found or latest', t => {
	const some = logWith(t, []);
	fillListedLog(some);
	some.exec(
		"INSERT INTO consortium_conversations (id, deleted_at) VALUES ('01yb-chat', 1)",
	);
	assert.deepEqual(find({role: null, words: 'second'}, some), []);
	assert.equal(find({role: null}, some).length, 13 - runB.length);
	assert.equal(latestConversation(some), '01ya-chat');
	some.exec(
		"INSERT INTO consortium_conversations (id, deleted_at) VALUES ('01ya-chat', 1)",
	);
	assert.equal(latestConversation(some), 'py-chat');
});

test('an id of capital letters is found as it stands', t => {
	const old = logWith(t, []);
	addResponse(old, {id: 'a', conversation_id: 'OLD'});
	addResponse(old, {id: 'b', conversation_id: 'old-one'});
	assert.equal(findListedConversation(old, 'OLD'), 'OLD');
	assert.equal(findListedConversation(old, 'OLD-'), 'old-one');
});

test('the conversation with the latest activity is ours or of llm', t => {
	assert.equal(latestConversation(logWith(t, [])), null);
	assert.equal(latestConversation(log), '01yb-chat');

	const both = logWith(t, []);
	fillListedLog(both);
	both.exec(
		"UPDATE consortium_runs SET active_at = active_at + 1 WHERE id = '01ya'",
	);
	assert.equal(latestConversation(both), '01ya-chat');
	addResponse(both, {
		id: '01z',
		model: 'gpt-4o',
		conversation_id: 'newest',
		datetime_utc: '2026-11-21T00:00:00.5',
		duration_ms: 100,
	});
	assert.equal(latestConversation(both), 'newest');
	both.exec(
		`UPDATE consortium_runs SET active_at = ${Date.UTC(2026, 10, 21, 0, 0, 1)} WHERE id = '01yb'`,
	);
	assert.equal(latestConversation(both), '01yb-chat');
});
