import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type TestContext} from 'node:test';
import {type RunEvent} from '../../source/core/events.js';
import {openLog} from '../../source/store/database.js';
import {type Log} from '../../source/store/log.js';
import {createRunLog} from '../../source/store/run-log.js';

/**
A log of its own with these events in it, gone when the test is over.
*/
export function logWith(t: TestContext, events: readonly RunEvent[]): Log {
	const folder = mkdtempSync(path.join(tmpdir(), 'log-'));
	const log = openLog(path.join(folder, 'log.db'));
	keep(log, events);
	t.after(() => {
		log.close();
		rmSync(folder, {recursive: true});
	});
	return log;
}

/**
Write events to a log.
*/
export function keep(log: Log, events: readonly RunEvent[]): void {
	const write = createRunLog(log);

	for (const event of events) {
		write(event);
	}

	write.close();
}
