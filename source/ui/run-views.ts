import {type CacheUse} from '../core/cache-use.js';
import {
	type JudgingMethod,
	type SavedConsortium,
	type StopPolicy,
} from '../core/consortium.js';
import {type CallPicture} from '../core/run-state.js';
import {type RunResult} from '../core/result.js';
import {type Share} from '../core/share.js';

/**
What the screen is shown of a run, made afresh only where something changed: an object that is the same has the same content. All texts are clean.
*/

/**
Who is at work: `idle` before the first run.
*/
export type Phase = 'idle' | 'members' | 'arbiter' | 'ended';

/**
Whether the speaker waits for its turn, for a place in a queue, is not asked in this iteration, or is as its call is.
*/
export type PaneState =
	CallPicture['state'] | 'queued' | 'left-out' | 'not-asked';

/**
A figure that was counted, or guessed from what has come so far.
*/
export type Figure = {
	readonly value: number;
	readonly isGuess: boolean;
};

/**
An instance as it is called on the screen. `number` is that of its pane, counted from 1.
*/
export type Who = {readonly number: number; readonly name: string};

export type CallNumbers = {
	/**
	Since the request went out, in whole seconds while the call goes on; null before.
	*/
	readonly elapsedMs: number | null;
	readonly firstTokenMs: number | null;
	readonly tokensPerSecond: Figure | null;
	readonly outputTokens: Figure | null;

	/**
	US dollars; null while it is unknown.
	*/
	readonly costUsd: number | null;

	/**
	What the provider's cache served of the input; null while that is unknown.
	*/
	readonly cache: CacheUse | null;
};

/**
All of a pane but its text: the same object until something in it changed, at most every second for what the clock changes.
*/
export type PaneHead = Who & {
	readonly id: string;
	readonly callId: string | null;
	readonly iteration: number;
	readonly state: PaneState;
	readonly word: string;

	/**
	What the strategy says of it, in a word or two each.
	*/
	readonly marks: readonly string[];

	/**
	Why it gave no answer, or why it tries again.
	*/
	readonly failure: string | null;

	/**
	Why it is not asked; null when it is.
	*/
	readonly whyNot: string | null;

	/**
	What goes on inside of a consortium that is at work; null elsewhere.
	*/
	readonly inside: string | null;
	readonly confidence: Share | null;
	readonly numbers: CallNumbers;
};

/**
What the text of a pane is: the answer, what came before it, or the answer of the iteration before.
*/
export type TextKind = 'answer' | 'thinking' | 'earlier';

export type PaneView = {
	readonly head: PaneHead;
	readonly kind: TextKind;

	/**
	The iteration an earlier text is of; null when the text is not, or there is none.
	*/
	readonly earlier: number | null;

	/**
	The last lines, wrapped.
	*/
	readonly lines: readonly string[];
};

/**
What came of an iteration.
*/
export type Weighed = {
	readonly iteration: number;
	readonly confidence: Share | null;

	/**
	What stands in the place of a confidence where the answers were counted; null elsewhere.
	*/
	readonly vote: string | null;

	/**
	Since the verdict before; null when one of them is unknown.
	*/
	readonly change: number | null;
	readonly agreement: Share | null;
	readonly stated: ReadonlyArray<{
		readonly number: number;
		readonly confidence: Share | null;
	}>;
};

/**
Something to know of how the answers are weighed: a few words for it, and what it is.
*/
export type Told = {readonly label: string; readonly text: string};

/**
All of the arbiter but the text it is writing.
*/
export type ArbiterHead = {
	/**
	Who weighs: `arbiter opus`, `panel opus, sol`, `vote`.
	*/
	readonly name: string;
	readonly phase: Phase;
	readonly state: PaneState;
	readonly activity: string;
	readonly failure: string | null;
	readonly numbers: CallNumbers;
	readonly threshold: Share;
	readonly weighed: readonly Weighed[];

	/**
	How those who weigh together stand, in what order the answers were put, what was found out and what was saved.
	*/
	readonly told: readonly Told[];
	readonly dissent: ReadonlyArray<{
		readonly text: string;
		readonly who: readonly Who[];
	}>;
	readonly refinementAreas: readonly string[];
	readonly problems: readonly string[];

	/**
	Why the run ended, in sentences; null while it goes on.
	*/
	readonly ending: readonly string[] | null;
};

export type ArbiterView = {
	readonly head: ArbiterHead;
	readonly kind: TextKind;

	/**
	While a synthesis is written its last lines, else the first of the last one.
	*/
	readonly lines: readonly string[];

	/**
	How many lines the text has; null where nobody counted.
	*/
	readonly total: number | null;
};

export type HeaderView = {
	readonly runId: string;
	readonly phase: Phase;
	readonly consortium: string;
	readonly strategies: SavedConsortium['strategies'];
	readonly judging: JudgingMethod;
	readonly until: readonly string[];
	readonly stop: StopPolicy;
	readonly confidenceThreshold: Share;
	readonly prompt: string;
	readonly simulated: boolean;
	readonly instances: number;
	readonly iteration: number;
	readonly maxIterations: number;

	/**
	Null for a run of the past that never ended.
	*/
	readonly elapsedMs: number | null;
	readonly inputTokens: number | null;

	/**
	The share of the input that came from caches, where there was anything they could serve.
	*/
	readonly cached: Share | null;
	readonly outputTokens: Figure | null;
	readonly costUsd: number | null;
	readonly costIsComplete: boolean;
	readonly status: RunResult['status'] | null;
};

/**
A part of a whole text, in its own lines.
*/
export type ZoomPart = {
	readonly kind: TextKind | 'rule' | 'note';
	readonly lines: readonly string[];
};

export type ZoomView = {
	readonly target: number | 'arbiter';
	readonly parts: readonly ZoomPart[];
	readonly total: number;
};
