import {forecastUsd, spentUsd} from './limits.js';
import {memberRequest, type MemberAsk} from './member-call.js';
import {type CallPicture} from './run-state.js';
import {type Instance} from './consortium.js';
import {type Step} from './strategy.js';
import {instanceOf, type Turn} from './turn.js';

/**
The limit that forbids calls of this price, in a sentence; null when none does.
*/
export function limitReached(turn: Turn, nextUsd: number): string | null {
	const {timeoutSeconds, budgetUsd} = turn.consortium.limits;

	if (turn.deadline.isOver()) {
		return `The time limit of ${timeoutSeconds} s was reached.`;
	}

	const spent = budgetUsd === null ? 0 : spentUsd(turn.run, turn.models);

	return budgetUsd !== null && spent + nextUsd > budgetUsd
		? `The budget of $${budgetUsd} would be exceeded: $${spent.toFixed(4)} so far, and the next calls are expected to cost $${nextUsd.toFixed(4)} more.`
		: null;
}

/**
What a step is expected to cost, in US dollars.
*/
export function priceOfStep(
	turn: Turn,
	step: Exclude<Step, {type: 'stop'}>,
): number {
	const {models, consortium, templates} = turn;

	const costs =
		step.type === 'ask'
			? step.ask.map(ask =>
					priceOfAsk(turn, ask, {
						speaker: instanceOf(turn, ask.instance),
						replaced: [],
					}),
				)
			: step.judge.map(({brief}) => {
					const {model, options} = consortium.arbiters[0]!;
					return (
						forecastUsd(
							models.get(model)!,
							templates.arbiter.text.length + brief.message.join('').length,
							options?.['maxTokens'],
						) ?? 0
					);
				});

	return costs.reduce((sum, cost) => sum + cost, 0);
}

/**
What an instance's answer is expected to cost, in US dollars.
*/
export function priceOfAsk(
	turn: Turn,
	ask: MemberAsk,
	as: {
		readonly speaker: Instance;
		readonly replaced: readonly CallPicture[];
	},
): number {
	const {messages} = memberRequest(turn, ask, as);
	const {model, options} = as.speaker;

	return (
		forecastUsd(
			turn.models.get(model)!,
			JSON.stringify([ask.system, messages]).length,
			options['maxTokens'],
		) ?? 0
	);
}
