import {type RunResult, type VerdictResult} from '../core/result.js';
import {type RunState} from '../core/run-state.js';
import {
	decisionLines,
	rankingText,
	standingOf,
	verdictTitle,
} from '../text/judging.js';
import {resultConfidenceText, verdictFigures} from '../text/outcome.js';
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
	const {status, iterations, durationMs, simulated} = result;
	const {usage, costUsd, costIsComplete} = result;

	return [
		`${simulated ? 'simulated, ' : ''}${endingText(status)}`,
		resultConfidenceText(result),
		...enoughText(result),
		`${iterations.length} iteration${iterations.length === 1 ? '' : 's'}`,
		durationText(durationMs),
		usageText(usage),
		costText(costUsd, costIsComplete),
	].join(' · ');
}

/**
What a strategy did where that ended the run, as far as it is short.
*/
function enoughText({reasons}: RunResult): string[] {
	const [enough] = /^Tier \d+ of \d+ was enough/v.exec(reasons[0] ?? '') ?? [];
	return enough ? [enough.toLowerCase()] : [];
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
The run behind the answer: each iteration with its answers and verdicts, who holds something else, and what was decided.
*/
export function verboseLines(result: RunResult, picture: RunState): string[] {
	const perIteration = result.iterations.flatMap(
		({iteration, instances, verdicts}) => [
			`iteration ${iteration}`,
			...instances.map(
				({id, role, state, confidence, final, costUsd, durationMs}) =>
					`  ${id}${role === null ? '' : ` (${role})`} ${state}, confidence ${shareText(confidence)}, ${durationText(durationMs)}, ${costText(costUsd)}${final === null ? '' : `: ${final}`}`,
			),
			...verdicts.flatMap(verdict => [
				`  ${verdictLine(verdict, verdicts)}`,
				...verdict.dissent.map(
					({text, who}) =>
						`    dissent (${who.join(', ') || 'nobody named'}): ${text}`,
				),
				...verdict.refinementAreas.map(area => `    to refine: ${area}`),
				...verdict.problems.map(problem => `    ! ${problem}`),
			]),
			...decisionLines(picture, iteration).map(line => `  ${line}`),
		],
	);

	return [
		...decisionLines(picture, 0),
		...perIteration,
		...result.reasons.map(reason => `reason: ${reason}`),
		`run ${result.runId}`,
	];
}

function verdictLine(
	verdict: VerdictResult,
	verdicts: readonly VerdictResult[],
): string {
	const {arbiter, method} = verdict;
	const standing = standingOf(verdict, verdicts);
	const order = rankingText(verdict.ranking);

	return `${method === 'synthesis' ? arbiter : verdictTitle(verdict)}: ${[
		...(method === 'review' ? [] : verdictFigures(verdict)),
		...(method === 'synthesis' || order === '' ? [] : [order]),
		...(standing === '' ? [] : [standing]),
	].join(', ')}`;
}
