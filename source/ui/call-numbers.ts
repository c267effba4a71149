import {cacheUseOf, type CacheUse} from '../core/cache-use.js';
import {charactersPerToken} from '../core/limits.js';
import {type CallPicture} from '../core/run-state.js';
import {type Share} from '../core/share.js';
import {shareText} from '../text/phrases.js';
import {type CallNumbers, type Figure} from './run-views.js';

export const noNumbers: CallNumbers = {
	elapsedMs: null,
	firstTokenMs: null,
	tokensPerSecond: null,
	outputTokens: null,
	costUsd: null,
	cache: null,
};

/**
The calls of a conversation by id, in the order they began.
*/
export type KnownCalls = ReadonlyMap<string, CallPicture>;

/**
What can be counted of a call, and guessed while it goes on. `now` is in milliseconds since the Unix epoch; `known` are the calls it may go on from.
*/
export function numbersOf(
	call: CallPicture,
	now: number,
	known: KnownCalls,
): CallNumbers {
	const {outcome, sentAt, firstTokenAt, nested} = call;
	const outputTokens = outputOf(call);
	// All who are inside of a consortium wrote these, and only its last words were timed.
	const written = nested ? null : outputTokens;

	if (outcome) {
		const {firstTokenMs, durationMs, costUsd} = outcome;
		return {
			elapsedMs: durationMs,
			firstTokenMs,
			tokensPerSecond: speedOf(
				written,
				firstTokenMs === null ? 0 : durationMs - firstTokenMs,
			),
			outputTokens,
			costUsd,
			cache: cacheUseOf(call, known),
		};
	}

	return {
		...noNumbers,
		elapsedMs: sentAt === null ? null : wholeSeconds(now - sentAt),
		firstTokenMs:
			sentAt === null || firstTokenAt === null ? null : firstTokenAt - sentAt,
		tokensPerSecond: speedOf(
			written,
			firstTokenAt === null ? 0 : now - firstTokenAt,
		),
		outputTokens,
	};
}

/**
The tokens a call has written: as reported, else guessed from its length; null when nothing came.
*/
export function outputOf({
	outcome,
	text,
	thinking,
}: CallPicture): Figure | null {
	const counted = outcome?.usage.outputTokens ?? null;

	if (counted !== null) {
		return {value: counted, isGuess: false};
	}

	const characters = text.length + thinking.length;
	return characters === 0
		? null
		: {value: Math.ceil(characters / charactersPerToken), isGuess: true};
}

/**
The share of the input that came from the provider's cache; null when that is unknown, and where there was nothing it could serve.
*/
export function servedShare({kind, share}: CacheUse): Share | null {
	return kind === 'hit' || kind === 'miss' ? share : null;
}

/**
The same in words, or why there is none; null where there is nothing to say.
*/
export function cacheWords(use: CacheUse): string | null {
	const served = servedShare(use);

	return use.kind === 'below-minimum'
		? belowText(use.prefixTokens!, use.minimumTokens!)
		: served === null
			? null
			: `${shareText(served)} cached`;
}

/**
That a prefix is shorter than what its provider keeps, both in tokens.
*/
export function belowText(tokens: number, minimumTokens: number): string {
	return `below the minimum (${tokens} < ${minimumTokens})`;
}

/**
The share that was served of several calls, of which those count that tell.
*/
export function servedShareOf(
	calls: Iterable<CallPicture>,
	known: KnownCalls,
): Share | null {
	let input = 0;
	let served = 0;
	let couldServe = false;

	for (const call of calls) {
		const {inputTokens = null, cachedTokens = null} = call.outcome?.usage ?? {};

		if (inputTokens !== null && cachedTokens !== null) {
			input += inputTokens;
			served += cachedTokens;
			couldServe ||= servedShare(cacheUseOf(call, known)) !== null;
		}
	}

	return couldServe && input > 0 ? served / input : null;
}

/**
A duration without its fraction of a second.
*/
export function wholeSeconds(durationMs: number): number {
	return Math.max(0, Math.floor(durationMs / 1000)) * 1000;
}

/**
What arrived within a blink says nothing of a speed.
*/
const leastMs = 200;

function speedOf(tokens: Figure | null, durationMs: number): Figure | null {
	return tokens === null || durationMs < leastMs
		? null
		: {
				value: Math.round((1000 * tokens.value) / durationMs),
				isGuess: tokens.isGuess,
			};
}
