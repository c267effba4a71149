import {priceOfJudging} from './arbiter-request.js';
import {priceOfAsk, type Granted} from './member-call.js';
import {callsOf} from './answers.js';
import {type Step} from './strategy.js';
import {instanceOf, type Turn} from './turn.js';

type Action = Exclude<Step, {type: 'stop'}>;

/**
Money for every call of a step, in the order of the step, before any is made.

@returns the limit that forbids the step, in a sentence, where one does.
*/
export function grantStep(
	turn: Turn,
	step: Action,
): readonly Granted[] | string {
	const grants = pricesOf(turn, step).map(usd => ({
		callId: turn.world.newId(),
		usd,
	}));
	const refusal = turn.allowance.reserve(
		grants.map(({callId, usd}) => [callId, usd]),
	);

	return refusal ?? grants;
}

function pricesOf(turn: Turn, step: Action): number[] {
	if (step.type === 'judge') {
		return step.judge.map(({arbiter, brief}) =>
			priceOfJudging(turn, arbiter, [{role: 'user', parts: brief.message}]),
		);
	}

	const current = turn.run.iterations.at(-1);
	const isGoingOn = current?.verdicts.length === 0;

	return step.ask.map(ask =>
		priceOfAsk(turn, ask, {
			speaker: instanceOf(turn, ask.instance),
			replaced: isGoingOn ? callsOf(current, ask.instance) : [],
		}),
	);
}
