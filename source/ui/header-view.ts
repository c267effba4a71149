import {costsIn} from '../core/costs.js';
import {addUsage, unknownUsage} from '../core/model.js';
import {type RunResult} from '../core/result.js';
import {paidCalls} from '../core/paid-calls.js';
import {type CallPicture, type RunState} from '../core/run-state.js';
import {
	outputOf,
	servedShareOf,
	wholeSeconds,
	type KnownCalls,
} from './call-numbers.js';
import {type Figure, type HeaderView, type Phase} from './run-views.js';
import {lineOf} from './shown-names.js';

export const idleHeader: HeaderView = {
	runId: '',
	phase: 'idle',
	consortium: '',
	strategies: [],
	judging: 'synthesis',
	until: [],
	stop: 'any',
	confidenceThreshold: 0,
	prompt: '',
	simulated: false,
	instances: 0,
	iteration: 0,
	maxIterations: 0,
	elapsedMs: null,
	inputTokens: null,
	cached: null,
	outputTokens: null,
	costUsd: null,
	costIsComplete: true,
	status: null,
};

/**
A run in figures, as they are at `now` (milliseconds since the Unix epoch); `known` are the calls of its conversation. What a call that goes on will cost is nobody's guess: the costs of those that ended are a lower bound.
*/
export function headerOf(
	run: RunState,
	{
		phase,
		now,
		known,
	}: {
		readonly phase: Phase;
		readonly now: number;
		readonly known: KnownCalls;
	},
): HeaderView {
	const {start, result} = run;

	if (!start) {
		return idleHeader;
	}

	const {consortium, prompt, simulated, instances} = start;
	const {usage, outputTokens, costUsd, costIsComplete} = result
		? {
				...result,
				outputTokens: counted(result.usage.outputTokens),
			}
		: {...spentBy(paidCalls(run)), ...costsIn(run)};

	return {
		runId: run.runId,
		phase,
		consortium: lineOf(consortium.name),
		strategies: consortium.strategies,
		judging: consortium.judging,
		until: consortium.until,
		stop: consortium.stop,
		confidenceThreshold: consortium.confidenceThreshold,
		prompt: lineOf(prompt.slice(0, longestPrompt)),
		simulated,
		instances: instances.length,
		iteration: run.iterations.length,
		maxIterations: consortium.maxIterations,
		elapsedMs:
			result?.durationMs ??
			(phase === 'ended'
				? null
				: wholeSeconds(now - run.startedAt - run.pausedMs)),
		inputTokens: usage.inputTokens,
		cached: servedShareOf(paidCalls(run), known),
		outputTokens,
		costUsd,
		costIsComplete,
		status: result?.status ?? null,
	};
}

type Spent = Pick<RunResult, 'usage'> & {
	readonly outputTokens: Figure | null;
};

/**
What these calls took so far.
*/
function spentBy(calls: Iterable<CallPicture>): Spent {
	let usage = unknownUsage;
	let outputTokens: Figure | null = null;

	for (const call of calls) {
		const {outcome} = call;
		usage = outcome ? addUsage(usage, outcome.usage) : usage;
		outputTokens = added(outputTokens, outputOf(call));
	}

	return {usage, outputTokens};
}

const counted = (value: number | null): Figure | null =>
	value === null ? null : {value, isGuess: false};

/**
More of a question than a line can show is not looked at, in characters.
*/
const longestPrompt = 2000;

const added = (left: Figure | null, right: Figure | null): Figure | null =>
	left && right
		? {
				value: left.value + right.value,
				isGuess: left.isGuess || right.isGuess,
			}
		: (left ?? right);
