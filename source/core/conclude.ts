import {abortKindOf, type AbortKind} from './abort.js';
import {
	type InstanceResult,
	type RunResult,
	type RunStatus,
	type VerdictResult,
} from './result.js';
import {groupFinals} from './agreement.js';
import {withoutClosing} from './reading/final.js';
import {faultsOf, remarksOf, stateSentences} from './remarks.js';
import {addUsage, noUsage, unknownUsage} from './model.js';
import {answersOf, isUsable} from './answers.js';
import {
	type CallPicture,
	type IterationPicture,
	type RunState,
} from './run-state.js';
import {returnedVerdict} from './returned.js';
import {mostConfident} from './stop.js';
import {type StopKind} from './strategy.js';

/**
How a run came to its end.
*/
export type Ending = {readonly reason: string} & (
	| {readonly kind: StopKind | 'limit'}
	| {readonly kind: 'aborted'; readonly signal: AbortSignal}
);

const exitCodes = {
	unconverged: 3,
	degraded: 4,
	unanswered: 5,
	limited: 6,
} as const satisfies Partial<Record<RunStatus, number>>;

const abortExitCodes = {
	person: 130,
	hangup: 129,
	terminated: 143,
	pipe: 141,
	strategy: 130,
	time: exitCodes.limited,
	budget: exitCodes.limited,
} as const satisfies Record<AbortKind, number>;

/**
The result of a run, from its picture alone. `finalCallId` is the call whose verdict is returned.

Of several things that went wrong the one with the largest exit code gives the status; `reasons` names them all.
*/
export function conclude(
	run: RunState,
	ending: Ending,
	endedAt: number,
): {readonly result: RunResult; readonly finalCallId: string | null} {
	const {start, runId, startedAt, pausedMs} = run;
	const {consortium, conversationId, prompt, simulated} = start!;
	const abort = ending.kind === 'aborted' ? abortKindOf(ending.signal) : null;
	const isCancelled = abort !== null && abort !== 'time' && abort !== 'budget';
	const returned = returnedFrom(run, ending, isCancelled);
	const faults = faultsOf(returned);
	const isCutShort = isCutByBudget(run, returned);
	const status = isCancelled
		? 'cancelled'
		: statusOf(ending, abort, {
				hasAnswer: returned.answer !== null,
				hasFaults: faults.length > 0,
				isCutShort,
			});
	const calls = run.calls
		.values()
		.filter(({carriedFrom}) => carriedFrom === null)
		.toArray();
	const costs = calls.flatMap(({outcome}) => outcome?.costUsd ?? []);

	const result: RunResult = {
		v: 1,
		runId,
		conversationId,
		simulated,
		prompt,
		answer: returned.answer,
		confidence: returned.verdict?.confidence ?? null,
		status,
		exitCode: isCancelled
			? abortExitCodes[abort]
			: status === 'converged' || status === 'cancelled'
				? 0
				: exitCodes[status],
		reasons: [
			...(isCutShort ? ['The budget ended in the middle of a reply.'] : []),
			abort === null ? ending.reason : abortReasons[abort],
			...returned.notes,
			...faults,
			...remarksOf(run, returned),
		],
		consortium,
		iterations: run.iterations.map(iteration => ({
			iteration: iteration.iteration,
			instances: iteration.calls
				.filter(call => call.start.purpose === 'answer')
				.map(call => instanceResult(call)),
			verdicts: [...iteration.verdicts, ...failedVerdicts(iteration)],
		})),
		usage: calls.reduce(
			(sum, {outcome}) => addUsage(sum, outcome?.usage ?? unknownUsage),
			calls.length === 0 ? noUsage : unknownUsage,
		),
		costUsd:
			costs.length === 0 && calls.length > 0
				? null
				: costs.reduce((sum, cost) => sum + cost, 0),
		costIsComplete: calls.every(
			({outcome, brokenAttempts}) =>
				outcome !== null &&
				outcome.costUsd !== null &&
				brokenAttempts.length === 0,
		),
		durationMs: endedAt - startedAt - pausedMs,
		startedAt: new Date(startedAt).toISOString(),
	};

	return {result, finalCallId: returned.verdict?.callId ?? null};
}

/**
Whether the money ended in the middle of an answer that counts, or of what the arbiter said to it.
*/
function isCutByBudget(run: RunState, {iteration, verdict}: Returned): boolean {
	const judging =
		run.calls.get(verdict?.callId ?? '') ??
		iteration?.calls.findLast(({start}) => start.purpose !== 'answer');

	return [...(iteration ? answersOf(iteration) : []), judging].some(
		call => call?.outcome?.abort === 'budget',
	);
}

