import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import Database from 'better-sqlite3';
import {type RunEvent} from '../../source/core/events.js';
import {openLog} from '../../source/store/database.js';
import {type Log} from '../../source/store/log.js';
import {runEvents} from '../../source/store/run-events.js';
import {createRunLog, type RunLogOptions} from '../../source/store/run-log.js';
import {outcome, runOf} from '../helpers/events.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));

after(() => {
	rmSync(folder, {recursive: true});
});

function logged(
	name: string,
	events: readonly RunEvent[],
	options: RunLogOptions = {},
): Log {
	const log = openLog(join(folder, name));
	const write = createRunLog(log, options);

	for (const event of events) {
		write(event);
	}

	write.close();
	return log;
}

/**
What a log tells of these events when nothing stands in its way.
*/
function untroubled(events: readonly RunEvent[]): RunEvent[] {
	const log = logged(`untroubled-${events[0]!.runId}.db`, events);
	const told = runEvents(log, events[0]!.runId);
	log.close();
	assert.equal(told.at(-1)?.type, 'run-end');
	return told;
}

test('what a locked file refuses is written once it is free', () => {
	const path = join(folder, 'locked.db');
	const errors: unknown[] = [];
	const log = openLog(path);
	log.pragma('busy_timeout = 0');
	const write = createRunLog(log, {
		onError(error) {
			errors.push(error);
		},
	});
	const events = runOf('locked');
	const [first, ...rest] = events;
	write(first!);

	const other = new Database(path);
	other.exec('BEGIN IMMEDIATE');

	for (const event of rest) {
		write(event);
	}

	assert.equal(errors.length, 1, 'it is reported once');
	other.exec('COMMIT');
	other.close();
	write.close();

	assert.deepEqual(runEvents(log, 'locked'), untroubled(events));
	log.close();
});

test('what a full disk refuses is written once there is room', () => {
	const errors: unknown[] = [];
	const log = openLog(join(folder, 'full.db'));
	const write = createRunLog(log, {
		onError(error) {
			errors.push(error);
		},
	});
	const events = runOf('full', {prompt: 'Why? '.repeat(10_000)});
	const pages = Number(log.pragma('page_count', {simple: true}));
	log.pragma(`max_page_count = ${pages + 20}`);

	for (const event of events) {
		write(event);
	}

	assert.equal(errors.length, 1, 'it is reported once');
	assert.notEqual(runEvents(log, 'full').at(-1)?.type, 'run-end');
	log.pragma('max_page_count = 1000000');
	write.close();

	assert.deepEqual(runEvents(log, 'full'), untroubled(events));
	log.close();
});

test('an event that cannot be written is reported once and the rest is kept', () => {
	const errors: unknown[] = [];
	const strange = {
		...outcome({text: 'Hm'}),
		native: {protocol: 'x', items: [1n]},
	};
	const events = runOf('run').map(event =>
		event.type === 'call-end' && event.speaker !== 'opus#1'
			? {...event, outcome: strange}
			: event,
	);
	const log = logged('strange.db', events, {
		onError(error) {
			errors.push(error);
		},
	});

	assert.equal(errors.length, 1);
	assert.ok(errors[0] instanceof TypeError);
	const others = (list: readonly RunEvent[]) =>
		list.filter(({type}) => type !== 'call-end' && type !== 'call-delta');
	const kept = runEvents(log, 'run');
	assert.deepEqual(others(kept), others(events));
	assert.equal(kept.filter(({type}) => type === 'call-end').length, 1);
	assert.equal(
		kept
			.flatMap(event =>
				event.type === 'call-delta' &&
				event.callId === 'run-luna-1' &&
				event.channel === 'text'
					? event.text
					: [],
			)
			.join('|'),
		'Prob|Probably |4',
		'the text of the call that could not end is kept as it streamed',
	);
	log.close();
});

test('a closed database does not disturb the run', () => {
	const errors: unknown[] = [];
	const log = openLog(join(folder, 'closed.db'));
	const write = createRunLog(log, {
		onError(error) {
			errors.push(error);
		},
	});
	log.close();

	for (const event of runOf('run')) {
		write(event);
	}

	write.close();
	assert.equal(errors.length, 1);
});

test('no key in what a provider said reaches the file', () => {
	const key = 'sk-live-0123456789';
	const events = runOf('run', {failureMessage: `Wrong key ${key}.`});
	const wrapped = events.map((event): RunEvent => ({
		type: 'nested',
		parentCallId: 'run-opus-1',
		event,
		runId: 'run',
		seq: 1000 + event.seq,
		t: event.t,
	}));
	assert.ok(JSON.stringify(events).includes(key));
	const log = logged('secret.db', [...events, ...wrapped], {
		redact: text => text.replaceAll(key, '[key]'),
	});
	const files = () =>
		readdirSync(folder)
			.filter(name => name.startsWith('secret.db'))
			.map(name => readFileSync(join(folder, name), 'latin1'))
			.join('');

	assert.ok(files().includes('Wrong key [key].'));
	assert.ok(!files().includes(key));
	log.close();
	assert.ok(files().includes('Wrong key [key].'));
	assert.ok(!files().includes(key));
});
