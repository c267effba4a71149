import {type RunEvent} from './events.js';
import {type RunResult} from './result.js';

/**
Hears every event of a run, in order. It cannot change the run.
*/
export type RunListener = (event: RunEvent) => void;

/**
Run a stream to its end, telling every listener of every event in the same order.
*/
export async function drive(
	run: AsyncGenerator<RunEvent, RunResult, void>,
	listeners: readonly RunListener[],
): Promise<RunResult> {
	try {
		while (true) {
			const {done, value} = await run.next();

			if (done) {
				return value;
			}

			for (const listener of listeners) {
				listener(value);
			}
		}
	} finally {
		await run.return(undefined as never);
	}
}
