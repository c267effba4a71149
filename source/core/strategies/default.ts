import {briefOf} from '../brief.js';
import {instancesOf, type Instance} from '../consortium.js';
import {memberSystem} from '../member-system.js';
import {type VerdictResult} from '../result.js';
import {answersOf, isUsable, hasJudged} from '../answers.js';
import {type IterationPicture} from '../run-state.js';
import {satisfies} from '../stop.js';
import {
	type Step,
	type Strategy,
	type StrategyContext,
	type StrategyKind,
} from '../strategy.js';
import {fill, type Template} from '../template.js';

/**
Ask everyone, blind at first, let the arbiter weigh the answers, and ask again with what is still open until its verdict satisfies the stop policy.
*/
export const defaultStrategy: StrategyKind = {
	name: 'default',
	meaning:
		'Every instance answers; while the verdict does not satisfy the stop policy, everyone gets the feedback and answers again.',
	parameters: [],
	create,
};

function create(context: StrategyContext): Strategy {
	const {consortium} = context;
	const instances = instancesOf(consortium);

	return {
		name: 'default',
		next(run) {
			const current = run.iterations.at(-1);

			if (!current) {
				return askAll(context, instances, {
					question: run.start!.prompt,
					verdict: null,
				});
			}

			const verdict = current.verdicts.at(-1);

			if (!verdict) {
				return weigh(current, () => ({
					type: 'judge',
					judge: run.start!.arbiters.map(({id}) => ({
						arbiter: id,
						brief: briefOf(run, context),
					})),
					reason: `${answersOf(current).filter(call => isUsable(call)).length} of ${current.instances.length} answers can be weighed.`,
				}));
			}

			return (
				end(consortium, current.iteration, verdict) ??
				askAll(context, instances, {question: run.start!.prompt, verdict})
			);
		},
	};
}

function weigh(current: IterationPicture, judge: () => Step): Step {
	if (answersOf(current).every(call => !isUsable(call))) {
		return {
			type: 'stop',
			stop: 'no-answers',
			reason: answersOf(current).some(({isLeftOut}) => isLeftOut)
				? `Without what was left out there is no answer in iteration ${current.iteration}.`
				: `Nobody answered in iteration ${current.iteration}.`,
		};
	}

	return hasJudged(current)
		? {
				type: 'stop',
				stop: 'no-arbiter',
				reason: `The arbiter gave no verdict in iteration ${current.iteration}.`,
			}
		: judge();
}

function end(
	consortium: StrategyContext['consortium'],
	iteration: number,
	verdict: VerdictResult,
): Step | null {
	const {minIterations, maxIterations} = consortium;

	if (iteration >= minIterations && satisfies(verdict, consortium)) {
		return {
			type: 'stop',
			stop: 'converged',
			reason: convergedBecause(verdict, consortium),
		};
	}

	return iteration >= maxIterations
		? {
				type: 'stop',
				stop: 'exhausted',
				reason: `The limit of ${maxIterations} iteration${maxIterations === 1 ? '' : 's'} was reached without the threshold of ${consortium.confidenceThreshold}.`,
			}
		: null;
}

function convergedBecause(
	{confidence, needsIteration}: VerdictResult,
	{confidenceThreshold}: StrategyContext['consortium'],
): string {
	const isConfident = confidence !== null && confidence >= confidenceThreshold;
	const parts = [
		isConfident
			? `its confidence of ${confidence} reaches the threshold of ${confidenceThreshold}`
			: null,
		needsIteration === false ? 'it needs no further iteration' : null,
	].filter(part => part !== null);

	return `The arbiter is done: ${parts.join(' and ')}.`;
}

function askAll(
	{templates}: StrategyContext,
	instances: readonly Instance[],
	about: {readonly question: string; readonly verdict: VerdictResult | null},
): Step {
	const {question, verdict} = about;
	const feedback = verdict ? feedbackFrom(templates.feedback, verdict) : null;

	return {
		type: 'ask',
		ask: instances.map(instance => ({
			instance: instance.id,
			message: {question, feedback},
			templateHash: verdict ? templates.feedback.hash : null,
			system: memberSystem(instance, templates),
		})),
		reason: verdict
			? 'The verdict does not end the run: everyone gets the feedback.'
			: 'Everyone is asked, without seeing the others.',
	};
}

function feedbackFrom(template: Template, verdict: VerdictResult): string {
	return fill(template, {
		synthesis: verdict.synthesis ?? '',
		refinement:
			verdict.refinementAreas.map(area => `- ${area}`).join('\n') ||
			'- none named',
		dissent:
			verdict.dissent.map(({text}) => `- ${text}`).join('\n') || '- none',
	});
}
