import {type Instance, type SavedConsortium} from './consortium.js';
import {type Failure} from './failure.js';
import {type AbortKind} from './abort.js';
import {
	type CallPurpose,
	type ModelOptions,
	type Native,
	type StopReason,
	type Usage,
} from './model.js';

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
	readonly confidence: number | null;
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
What the arbiter said, with its labels read back as instances.
*/
export type Verdict = {
	readonly synthesis: string | null;

	/**
	The arbiter's own estimate, 0 to 1; null when it gave none, which is not 0.
	*/
	readonly confidence: number | null;
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
	readonly agreement: number | null;
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
	readonly transcriptId: string;
	readonly callId: string;
	readonly state: CallState;
	readonly answer: string;
	readonly final: string | null;
	readonly confidence: number | null;
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
	readonly confidence: number | null;
	readonly status: RunStatus;
	readonly exitCode: number;

	/**
	Why it ended, and everything that went wrong.
	*/
	readonly reasons: readonly string[];
	readonly consortium: SavedConsortium;
	readonly iterations: ReadonlyArray<{
		readonly iteration: number;
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

/**
Who makes calls: an instance, or `arbiter#n`.
*/
export type Speaker = {
	readonly id: string;
	readonly model: string;
	readonly transcriptId: string;
};

export type RunKind = 'ask' | 'retry' | 'resume' | 'rearbitrate';

export type RunEventBody =
	| {
			readonly type: 'run-start';
			readonly conversationId: string;

			/**
			Which question of the conversation this is, counted from 1.
			*/
			readonly turn: number;

			/**
			The run before this one in the conversation.
			*/
			readonly previousRunId: string | null;
			readonly kind: RunKind;
			readonly derivedFrom: string | null;
			readonly prompt: string;
			readonly consortium: SavedConsortium;
			readonly instances: ReadonlyArray<
				Instance & {readonly transcriptId: string}
			>;
			readonly arbiters: readonly Speaker[];
			readonly simulated: boolean;

			/**
			The seed of every shuffle of this run.
			*/
			readonly seed: number;

			/**
			Content hash of each prompt template in use, by name.
			*/
			readonly templates: Readonly<Record<string, string>>;
	  }
	| {
			readonly type: 'decision';
			readonly iteration: number;
			readonly strategy: string;
			readonly action: 'ask' | 'judge' | 'stop';
			readonly reason: string;
	  }
	| {
			readonly type: 'iteration-start';
			readonly iteration: number;
			readonly instances: readonly string[];
	  }
	| {
			readonly type: 'call-start';
			readonly callId: string;
			readonly iteration: number;
			readonly speaker: string;
			readonly purpose: CallPurpose;
			readonly model: string;
			readonly transcriptId: string;
			readonly system: string | null;
			readonly options: ModelOptions;

			/**
			The hash of the template the message was made from; null where it is the person's own words.
			*/
			readonly templateHash: string | null;

			/**
			The new user message only, in its parts; what was sent before it stands in the transcript.
			*/
			readonly message: readonly string[];

			/**
			The call whose message and answer stand right before this message in the request; null when it is the first.
			*/
			readonly extends: string | null;

			/**
			For the arbiter: which label stood for which instance.
			*/
			readonly labels: Readonly<Record<string, string>> | null;
	  }
	| {
			readonly type: 'call-send';
			readonly callId: string;
			readonly attempt: number;
	  }
	| {
			readonly type: 'call-delta';
			readonly callId: string;
			readonly channel: 'text' | 'thinking';
			readonly text: string;
	  }
	| {
			readonly type: 'call-retry';
			readonly callId: string;

			/**
			The attempt that failed, counted from 1.
			*/
			readonly attempt: number;
			readonly maxAttempts: number;
			readonly delayMs: number;
			readonly failure: Failure;

			/**
			Text had already been streamed: it is kept as a broken attempt, and the answer starts over.
			*/
			readonly startsOver: boolean;
	  }
	| {
			readonly type: 'call-end';
			readonly callId: string;
			readonly iteration: number;
			readonly speaker: string;
			readonly purpose: CallPurpose;
			readonly outcome: CallOutcome;

			/**
			Message and answer are part of the transcript from now on.
			*/
			readonly committed: boolean;
	  }
	| {
			/**
			The final answer as it streams, once it is certain to be the final one. Joined since the call last started over, the texts are the answer.
			*/
			readonly type: 'answer-delta';
			readonly callId: string;
			readonly text: string;
	  }
	| {
			/**
			Somebody reached into the run; the effects follow as ordinary events.
			*/
			readonly type: 'control';
			readonly verb: 'stop' | 'answer-now';
			readonly by: 'person' | 'strategy';
			readonly callIds: readonly string[];
	  }
	| {
			readonly type: 'call-mark';
			readonly callId: string;
			readonly mark: 'left-out' | 'put-back' | 'swapped-in';
			readonly reason: string;
	  }
	| {
			readonly type: 'verdict';
			readonly iteration: number;
			readonly arbiter: string;
			readonly callId: string;
			readonly labels: Readonly<Record<string, string>>;
			readonly verdict: Verdict;
	  }
	| {
			readonly type: 'nested';
			readonly parentCallId: string;
			readonly event: RunEvent;
	  }
	| {
			readonly type: 'run-end';

			/**
			The arbiter's call whose verdict is the answer; null when the answer is another's or there is none.
			*/
			readonly finalCallId: string | null;
			readonly result: RunResult;
	  };

/**
What happened, in order: plain JSON. `seq` counts from 0 without gaps; `t` is milliseconds since the Unix epoch.
*/
export type RunEvent = RunEventBody & {
	readonly runId: string;
	readonly seq: number;
	readonly t: number;
};
