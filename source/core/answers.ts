import {type VerdictResult} from './result.js';
import {
	type CallPicture,
	type IterationPicture,
	type RunState,
} from './run-state.js';
import {type View} from './strategy.js';

/**
The call of each instance that counts in an iteration, in the order of the configuration: the latest, unless it came to nothing, or was let go by the strategy, and one before it had an answer.
*/
export function answersOf(iteration: IterationPicture): CallPicture[] {
	const counting = new Map<string, CallPicture>();

	for (const call of iteration.calls) {
		const {purpose, speaker} = call.start;
		const before = counting.get(speaker);

		if (purpose === 'answer' && (!before || takesPlaceOf(before, call))) {
			counting.set(speaker, call);
		}
	}

	return iteration.instances.flatMap(id => counting.get(id) ?? []);
}

function takesPlaceOf(before: CallPicture, call: CallPicture): boolean {
	return isLetGo(call)
		? before.outcome !== null && !isAnswer(before)
		: call.outcome === null || isAnswer(call) || !isAnswer(before);
}

/**
Whether an answer can be weighed: complete, or marked as cut, and not left out by the person.
*/
export function isUsable(call: CallPicture): boolean {
	return !call.isLeftOut && isAnswer(call);
}

/**
The answers of the present iteration that are put before an arbiter.
*/
export function heardIn({iterations, unheard = []}: View): CallPicture[] {
	return answersOf(iterations.at(-1)!).filter(
		call => isUsable(call) && !unheard.includes(call.start.speaker),
	);
}

function isAnswer({outcome}: CallPicture): boolean {
	return (
		outcome !== null &&
		outcome.text.trim() !== '' &&
		['answered', 'truncated', 'stopped'].includes(outcome.state)
	);
}

const isLetGo = ({outcome}: CallPicture) => outcome?.abort === 'strategy';

/**
The call of an instance that was made last in an iteration. Of two that were made at once it is the one that stayed, or went on when the other had failed.
*/
export function latestOf(
	iteration: IterationPicture,
	instance: string,
): CallPicture | undefined {
	const calls = callsOf(iteration, instance);
	const stayed = calls.filter(call => !isLetGo(call));
	const last = Math.max(...stayed.map(call => endOf(call)));

	return stayed.findLast(call => endOf(call) === last) ?? calls.at(-1);
}

const endOf = ({endedAt}: CallPicture) => endedAt ?? Infinity;

/**
The calls of an instance in an iteration, in the order they began.
*/
export function callsOf(
	iteration: IterationPicture,
	instance: string,
): CallPicture[] {
	return iteration.calls.filter(
		({start}) => start.speaker === instance && start.purpose !== 'review',
	);
}

/**
The verdict of an iteration that counts: of several the last, as those before it are what it was made of. A review is none.
*/
export function countingVerdict({
	verdicts,
}: {
	readonly verdicts: readonly VerdictResult[];
}): VerdictResult | undefined {
	return verdicts.findLast(({method}) => method !== 'review');
}

/**
Whether a verdict is that of one arbiter of a panel, and what they say together is yet to come.
*/
export function isPartOfPanel(
	{start}: RunState,
	{method}: Pick<VerdictResult, 'method'>,
): boolean {
	return start?.consortium.judging === 'panel' && method === 'synthesis';
}

/**
The verdict of each iteration that has one, in order.
*/
export function verdictsOf(
	run: RunState,
): Array<{iteration: number; verdict: VerdictResult}> {
	return run.iterations.flatMap(({iteration, verdicts}) => {
		const verdict = countingVerdict({verdicts});
		return verdict ? [{iteration, verdict}] : [];
	});
}
