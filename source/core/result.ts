import {type AbortKind} from './abort.js';
import {type SavedConsortium} from './consortium.js';
import {type Failure} from './failure.js';
import {type Native, type StopReason, type Usage} from './model.js';
import {type Share} from './share.js';

/**
How a call ended.

- `answered`
- `truncated`: cut by a token limit; the text is kept, shown to the arbiter, and marked
- `refused`, `empty`, `failed` (which has a `Failure`)
- `stopped`: by a person or a strategy; partial text is kept
- `cancelled`: with the run
*/
export type CallState =
	| 'answered'
	| 'truncated'
	| 'refused'
	| 'empty'
	| 'failed'
	| 'stopped'
	| 'cancelled';

/**
Text that was streamed and paid for before an attempt broke.
*/
export type BrokenAttempt = {
	readonly attempt: number;
	readonly text: string;
	readonly thinking: string;
	readonly failure: Failure;
};

export type CallOutcome = {
	readonly state: CallState;
	readonly text: string;
	readonly thinking: string;

	/**
	The member's one-line answer, and the confidence it stated (0 to 1); null for other purposes.
	*/
	readonly final: string | null;
	readonly confidence: Share | null;
	readonly failure: Failure | null;
	readonly stop: StopReason | null;
	readonly resolvedModel: string | null;
	readonly requestId: string | null;

	/**
	Who ended it before its time; null when nobody did.
	*/
	readonly abort: AbortKind | null;

	/**
	The reply in the provider's own shape, to be replayed in the next request; null where the text says it all.
	*/
	readonly native: Native | null;
	readonly usage: Usage;

	/**
	US dollars; null when the price or the use is unknown.
	*/
	readonly costUsd: number | null;

	/**
	From the moment the request went out to the first text or thinking.
	*/
	readonly firstTokenMs: number | null;

	/**
	From the moment the request went out; the wait in the queue is not in it.
	*/
	readonly durationMs: number;
	readonly brokenAttempts: readonly BrokenAttempt[];
};

/**
How a verdict came about. An arbiter wrote one answer out of all (`synthesis`), put the answers in order (`rank`) or chose one (`pick`); an instance reviewed the others (`review`); several verdicts were taken together (`panel`); the answers were counted (`vote`).
*/
export const judgeMethods = [
	'synthesis',
	'rank',
	'pick',
	'review',
	'panel',
	'vote',
] as const;
export type JudgeMethod = (typeof judgeMethods)[number];

/**
What the arbiter said, with its labels read back as instances.
*/
export type Verdict = {
	readonly method: JudgeMethod;

	/**
	The calls whose verdicts or answers were taken together; empty for one of somebody's own.
	*/
	readonly madeOf: readonly string[];
	readonly synthesis: string | null;

	/**
	The arbiter's own estimate, 0 to 1; null when it gave none, which is not 0.
	*/
	readonly confidence: Share | null;
	readonly needsIteration: boolean | null;
	readonly analysis: string;
	readonly dissent: ReadonlyArray<{
		readonly text: string;
		readonly who: readonly string[];
	}>;
	readonly refinementAreas: readonly string[];

	/**
	Instances, best first; those on one level share a group.
	*/
	readonly ranking: ReadonlyArray<readonly string[]>;

	/**
	Instances that say the same.
	*/
	readonly groups: ReadonlyArray<readonly string[]>;

	/**
	Share of the largest group among all that answered, 0 to 1; null when nothing tells who agrees.
	*/
	readonly agreement: Share | null;
	readonly problems: readonly string[];
	readonly raw: string;
};

export type RunStatus =
	| 'converged'
	| 'unconverged'
	| 'degraded'
	| 'unanswered'
	| 'limited'
	| 'cancelled';

export type InstanceResult = {
	readonly id: string;
	readonly model: string;

	/**
	The name of its role, or the role itself where it has no name; null for none.
	*/
	readonly role: string | null;
	readonly transcriptId: string;
	readonly callId: string;

	/**
	The earlier run that made and paid for this call; null for one of this run.
	*/
	readonly carriedFrom: string | null;

	/**
	By a person, who did not want it weighed any longer.
	*/
	readonly isLeftOut: boolean;
	readonly state: CallState;
	readonly answer: string;
	readonly final: string | null;
	readonly confidence: Share | null;
	readonly failure: Failure | null;
	readonly usage: Usage;
	readonly costUsd: number | null;
	readonly firstTokenMs: number | null;
	readonly durationMs: number;

	/**
	What earlier attempts of this call had streamed before they broke.
	*/
	readonly brokenAttempts: readonly BrokenAttempt[];
};

export type VerdictResult = Verdict & {
	readonly arbiter: string;
	readonly callId: string;
};

/**
The whole outcome of one question, the same for every way of asking. Units are in the names; absence is null.
*/
export type RunResult = {
	readonly v: 1;
	readonly runId: string;
	readonly conversationId: string;
	readonly simulated: boolean;
	readonly prompt: string;
	readonly answer: string | null;
	readonly confidence: Share | null;
	readonly status: RunStatus;
	readonly exitCode: number;

	/**
	Why it ended, and everything that went wrong.
	*/
	readonly reasons: readonly string[];
	readonly consortium: SavedConsortium;
	readonly iterations: ReadonlyArray<{
		readonly iteration: number;

		/**
		An entry for each call: an instance that was asked again has several, in the order they began.
		*/
		readonly instances: readonly InstanceResult[];
		readonly verdicts: readonly VerdictResult[];
	}>;
	readonly usage: Usage;
	readonly costUsd: number | null;

	/**
	False when a call's cost is missing from `costUsd`.
	*/
	readonly costIsComplete: boolean;
	readonly durationMs: number;
	readonly startedAt: string;
};
