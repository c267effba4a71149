import {type RunResult} from '../../source/core/result.js';
import {emptyRun} from '../../source/core/run-state.js';
import {type TurnView} from '../../source/ui/turn-view.js';
import {consortium, usage, verdict} from './events.js';

/**
The result of a run of one iteration that went well, but for what is changed.
*/
export function resultWith(changes: Partial<RunResult> = {}): RunResult {
	const answer = 'Forty-two, **both** say.';

	return {
		v: 1,
		runId: 'run-1',
		conversationId: 'chat-1',
		simulated: false,
		prompt: 'What is the answer?',
		answer,
		confidence: 0.9,
		status: 'converged',
		exitCode: 0,
		reasons: ['The confidence was reached.'],
		consortium,
		iterations: [
			{
				iteration: 1,
				instances: [],
				verdicts: [
					{
						...verdict,
						synthesis: answer,
						arbiter: 'arbiter#1',
						callId: 'call-1',
					},
				],
			},
		],
		usage,
		costUsd: 0.025,
		costIsComplete: true,
		durationMs: 3200,
		startedAt: '2026-11-20T22:18:47.104Z',
		...changes,
	};
}

export function turnWith(
	changes: Partial<TurnView> = {},
	result: Partial<RunResult> = {},
): TurnView {
	return {
		runId: 'run-1',
		kind: 'ask',
		turn: 1,
		prompt: 'What is the answer?',
		consortium: 'duo',
		simulated: false,
		startedAt: Date.UTC(2026, 10, 20),
		result: resultWith(result),
		rating: null,
		picture: emptyRun(),
		...changes,
	};
}
