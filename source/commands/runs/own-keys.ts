import {type FoundRunSummary} from '../../store/found-runs.js';
import {type RunSummary} from '../../store/runs.js';

/**
What is known of a run of ours and not of one that was imported.
*/
const unknown = {
	turn: null,
	kind: 'imported',
	derivedFrom: null,
	strategies: null,
	judging: null,
	simulated: null,
	exitCode: null,
	reasons: null,
	usage: null,
	costUsd: null,
	costIsComplete: null,
	timesResumed: null,
} as const satisfies Record<
	Exclude<keyof RunSummary, keyof FoundRunSummary>,
	'imported' | null
>;

/**
An imported run with all keys of one of ours; null under those of which nothing is known.
*/
export function withOwnKeys<Run extends FoundRunSummary>(
	run: Run,
): Run & typeof unknown {
	return {...run, ...unknown};
}
