import {saidBefore} from './arbiter-call.js';
import {priceOfJudging, type AskedJudge} from './arbiter-request.js';
import {priceOfAsk, type Granted} from './member-call.js';
import {callsOf} from './answers.js';
import {purposes} from './judging/replies.js';
import {type MemberAsk} from './asking.js';
import {forecastUsd} from './limits.js';
import {type Step} from './strategy.js';
import {instanceOf, type Turn} from './turn.js';

type Action = Extract<Step, {type: 'ask' | 'judge'}>;

/**
Those of a step's judges who have to be asked.
*/
export function asked({judge}: Extract<Step, {type: 'judge'}>): AskedJudge[] {
	return judge.filter(each => 'brief' in each);
}

/**
Money for every call of a step, in the order of the step, before any is made. What makes no call needs none, also where none is left.

@returns the limit that forbids the step, in a sentence, where one does.
*/
export function grantStep(
	turn: Turn,
	step: Action,
): readonly Granted[] | string {
	const prices = pricesOfStep(turn, step);
	const grants = prices.map(usd => ({
		callId: turn.world.newId(),
		usd: usd ?? 0,
	}));
	const paid = grants.filter((_, index) => prices[index] !== null);
	const refusal =
		paid.length === 0
			? null
			: turn.allowance.reserve(paid.map(({callId, usd}) => [callId, usd]));

	return refusal ?? grants;
}

/**
Null for whoever has its reply already.
*/
function pricesOfStep(turn: Turn, step: Action): ReadonlyArray<number | null> {
	if (step.type === 'judge') {
		return asked(step).map(judge =>
			saidBefore(turn, judge, purposes[judge.method])
				? null
				: priceOfJudging(turn, judge, [
						{role: 'user', parts: judge.brief.message},
					]),
		);
	}

	return pricesOf(turn, step.ask);
}

function pricesOf(turn: Turn, asks: readonly MemberAsk[]): number[] {
	const current = turn.run.iterations.at(-1);
	const isGoingOn = current?.verdicts.length === 0;

	return asks.map(ask =>
		priceOfAsk(turn, ask, {
			speaker: instanceOf(turn, ask.instance),
			replaced: isGoingOn ? callsOf(current, ask.instance) : [],
		}),
	);
}

/**
What these would be expected to cost, in US dollars; null when a price is unknown.
*/
export function pricesOfAsks(
	turn: Turn,
	asks: readonly MemberAsk[],
): number | null {
	const isKnown = asks.every(({instance}) => {
		const {model, options} = instanceOf(turn, instance);
		const port = turn.models.get(model);
		return (
			port !== undefined &&
			!port.isConsortium &&
			forecastUsd(port, 1, options['maxTokens']) !== null
		);
	});

	return isKnown
		? pricesOf(turn, asks).reduce((sum, price) => sum + price, 0)
		: null;
}
