import {type RunResult} from '../core/result.js';
import {
	costText,
	durationText,
	endingText,
	shareText,
	usageText,
} from '../text/phrases.js';

/**
How a run ended, in a line.
*/
export function summaryLine(result: RunResult): string {
	const {status, confidence, iterations, durationMs, simulated} = result;
	const {usage, costUsd, costIsComplete} = result;

	return [
		`${simulated ? 'simulated, ' : ''}${endingText(status)}`,
		`confidence ${shareText(confidence)}`,
		`${iterations.length} iteration${iterations.length === 1 ? '' : 's'}`,
		durationText(durationMs),
		usageText(usage),
		costText(costUsd, costIsComplete),
	].join(' · ');
}

/**
What a person must know about a run that did not go as it should: nothing when it converged without a fault.
*/
export function warningLines({status, reasons}: RunResult): string[] {
	return status === 'converged' && reasons.length <= 1
		? []
		: reasons.map(reason => `! ${reason}`);
}

/**
The run behind the answer: each iteration with its answers and verdict, and who holds something else.
*/
export function verboseLines(result: RunResult): string[] {
	const perIteration = result.iterations.flatMap(
		({iteration, instances, verdicts}) => [
			`iteration ${iteration}`,
			...instances.map(
				({id, state, confidence, final, costUsd, durationMs}) =>
					`  ${id} ${state}, confidence ${shareText(confidence)}, ${durationText(durationMs)}, ${costText(costUsd)}${final === null ? '' : `: ${final}`}`,
			),
			...verdicts.flatMap(({arbiter, confidence, agreement, ...verdict}) => [
				`  ${arbiter}: confidence ${shareText(confidence)}, agreement ${agreement === null ? 'unknown' : shareText(agreement)}, needs iteration: ${verdict.needsIteration ?? 'not stated'}`,
				...verdict.dissent.map(
					({text, who}) =>
						`    dissent (${who.join(', ') || 'nobody named'}): ${text}`,
				),
				...verdict.refinementAreas.map(area => `    to refine: ${area}`),
				...verdict.problems.map(problem => `    ! ${problem}`),
			]),
		],
	);

	return [
		...perIteration,
		...result.reasons.map(reason => `reason: ${reason}`),
		`run ${result.runId}`,
	];
}
