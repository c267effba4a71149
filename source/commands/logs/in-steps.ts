import {setTimeout} from 'node:timers/promises';
import {abortKindOf} from '../../core/abort.js';
import {createImportProgress} from '../../output/progress-import.js';
import {type Steps} from '../../store/steps.js';
import {type Place} from '../command.js';
import {watchInterruption} from '../interruption.js';
import {sizeOf} from '../table.js';
import {stoppedExitCodes} from './import.js';

/**
Who waits to write to the log asks for it at most this often (SQLite sleeps up to 100 ms): a pause that is longer lets everyone in, where a short one could be missed again and again.
*/
const pauseMs = 120;

/**
Take the steps of a long work on the log, with pauses in which others can write, a line of progress on a terminal, and an end after the step in hand when a signal comes. `name` must be safe to show.

@returns what came out of it, null when it was ended; how many rows were done, and the exit code.
*/
export async function inSteps<Value>(
	steps: Steps<Value>,
	{stdout, stderr}: Pick<Place, 'stdout' | 'stderr'>,
	name: string,
): Promise<{
	readonly value: Value | null;
	readonly rows: number;
	readonly exitCode: number;
}> {
	const interruption = watchInterruption(stdout);
	const {signal} = interruption;
	const progress = stderr.isTTY
		? createImportProgress(name, {
				write(text) {
					stderr.write(text);
				},
				columns: () => sizeOf(stderr).columns,
				now: Date.now,
			})
		: null;
	let rows = 0;

	try {
		for (;;) {
			const step = steps.next();

			if (step.done) {
				return {value: step.value, rows, exitCode: 0};
			}

			({rows} = step.value);
			progress?.show(rows, step.value.share);
			await setTimeout(pauseMs);

			if (signal.aborted) {
				const exitCode = stoppedExitCodes[abortKindOf(signal)] ?? 130;
				return {value: null, rows, exitCode};
			}
		}
	} finally {
		steps.return(null as never);
		progress?.close();
		interruption.close();
	}
}
