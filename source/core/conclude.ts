import {abortKindOf, type AbortKind} from './abort.js';
import {
	type InstanceResult,
	type RunResult,
	type RunStatus,
	type VerdictResult,
} from './result.js';
import {groupFinals} from './agreement.js';
import {standingAlone} from './reading/final.js';
import {costsIn} from './costs.js';
import {faultsOf, remarksOf, stateSentences} from './remarks.js';
import {addUsage, noUsage, unknownUsage} from './model.js';
import {answersOf, countingVerdict, isUsable} from './answers.js';
import {
	type CallPicture,
	type IterationPicture,
	type RunState,
} from './run-state.js';
import {paidCalls} from './paid-calls.js';
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
				isLimited: isCutShort || isLimitedInside(run, ending),
			});
	const calls = paidCalls(run);

	const roles = new Map(start!.instances.map(({id, role}) => [id, role]));

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
				.map(call =>
					instanceResult(call, roles.get(call.start.speaker) ?? null),
				),
			verdicts: [...iteration.verdicts, ...failedVerdicts(iteration)],
		})),
		usage: calls.reduce(
			(sum, {outcome}) => addUsage(sum, outcome?.usage ?? unknownUsage),
			calls.length === 0 ? noUsage : unknownUsage,
		),
		...costsIn(run),
		durationMs: endedAt - startedAt - pausedMs,
		startedAt: new Date(startedAt).toISOString(),
	};

	const finalCallId = returned.verdict?.callId ?? null;

	return {
		result,
		// The answer of a vote is that of a member, which stays one.
		finalCallId:
			run.calls.get(finalCallId ?? '')?.start.purpose === 'answer'
				? null
				: finalCallId,
	};
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

/**
Whether nobody answered, or nobody weighed the answers, since a limit ended the run of a consortium that was to.
*/
function isLimitedInside({iterations}: RunState, {kind}: Ending): boolean {
	const calls = iterations.at(-1)?.calls ?? [];

	return calls.some(
		({start, nested}) =>
			kind === (start.purpose === 'answer' ? 'no-answers' : 'no-arbiter') &&
			nested?.result?.status === 'limited' &&
			nested.result.answer === null,
	);
}

function statusOf(
	{kind}: Ending,
	abort: AbortKind | null,
	{
		hasAnswer,
		hasFaults,
		isLimited,
	}: {
		readonly hasAnswer: boolean;
		readonly hasFaults: boolean;

		/**
		A limit kept somebody from speaking, or to the end.
		*/
		readonly isLimited: boolean;
	},
) {
	if (kind === 'limit' || abort === 'time' || abort === 'budget' || isLimited) {
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
		answer: standingAlone(member.text),
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

	if (
		!call ||
		countingVerdict(last!) !== undefined ||
		call.state === 'cancelled'
	) {
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

function instanceResult(
	{start, text, outcome, brokenAttempts, carriedFrom, isLeftOut}: CallPicture,
	role: string | null,
): InstanceResult {
	return {
		id: start.speaker,
		model: start.model,
		role,
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
	if (countingVerdict({verdicts})) {
		return [];
	}

	return calls
		.filter(
			({start}) =>
				start.purpose !== 'answer' &&
				verdicts.every(({callId}) => callId !== start.callId),
		)
		.map(({start, state, text, outcome}) => ({
			method: 'synthesis' as const,
			madeOf: [],
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
