import {quoted} from '../agreement.js';
import {callsOf} from '../answers.js';
import {asksFor} from '../asking.js';
import {type Instance} from '../consortium.js';
import {numberParameter, type ValuesOf} from '../parameters.js';
import {isPlainReason} from '../plain-reasons.js';
import {shuffled} from '../random.js';
import {isBrokenOff} from '../resume.js';
import {type IterationPicture} from '../run-state.js';
import {settled} from '../settled.js';
import {percentText} from '../share.js';
import {
	defineStrategy,
	type Step,
	type StrategyContext,
	type View,
} from '../strategy.js';
import {isUnbeatable} from '../votes.js';
import {voteIn} from './voting.js';
import {countIn, finalOf, votersOf, type Count} from './counted.js';

const parameters = {
	first: numberParameter(
		3,
		{from: 1, to: 64, isWhole: true},
		'How many answers are wanted before anything is decided',
	),
	step: numberParameter(
		1,
		{from: 1, to: 64, isWhole: true},
		'How many more are asked at a time while it is not settled',
	),
	settled: numberParameter(
		0.9,
		{above: 0.5, to: 1},
		'How certain it has to be that what most say would stay it',
	),
};

type Rules = ValuesOf<typeof parameters>;

/**
No more are asked than it takes.
*/
export const adaptive = defineStrategy({
	name: 'adaptive',
	meaning:
		'A few are asked first, and more only while the values they give leave it open what most would say. Prose of the first few is weighed at once. Whoever was not asked joins when there is another iteration.',
	parameters,
	decides: ['who is asked'],
	wrap: (inner, context, rules) => run => {
		const current = run.iterations.at(-1) ?? null;

		if (
			run.start!.kind === 'rearbitrate' ||
			(current && (current.iteration > 1 || current.verdicts.length > 0))
		) {
			return inner.next(run);
		}

		const rest = inOrder(context.instances, run.start!.seed).filter(
			({id}) => !current || !hasHadItsSay(current, id),
		);
		const wave = nextWave(run, {rest, context, rules});

		if ('ask' in wave && rest.length > 0) {
			const asked = rest.slice(0, wave.ask);
			const step = current ? null : inner.next(run);

			return {
				...(step?.type === 'ask' ? step : {type: 'ask'}),
				ask: asksFor(run, 1, {...context, instances: asked}),
				reason: `${wave.because}${asked.length} of ${context.instances.length} ${asked.length === 1 ? 'is' : 'are'} asked${current ? ' next' : ' first'}, without seeing the others.`,
			};
		}

		const step = inner.next(run);
		return step.type === 'judge'
			? sparing(step, wave.because, {run, rest, context})
			: step;
	},
});

/**
The order in which they are asked: by the run's seed, one of each slot before the second of any.
*/
function inOrder(instances: readonly Instance[], seed: number): Instance[] {
	const order = shuffled(instances, seed);
	const copy = ({slot}: Instance, index: number) =>
		order.slice(0, index).filter(each => each.slot === slot).length;

	return order
		.map((instance, index) => ({instance, copy: copy(instance, index)}))
		.toSorted((one, other) => one.copy - other.copy)
		.map(({instance}) => instance);
}

/**
Whether an instance was asked and its call came to an end of its own, whatever it said.
*/
function hasHadItsSay(current: IterationPicture, id: string): boolean {
	const outcome = callsOf(current, id).at(-1)?.outcome;
	return Boolean(outcome) && !isBrokenOff(outcome!);
}

/**
How many are asked next, or that it is enough, and why, as the beginning of a sentence.
*/
function nextWave(
	run: View,
	{
		rest,
		context,
		rules,
	}: {
		readonly rest: readonly Instance[];
		readonly context: StrategyContext;
		readonly rules: Rules;
	},
):
	| {readonly ask: number; readonly because: string}
	| {readonly because: string} {
	const current = run.iterations.at(-1);

	if (!current) {
		return {ask: rules.first, because: ''};
	}

	const count = countIn(current, context);
	const answered = count.answers.length;

	if (run.isAnswerWanted && answered > 0) {
		return {because: 'The answer is wanted now'};
	}

	if (answered < rules.first) {
		return {
			ask: rules.first - answered,
			because: `${answered} of ${current.instances.length} gave an answer: `,
		};
	}

	if (count.by !== 'value') {
		return {because: 'These answers are prose and are weighed first'};
	}

	const over = (answered - rules.first) % rules.step;

	// A wave that some failed in, or that was broken off, is made whole first.
	if (over > 0) {
		return {
			ask: rules.step - over,
			because: `${answered} of ${current.instances.length} gave an answer: `,
		};
	}

	const {isOver, proof} = outcomeOf(count, {rest, context, rules});
	return isOver ? {because: proof} : {ask: rules.step, because: `${proof}: `};
}

/**
Whether more answers are worth asking for: the largest party is certain enough to stay that, or cannot be beaten any more.
*/
function outcomeOf(
	count: Count,
	{
		rest,
		context,
		rules,
	}: {
		readonly rest: readonly Instance[];
		readonly context: StrategyContext;
		readonly rules: Rules;
	},
): {readonly isOver: boolean; readonly proof: string} {
	const {parties, answers} = count;
	// By confidences that are stated later no lead is safe.
	const {rule, threshold} = voteIn(context.consortium);
	const [largest, ...others] = parties;
	const certainty = settled(
		largest!.voters.length,
		Math.max(0, ...others.map(({voters}) => voters.length)),
	);
	const isSettled = certainty >= rules.settled;
	const isDecided =
		rule !== 'confidence' &&
		isUnbeatable(
			parties,
			votersOf(
				rest.map(({id}) => id),
				context,
			),
			rule === 'majority' ? threshold : 0,
		);
	const said = `${largest!.voters.length} of ${answers.length} say ${quoted(finalOf(count, largest!)!)}`;
	const compared = `settled ${percentText(certainty, rules.settled)} ${isSettled ? '≥' : '<'} ${percentText(rules.settled)}`;

	return {
		isOver: isSettled || isDecided,
		proof:
			isDecided && !isSettled
				? `${said}: the rest cannot change that`
				: `${said}: ${compared}`,
	};
}

/**
The step by which the answers are weighed, with those who need not be asked; they are told once.
*/
function sparing(
	step: Extract<Step, {type: 'judge'}>,
	because: string,
	{
		run,
		rest,
		context,
	}: {
		readonly run: View;
		readonly rest: readonly Instance[];
		readonly context: StrategyContext;
	},
): Step {
	const spared = rest.filter(({id}) =>
		(run.marks.get(id) ?? []).every(({mark}) => mark !== 'spared'),
	);

	return rest.length === 0
		? step
		: {
				...step,
				reason: isPlainReason(step.reason)
					? `${because}, ${rest.length} not asked.`
					: `${because}, ${rest.length} not asked. ${step.reason}`,
				spared: [
					...(step.spared ?? []),
					...asksFor(run, 1, {...context, instances: spared}),
				],
				marks: [
					...(step.marks ?? []),
					...spared.map(({id}) => ({
						instance: id,
						mark: 'spared',
						text: `It was not asked in iteration 1. ${because}.`,
					})),
				],
			};
}
