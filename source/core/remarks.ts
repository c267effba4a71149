import {degrading, degradingProblems} from './problems.js';
import {type CallState, type RunStatus, type VerdictResult} from './result.js';
import {answersOf, callsOf, isPartOfPanel, latestOf} from './answers.js';
import {isUnproven} from './judging/order.js';
import {type Mark} from './strategy.js';
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

	return [
		...members,
		...insideOf({iteration, verdict}, ['degraded', 'limited']),
		...degrading(verdict?.problems ?? []),
	];
}

/**
How the runs of consortiums ended that answered, or weighed the answers, where they did so in one of these ways.
*/
function insideOf(
	{iteration, verdict}: Source,
	statuses: readonly RunStatus[],
): string[] {
	const calls = iteration?.calls ?? [];
	const counting = new Set(iteration ? answersOf(iteration) : []);
	const made = new Set([verdict?.callId, ...(verdict?.madeOf ?? [])]);

	return calls.flatMap(call => {
		const {start, nested, isLeftOut, state} = call;
		const result = nested?.result;

		return result &&
			(counting.has(call) || made.has(start.callId)) &&
			!isLeftOut &&
			!degradingStates.has(state) &&
			statuses.includes(result.status)
			? [
					`${start.speaker} (${start.model}) ended as ${result.status}: ${result.reasons.join(' ')}`,
				]
			: [];
	});
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

	const marks = run.decisions
		.filter(({iteration: of}) => of === iteration.iteration)
		.flatMap(decision => decision.marks);

	const ofMembers = answersOf(iteration).flatMap(call => {
		const {start, state, isLeftOut} = call;
		const latest = latestOf(iteration, start.speaker)!;
		const remarks = [
			isLeftOut
				? weighed.has(start.speaker)
					? 'A person left its answer out when it had been weighed already.'
					: 'A person left its answer out.'
				: null,
			// One that was let go may stand after another that came to nothing.
			iteration.calls.indexOf(latest) <= iteration.calls.indexOf(call)
				? null
				: `It was asked again in vain, and what it had said before counts. ${latest.outcome?.failure?.message ?? stateSentences[latest.state]}`,
			...askedTwice(iteration, start.speaker, marks),
			isLeftOut
				? null
				: call.outcome?.abort === 'budget'
					? 'The budget ended in the middle of its answer, which was weighed as far as it goes.'
					: (partialSentences[state] ?? null),
			isLeftOut || weighed.has(start.speaker)
				? null
				: (marks.findLast(
						({instance, mark}) =>
							instance === start.speaker && mark === 'outlier',
					)?.text ?? null),
		];

		return remarks.flatMap(remark =>
			remark === null ? [] : `${start.speaker} (${start.model}): ${remark}`,
		);
	});

	return [
		...(verdict && isPartOfPanel(run, verdict)
			? [degradingProblems.notAll]
			: []),
		...(verdict && weighed.size > 1 && isUnproven(verdict, run)
			? [
					'It was a close call that was not judged in the opposite order: the order of the answers may have decided.',
				]
			: []),
		...ofMembers,
		...insideOf({iteration, verdict}, ['unconverged']),
	];
}

/**
What became of the two calls of an instance that was asked a second time while its first call went on, and what each cost.
*/
function askedTwice(
	iteration: IterationPicture,
	instance: string,
	marks: readonly Mark[],
): string[] {
	const [first, second] = callsOf(iteration, instance);
	const isHedged = marks.some(
		each => each.instance === instance && each.mark === 'hedged',
	);
	const told = (call: CallPicture, name: string) => {
		const usd = call.outcome?.costUsd ?? null;
		return `the ${name} call ${call.state === 'stopped' ? 'was stopped' : call.state} (${usd === null ? 'cost unknown' : `$${usd.toFixed(4)}`})`;
	};

	return isHedged &&
		first &&
		second &&
		[first, second].some(({state}) =>
			['stopped', 'answered', 'truncated'].includes(state),
		)
		? [
				`It was asked twice: ${told(first, 'first')}, ${told(second, 'second')}.`,
			]
		: [];
}

const partialSentences: Partial<Record<CallPicture['state'], string>> = {
	truncated:
		'Its answer was cut off by a token limit and was weighed as far as it goes.',
	stopped: 'It was stopped before it had finished.',
};
