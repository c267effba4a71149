import {type CallPicture, type RunState} from '../../core/run-state.js';

/**
What a provider keeps of a speaker's transcript for its next request.
*/
export type CacheState = {
	readonly transcriptId: string;
	readonly speaker: string;
	readonly model: string;

	/**
	The speaker goes on in another transcript now, with another model or system prompt.
	*/
	readonly isLeft: boolean;

	/**
	The last one that its provider read.
	*/
	readonly call: CallPicture;
	readonly prefix: Prefix;
};

/**
What is known of a prefix after a call. `kept` until then, in milliseconds since the Unix epoch, unless it is used again; `unpromised`: perhaps kept, nobody says for how long; `below-minimum`: too short for that; `none`: the provider reported that it kept nothing; `unknown`: the log does not tell.
*/
export type Prefix =
	| {
			readonly kind: 'kept';
			readonly tokens: number | null;
			readonly until: number;
	  }
	| {readonly kind: 'unpromised'; readonly tokens: number | null}
	| {
			readonly kind: 'below-minimum';
			readonly tokens: number;
			readonly minimumTokens: number;
	  }
	| {readonly kind: 'none' | 'unknown'; readonly tokens: null};

/**
The state of every transcript of a conversation, in the order they began.
*/
export function cacheStates(pictures: readonly RunState[]): CacheState[] {
	const states = new Map<string, CacheState>();
	const current = new Map<string, string>();

	for (const call of pictures.flatMap(({calls}) => calls.values().toArray())) {
		const {transcriptId, speaker, model} = call.start;

		if (call.carriedFrom === null && wasRead(call)) {
			const before = states.get(transcriptId)?.prefix;
			const prefix = prefixAfter(call);
			current.set(speaker, transcriptId);
			states.set(transcriptId, {
				transcriptId,
				speaker,
				model,
				isLeft: false,
				call,
				// What was kept before is not lost by a call that keeps nothing.
				prefix:
					before?.kind === 'kept' && prefix.kind !== 'kept' ? before : prefix,
			});
		}
	}

	return states
		.values()
		.map(state => ({
			...state,
			isLeft: current.get(state.speaker) !== state.transcriptId,
		}))
		.toArray();
}

/**
Whether a provider took the request in: what it refused before anything came, it did not.
*/
const wasRead = ({outcome}: CallPicture) =>
	typeof outcome?.firstTokenMs === 'number';

function prefixAfter({start: {cache}, sentAt, outcome}: CallPicture): Prefix {
	const {
		inputTokens = null,
		cachedTokens = null,
		cacheWriteTokens = null,
	} = outcome?.usage ?? {};

	if (!cache || sentAt === null) {
		return {kind: 'unknown', tokens: null};
	}

	const {minimumTokens, lifetimeMs, isSent} = cache;
	const served = cachedTokens ?? 0;

	if (
		minimumTokens !== null &&
		inputTokens !== null &&
		inputTokens < minimumTokens &&
		served === 0
	) {
		return {kind: 'below-minimum', tokens: inputTokens, minimumTokens};
	}

	// Where writing is not reported, all that was read may be kept.
	const tokens =
		cacheWriteTokens === null ? inputTokens : served + cacheWriteTokens;

	if (tokens === 0) {
		return {kind: 'none', tokens: null};
	}

	// Of a call that was stopped there is no report: what was sent counts.
	if (tokens === null && !isSent) {
		return {kind: 'unknown', tokens: null};
	}

	return lifetimeMs === null
		? {kind: 'unpromised', tokens}
		: {kind: 'kept', tokens, until: sentAt + lifetimeMs};
}
