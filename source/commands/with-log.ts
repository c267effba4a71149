import {existsSync} from 'node:fs';
import {type Log} from '../store/log.js';
import {type Place} from './command.js';
import {logPath} from './load-config.js';

/**
Read the log; null when there is none yet, and none is made.

@throws UserError when the log cannot be opened.
*/
export async function withLog<Value>(
	{environment}: Place,
	read: (log: Log) => Value | Promise<Value>,
): Promise<Value | null> {
	const path = logPath(environment);

	if (!existsSync(path)) {
		return null;
	}

	const {openLog} = await import('../store/database.js');
	const log = openLog(path);

	try {
		return await read(log);
	} finally {
		log.close();
	}
}
