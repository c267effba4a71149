import {setImmediate as pause} from 'node:timers/promises';
import {emptyRun, foldRun, type RunState} from '../core/run-state.js';
import {type Log} from './log.js';
import {runEvents} from './run-events.js';

/**
The pictures of runs, in the order of their ids; between two of them the program can do other things.

@throws UserError when the log is damaged.
*/
export async function readPictures(
	log: Log,
	runIds: readonly string[],
): Promise<RunState[]> {
	const pictures: RunState[] = [];

	for (const id of runIds) {
		const picture = emptyRun();

		for (const event of runEvents(log, id)) {
			foldRun(picture, event);
		}

		pictures.push(picture);
		await pause();
	}

	return pictures;
}
