import {join} from 'node:path';
import {type RunEvent} from '../../source/core/events.js';
import {openLog} from '../../source/store/database.js';
import {createRunLog} from '../../source/store/run-log.js';

/**
Make the log of a program's folder with these runs in it.
*/
export function fillLog(
	home: string,
	runs: ReadonlyArray<readonly RunEvent[]>,
): void {
	const log = openLog(join(home, 'log.db'));
	const write = createRunLog(log);

	for (const event of runs.flat()) {
		write(event);
	}

	write.close();
	log.close();
}
