import {degrading} from './problems.js';
import {type CallState, type VerdictResult} from './result.js';
import {answersOf, callsOf} from './answers.js';
import {
	type CallPicture,
	type IterationPicture,
	type RunState,
} from './run-state.js';

/**
Where the answer of a run comes from.
*/
type Source = {
	readonly iteration: IterationPicture | null;
	readonly verdict: VerdictResult | null;
};

/**
What a call has to say about itself, in a sentence.
*/
export const stateSentences: Record<CallPicture['state'], string> = {
	waiting: 'It had not begun.',
	thinking: 'It was still thinking.',
	answering: 'It was still answering.',
	retrying: 'It was waiting to try again.',
	answered: 'Its reply could not be used.',
	truncated: 'Its reply was cut off by a token limit.',
	refused: 'It refused.',
	empty: 'It gave no text.',
	failed: 'It failed.',
	stopped: 'It was stopped.',
	cancelled: 'It was cancelled.',
};

const degradingStates: ReadonlySet<CallPicture['state']> = new Set<CallState>([
	'failed',
	'refused',
	'empty',
	'cancelled',
]);

/**
What makes an answer less than the whole consortium's, in the iteration it comes from.
*/
export function faultsOf({iteration, verdict}: Source): string[] {
	const members = (iteration ? answersOf(iteration) : [])
		.filter(({state, isLeftOut}) => degradingStates.has(state) && !isLeftOut)
		.map(
			({start, state, outcome}) =>
				`${start.speaker} (${start.model}): ${outcome?.failure?.message ?? stateSentences[state]}`,
		);

	return [...members, ...degrading(verdict?.problems ?? [])];
}

/**
What a reader should know and what does not degrade the answer.
*/
export function remarksOf(
	run: RunState,
	{iteration, verdict}: Source,
): string[] {
	if (!iteration) {
		return [];
	}

	const labels = run.calls.get(verdict?.callId ?? '')?.start.labels ?? {};
	const weighed = new Set(Object.values(labels));

	return answersOf(iteration).flatMap(call => {
		const {start, state, isLeftOut} = call;
		const latest = callsOf(iteration, start.speaker).at(-1)!;
		const remarks = [
			isLeftOut
				? weighed.has(start.speaker)
					? 'A person left its answer out when it had been weighed already.'
					: 'A person left its answer out.'
				: null,
			latest === call
				? null
				: `It was asked again in vain, and what it had said before counts. ${latest.outcome?.failure?.message ?? stateSentences[latest.state]}`,
			isLeftOut
				? null
				: call.outcome?.abort === 'budget'
					? 'The budget ended in the middle of its answer, which was weighed as far as it goes.'
					: (partialSentences[state] ?? null),
		];

		return remarks.flatMap(remark =>
			remark === null ? [] : `${start.speaker} (${start.model}): ${remark}`,
		);
	});
}

const partialSentences: Partial<Record<CallPicture['state'], string>> = {
	truncated:
		'Its answer was cut off by a token limit and was weighed as far as it goes.',
	stopped: 'It was stopped before it had finished.',
};
