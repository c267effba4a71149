import {answersOf, callsOf} from '../core/answers.js';
import {type RunEventBody} from '../core/events.js';
import {type CallPicture, type RunState} from '../core/run-state.js';
import {controlText} from './phrases.js';

const ordinals = ['first', 'second', 'third'];

/**
Who makes a call and, where an instance was asked a second time while its first call went on, which of its calls it is: `careful#1 (second)`.
*/
export function callerText(run: RunState, {start}: CallPicture): string {
	const {iteration, speaker, callId} = start;
	const isAskedTwice = run.decisions.some(
		decision =>
			decision.iteration === iteration &&
			decision.marks.some(
				({instance, mark}) => instance === speaker && mark === 'hedged',
			),
	);
	const index = callsOf(run.iterations[iteration - 1]!, speaker).findIndex(
		call => call.start.callId === callId,
	);

	return isAskedTwice && start.purpose === 'answer'
		? `${speaker} (${ordinals[index] ?? `call ${index + 1}`})`
		: speaker;
}

/**
What somebody did to a run, to whom, or why it could not be done.
*/
export function deedText(
	control: Extract<RunEventBody, {readonly type: 'control'}>,
	run: RunState,
): string {
	const {verb, by, callIds} = control;
	const calls = callIds.flatMap(id => run.calls.get(id) ?? []);
	const who = calls.map(call => callerText(run, call)).join(', ');

	if (verb === 'answer-now' && by === 'strategy') {
		const number = calls[0]?.start.iteration ?? run.iterations.length;
		const iteration = run.iterations[number - 1]!;
		const answered = answersOf(iteration).filter(
			({state}) => state === 'answered',
		).length;

		return `quorum: ${answered} of ${iteration.instances.length} answered, grace over; ${who || 'the rest'} let go`;
	}

	return `${who === '' ? '' : `${who} `}${controlText(control)} (${by})`;
}
