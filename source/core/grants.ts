import {priceOfJudging, type AskedJudge} from './arbiter-request.js';
import {priceOfAsk, type Granted} from './member-call.js';
import {callsOf} from './answers.js';
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
Money for every call of a step, in the order of the step, before any is made.

@returns the limit that forbids the step, in a sentence, where one does.
*/
export function grantStep(
	turn: Turn,
	step: Action,
): readonly Granted[] | string {
	const grants = pricesOfStep(turn, step).map(usd => ({
		callId: turn.world.newId(),
		usd,
	}));
	const refusal = turn.allowance.reserve(
		grants.map(({callId, usd}) => [callId, usd]),
	);

	return refusal ?? grants;
}

function pricesOfStep(turn: Turn, step: Action): number[] {
	if (step.type === 'judge') {
		return asked(step).map(judge =>
			priceOfJudging(turn, judge, [{role: 'user', parts: judge.brief.message}]),
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
