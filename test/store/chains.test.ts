import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {UserError} from '../../source/core/user-error.js';
import {
	latestConversation,
	readChain,
	readChainTo,
} from '../../source/store/chains.js';
import {findConversation} from '../../source/store/find-id.js';
import {hideConversation} from '../../source/store/names.js';
import {eventsOf, type Asked} from '../helpers/chats.js';
import {logWith} from '../helpers/logs.js';

/**
A log in which each of these runs began a second after the one before.
*/
const logOf = (
	t: TestContext,
	runs: ReadonlyArray<Omit<Asked, 'at'> & {readonly isKilled?: boolean}>,
) =>
	logWith(
		t,
		runs.flatMap(({isKilled = false, ...run}, index) =>
			eventsOf({...run, at: 1000 * (index + 1)}).slice(0, isKilled ? 16 : 99),
		),
	);

const idsOf = async (runs: ReturnType<typeof readChain>) =>
	(await runs).map(({runId}) => runId);

const tree = [
	{id: 'r1', chat: 'root'},
	{id: 'r2', chat: 'root', turn: 2, previous: 'r1'},
	{id: 'f2', chat: 'fork', turn: 2, previous: 'r1'},
	{id: 'f3', chat: 'fork', turn: 3, previous: 'f2'},
	{id: 't3', chat: 'twig', turn: 3, previous: 'f2'},
	{id: 'r3', chat: 'root', turn: 3, previous: 'r2'},
];

test('a chain goes through every fork to the first question, and leaves other branches out', async t => {
	const log = logOf(t, tree);

	assert.deepEqual(await idsOf(readChain(log, 'root')), ['r1', 'r2', 'r3']);
	assert.deepEqual(await idsOf(readChain(log, 'fork')), ['r1', 'f2', 'f3']);
	assert.deepEqual(await idsOf(readChain(log, 'twig')), ['r1', 'f2', 't3']);
	assert.deepEqual(await idsOf(readChainTo(log, 'f2')), ['r1', 'f2']);
});

test('a chain can end after any question, with all that was made of it', async t => {
	const log = logOf(t, [
		{id: 'r1', chat: 'one'},
		{
			id: 'j1',
			chat: 'one',
			kind: 'rearbitrate',
			previous: 'r1',
			derivedFrom: 'r1',
		},
		{id: 'r2', chat: 'one', turn: 2, previous: 'j1'},
	]);

	assert.deepEqual(await idsOf(readChain(log, 'one', 1)), ['r1', 'j1']);
	assert.deepEqual(await idsOf(readChain(log, 'one', 2)), ['r1', 'j1', 'r2']);
	await assert.rejects(
		readChain(log, 'one', 3),
		(error: unknown) =>
			error instanceof UserError && error.message.includes('no question 3'),
	);
});

test('of two processes that went on with one conversation at once, the one that went further is followed', async t => {
	const log = logOf(t, [
		{id: 'r1', chat: 'one'},
		{id: 'a2', chat: 'one', turn: 2, previous: 'r1'},
		{id: 'b2', chat: 'one', turn: 2, previous: 'r1'},
		{id: 'a3', chat: 'one', turn: 3, previous: 'a2'},
	]);
	assert.deepEqual(await idsOf(readChain(log, 'one')), ['r1', 'a2', 'a3']);
});

test('a run that was killed is the last of its chain, with what it had said', async t => {
	const log = logOf(t, [
		{id: 'r1', chat: 'one'},
		{id: 'r2', chat: 'one', turn: 2, previous: 'r1', isKilled: true},
	]);
	const chain = await readChain(log, 'one');

	assert.deepEqual(
		chain.map(({runId, result}) => [runId, result?.status]),
		[
			['r1', 'converged'],
			['r2', undefined],
		],
	);
	assert.equal(chain[1]!.calls.get('r2-opus-1')?.text, 'Forty-two.');
	assert.equal(chain[1]!.calls.get('r2-luna-1')?.outcome, null);
});

test('where a beginning is not in the log, a chain begins after it', async t => {
	const log = logOf(t, tree.slice(1));
	assert.deepEqual(await idsOf(readChain(log, 'twig')), ['f2', 't3']);
});

test('the latest conversation is the one with the latest activity that is not deleted', t => {
	const log = logOf(t, tree);

	assert.equal(latestConversation(logWith(t, [])), null);
	assert.equal(latestConversation(log), 'root');
	log.exec("UPDATE consortium_runs SET active_at = 99000 WHERE id = 'f2'");
	assert.equal(latestConversation(log), 'fork');
	hideConversation(log, 'fork', 1);
	assert.equal(latestConversation(log), 'root');
	hideConversation(log, 'root', 1);
	assert.equal(latestConversation(log), 'twig');
	hideConversation(log, 'twig', 1);
	assert.equal(latestConversation(log), null);
	hideConversation(log, 'fork', null);
	assert.equal(latestConversation(log), 'fork');
});

test('a conversation that is not there is an error', async t => {
	await assert.rejects(readChain(logOf(t, tree), 'nowhere'), UserError);
});

test('a conversation is found by the beginning of its id', t => {
	const log = logOf(t, [
		{id: 'r1', chat: '01ab'},
		{id: 'r2', chat: '01abc'},
		{id: 'r3', chat: '01xy'},
		{id: 'r4', chat: '01xy', turn: 2, previous: 'r3'},
	]);
	const refusal = (typed: string, words: RegExp) => {
		assert.throws(
			() => findConversation(log, typed),
			(error: unknown) =>
				error instanceof UserError &&
				words.test(`${error.message} ${error.hint}`),
			typed,
		);
	};

	assert.equal(findConversation(log, '01x'), '01xy');
	assert.equal(findConversation(log, ' 01ABC '), '01abc');
	assert.equal(
		findConversation(log, '01ab'),
		'01ab',
		'a whole id is no prefix',
	);
	refusal('01a', /More than one/);
	refusal('02', /no conversation/);
	refusal(' ', /no conversation/);
	refusal('%', /no conversation/);

	hideConversation(log, '01ab', 1);
	assert.equal(findConversation(log, '01a'), '01abc');
	hideConversation(log, '01xy', 1);
	refusal('01x', /is deleted.*Ctrl\+O, then u/);
});
