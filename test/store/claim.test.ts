import assert from 'node:assert/strict';
import {type Buffer} from 'node:buffer';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {test, type TestContext} from 'node:test';
import {type RunEvent} from '../../source/core/events.js';
import {type RunStatus} from '../../source/core/result.js';
import {UserError} from '../../source/core/user-error.js';
import {claimRun} from '../../source/store/claim.js';
import {latestConversation} from '../../source/store/chains.js';
import {type Log} from '../../source/store/log.js';
import {hideConversation} from '../../source/store/names.js';
import {createRunLog} from '../../source/store/run-log.js';
import {runEvents} from '../../source/store/run-events.js';
import {showRun} from '../../source/store/runs.js';
import {runOf} from '../helpers/events.js';
import {keep, logWith} from '../helpers/logs.js';

const free = {isForced: false};

const endedAs = (status: RunStatus, id = 'run'): RunEvent[] =>
	runOf(id).map(event =>
		event.type === 'run-end'
			? {...event, result: {...event.result, status}}
			: event,
	);

const rowOf = (log: Log) =>
	log.prepare('SELECT status, pid, host FROM consortium_runs').get();

const moduleAt = (path: string) =>
	JSON.stringify(new URL(`../../${path}`, import.meta.url).href);

/**
A process of its own that claims the run, says what came of it, and stays.
*/
async function claimElsewhere(t: TestContext, log: Log) {
	const child = spawn(
		process.execPath,
		[
			'--import=tsx',
			'--input-type=module',
			'--eval',
			`import {openLog} from ${moduleAt('source/store/database.ts')};
			import {claimRun} from ${moduleAt('source/store/claim.ts')};
			const log = openLog(${JSON.stringify(log.name)});
			try {
				claimRun(log, 'run', {isForced: false});
				console.log('claimed');
			} catch (error) {
				console.log(error.message);
			}
			setInterval(() => {}, 1000);`,
		],
		{stdio: ['ignore', 'pipe', 'inherit']},
	);
	t.after(() => child.kill('SIGKILL'));
	const [said] = (await once(child.stdout, 'data')) as [Buffer];
	return {
		said: said.toString().trim(),
		pid: child.pid!,
		async kill() {
			const closed = once(child, 'close');
			child.kill('SIGKILL');
			await closed;
		},
	};
}

const refusal = (message: RegExp) => (error: unknown) => {
	assert.ok(error instanceof UserError);
	assert.match(error.message, message);
	assert.notEqual(error.hint, '');
	return true;
};

test('of several processes one claims a run, until it is gone', async t => {
	const log = logWith(t, endedAs('cancelled'));
	const others = await Promise.all([
		claimElsewhere(t, log),
		claimElsewhere(t, log),
	]);
	const owner = others.find(({said}) => said === 'claimed');
	const loser = others.find(({said}) => said !== 'claimed');

	assert.ok(owner);
	assert.ok(loser);
	assert.equal(
		loser.said,
		`The run is still running, in process ${owner.pid}.`,
	);
	assert.throws(
		() => claimRun(log, 'run', free),
		refusal(new RegExp(`process ${owner.pid}`)),
	);
	assert.equal(showRun(log, 'run').summary.status, 'running');

	await owner.kill();
	assert.equal(showRun(log, 'run').summary.status, 'interrupted');
	claimRun(log, 'run', free);
	assert.equal(showRun(log, 'run').summary.status, 'running');
});

test('a run that was killed is claimed, and given back as it was', t => {
	const log = logWith(t, runOf('run').slice(0, 9));
	log.exec('UPDATE consortium_runs SET pid = 999999999');
	const before = rowOf(log);
	const giveBack = claimRun(log, 'run', free);

	assert.notDeepEqual(rowOf(log), before);
	giveBack();
	assert.deepEqual(rowOf(log), before);
});

test('a run that was cancelled or limited is claimed, and given back as it was', t => {
	for (const status of ['cancelled', 'limited'] as const) {
		const log = logWith(t, endedAs(status));
		log.exec("UPDATE consortium_runs SET pid = 7, host = 'far away'");
		const [row, events] = [rowOf(log), runEvents(log, 'run')];
		const giveBack = claimRun(log, 'run', free);

		assert.deepEqual(runEvents(log, 'run'), events, 'it is the same run');
		giveBack();
		assert.deepEqual(rowOf(log), row);
	}
});

