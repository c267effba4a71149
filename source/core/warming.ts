import {charactersPerToken} from './limits.js';
import {type MemberAsk} from './asking.js';
import {memberRequest} from './member-call.js';
import {unknownUsage, type Model} from './model.js';
import {instanceOf, type Turn} from './turn.js';

/**
What must be saved, in US dollars, to be worth the wait for a first token.
*/
const worthUsd = 0.001;

/**
The least a prefix has where a provider does not say from how many tokens on it keeps one.
*/
const usualMinimum = 1024;

/**
Whom instances wait for, because the first of them writes to its provider's cache what the others then read: those of a model that are sent the same, where that is long enough to be kept and pays.

Together all of them would miss. One after the other, k requests of X tokens cost (w + (k − 1)r)·X instead of k·X, with w and r the prices of a written and a read token.
*/
export function leadersFor(
	turn: Turn,
	asks: readonly MemberAsk[],
): ReadonlyMap<string, string> {
	const leaders = new Map<string, string>();

	if (!turn.caching.isWarmed || asks.length < 2) {
		return leaders;
	}

	const alike = Map.groupBy(asks, ask => {
		const speaker = instanceOf(turn, ask.instance);
		const {messages} = memberRequest(turn, ask, {speaker, replaced: []});
		return JSON.stringify([speaker.model, ask.system, messages]);
	});

	for (const [request, [leader, ...others]] of alike) {
		const {model} = instanceOf(turn, leader!.instance);

		if (
			others.length > 0 &&
			pays(turn, turn.models.get(model)!, {
				tokens: Math.floor(request.length / charactersPerToken),
				requests: others.length + 1,
			})
		) {
			for (const {instance} of others) {
				leaders.set(instance, leader!.instance);
			}
		}
	}

	return leaders;
}

function pays(
	{caching}: Turn,
	{promptCache, costOf}: Model,
	{tokens, requests}: {readonly tokens: number; readonly requests: number},
): boolean {
	const {kind, isShared, minimumTokens} = promptCache;

	if (
		!isShared ||
		(kind === 'marker' && !caching.hasMarkers) ||
		tokens < (minimumTokens ?? usualMinimum)
	) {
		return false;
	}

	const sent = {...unknownUsage, inputTokens: tokens, outputTokens: 0};
	const fresh = costOf(sent);
	const read = costOf({...sent, cachedTokens: tokens});
	const written = costOf(
		kind === 'marker' ? {...sent, cacheWriteTokens: tokens} : sent,
	);

	return (
		fresh !== null &&
		read !== null &&
		written !== null &&
		requests * fresh - (written + (requests - 1) * read) >= worthUsd
	);
}
