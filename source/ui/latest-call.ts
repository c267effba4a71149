import {answersOf} from '../core/answers.js';
import {type CallPicture, type RunState} from '../core/run-state.js';

/**
The latest call of an instance in the iteration that goes on, or was the last; null when it was not asked in it.
*/
export function latestCall(
	run: RunState,
	instance: string,
): CallPicture | null {
	const iteration = run.iterations.at(-1);
	const calls = iteration ? answersOf(iteration) : [];
	return calls.find(({start}) => start.speaker === instance) ?? null;
}
