import {type VerdictResult} from './result.js';
import {
	type CallPicture,
	type IterationPicture,
	type RunState,
} from './run-state.js';

/**
The call of each instance that counts in an iteration, in the order of the configuration: the latest, unless it came to nothing and one before it had an answer.
*/
export function answersOf(iteration: IterationPicture): CallPicture[] {
	const counting = new Map<string, CallPicture>();

	for (const call of iteration.calls) {
		const {purpose, speaker} = call.start;
		const before = counting.get(speaker);

		if (
			purpose === 'answer' &&
			(!before || !isAnswer(before) || call.outcome === null || isAnswer(call))
		) {
			counting.set(speaker, call);
		}
	}

	return iteration.instances.flatMap(id => counting.get(id) ?? []);
}

/**
Whether an answer can be weighed: complete, or marked as cut, and not left out by the person.
*/
export function isUsable(call: CallPicture): boolean {
	return !call.isLeftOut && isAnswer(call);
}

function isAnswer({outcome}: CallPicture): boolean {
	return (
		outcome !== null &&
		outcome.text.trim() !== '' &&
		['answered', 'truncated', 'stopped'].includes(outcome.state)
	);
}

/**
The calls of an instance in an iteration, in the order they began.
*/
export function callsOf(
	iteration: IterationPicture,
	instance: string,
): CallPicture[] {
	return iteration.calls.filter(({start}) => start.speaker === instance);
}

/**
Whether an arbiter was asked in an iteration and had its say, be it nothing. One whose call was broken off with the run had not.
*/
export function hasJudged({calls}: IterationPicture): boolean {
	return calls.some(
		({start, state}) => start.purpose !== 'answer' && state !== 'cancelled',
	);
}

/**
Every verdict of a run with the iteration it belongs to, in order.
*/
export function verdictsOf(
	run: RunState,
): Array<{iteration: number; verdict: VerdictResult}> {
	return run.iterations.flatMap(({iteration, verdicts}) =>
		verdicts.map(verdict => ({iteration, verdict})),
	);
}
