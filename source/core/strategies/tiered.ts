import {basisOf, finalsOf, groupFinals} from '../agreement.js';
import {answersOf, isUsable} from '../answers.js';
import {askedIteration, asksFor} from '../asking.js';
import {numberParameter} from '../parameters.js';
import {type VerdictResult} from '../result.js';
import {type IterationPicture} from '../run-state.js';
import {settled as certainty} from '../settled.js';
import {percentText} from '../share.js';
import {
	defineStrategy,
	type Step,
	type Strategy,
	type StrategyContext,
	type View,
} from '../strategy.js';
import {UserError} from '../user-error.js';
import {tiersOf, tiersParameter} from './tiers.js';

type Rule = {readonly settled: number; readonly confidence: number};

/**
The cheap first: the next tier is asked only while the answers of those before it do not settle the question.
*/
export const tiered = defineStrategy({
	name: 'tiered',
	meaning:
		'The first tier is asked; the next one only while the answers disagree, or the verdict is not confident enough. It pays while the share of questions that go on is below 1 − c₁/c₂, c being what a tier and weighing its answers cost.',
	parameters: {
		tiers: tiersParameter(
			'Which members are asked first, which next. Without it each member is a tier, in its order.',
		),
		settled: numberParameter(
			0.9,
			{from: 0.5, to: 1},
			'How sure it must be that most answers of a tier would be like the most frequent one.',
		),
		confidence: numberParameter(
			null,
			{from: 0, to: 1},
			'How confident the verdict must be; without it, as the consortium says.',
		),
	},
	decides: ['who is asked'],
	check({tiers}, consortium) {
		const {length} = tiersOf(tiers, consortium);

		if (consortium.maxIterations < length) {
			throw new UserError(
				`${length} tiers may take ${length} iterations, and ${consortium.maxIterations} at most are allowed.`,
				`Allow ${length} with --max-iterations ${length}, or put members into one tier with tiered.tiers.`,
			);
		}
	},
	wrap(inner, context, {tiers, settled, confidence}) {
		const {consortium} = context;

		return inTiers(inner, context, {
			tiers: tiersOf(tiers, consortium),
			rule: {
				settled,
				confidence: confidence ?? consortium.confidenceThreshold,
			},
		});
	},
});

/**
Whether the answers of a tier are enough: they settle the question, as far as they say who agrees, and the verdict is confident, or a vote was won, which has no confidence. Nobody disagreeing is settled, however few they are.
*/
export function isAccepted(
	{
		method,
		confidence,
		agreement,
		groups,
	}: Pick<VerdictResult, 'method' | 'confidence' | 'agreement' | 'groups'>,
	answered: number,
	rule: Rule,
): boolean {
	const isConfident =
		method === 'vote' || (confidence !== null && confidence >= rule.confidence);
	const sizes = sizesOf(groups, answered);

	return isConfident && (agreement === null || isSettled(sizes, rule.settled));
}

/**
How many say the same, the most first; who is in no group is one for itself.
*/
function sizesOf(
	groups: ReadonlyArray<readonly string[]>,
	answered: number,
): number[] {
	const sizes = groups.map(({length}) => length);
	const alone = answered - sizes.reduce((sum, size) => sum + size, 0);

	return [
		...sizes,
		...Array.from({length: Math.max(0, alone)}, () => 1),
	].toSorted((left, right) => right - left);
}

const isSettled = ([most = 0, second = 0]: readonly number[], least: number) =>
	second === 0 || certainty(most, second) >= least;

type Tiers = {
	readonly tiers: ReadonlyArray<readonly string[]>;
	readonly rule: Rule;
};

