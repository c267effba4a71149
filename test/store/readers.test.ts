import assert from 'node:assert/strict';
import {copyFileSync, existsSync, mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {type RunEvent} from '../../source/core/events.js';
import {UserError} from '../../source/core/user-error.js';
import {openLog} from '../../source/store/database.js';
import {logStatus} from '../../source/store/log-status.js';
import {isLogOn, switchLog} from '../../source/store/log-switch.js';
import {createRunLog} from '../../source/store/run-log.js';
import {findResponses} from '../../source/store/find-responses.js';
import {readResponses, showResponse} from '../../source/store/responses.js';
import {listRuns, showRun, type RunSummary} from '../../source/store/runs.js';
import {keepTemplates} from '../../source/store/templates.js';
import {runOf, usage} from '../helpers/events.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));
const path = join(folder, 'log.db');
const log = openLog(path);
const write = createRunLog(log);

for (const id of ['01a', '01ab', '01b']) {
	for (const event of runOf(id, {prompt: `Question ${id}`})) {
		write(event);
	}
}

// This one goes on.
for (const event of runOf('01c').slice(0, 14)) {
	write(event);
}

write.close();

after(() => {
	log.close();
	rmSync(folder, {recursive: true});
});

/**
How a log of its own shows a run.
*/
function summaryOf(events: readonly RunEvent[]): RunSummary {
	const other = openLog(join(mkdtempSync(join(folder, 'other-')), 'log.db'));
	const listen = createRunLog(other);

	for (const event of events) {
		listen(event);
	}

	listen.close();
	const {summary} = showRun(other, events[0]!.runId);
	other.close();
	return summary;
}

test('runs are listed newest first, page by page', () => {
	const ids = (options: Parameters<typeof listRuns>[1]) =>
		listRuns(log, options).map(({id}) => id);

	assert.deepEqual(ids({limit: 2}), ['01c', '01b']);
	assert.deepEqual(ids({limit: 2, beforeId: '01b'}), ['01ab', '01a']);
	assert.deepEqual(ids({limit: 2, beforeId: '01a'}), []);
});

test('a listed run says how it ended', () => {
	const [run] = listRuns(log, {limit: 1, beforeId: '01c'});

	assert.deepEqual(run, {
		id: '01b',
		conversationId: '01b-chat',
		turn: 1,
		kind: 'ask',
		derivedFrom: null,
		consortium: 'duo',
		strategies: [{name: 'default', params: {}}],
		judging: 'synthesis',
		prompt: 'Question 01b',
		simulated: false,
		status: 'converged',
		exitCode: 0,
		reasons: ['luna#1: The model is overloaded.'],
		answer: 'Forty-two, both say.',
		confidence: 0.9,
		usage,
		costUsd: 0.025,
		costIsComplete: false,
		startedAt: Date.UTC(2026, 10, 20, 22, 18, 47, 104),
		durationMs: 3200,
		timesResumed: 0,
	});
});

test('runs are listed by the beginning of their conversation', () => {
	const idsIn = (conversationId: string) =>
		listRuns(log, {limit: 9, conversationId}).map(({id}) => id);

	assert.deepEqual(idsIn('01a-chat'), ['01a']);
	assert.deepEqual(idsIn('01a'), ['01ab', '01a']);
	assert.deepEqual(idsIn('09'), []);
});

test('a run that has not ended costs what its calls have cost, or more', () => {
	const {costUsd, costIsComplete, answer} = summaryOf(
		runOf('00z').slice(0, 16),
	);

	assert.deepEqual([costUsd, costIsComplete, answer], [0.0125, false, null]);
});

test('a run that was resumed says so, and nothing of how it had ended', () => {
	const events = runOf('00y');
	const {status, answer, confidence, reasons, timesResumed} = summaryOf([
		...events,
		{
			type: 'run-resume',
			runId: '00y',
			seq: events.length,
			t: events.at(-1)!.t + 60_000,
			limits: {budgetUsd: null, timeoutSeconds: 60},
		},
	]);

	assert.equal(timesResumed, 1);
	assert.deepEqual(
		[status, answer, confidence, reasons],
		['running', null, null, []],
	);
});

test('a run is running while its process lives, and elsewhere for all we know', () => {
	const statusAs = (host: string | null, pid: number | null) => {
		log
			.prepare(
				`UPDATE consortium_runs SET host = coalesce(?, host),
				pid = coalesce(?, pid) WHERE id = '01c'`,
			)
			.run(host, pid);
		return showRun(log, '01c').summary.status;
	};

	assert.equal(statusAs(null, null), 'running');
	// Above the largest pid a system gives.
	assert.equal(statusAs(null, 99_999_999), 'interrupted');
	assert.equal(statusAs('another-machine', null), 'running');
});

test('a shown run has its iterations, calls, attempts, verdicts and decisions', () => {
	const {picture, events} = showRun(log, '01B');
	const [iteration] = picture.iterations;

	assert.deepEqual(
		iteration!.calls.map(({start, state, text}) => [
			start.speaker,
			state,
			text,
		]),
		[
			['opus#1', 'answered', 'Forty-two.'],
			['luna#1', 'truncated', 'Probably 4'],
			['arbiter#1', 'answered', '<synthesis>Forty-two, both say.</synthesis>'],
		],
	);
	assert.deepEqual(
		iteration!.calls[1]!.brokenAttempts.map(({text, thinking}) => [
			text,
			thinking,
		]),
		[['Prob', 'Hm']],
	);
	assert.equal(iteration!.calls[0]!.thinking, 'Six by seven…');
	assert.equal(iteration!.verdicts[0]?.confidence, 0.9);
	assert.equal(picture.decisions[0]?.reason, 'Nobody has answered yet.');
	assert.equal(picture.result?.answer, 'Forty-two, both say.');
	assert.equal(events.at(-1)?.type, 'run-end');
});

test('a run that goes on is shown with the text it has so far', () => {
	const {picture} = showRun(log, '01c');
	const {calls} = picture.iterations[0]!;

	assert.equal(calls[0]!.thinking, 'Six by seven…');
	assert.equal(calls[1]!.text, 'Pr');
	assert.equal(calls[0]!.outcome, null);
	assert.equal(picture.result, null);
});

test('an id may be cut short where it stays the only one', () => {
	assert.equal(showRun(log, '01ab').summary.id, '01ab');
	assert.equal(showRun(log, '01a').summary.id, '01a', 'a whole id is meant');
	assert.throws(() => showRun(log, '01'), UserError);
	assert.throws(() => showRun(log, '7'), UserError);
	assert.throws(() => showRun(log, ''), /no run/);
	assert.throws(() => showRun(log, '%'), UserError);
	assert.throws(() => showResponse(log, '01b-'), UserError);
	assert.throws(() => showResponse(log, 'nothing'), UserError);
	assert.equal(showResponse(log, '01b-o').id, '01b-opus-1');
});

test('final answers are listed, or those of another role', () => {
	const ids = (search: Parameters<typeof findResponses>[1]) =>
		Array.from(
			readResponses(log, findResponses(log, search).rowids),
			({id}) => id,
		);

	assert.deepEqual(ids({limit: 2}), ['01b', '01ab']);
	assert.deepEqual(ids({limit: 1, role: 'member'}), ['01b-opus-1']);
	assert.deepEqual(ids({limit: 1, role: 'arbiter'}), ['01b-arbiter-1']);
	assert.equal(ids({limit: 99, role: null}).length, 12);
	assert.equal(showResponse(log, '01b').role, 'final');
});

test('a shown response has what the provider or the run returned', () => {
	const run = showResponse(log, '01b');
	assert.equal(run.conversationName, 'Question 01b');
	assert.equal(run.system, null);
	assert.equal(
		(JSON.parse(run.responseJson!) as {status: string}).status,
		'converged',
	);
	assert.equal(showResponse(log, '01b-luna-1').responseJson, null);
});

test('the answers in a log of llm count as final ones', () => {
	const llmPath = join(folder, 'llm.db');
	copyFileSync(
		new URL('../fixtures/llm/logs-0.31.db', import.meta.url),
		llmPath,
	);
	const llmLog = openLog(llmPath);

	assert.equal(findResponses(llmLog, {limit: 1000}).rowids.length, 154);
	assert.deepEqual(logStatus(llmLog, llmPath), {
		path: llmPath,
		runs: 0,
		importedRuns: 0,
		conversations: 0,
		responses: 154,
		deletedResponses: 0,
		sizeBytes: statSync(llmPath).size + statSync(`${llmPath}-wal`).size,
	});
	llmLog.close();
});

test('a template is kept once under its hash', () => {
	keepTemplates(log, [
		{hash: 'h1', name: 'brief', text: 'Weigh.'},
		{hash: 'h2', name: 'answer', text: 'Answer.'},
	]);
	keepTemplates(log, [{hash: 'h1', name: 'brief', text: 'Weigh.'}]);

	assert.deepEqual(
		log.prepare('SELECT * FROM consortium_templates ORDER BY hash').all(),
		[
			{hash: 'h1', name: 'brief', text: 'Weigh.'},
			{hash: 'h2', name: 'answer', text: 'Answer.'},
		],
	);
});

test('logging is on until it is switched off', () => {
	const home = join(folder, 'home');
	assert.equal(isLogOn(home), true);
	switchLog(home, false);
	switchLog(home, false);
	assert.equal(isLogOn(home), false);
	assert.ok(existsSync(join(home, 'logs-off')));
	switchLog(home, true);
	switchLog(home, true);
	assert.equal(isLogOn(home), true);
});
