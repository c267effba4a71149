import {type RunEvent} from './events.js';
import {type Failure} from './failure.js';

/**
Token counts of one call. A provider that reports nothing leaves null, which is not 0.
*/
export type Usage = {
	/**
	Everything read, cached tokens included.
	*/
	readonly inputTokens: number | null;

	/**
	The part of the input served from the provider's prompt cache.
	*/
	readonly cachedTokens: number | null;

	/**
	The part of the input newly written to that cache.
	*/
	readonly cacheWriteTokens: number | null;

	/**
	Everything written, reasoning included.
	*/
	readonly outputTokens: number | null;

	/**
	The part of the output spent on hidden reasoning.
	*/
	readonly reasoningTokens: number | null;
};

/**
A reply in a provider's own shape: plain JSON items, tagged with the protocol that made and understands them.
*/
export type Native = {
	readonly protocol: string;
	readonly items: readonly unknown[];
};

/**
One message of a transcript. A user message may come in parts, the stable one first, so that a cache marker can stand between them. An assistant message keeps the reply as the provider shaped it, to be sent back unchanged; only the adapter that made `native` looks inside, and an adapter of another protocol sends the text.
*/
export type Message =
	| {readonly role: 'user'; readonly parts: readonly string[]}
	| {
			readonly role: 'assistant';
			readonly text: string;
			readonly native: Native | null;
	  };

export type CallPurpose = 'answer' | 'synthesis' | 'repair' | 'rank' | 'review';

/**
Per-model options: `temperature`, `topP`, `topK`, `maxTokens`, `effort`, `seed`, `stop`, `frequencyPenalty`, `presencePenalty`. Every other key is sent to the server under its own name.
*/
export type ModelOptions = Readonly<Record<string, unknown>>;

/**
How hard a model can be asked to think, the least first.
*/
export const efforts = [
	'none',
	'minimal',
	'low',
	'medium',
	'high',
	'xhigh',
	'max',
] as const;

export type ModelRequest = {
	readonly system: string | null;
	readonly messages: readonly Message[];
	readonly options: ModelOptions;
	readonly purpose: CallPurpose;

	/**
	The id of the message list this request extends.
	*/
	readonly transcriptId: string;

	/**
	Null when nothing about caching is to be sent.
	*/
	readonly cache: CacheHints | null;
};

/**
How a provider is helped to find in its prompt cache what it has read before.
*/
export type CacheHints = {
	/**
	The same for all requests of a transcript.
	*/
	readonly key: string;

	/**
	Where the prefix ends that is kept for later, or was kept before: a message and its part, counted from 0. Null when it is not worth keeping any.
	*/
	readonly through: CachePosition | null;
};

export type CachePosition = {readonly message: number; readonly part: number};

/**
What is known of the prompt cache that serves a model.
*/
export type PromptCache = {
	/**
	`marker`: it keeps what a request marks, and reads only where one does. `key`: it keeps by itself and finds by the key of the request. `implicit`: it may keep by itself, and nothing can be sent for it.
	*/
	readonly kind: 'marker' | 'key' | 'implicit';

	/**
	Shorter prefixes are not kept, in tokens; null when that is unknown.
	*/
	readonly minimumTokens: number | null;

	/**
	How long a prefix is kept after its last use; null when nobody promises anything.
	*/
	readonly lifetimeMs: number | null;

	/**
	What one transcript wrote, another one that begins with the same reads.
	*/
	readonly isShared: boolean;
};

/**
Why a reply ended. `length`: cut by a token limit. `blocked`: refused or filtered.
*/
export type StopReason = 'done' | 'length' | 'blocked';

export type ModelPart =
	/**
	The request leaves the queue and goes to the provider.
	*/
	| {readonly type: 'send'}
	| {readonly type: 'text'; readonly text: string}
	| {readonly type: 'thinking'; readonly text: string}
	/**
	What happened in the run of a consortium that answers in the place of a model.
	*/
	| {readonly type: 'nested'; readonly event: RunEvent}
	/**
	What was said so far does not count: the reply starts over.
	*/
	| {readonly type: 'restart'; readonly failure: Failure}
	/**
	The provider's client waits before it tries again; nothing was streamed yet.
	*/
	| {
			readonly type: 'wait';
			readonly attempt: number;
			readonly maxAttempts: number;
			readonly delayMs: number;
			readonly failure: Failure;
	  }
	| {
			readonly type: 'end';
			readonly stop: StopReason;
			readonly usage: Usage;
			readonly native: Native | null;
			readonly resolvedModel: string | null;
			readonly requestId: string | null;
	  };

/**
All the core knows of a provider.
*/
export type Model = {
	/**
	As the person named it, `provider/model`.
	*/
	readonly id: string;

	/**
	Its answers are made up on this machine and mean nothing.
	*/
	readonly isSimulated: boolean;

	/**
	Why these options cannot be sent, in a sentence; null when nothing is known against them. Nothing is called to find out.
	*/
	readonly refusalOf: (options: ModelOptions) => string | null;

	/**
	A consortium speaks in its place. What it costs is in the calls of its run, and it ends by itself when a signal aborts.
	*/
	readonly isConsortium?: boolean;
	readonly promptCache: PromptCache;

	/**
	US dollars for this much use; null when the price is unknown, which is not free.
	*/
	readonly costOf: (usage: Usage) => number | null;

	/**
	Send a request and stream the reply. Parts come in order and finish with exactly one `end`, unless it throws: `ModelError` for whatever the provider refuses or breaks. It must stop when `signal` aborts, but the core does not wait for that.

	A consortium is told apart, by `letGo`, that this call alone is to end, so that it can answer with what it has.
	*/
	readonly call: (
		request: ModelRequest,
		signal: AbortSignal,
		letGo?: AbortSignal,
	) => AsyncIterable<ModelPart>;
};

export const unknownUsage: Usage = {
	inputTokens: null,
	cachedTokens: null,
	cacheWriteTokens: null,
	outputTokens: null,
	reasoningTokens: null,
};

export const noUsage: Usage = {
	inputTokens: 0,
	cachedTokens: 0,
	cacheWriteTokens: 0,
	outputTokens: 0,
	reasoningTokens: 0,
};

const sum = (left: number | null, right: number | null) =>
	left === null ? right : right === null ? left : left + right;

/**
Usage of several calls together. What one call did not report is missing from the sum, not counted as 0: a field is null only when nobody reported it.
*/
export function addUsage(left: Usage, right: Usage): Usage {
	return {
		inputTokens: sum(left.inputTokens, right.inputTokens),
		cachedTokens: sum(left.cachedTokens, right.cachedTokens),
		cacheWriteTokens: sum(left.cacheWriteTokens, right.cacheWriteTokens),
		outputTokens: sum(left.outputTokens, right.outputTokens),
		reasoningTokens: sum(left.reasoningTokens, right.reasoningTokens),
	};
}
