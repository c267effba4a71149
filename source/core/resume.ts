import {type SavedConsortium} from './consortium.js';
import {type RunEventBody} from './events.js';
import {unknownUsage} from './model.js';
import {answersOf} from './answers.js';
import {type CallPicture, type RunState} from './run-state.js';
import {type Step, type Strategy} from './strategy.js';
import {UserError} from './user-error.js';

/**
@throws UserError for a run that came to its own end, and for one that never began.
*/
export function assertResumable({start, result}: RunState): void {
	if (!start) {
		throw new UserError('There is no run to be resumed.', 'Put a question.');
	}

	if (result && result.status !== 'cancelled' && result.status !== 'limited') {
		throw new UserError(
			`The run has ended by itself (${result.status}): nothing of it is missing.`,
			'Put the question anew; or have its answers judged again.',
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
The first step of a resumed run that its strategy does not know of: to ask those whose call was broken off or never made, or to read what an arbiter had said. Null when the strategy can go on by itself.

`asksIn` says what everyone was asked in the iteration that was broken off.
*/
export function missingStep(
	run: RunState,
	strategy: Strategy,
	asksIn: () => Extract<Step, {type: 'ask'}>['ask'],
): Step | null {
	const current = run.iterations.at(-1);

	if (!current || current.verdicts.length > 0) {
		return null;
	}

	const ended = new Set(
		answersOf(current)
			.filter(({state}) => state !== 'cancelled')
			.map(({start}) => start.speaker),
	);
	const missing = current.instances.filter(id => !ended.has(id));
	const ask =
		missing.length === 0 || run.isAnswerWanted
			? []
			: asksIn().filter(({instance}) => missing.includes(instance));

	if (ask.length > 0) {
		return {
			type: 'ask',
			ask,
			reason: `The run is resumed: ${missing.join(', ')} had not answered.`,
		};
	}

	const isAnswer = ({start}: CallPicture) => start.purpose === 'answer';
	const step = strategy.next({
		...run,
		iterations: [
			...run.iterations.slice(0, -1),
			{...current, calls: current.calls.filter(call => isAnswer(call))},
		],
	});
	const hasArbiterSpoken = current.calls.some(
		call =>
			!isAnswer(call) &&
			call.text.trim() !== '' &&
			call.state !== 'failed' &&
			call.state !== 'refused' &&
			call.state !== 'cancelled',
	);

	return step.type === 'judge' && hasArbiterSpoken ? step : null;
}
