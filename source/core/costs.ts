import {costOf} from './observation.js';
import {type RunResult} from './result.js';
import {paidCalls} from './paid-calls.js';
import {type RunState} from './run-state.js';

/**
What the calls of a run and what was found out for it cost.
*/
export function costsIn(
	run: RunState,
): Pick<RunResult, 'costUsd' | 'costIsComplete'> {
	const calls = paidCalls(run);
	const costs = [
		...calls.map(({outcome}) => outcome?.costUsd ?? null),
		// What was free says nothing of what the calls cost.
		...observationsIn(run)
			.map(({observation}) => costOf(observation))
			.filter(cost => cost !== 0),
	];
	const known = costs.filter(cost => cost !== null);

	return {
		costUsd:
			known.length === 0 && costs.length > 0
				? null
				: known.reduce((sum, cost) => sum + cost, 0),
		costIsComplete:
			known.length === costs.length &&
			calls.every(({brokenAttempts}) => brokenAttempts.length === 0),
	};
}

/**
What was found out for a run and for those inside of it.
*/
function observationsIn({
	observations,
	calls,
}: RunState): RunState['observations'] {
	return [
		...observations,
		...calls
			.values()
			.flatMap(({nested}) => (nested ? observationsIn(nested) : [])),
	];
}