test('a run that began after all is not given back', t => {
	const log = logWith(t, endedAs('cancelled'));
	const giveBack = claimRun(log, 'run', free);
	keep(log, endedAs('converged').slice(-1));
	giveBack();
	assert.equal(showRun(log, 'run').summary.status, 'converged');
});

test('a run that ended by itself is not claimed, whatever is forced', t => {
	for (const status of [
		'converged',
		'unconverged',
		'degraded',
		'unanswered',
	] as const) {
		const log = logWith(t, endedAs(status));
		assert.throws(
			() => claimRun(log, 'run', {isForced: true}),
			refusal(new RegExp(`ended by itself .${status}`)),
		);
		assert.equal(showRun(log, 'run').summary.status, status);
	}
});

test('a run of another machine that did not end is claimed by force only', t => {
	const log = logWith(t, runOf('run').slice(0, 9));
	log.exec("UPDATE consortium_runs SET host = 'far away'");
	assert.throws(() => claimRun(log, 'run', free), refusal(/far away/));
	claimRun(log, 'run', {isForced: true});
	assert.throws(
		() => claimRun(log, 'run', free),
		refusal(new RegExp(`process ${process.pid}`)),
	);
});

test('a run that another one follows is not claimed', t => {
	const later = runOf('run-2').map(event =>
		event.type === 'run-start' ? {...event, previousRunId: 'run'} : event,
	);
	const log = logWith(t, [...endedAs('cancelled'), ...later]);
	assert.throws(
		() => claimRun(log, 'run', {isForced: true}),
		refusal(/gone on .* run-2/),
	);
});

test('a run that is not there is not claimed', t => {
	const log = logWith(t, []);
	assert.throws(() => claimRun(log, 'run', free), refusal(/no run/));
});

test('who has read a run before another process went on with it is refused', t => {
	const log = logWith(t, endedAs('cancelled'));
	const last = runEvents(log, 'run').at(-1)!.seq;
	const nextSeq = last + 1;

	assert.throws(
		() => claimRun(log, 'run', {isForced: false, nextSeq: last}),
		refusal(/has gone on elsewhere meanwhile/),
	);
	claimRun(log, 'run', {isForced: false, nextSeq})();
	assert.equal(
		(rowOf(log) as {status: string}).status,
		'cancelled',
		'given back',
	);
});

test('a process that lost its run to another one writes nothing of it any more', t => {
	const events = endedAs('converged');
	const middle = events.findIndex(({type}) => type === 'verdict');
	const log = logWith(t, events.slice(0, middle));
	log.prepare('UPDATE consortium_runs SET pid = 1').run();
	const before = runEvents(log, 'run').length;
	const failures: unknown[] = [];
	const write = createRunLog(log, {
		onError(error) {
			failures.push(error);
		},
	});

	for (const event of events.slice(middle)) {
		write(event);
	}

	write.close();
	assert.equal(runEvents(log, 'run').length, before);
	assert.match(String(failures[0]), /goes on in process 1 of /);
	assert.equal(failures.length, 1, 'it is said once');
});

test('what could not be written while the log was locked is waited for once more at the end', async t => {
	const events = endedAs('converged');
	const log = logWith(t, []);
	// As long as a run waits the first time: the lock outlives that, and not the second time.
	log.pragma('busy_timeout = 600');
	const child = spawn(
		process.execPath,
		[
			'--import=tsx',
			'--input-type=module',
			'--eval',
			`import {openLog} from ${moduleAt('source/store/database.ts')};
			const log = openLog(${JSON.stringify(log.name)});
			log.exec('BEGIN IMMEDIATE');
			console.log('locked');
			setTimeout(() => log.exec('COMMIT'), 900);`,
		],
		{stdio: ['ignore', 'pipe', 'inherit']},
	);
	t.after(() => {
		child.kill('SIGKILL');
	});
	await once(child.stdout, 'data');
	const write = createRunLog(log);

	for (const event of events) {
		write(event);
	}

	assert.equal(write.close(), true);
	assert.equal(showRun(log, 'run').summary.status, 'converged');
});

test('a conversation that was deleted comes back with what is asked in it meanwhile', t => {
	const events = endedAs('converged');
	const log = logWith(t, events.slice(0, -1));
	const {conversationId} = events[0] as Extract<
		RunEvent,
		{readonly type: 'run-start'}
	>;
	hideConversation(log, conversationId, events[0]!.t);
	assert.equal(latestConversation(log), null);
	keep(log, events.slice(-1));
	assert.equal(latestConversation(log), conversationId);
});
