import {type RunEvent, type RunEventBody} from '../../source/core/events.js';
import {
	type CallOutcome,
	type RunResult,
	type Verdict,
} from '../../source/core/result.js';
import {
	type SavedConsortium,
	instancesOf,
} from '../../source/core/consortium.js';
import {type Failure} from '../../source/core/failure.js';
import {unknownUsage, type Usage} from '../../source/core/model.js';

export const usage: Usage = {
	inputTokens: 120,
	cachedTokens: 64,
	cacheWriteTokens: null,
	outputTokens: 30,
	reasoningTokens: 12,
};

export const consortium: SavedConsortium = {
	v: 1,
	name: 'duo',
	members: [
		{slot: 'opus', model: 'anthropic/opus', count: 1},
		{slot: 'luna', model: 'openai/luna', count: 1, options: {temperature: 0.2}},
	],
	arbiters: [{model: 'anthropic/opus'}],
	strategies: [{name: 'default', params: {}}],
	judging: 'synthesis',
	memory: 'reply',
	confidenceThreshold: 0.8,
	minIterations: 1,
	maxIterations: 3,
	stop: 'any',
	until: [],
	system: 'Answer with care.',
	limits: {budgetUsd: null, timeoutSeconds: 600},
};

export function failure(message: string): Failure {
	return {
		kind: 'overloaded',
		message,
		retryable: true,
		status: 529,
		requestId: 'req_1',
	};
}

export function outcome(changes: Partial<CallOutcome>): CallOutcome {
	return {
		state: 'answered',
		text: '',
		thinking: '',
		final: null,
		confidence: null,
		failure: null,
		abort: null,
		stop: 'done',
		resolvedModel: null,
		requestId: null,
		native: null,
		usage,
		costUsd: 0.0125,
		firstTokenMs: 210,
		durationMs: 1480,
		brokenAttempts: [],
		...changes,
	};
}

/**
What a provider that reports nothing leaves of an outcome.
*/
export const unknownOutcome: Partial<CallOutcome> = {
	usage: unknownUsage,
	costUsd: null,
	firstTokenMs: null,
	durationMs: 0,
};

export const verdict: Verdict = {
	method: 'synthesis',
	madeOf: [],
	synthesis: 'Forty-two, both say.',
	confidence: 0.9,
	needsIteration: false,
	analysis: 'They agree.',
	dissent: [{text: 'One is less sure.', who: ['luna#1']}],
	refinementAreas: ['units'],
	ranking: [['opus#1'], ['luna#1']],
	groups: [['opus#1', 'luna#1']],
	agreement: 1,
	problems: ['No tag was closed.'],
	raw: '<synthesis>Forty-two, both say.</synthesis>',
};

/**
Number the events of a run, a millisecond apart.
*/
export function stamped(
	runId: string,
	bodies: readonly RunEventBody[],
	startedAt = Date.UTC(2026, 10, 20, 22, 18, 47, 104),
): RunEvent[] {
	return bodies.map((body, seq) => ({...body, runId, seq, t: startedAt + seq}));
}

export function runStart(runId: string, prompt: string): RunEventBody {
	return {
		type: 'run-start',
		conversationId: `${runId}-chat`,
		turn: 1,
		previousRunId: null,
		kind: 'ask',
		derivedFrom: null,
		prompt,
		consortium,
		instances: instancesOf(consortium).map(instance => ({
			...instance,
			transcriptId: `${runId}-${instance.slot}`,
			standing: 'new' as const,
		})),
		arbiters: [
			{
				id: 'arbiter#1',
				model: 'anthropic/opus',
				transcriptId: `${runId}-arbiter`,
			},
		],
		simulated: false,
		seed: 4_294_967_295,
		templates: {answer: 'hash-of-answer'},
	};
}

export function callStart(
	runId: string,
	speaker: string,
	message: readonly string[],
): RunEventBody {
	const slot = speaker.split('#', 1)[0]!;
	const isArbiter = slot === 'arbiter';

	return {
		type: 'call-start',
		callId: `${runId}-${slot}-1`,
		iteration: 1,
		speaker,
		purpose: isArbiter ? 'synthesis' : 'answer',
		model: slot === 'luna' ? 'openai/luna' : 'anthropic/opus',
		transcriptId: `${runId}-${slot}`,
		system: isArbiter ? null : 'Answer with care.',
		options: slot === 'luna' ? {temperature: 0.2} : {},
		templateHash: isArbiter ? 'hash-of-brief' : null,
		message,
		extends: null,
		labels: isArbiter ? {A: 'opus#1', B: 'luna#1'} : null,
		cache: null,
		reservedUsd: null,
	};
}

