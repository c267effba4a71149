import {isPartOfPanel, verdictsOf} from './answers.js';
import {type VerdictResult} from './result.js';
import {type IterationPicture, type RunState} from './run-state.js';
import {mostConfident} from './stop.js';

/**
The verdict a run returns: the last when it converged, or when somebody had the answers judged again to hear that; else the most confident. What one arbiter of a panel said is returned only where no panel came to its end. Undefined while there is none.
*/
export function returnedVerdict(
	run: RunState,
	hasConverged: boolean,
):
	| {readonly iteration: IterationPicture; readonly verdict: VerdictResult}
	| undefined {
	const {start, iterations} = run;
	const all = verdictsOf(run).map(({iteration, verdict}) => ({
		iteration: iterations[iteration - 1]!,
		verdict,
	}));
	const whole = all.filter(({verdict}) => !isPartOfPanel(run, verdict));
	const verdicts = whole.length > 0 ? whole : all;
	const last = verdicts.at(-1);
	const isJudgedAgain =
		start?.kind === 'rearbitrate' && last?.iteration === iterations.at(-1);

	return hasConverged || isJudgedAgain
		? last
		: mostConfident(verdicts, ({verdict}) => verdict.confidence);
}
