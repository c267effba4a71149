import {type SavedConsortium} from './consortium.js';
import {type RunEventBody} from './events.js';
import {unknownUsage} from './model.js';
import {type CallOutcome} from './result.js';
import {answersOf, isUsable, latestOf} from './answers.js';
import {
	hasTakenOver,
	type CallPicture,
	type IterationPicture,
	type RunState,
} from './run-state.js';
import {type Step, type Strategy} from './strategy.js';
import {UserError} from './user-error.js';

type AskStep = Extract<Step, {type: 'ask'}>;

/**
@throws UserError for a run that came to its own end, and for one that never began.
*/
export function assertResumable(run: RunState): void {
	const {start, result} = run;

	if (!start) {
		throw new UserError('There is no run to be resumed.', 'Put a question.');
	}

	if (result && result.status !== 'cancelled' && result.status !== 'limited') {
		throw new UserError(
			`The run has ended by itself (${result.status}): nothing of it is missing.`,
			'Put the question anew; or have its answers judged again.',
		);
	}

	if (!hasTakenOver(run)) {
		throw new UserError(
			'The run was broken off before it called anybody.',
			'Make it again from the run before it.',
		);
	}
}

/**
What is said first when a run is resumed: under which limits, and that what was open has come to nothing. Its text is kept, what it cost nobody knows.
*/
export function resumption(
	run: RunState,
	limits: SavedConsortium['limits'],
): RunEventBody[] {
	return [
		{type: 'run-resume', limits},
		...run.calls
			.values()
			.filter(({outcome}) => outcome === null)
			.map(call => brokenOff(call)),
	];
}

function brokenOff(call: CallPicture): RunEventBody {
	const {start, text, thinking, sentAt, firstTokenAt, brokenAttempts} = call;
	const {callId, iteration, speaker, purpose} = start;

	return {
		type: 'call-end',
		callId,
		iteration,
		speaker,
		purpose,
		committed: false,
		outcome: {
			state: 'cancelled',
			text,
			thinking,
			final: null,
			confidence: null,
			failure: null,
			stop: null,
			resolvedModel: null,
			requestId: null,
			abort: null,
			native: null,
			usage: unknownUsage,
			costUsd: sentAt === null ? 0 : null,
			firstTokenMs:
				sentAt === null || firstTokenAt === null ? null : firstTokenAt - sentAt,
			durationMs: 0,
			brokenAttempts,
		},
	};
}

/**
Whether a call came to nothing, or was cut short, because of how its run ended.
*/
export function isBrokenOff({state, abort}: CallOutcome): boolean {
	return state === 'cancelled' || abort === 'budget';
}

/**
The first step of a resumed run that its strategy does not know of: to ask those whose call was broken off or never made, or to hear an arbiter out. Null when the strategy can go on by itself.

`asks` is what everyone was asked in the iteration that was broken off.
*/
export function missingStep(
	run: RunState,
	strategy: Strategy,
	asks: AskStep['ask'],
): Step | null {
	const current = run.iterations.at(-1);

	if (!current) {
		return null;
	}

	return current.calls.some(call => !isAnswer(call))
		? missingVerdicts(run, current, strategy)
		: missingAnswers(run, current, {strategy, asks});
}

/**
They are waited for as they were in the iteration that was broken off.
*/
function missingAnswers(
	run: RunState,
	current: IterationPicture,
	{
		strategy,
		asks,
	}: {readonly strategy: Strategy; readonly asks: AskStep['ask']},
): AskStep | null {
	const {start, isAnswerWanted, iterations} = run;
	const isEnough =
		isAnswerWanted && answersOf(current).some(call => isUsable(call));
	const ask = asks.filter(
		({instance}) =>
			current.instances.includes(instance) &&
			isMissing(latestOf(current, instance)),
	);

	if (isEnough || start!.kind === 'rearbitrate' || ask.length === 0) {
		return null;
	}

	const first = strategy.next({...run, iterations: iterations.slice(0, -1)});

	return {
		type: 'ask',
		ask,
		...(first.type === 'ask' && first.until && {until: first.until}),
		reason: `The run is resumed: ${ask.map(({instance}) => instance).join(', ')} had not answered.`,
	};
}

/**
Whether the latest call of an instance leaves something to be asked. What an earlier run had broken off is none of this one's business.
*/
function isMissing(latest: CallPicture | undefined): boolean {
	return (
		!latest?.outcome ||
		latest.isAskedAgain ||
		(latest.carriedFrom === null && isBrokenOff(latest.outcome))
	);
}

/**
The judging that goes on from the verdicts there are, as if what was not read yet had not been said: whoever is asked then is heard out.
*/
function missingVerdicts(
	run: RunState,
	current: IterationPicture,
	strategy: Strategy,
): Step | null {
	const step = strategy.next({
		...run,
		iterations: [
			...run.iterations.slice(0, -1),
			{
				...current,
				calls: current.calls.filter(
					(call, index) => isAnswer(call) || isRead(current, call, index),
				),
			},
		],
	});

	if (step.type !== 'judge') {
		return null;
	}

	const judge = step.judge.filter(
		each =>
			'brief' in each &&
			current.calls.every(
				({start, state}) =>
					start.speaker !== each.arbiter ||
					start.purpose === 'answer' ||
					(state !== 'failed' && state !== 'refused'),
			),
	);

	return judge.length === 0 ? null : {...step, judge};
}

/**
Whether a verdict was made of this reply, or of what its speaker was asked after it. A review of which none was made came to nothing when the arbiter was asked.
*/
function isRead(
	{calls, verdicts}: IterationPicture,
	{start: {speaker, purpose}}: CallPicture,
	index: number,
): boolean {
	return calls
		.slice(index)
		.some(
			({start}) =>
				(purpose === 'review' && start.purpose === 'synthesis') ||
				(start.speaker === speaker &&
					verdicts.some(({callId}) => callId === start.callId)),
		);
}

const isAnswer = ({start}: CallPicture) => start.purpose === 'answer';