/**
What a run says when it ends well: two members, one of them after two failures, and a confident arbiter.
*/
export function runOf(
	runId: string,
	{
		prompt = 'What is the answer?',
		failureMessage = 'The model is overloaded.',
	}: {readonly prompt?: string; readonly failureMessage?: string} = {},
): RunEvent[] {
	const [opus, luna, arbiter] = ['opus', 'luna', 'arbiter'].map(
		slot => `${runId}-${slot}-1`,
	) as [string, string, string];
	const busy = failure(failureMessage);
	const opusOutcome = outcome({
		text: 'Forty-two.',
		thinking: 'Six by seven…',
		final: '42',
		confidence: 0.85,
		resolvedModel: 'opus-2026-01',
		requestId: 'req_2',
		native: {
			protocol: 'anthropic',
			items: [{type: 'text', text: 'Forty-two.'}],
		},
	});
	const lunaOutcome = outcome({
		state: 'truncated',
		text: 'Probably 4',
		stop: 'length',
		costUsd: null,
		firstTokenMs: null,
		brokenAttempts: [{attempt: 2, text: 'Prob', thinking: 'Hm', failure: busy}],
	});
	const delta = (
		callId: string,
		text: string,
		channel: 'text' | 'thinking' = 'text',
	): RunEventBody => ({type: 'call-delta', callId, channel, text});
	const retry = {
		type: 'call-retry',
		callId: luna,
		maxAttempts: 3,
		delayMs: 500,
		failure: busy,
	} as const;
	const ended = {iteration: 1, purpose: 'answer', committed: true} as const;

	return stamped(runId, [
		runStart(runId, prompt),
		{
			type: 'decision',
			iteration: 1,
			strategy: 'default',
			action: 'ask',
			reason: 'Nobody has answered yet.',
			marks: [],
			saved: null,
		},
		{type: 'iteration-start', iteration: 1, instances: ['opus#1', 'luna#1']},
		callStart(runId, 'opus#1', [prompt]),
		callStart(runId, 'luna#1', [prompt]),
		{type: 'call-send', callId: opus, attempt: 1},
		{type: 'call-send', callId: luna, attempt: 1},
		{...retry, attempt: 1, startsOver: false},
		delta(opus, 'Six by ', 'thinking'),
		delta(luna, 'H', 'thinking'),
		delta(opus, 'seven…', 'thinking'),
		delta(luna, 'm', 'thinking'),
		delta(opus, 'Forty'),
		delta(luna, 'Pr'),
		delta(opus, '-two.'),
		{
			...ended,
			type: 'call-end',
			callId: opus,
			speaker: 'opus#1',
			outcome: opusOutcome,
		},
		delta(luna, 'ob'),
		{...retry, attempt: 2, startsOver: true},
		{type: 'call-send', callId: luna, attempt: 3},
		delta(luna, 'Probably '),
		{
			type: 'control',
			verb: 'answer-now',
			by: 'person',
			callIds: [luna],
			refusal: null,
		},
		delta(luna, '4'),
		{
			...ended,
			type: 'call-end',
			callId: luna,
			speaker: 'luna#1',
			outcome: lunaOutcome,
		},
		{type: 'call-mark', callId: luna, mark: 'put-back', reason: 'It may help.'},
		callStart(runId, 'arbiter#1', [
			'How to weigh.',
			'A: Forty-two. B: Probably 4',
		]),
		{type: 'call-send', callId: arbiter, attempt: 1},
		{
			type: 'nested',
			parentCallId: arbiter,
			event: {
				...runStart('inner-run', 'What is inside?'),
				runId: 'inner-run',
				seq: 0,
				t: 5,
			},
		},
		delta(arbiter, verdict.raw),
		{type: 'answer-delta', callId: arbiter, text: verdict.synthesis!},
		{
			type: 'call-end',
			callId: arbiter,
			iteration: 1,
			speaker: 'arbiter#1',
			purpose: 'synthesis',
			committed: false,
			outcome: outcome({text: verdict.raw}),
		},
		{
			type: 'verdict',
			iteration: 1,
			arbiter: 'arbiter#1',
			callId: arbiter,
			labels: {A: 'opus#1', B: 'luna#1'},
			verdict,
		},
		{
			type: 'run-end',
			finalCallId: arbiter,
			result: resultOf(runId, prompt, [opusOutcome, lunaOutcome]),
		},
	]);
}

function resultOf(
	runId: string,
	prompt: string,
	outcomes: readonly CallOutcome[],
): RunResult {
	return {
		v: 1,
		runId,
		conversationId: `${runId}-chat`,
		simulated: false,
		prompt,
		answer: verdict.synthesis,
		confidence: verdict.confidence,
		status: 'converged',
		exitCode: 0,
		reasons: outcomes.flatMap(({brokenAttempts}) =>
			brokenAttempts.map(attempt => `luna#1: ${attempt.failure.message}`),
		),
		consortium,
		iterations: [
			{
				iteration: 1,
				instances: instancesOf(consortium).map(({id, slot, model}, index) => ({
					...outcomes[index]!,
					id,
					model,
					role: null,
					transcriptId: `${runId}-${slot}`,
					callId: `${runId}-${slot}-1`,
					carriedFrom: null,
					isLeftOut: false,
					answer: outcomes[index]!.text,
				})),
				verdicts: [
					{...verdict, arbiter: 'arbiter#1', callId: `${runId}-arbiter-1`},
				],
			},
		],
		usage,
		costUsd: 0.025,
		costIsComplete: false,
		durationMs: 3200,
		startedAt: '2026-11-20T22:18:47.104Z',
	};
}