function inTiers(
	inner: Strategy,
	context: StrategyContext,
	{tiers, rule}: Tiers,
): Strategy['next'] {
	const {minIterations, maxIterations} = context.consortium;
	const asks = (run: View, ids: readonly string[]) =>
		asksFor(run, askedIteration(run), {
			...context,
			instances: context.instances.filter(({id}) => ids.includes(id)),
		});

	const askTier = (run: View, index: number, reason: string): Step => {
		const current = run.iterations.at(-1);
		const asked = current?.verdicts.length === 0 ? current.instances : [];
		const ids = tiers[index]!.filter(id => !asked.includes(id));

		return {
			type: 'ask',
			ask: asks(run, ids),
			reason,
			marks: ids.map(instance => ({
				instance,
				mark: 'tier',
				text: `Tier ${index + 1} of ${tiers.length}.`,
			})),
		};
	};

	/**
	Before a verdict: the next tier joins the iteration when nobody answered or the answers contradict each other.
	*/
	const unjudged = (
		run: View,
		current: IterationPicture,
		{step, reached}: {readonly step: Step; readonly reached: number},
	): Step => {
		const isOpen =
			!run.isAnswerWanted &&
			(step.type !== 'stop' || step.stop === 'no-answers');

		// A run may have been broken off in the middle of a tier.
		if (
			isOpen &&
			tiers[reached]!.some(id => !current.instances.includes(id)) &&
			tiers[reached]!.some(id => current.instances.includes(id))
		) {
			return askTier(run, reached, `The rest of tier ${reached + 1} is asked.`);
		}

		const doubt = doubtAbout(current, rule);

		return isOpen && doubt !== null && reached < tiers.length - 1
			? askTier(run, reached + 1, `${doubt} Tier ${reached + 2} is asked.`)
			: step;
	};

	/**
	After a verdict: the next tier answers in an iteration of its own.
	*/
	const judged = (
		run: View,
		current: IterationPicture,
		{step, reached}: {readonly step: Step; readonly reached: number},
	): Step => {
		const verdict = current.verdicts.at(-1)!;
		const isEnough = isAccepted(verdict, usableIn(current).length, rule);
		const isLast = reached === tiers.length - 1;
		const escalated = () =>
			askTier(
				run,
				reached + 1,
				`Tier ${reached + 1} did not settle it: ${whyNot(verdict, rule)}. Tier ${reached + 2} is asked, without having seen its answers.`,
			);

		if (step.type === 'ask') {
			return isLast || (isEnough && current.iteration < minIterations)
				? {
						...step,
						// Those who contradicted each other hear what came of it.
						ask: step.ask.filter(({instance}) =>
							current.instances.includes(instance),
						),
						reason:
							'The verdict does not end the run: those who answered get the feedback, nobody else is asked.',
					}
				: escalated();
		}

		if (step.type !== 'stop' || step.stop !== 'converged' || isLast) {
			return step;
		}

		return isEnough
			? {
					...step,
					reason: `Tier ${reached + 1} of ${tiers.length} was enough. ${step.reason}`,
					spared: asks(run, tiers.slice(reached + 1).flat()),
				}
			: current.iteration < maxIterations
				? escalated()
				: step;
	};

	return run => {
		const current = run.iterations.at(-1);
		const step = inner.next(run);

		if (!current) {
			return step.type === 'ask'
				? askTier(
						run,
						0,
						`Tier 1 of ${tiers.length} is asked; the others only if that does not settle it.`,
					)
				: step;
		}

		const reached = tiers.findLastIndex(tier =>
			run.iterations.some(({instances}) =>
				instances.some(id => tier.includes(id)),
			),
		);

		return current.verdicts.length === 0
			? unjudged(run, current, {step, reached})
			: judged(run, current, {step, reached});
	};
}

const usableIn = (iteration: IterationPicture) =>
	answersOf(iteration).filter(call => isUsable(call));

/**
What forbids to have these answers weighed before others are asked, in a sentence: nobody answered, or all end in values that contradict each other. Null for nothing.
*/
function doubtAbout(current: IterationPicture, {settled}: Rule): string | null {
	const usable = usableIn(current);

	if (usable.length === 0) {
		return 'Nobody has answered so far.';
	}

	const finals = finalsOf(usable);
	const sizes = groupFinals(finals).map(({length}) => length);

	return basisOf(finals, []) === 'value' && !isSettled(sizes, settled)
		? `The answers disagree: ${sizes[0]} of ${usable.length} say the same.`
		: null;
}

function whyNot({confidence}: VerdictResult, rule: Rule): string {
	return confidence === null
		? 'the verdict states no confidence'
		: confidence < rule.confidence
			? `a confidence of ${percentText(confidence, rule.confidence)} is below ${percentText(rule.confidence)}`
			: 'the answers disagree';
}
