import {admit} from './admit.js';
import {callsOf} from './answers.js';
import {askArbiter} from './arbiter-call.js';
import {askedIteration, asksFor, type MemberAsk} from './asking.js';
import {type Inheritance} from './derive.js';
import {asked} from './grants.js';
import {type Granted} from './member-call.js';
import {type Reach} from './reach.js';
import {type Step} from './strategy.js';
import {type Turn} from './turn.js';

/**
Let those speak who are next.
*/
export function take(
	{
		turn,
		reach,
		granted,
	}: {
		readonly turn: Turn;
		readonly reach: Reach;
		readonly granted: readonly Granted[];
	},
	step: Extract<Step, {type: 'ask' | 'judge'}>,
	earlier: Inheritance['asks'],
): void {
	const {run, inlet} = turn;

	if (step.type === 'judge') {
		reach.offer(0, []);
		judge(turn, step, granted);
		return;
	}

	const current = run.iterations.at(-1);
	const isNext = !current || current.verdicts.length > 0;
	const iteration = askedIteration(run);
	reach.offer(
		iteration,
		isNext || earlier.length === 0 ? asksIn(turn, step, iteration) : earlier,
	);

	if (isNext) {
		inlet.say({
			type: 'iteration-start',
			iteration,
			instances: step.ask.map(({instance}) => instance),
		});
	}

	admit(
		turn,
		step.ask.map((ask, index) => ({
			ask,
			iteration,
			granted: granted[index]!,
			replaced: isNext ? [] : callsOf(current, ask.instance),
		})),
	);
}

/**
What whoever is in the iteration can be asked again: those who are asked now, and those of an earlier wave.
*/
function asksIn(
	{run, instances, templates}: Turn,
	{ask}: Extract<Step, {type: 'ask'}>,
	iteration: number,
): readonly MemberAsk[] {
	return [
		...asksFor(run, iteration, {instances, templates}).filter(
			({instance}) =>
				run.iterations[iteration - 1]?.instances.includes(instance) === true &&
				ask.every(each => each.instance !== instance),
		),
		...ask,
	];
}

/**
Let those weigh the answers who are asked, and tell the verdicts that follow from what is there.
*/
function judge(
	turn: Turn,
	step: Extract<Step, {type: 'judge'}>,
	granted: readonly Granted[],
): void {
	const {iteration} = turn.run.iterations.at(-1)!;

	for (const [index, each] of asked(step).entries()) {
		turn.inlet.admit(askArbiter(turn, each, iteration, granted[index]!));
	}

	turn.inlet.say(
		...step.judge.flatMap(each => {
			if ('brief' in each) {
				return [];
			}

			const {arbiter, callId, ...verdict} = each.verdict;
			return {
				type: 'verdict',
				iteration,
				arbiter,
				callId,
				labels: {},
				verdict,
			} as const;
		}),
	);
}
