import {countingVerdict} from './answers.js';
import {type VerdictResult} from './result.js';
import {type IterationPicture, type RunState} from './run-state.js';
import {mostConfident} from './stop.js';

/**
The verdict a run returns: the last when it converged, or when somebody had the answers judged again to hear that; else the most confident. Undefined while there is none.
*/
export function returnedVerdict(
	{start, iterations}: RunState,
	hasConverged: boolean,
):
	| {readonly iteration: IterationPicture; readonly verdict: VerdictResult}
	| undefined {
	const verdicts = iterations.flatMap(iteration => {
		const verdict = countingVerdict(iteration);
		return verdict ? [{iteration, verdict}] : [];
	});
	const last = verdicts.at(-1);
	const isJudgedAgain =
		start?.kind === 'rearbitrate' && last?.iteration === iterations.at(-1);

	return hasConverged || isJudgedAgain
		? last
		: mostConfident(verdicts, ({verdict}) => verdict.confidence);
}
