import {setImmediate as pause} from 'node:timers/promises';
import {type RunEvent} from '../core/events.js';
import {emptyRun, foldRun, type RunState} from '../core/run-state.js';
import {type Log} from './log.js';
import {runEvents} from './run-events.js';
import {assertEvent} from './sound.js';
import {explainedRun} from './store-error.js';

/**
The events of a logged run, as `runEvents` tells them, and their picture.

@throws UserError when the log is damaged.
*/
export function readRun(
	log: Log,
	runId: string,
): {readonly events: readonly RunEvent[]; readonly picture: RunState} {
	return explainedRun(log.name, runId, () => {
		const events = runEvents(log, runId);
		const picture = emptyRun();

		for (const event of events) {
			assertEvent(event);
			foldRun(picture, event);
		}

		return {events, picture};
	});
}

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
		pictures.push(readRun(log, id).picture);
		await pause();
	}

	return pictures;
}
