import {type Instance, type SavedConsortium} from './consortium.js';
import {type Failure} from './failure.js';
import {type CallPurpose, type ModelOptions} from './model.js';
import {type Observation} from './observation.js';
import {type CallOutcome, type RunResult, type Verdict} from './result.js';
import {type Mark} from './strategy.js';
import {type Standing} from './transcript.js';

/**
Who makes calls: an instance, or `arbiter#n`.
*/
export type Speaker = {
	readonly id: string;
	readonly model: string;
	readonly transcriptId: string;
};

/**
How a run came to be. One that is resumed stays the run it was.
*/
export type RunKind = 'ask' | 'retry' | 'rearbitrate';

/**
What was done so that the provider's prompt cache serves a call, or one after it. What came of it is in the call's usage.
*/
export type CallCache = {
	/**
	A beginning of the request is worth keeping, or has been kept.
	*/
	readonly isRequested: boolean;

	/**
	The part of the new message, counted from 0, that is the last to be kept; null when nothing new is.
	*/
	readonly keptPart: number | null;

	/**
	A marker or a key went with the request.
	*/
	readonly isSent: boolean;

	/**
	Shorter prefixes are not kept, in tokens; null when that is unknown.
	*/
	readonly minimumTokens: number | null;

	/**
	How long a prefix is kept after its last use, in milliseconds; null when nobody promises anything.
	*/
	readonly lifetimeMs: number | null;
};

export type CallStart = {
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

	/**
	Null in logs of before this was known.
	*/
	readonly cache: CallCache | null;

	/**
	What was set aside for it, in US dollars: all that is known of the cost of a call that was broken off. Null in logs of before this was known.
	*/
	readonly reservedUsd: number | null;
};

export type RunEventBody =
	| CallStart
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
				Instance & {
					readonly transcriptId: string;
					readonly standing: Standing;
				}
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
			/**
			A run that had been killed, cancelled or limited goes on, as the same run. Calls that were open are told to have ended, as cancelled, right after this.
			*/
			readonly type: 'run-resume';

			/**
			What it may cost and take from now on; what it cost before counts.
			*/
			readonly limits: SavedConsortium['limits'];
	  }
	| {
			readonly type: 'decision';
			readonly iteration: number;
			readonly strategy: string;
			readonly action: 'ask' | 'judge' | 'observe' | 'stop';
			readonly reason: string;

			/**
			What it has to say about single instances.
			*/
			readonly marks: readonly Mark[];

			/**
			The calls that it made needless, and what they would have cost, in US dollars; null where there are none, and where a price is unknown.
			*/
			readonly saved: {
				readonly calls: number;
				readonly usd: number | null;
			} | null;
	  }
	| {
			/**
			What was found out for the strategy.
			*/
			readonly type: 'observation';
			readonly iteration: number;
			readonly observation: Observation;
	  }
	| {
			readonly type: 'iteration-start';
			readonly iteration: number;
			readonly instances: readonly string[];
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
			The final answer as it streams, once it is certain to be the final one. Joined since the call last started over, the texts are the answer, unless the call is refused or fails when they were told: then that of `run-end` is.
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
			readonly verb:
				'stop' | 'answer-now' | 'retry' | 'swap' | 'leave-out' | 'put-back';
			readonly by: 'person' | 'strategy';

			/**
			The calls it is about: those that are stopped, the one that is made again, the one that is marked.
			*/
			readonly callIds: readonly string[];

			/**
			Why it has no effect, in a sentence; null when it has.
			*/
			readonly refusal: string | null;
	  }
	| {
			/**
			A finished call of an earlier run that this one takes over, under its own id. It was paid for there and costs nothing here.
			*/
			readonly type: 'call-carry';
			readonly callId: string;
			readonly iteration: number;

			/**
			The run that made it.
			*/
			readonly carriedFrom: string;
			readonly start: CallStart;
			readonly outcome: CallOutcome;
			readonly isLeftOut: boolean;

			/**
			Its instance is asked again here; until there is an answer this one counts.
			*/
			readonly isAskedAgain: boolean;
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
