import {type CallStart, type RunEvent, type RunEventBody} from './events.js';
import {
	type BrokenAttempt,
	type CallOutcome,
	type CallState,
	type RunResult,
	type VerdictResult,
} from './result.js';
import {type Failure} from './failure.js';
import {lastingMarks, type Mark} from './strategy.js';
import {foldCall, pictureOf} from './fold-call.js';
import {unreachable} from './unreachable.js';

type BodyOf<Type extends RunEventBody['type']> = Extract<
	RunEventBody,
	{readonly type: Type}
>;

/**
One call as it stands now.
*/
export type CallPicture = {
	readonly start: CallStart;
	readonly startedAt: number;
	state: 'waiting' | 'thinking' | 'answering' | 'retrying' | CallState;
	text: string;
	thinking: string;
	attempt: number;
	sentAt: number | null;
	firstTokenAt: number | null;

	/**
	When its end was told, or that it is taken over; null while it speaks.
	*/
	endedAt: number | null;
	retry: {
		readonly delayMs: number;
		readonly since: number;
		readonly failure: Failure;
	} | null;
	brokenAttempts: BrokenAttempt[];
	outcome: CallOutcome | null;
	isLeftOut: boolean;

	/**
	The run of the consortium that speaks here; null where a model does.
	*/
	nested: RunState | null;

	/**
	The earlier run that made and paid for it; null for a call of this run.
	*/
	readonly carriedFrom: string | null;

	/**
	Its instance is to be asked again: a person wants it so, or the call is carried by a run that was made for that.
	*/
	isAskedAgain: boolean;
};

export type IterationPicture = {
	readonly iteration: number;
	readonly instances: string[];

	/**
	In the order they started.
	*/
	readonly calls: CallPicture[];
	readonly verdicts: VerdictResult[];
};

/**
The picture of a run: folded from its events and from nothing else, so that everyone who hears them sees the same.
*/
export type RunState = {
	runId: string;
	start: BodyOf<'run-start'> | null;
	startedAt: number;

	/**
	When the last event was, and the number that the next one has.
	*/
	lastAt: number;
	nextSeq: number;

	/**
	How long it lay still, in milliseconds, before it was resumed.
	*/
	pausedMs: number;
	readonly iterations: IterationPicture[];
	readonly calls: Map<string, CallPicture>;
	readonly decisions: Array<BodyOf<'decision'>>;

	/**
	What was found out for the strategy, with the iteration it belongs to, in order.
	*/
	readonly observations: Array<BodyOf<'observation'>>;

	/**
	What the strategy has to say about an instance: what it said in the present iteration, and what lasts.
	*/
	readonly marks: Map<string, readonly Mark[]>;

	/**
	A person asked for the answer now: no iteration comes after this one.
	*/
	isAnswerWanted: boolean;
	result: RunResult | null;
};

export function emptyRun(): RunState {
	return {
		runId: '',
		start: null,
		startedAt: 0,
		lastAt: 0,
		nextSeq: 0,
		pausedMs: 0,
		iterations: [],
		calls: new Map(),
		decisions: [],
		observations: [],
		marks: new Map(),
		isAnswerWanted: false,
		result: null,
	};
}

/**
Fold one event into the picture, in place: a token costs an append and no copy.

@throws TypeError when an event speaks of a call or an iteration that never started.
*/
export function foldRun(run: RunState, event: RunEvent): void {
	foldBody(run, event);
	run.lastAt = event.t;
	run.nextSeq = event.seq + 1;
}

function foldBody(run: RunState, event: RunEvent): void {
	switch (event.type) {
		case 'run-start': {
			run.runId = event.runId;
			run.start = event;
			run.startedAt = event.t;
			break;
		}

		case 'run-resume': {
			const {limits, t} = event;
			run.start = {
				...run.start!,
				consortium: {...run.start!.consortium, limits},
			};
			run.pausedMs += t - run.lastAt;
			run.result = null;
			break;
		}

		case 'decision': {
			run.decisions.push(event);

			for (const mark of event.marks) {
				const others = run.marks.get(mark.instance) ?? [];
				run.marks.set(mark.instance, [
					...others.filter(each => !isReplacedBy(each, mark)),
					mark,
				]);
			}

			break;
		}

		case 'observation': {
			run.observations.push(event);
			break;
		}

		case 'iteration-start': {
			const {iteration, instances} = event;

			for (const [instance, marks] of run.marks) {
				run.marks.set(
					instance,
					marks.filter(({mark}) => lastingMarks.has(mark)),
				);
			}

			run.iterations.push({
				iteration,
				instances: [...instances],
				calls: [],
				verdicts: [],
			});
			break;
		}

		case 'call-start': {
			addCall(run, pictureOf(event, event.t));
			break;
		}

		case 'call-carry': {
			const {start, outcome, isLeftOut, carriedFrom, isAskedAgain, t} = event;
			const {state, text, thinking, brokenAttempts} = outcome;
			addCall(run, {
				...pictureOf(start, t),
				state,
				text,
				thinking,
				brokenAttempts: [...brokenAttempts],
				endedAt: t,
				outcome,
				isLeftOut,
				carriedFrom,
				isAskedAgain,
			});
			break;
		}

		case 'call-send':
		case 'call-delta':
		case 'call-retry':
		case 'call-mark':
		case 'call-end': {
			foldCall(callOf(run, event.callId), event);
			break;
		}

		case 'verdict': {
			const {iteration, arbiter, callId, verdict} = event;
			iterationOf(run, iteration).verdicts.push({...verdict, arbiter, callId});
			break;
		}

		case 'run-end': {
			run.result = event.result;
			break;
		}

		case 'control': {
			foldControl(run, event);
			break;
		}

		case 'nested': {
			const call = callOf(run, event.parentCallId);
			call.nested ??= emptyRun();
			foldRun(call.nested, event.event);
			break;
		}

		// The answer is in the arbiter's text already.
		case 'answer-delta': {
			break;
		}

		default: {
			unreachable(event);
		}
	}
}

/**
Nobody both wins and loses a vote.
*/
function isReplacedBy(before: Mark, {mark}: Mark): boolean {
	const isVote = [before.mark, mark].every(
		each => each === 'winner' || each === 'minority',
	);

	return isVote || before.mark === mark;
}

/**
Whether a run that is made from another one has told all that it takes over. Before that nothing was called, and nothing of it is worth keeping.
*/
export function hasTakenOver({start, decisions}: RunState): boolean {
	return start?.derivedFrom === null || decisions.length > 0;
}

function addCall(run: RunState, call: CallPicture): void {
	const {callId, iteration, purpose, speaker} = call.start;
	const {instances, calls} = iterationOf(run, iteration);
	run.calls.set(callId, call);
	calls.push(call);

	if (purpose === 'answer' && !instances.includes(speaker)) {
		instances.push(speaker);
	}
}

function foldControl(
	run: RunState,
	{verb, by, callIds, refusal}: BodyOf<'control'>,
): void {
	run.isAnswerWanted ||= verb === 'answer-now' && by === 'person';

	if ((verb === 'retry' || verb === 'swap') && refusal === null) {
		for (const callId of callIds) {
			callOf(run, callId).isAskedAgain = true;
		}
	}
}

function callOf(run: RunState, callId: string): CallPicture {
	const call = run.calls.get(callId);

	if (!call) {
		throw new TypeError(`The call ${callId} never started.`);
	}

	return call;
}

function iterationOf(run: RunState, number: number): IterationPicture {
	const iteration = run.iterations[number - 1];

	if (!iteration) {
		throw new TypeError(`Iteration ${number} never started.`);
	}

	return iteration;
}
