import {type CallStart} from './events.js';
import {type Usage} from './model.js';

/**
What has to be known of a call; every picture of one tells it.
*/
export type CacheFacts = {
	readonly start: Pick<
		CallStart,
		'callId' | 'transcriptId' | 'extends' | 'cache'
	>;
	readonly outcome: {readonly usage: Usage} | null;
};

/**
What a call read from its provider's prompt cache, beside what it could have read.
*/
export type CacheUse = {
	/**
	`first`: nothing was sent before that it begins with, so that there was nothing to read. `below-minimum`: that was shorter than what the provider keeps, so that to read nothing is no miss. `unknown`: nobody reported what was read, or how long the prefix is.
	*/
	readonly kind: 'first' | 'below-minimum' | 'hit' | 'miss' | 'unknown';

	/**
	How many tokens of the request had been sent before; null when that is unknown, or none.
	*/
	readonly prefixTokens: number | null;
	readonly cachedTokens: number | null;

	/**
	The part of the whole input that came from the cache, 0 to 1; null when it is unknown.
	*/
	readonly share: number | null;

	/**
	Shorter prefixes are not kept; null when that is unknown.
	*/
	readonly minimumTokens: number | null;
};

/**
`calls` are those the call may go on from, by id, in the order they began; it may be among them.
*/
export function cacheUseOf(
	{start, outcome}: CacheFacts,
	calls: ReadonlyMap<string, CacheFacts>,
): CacheUse {
	const {inputTokens = null, cachedTokens = null} = outcome?.usage ?? {};
	const minimumTokens = start.cache?.minimumTokens ?? null;
	const before = prefixOf(start, calls);
	const prefixTokens = before?.tokens ?? null;
	const told = {prefixTokens, cachedTokens, minimumTokens};

	return {
		...told,
		kind: kindOf(told, before !== null),
		share:
			inputTokens === null || cachedTokens === null
				? null
				: cachedTokens / Math.max(inputTokens, 1),
	};
}

function kindOf(
	{
		prefixTokens,
		cachedTokens,
		minimumTokens,
	}: Pick<CacheUse, 'prefixTokens' | 'cachedTokens' | 'minimumTokens'>,
	isExtending: boolean,
): CacheUse['kind'] {
	// What another transcript wrote may serve a first call too.
	if (cachedTokens !== null && cachedTokens > 0) {
		return 'hit';
	}

	if (!isExtending) {
		return 'first';
	}

	if (cachedTokens === null || prefixTokens === null) {
		return 'unknown';
	}

	return minimumTokens !== null && prefixTokens < minimumTokens
		? 'below-minimum'
		: 'miss';
}

/**
The prefix that an earlier call had sent: all that the call it goes on from had read or, where it goes on from none, the part of an earlier message that its provider was to keep, which it tells by what it wrote or read. Null when there is no such call.
*/
function prefixOf(
	start: CacheFacts['start'],
	calls: ReadonlyMap<string, CacheFacts>,
): {readonly tokens: number | null} | null {
	if (start.extends !== null) {
		return {
			tokens: calls.get(start.extends)?.outcome?.usage.inputTokens ?? null,
		};
	}

	let keeper: CacheFacts | null = null;

	for (const call of calls.values()) {
		if (call.start.callId === start.callId) {
			break;
		}

		const {transcriptId, cache} = call.start;

		if (
			transcriptId === start.transcriptId &&
			cache?.isSent &&
			cache.keptPart !== null
		) {
			keeper = call;
		}
	}

	const usage = keeper?.outcome?.usage;
	const kept =
		typeof usage?.cacheWriteTokens === 'number'
			? usage.cacheWriteTokens + (usage.cachedTokens ?? 0)
			: null;
	return keeper && {tokens: kept};
}