function statusOf(
	{kind}: Ending,
	abort: AbortKind | null,
	{
		hasAnswer,
		hasFaults,
		isCutShort,
	}: {
		readonly hasAnswer: boolean;
		readonly hasFaults: boolean;

		/**
		The money ended in the middle of an answer.
		*/
		readonly isCutShort: boolean;
	},
) {
	if (
		kind === 'limit' ||
		abort === 'time' ||
		abort === 'budget' ||
		isCutShort
	) {
		return 'limited';
	}

	if (!hasAnswer) {
		return 'unanswered';
	}

	if (hasFaults || kind === 'no-answers' || kind === 'no-arbiter') {
		return 'degraded';
	}

	return kind === 'converged' ? 'converged' : 'unconverged';
}

const abortReasons = {
	person: 'The run was interrupted.',
	hangup: 'The terminal went away.',
	terminated: 'The process was told to end.',
	pipe: 'Nobody reads the output any more.',
	strategy: 'The strategy ended the run.',
	time: 'The time limit was reached and the calls still running were given up.',
	budget: 'The budget was used up.',
} as const satisfies Record<AbortKind, string>;

type Returned = {
	readonly answer: string | null;
	readonly verdict: VerdictResult | null;

	/**
	Where the answer comes from.
	*/
	readonly iteration: IterationPicture | null;
	readonly notes: readonly string[];
};

/**
The answer there is: the verdict that ended the run, else the most confident one, else the best answer of a member, unweighed and marked as such, unless the run was cancelled.
*/
function returnedFrom(
	run: RunState,
	{kind}: Ending,
	isCancelled: boolean,
): Returned {
	const best = returnedVerdict(run, kind === 'converged');
	const arbiterFailure = failureOfArbiter(run);
	const notes = arbiterFailure === null ? [] : [arbiterFailure];

	if (best) {
		return {
			answer: best.verdict.synthesis,
			verdict: best.verdict,
			iteration: best.iteration,
			notes,
		};
	}

	const iteration = run.iterations.findLast(each =>
		answersOf(each).some(call => isUsable(call)),
	);

	if (!iteration || isCancelled) {
		return {
			answer: null,
			verdict: null,
			iteration: run.iterations.at(-1) ?? null,
			notes,
		};
	}

	const member = bestMember(iteration);
	return {
		answer: withoutClosing(member.text),
		verdict: null,
		iteration,
		notes: [
			...notes,
			`There is no verdict: this is the answer of ${member.start.speaker} alone.`,
		],
	};
}

function failureOfArbiter(run: RunState): string | null {
	const last = run.iterations.at(-1);
	const call = last?.calls.findLast(({start}) => start.purpose !== 'answer');

	if (!call || last!.verdicts.length > 0 || call.state === 'cancelled') {
		return null;
	}

	const why = call.outcome?.failure?.message ?? stateSentences[call.state];
	return `The arbiter gave no verdict in iteration ${last!.iteration}: ${why}`;
}

/**
The most confident answer among the largest group of equal final lines, in the order of the configuration.
*/
function bestMember(iteration: IterationPicture): CallPicture {
	const usable = answersOf(iteration).filter(call => isUsable(call));
	const [largest] = groupFinals(
		usable.map(({start, outcome}) => ({
			id: start.speaker,
			final: outcome?.final ?? null,
		})),
	);
	const eligible = usable.filter(
		({start}) => !largest || largest.includes(start.speaker),
	);

	return mostConfident(
		eligible.toReversed(),
		({outcome}) => outcome?.confidence ?? null,
	)!;
}

function instanceResult({
	start,
	text,
	outcome,
	brokenAttempts,
	carriedFrom,
	isLeftOut,
}: CallPicture): InstanceResult {
	return {
		id: start.speaker,
		model: start.model,
		transcriptId: start.transcriptId,
		callId: start.callId,
		carriedFrom,
		isLeftOut,
		state: outcome?.state ?? 'cancelled',
		answer: text,
		final: outcome?.final ?? null,
		confidence: outcome?.confidence ?? null,
		failure: outcome?.failure ?? null,
		usage: outcome?.usage ?? unknownUsage,
		costUsd: outcome?.costUsd ?? null,
		firstTokenMs: outcome?.firstTokenMs ?? null,
		durationMs: outcome?.durationMs ?? 0,
		brokenAttempts,
	};
}

/**
What an arbiter said that never became a verdict: paid for, so kept.
*/
function failedVerdicts({calls, verdicts}: IterationPicture): VerdictResult[] {
	if (verdicts.length > 0) {
		return [];
	}

	return calls
		.filter(({start}) => start.purpose !== 'answer')
		.map(({start, state, text, outcome}) => ({
			arbiter: start.speaker,
			callId: start.callId,
			synthesis: null,
			confidence: null,
			needsIteration: null,
			analysis: '',
			dissent: [],
			refinementAreas: [],
			ranking: [],
			groups: [],
			agreement: null,
			problems: [outcome?.failure?.message ?? stateSentences[state]],
			raw: text,
		}));
}
