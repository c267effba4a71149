import {askedIteration, asksFor} from '../asking.js';
import {answersOf, heardIn, isUsable} from '../answers.js';
import {type ObservationRequest} from '../observation.js';
import {judgingOf} from '../judging/known.js';
import {type VerdictResult} from '../result.js';
import {plainReasons} from '../plain-reasons.js';
import {percentText} from '../share.js';
import {satisfies} from '../stop.js';
import {
	type Step,
	type Strategy,
	type StrategyContext,
	type View,
} from '../strategy.js';
import {meets, untilIn, type Until} from '../until.js';

/**
The loop all strategies are laid around: ask everyone, blind at first, have the answers weighed, and ask again with what is still open until the verdict satisfies the stop policy, or the conditions in its place.
*/
export function baseStrategy(context: StrategyContext): Strategy {
	const {consortium} = context;
	const judging = judgingOf(consortium);
	const conditions = consortium.until.map(each => untilIn(each));

	return {
		name: 'default',
		next(run) {
			const current = run.iterations.at(-1);

			if (!current) {
				return askAll(context, run);
			}

			const answers = answersOf(current);

			if (
				current.verdicts.length === 0 &&
				answers.every(call => !isUsable(call))
			) {
				return {
					type: 'stop',
					stop: 'no-answers',
					reason: answers.some(({isLeftOut}) => isLeftOut)
						? `Without what was left out there is no answer in iteration ${current.iteration}.`
						: `Nobody answered in iteration ${current.iteration}.`,
				};
			}

			const last = current.verdicts.at(-1);
			// What was counted is not judged.
			const judged =
				last?.method === 'vote' ? {verdict: last} : judging.next(run, context);

			if ('judge' in judged) {
				return {
					type: 'judge',
					judge: judged.judge,
					reason:
						judged.reason ??
						plainReasons.weighed(heardIn(run).length, current.instances.length),
				};
			}

			return 'failed' in judged
				? {type: 'stop', stop: 'no-arbiter', reason: judged.failed}
				: (ending(run, judged.verdict) ?? askAll(context, run));
		},
	};

	function ending(run: View, verdict: VerdictResult): Step | null {
		const {minIterations, maxIterations} = consortium;
		const {iteration} = run.iterations.at(-1)!;
		const enough =
			iteration < minIterations
				? null
				: conditions.length > 0
					? byConditions(run, verdict)
					: satisfies(verdict, consortium)
						? converged(convergedBecause(verdict, consortium))
						: null;

		return (
			enough ??
			(iteration >= maxIterations
				? {
						type: 'stop',
						stop: 'exhausted',
						reason: `The limit of ${maxIterations} iteration${maxIterations === 1 ? '' : 's'} was reached without ${conditions.length > 0 ? unmetIn(run, verdict) : `the threshold of ${percentText(consortium.confidenceThreshold)}`}.`,
					}
				: null)
		);
	}

	function byConditions(run: View, verdict: VerdictResult): Step | null {
		const met = meets(run, verdict, conditions);

		return 'observe' in met
			? {
					type: 'observe',
					observe: met.observe,
					reason: reasonOf(met.observe),
				}
			: 'problem' in met
				? {
						type: 'stop',
						stop: 'exhausted',
						reason: `Whether the answer meets a condition could not be found out. ${met.problem}`,
					}
				: met.unmet.length === 0
					? converged(`The answer meets ${written(conditions)}.`)
					: null;
	}

	function unmetIn(run: View, verdict: VerdictResult): string {
		const met = meets(run, verdict, conditions);
		return written('unmet' in met ? met.unmet : conditions);
	}
}

const written = (conditions: readonly Until[]) =>
	conditions.map(each => each.written).join(', ');

function reasonOf(request: ObservationRequest): string {
	switch (request.kind) {
		case 'command': {
			return `Whether the answer passes ${request.command}.`;
		}

		case 'regex': {
			return `Whether the answer matches ${request.pattern}.`;
		}

		case 'similarity': {
			return `How alike the answers are in the eyes of ${request.model}.`;
		}
	}
}

function converged(reason: string): Step {
	return {type: 'stop', stop: 'converged', reason};
}

function convergedBecause(
	{confidence, needsIteration}: VerdictResult,
	{confidenceThreshold}: StrategyContext['consortium'],
): string {
	const isConfident = confidence !== null && confidence >= confidenceThreshold;
	const parts = [
		isConfident
			? `its confidence of ${percentText(confidence, confidenceThreshold)} reaches the threshold of ${percentText(confidenceThreshold)}`
			: null,
		needsIteration === false ? 'it needs no further iteration' : null,
	].filter(part => part !== null);

	return `The arbiter is done: ${parts.join(' and ')}.`;
}

function askAll(context: StrategyContext, run: View): Step {
	const iteration = askedIteration(run);

	return {
		type: 'ask',
		ask: asksFor(run, iteration, context),
		reason: iteration === 1 ? plainReasons.everyone : plainReasons.feedback,
	};
}
