import {type Instance} from './consortium.js';
import {type Conversation} from './conversation.js';
import {type RunEventBody} from './events.js';
import {asksFor, type MemberAsk} from './asking.js';
import {answersOf, isUsable} from './answers.js';
import {
	type CallPicture,
	type IterationPicture,
	type RunState,
} from './run-state.js';
import {strategyOf} from './strategies/known.js';
import {type Strategy, type StrategyContext} from './strategy.js';
import {UserError} from './user-error.js';

/**
A run that is made from an earlier one, told by its picture.

`rearbitrate`: the arbiter judges the answers that are there once more, and that is all. `resume`: the same run goes on where it was broken off. `retry`: the instances in `redo` are asked again in the last iteration, another model in their place where one is named; the arbiter judges, and the run goes on as any other.
*/
export type Derived = {
	readonly kind: 'retry' | 'rearbitrate' | 'resume';
	readonly run: RunState;
	readonly redo: ReadonlyArray<{
		readonly instance: string;
		readonly model: string | null;
	}>;
};

/**
What a derived run begins with.
*/
export type Inheritance = {
	/**
	What it takes over, told by events of its own.
	*/
	readonly carried: readonly RunEventBody[];
	readonly callIds: ReadonlySet<string>;

	/**
	The iteration that is judged again; 0 when the earlier run had none.
	*/
	readonly iteration: number;

	/**
	All that could be asked in it, and whom to ask.
	*/
	readonly asks: readonly MemberAsk[];
	readonly redo: readonly MemberAsk[];
};

/**
@throws UserError when the run is not the latest of the conversation, when it is about another question, and when there is nothing to judge or nobody to ask.
*/
export function inherit(
	{kind, run, redo}: Derived,
	{
		conversation,
		prompt,
		context,
		strategy,
	}: {
		readonly conversation: Conversation;
		readonly prompt: string;
		readonly context: StrategyContext;

		/**
		Instead of the one the consortium names.
		*/
		readonly strategy: Strategy | undefined;
	},
): Inheritance {
	if (
		!run.result ||
		run.start?.conversationId !== conversation.id ||
		conversation.previousRunId !== run.runId ||
		conversation.turn !== run.start.turn ||
		run.result.prompt !== prompt
	) {
		throw new UserError(
			'Only the latest run of a conversation can be made again, with its own question.',
			'Put the question anew.',
		);
	}

	const last =
		kind === 'retry'
			? run.iterations.at(-1)
			: run.iterations.findLast(each =>
					answersOf(each).some(call => isUsable(call)),
				);

	if (!last && kind === 'rearbitrate') {
		throw new UserError(
			'There is no answer to be judged again.',
			'Ask those again that gave none.',
		);
	}

	const iteration = last?.iteration ?? 0;
	const asks =
		last && redo.length > 0 ? asksOf(run, last, {context, strategy}) : [];
	const kept = run.iterations
		.slice(0, iteration)
		.map(each => ({...each, calls: keptCalls(each, each === last)}));

	return {
		carried: kept.flatMap(each => [
			...carriedFrom(run, each, each.iteration === iteration ? redo : []),
			...(each.iteration === iteration ? [] : verdictsOf(run, each)),
		]),
		callIds: new Set(
			kept.flatMap(({calls}) => calls.map(({start}) => start.callId)),
		),
		iteration,
		asks,
		redo: last ? redo.map(({instance}) => askOf(asks, instance)) : [],
	};
}

function askOf(asks: readonly MemberAsk[], instance: string): MemberAsk {
	const ask = asks.find(each => each.instance === instance);

	if (!ask) {
		throw new UserError(
			`There is no instance ${instance} to be asked again.`,
			`There are: ${asks.map(each => each.instance).join(', ')}.`,
		);
	}

	return ask;
}

/**
What everyone was asked, or would have been, in an iteration.
*/
export function asksOf(
	run: RunState,
	{iteration}: IterationPicture,
	{
		context,
		strategy,
	}: {
		readonly context: StrategyContext;
		readonly strategy: Strategy | undefined;
	},
): readonly MemberAsk[] {
	if (!strategy) {
		return asksFor(run, iteration, context);
	}

	const step = strategy.next({
		...run,
		iterations: run.iterations.slice(0, iteration - 1),
	});

	return step.type === 'ask' ? step.ask : [];
}

/**
The answers that count, and what the arbiter said to them unless it is to judge them again.
*/
function keptCalls(
	iteration: IterationPicture,
	isJudgedAgain: boolean,
): CallPicture[] {
	return [
		...answersOf(iteration),
		...(isJudgedAgain
			? []
			: iteration.calls.filter(({start}) => start.purpose !== 'answer')),
	].filter(({outcome}) => outcome !== null);
}

function carriedFrom(
	{runId}: RunState,
	{iteration, instances, calls}: IterationPicture,
	redo: Derived['redo'],
): RunEventBody[] {
	return [
		{type: 'iteration-start', iteration, instances},
		...calls.map(call => {
			const {start, outcome, isLeftOut} = call;
			return {
				type: 'call-carry',
				callId: start.callId,
				iteration,
				carriedFrom: call.carriedFrom ?? runId,
				start,
				outcome: outcome!,
				isLeftOut,
				isAskedAgain: redo.some(({instance}) => instance === start.speaker),
			} as const;
		}),
	];
}

function verdictsOf(
	run: RunState,
	{iteration, verdicts}: IterationPicture,
): RunEventBody[] {
	return verdicts.map(({arbiter, callId, ...verdict}) => ({
		type: 'verdict',
		iteration,
		arbiter,
		callId,
		labels: run.calls.get(callId)?.start.labels ?? {},
		verdict,
	}));
}

/**
The strategy by which answers are judged once more: it ends after the verdict, which satisfies or does not.
*/
export function judgingOnce(
	context: StrategyContext,
	given: Strategy | undefined,
): Strategy {
	const {consortium} = context;
	const {name, next} =
		given ??
		strategyOf({
			...context,
			consortium: {...consortium, minIterations: 1},
		});

	return {
		name,
		next(run) {
			const step = next(run);

			return step.type === 'ask'
				? {
						type: 'stop',
						stop: 'exhausted',
						reason:
							'The answers were judged again, and nobody is asked for more.',
					}
				: step;
		},
	};
}

/**
Everyone who will answer, those with another model who are asked again as one.
*/
export function instancesFor(
	instances: readonly Instance[],
	redo: Derived['redo'],
): Instance[] {
	return instances.map(instance => ({
		...instance,
		model:
			redo.find(each => each.instance === instance.id)?.model ?? instance.model,
	}));
}
