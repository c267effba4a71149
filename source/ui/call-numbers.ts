import {charactersPerToken} from '../core/limits.js';
import {type Usage} from '../core/model.js';
import {type CallPicture} from '../core/run-state.js';
import {type Share} from '../core/share.js';
import {type CallNumbers, type Figure} from './run-views.js';

export const noNumbers: CallNumbers = {
	elapsedMs: null,
	firstTokenMs: null,
	tokensPerSecond: null,
	outputTokens: null,
	costUsd: null,
	cached: null,
};

/**
What can be counted of a call, and guessed while it goes on. `now` is in milliseconds since the Unix epoch.
*/
export function numbersOf(call: CallPicture, now: number): CallNumbers {
	const {outcome, sentAt, firstTokenAt} = call;
	const outputTokens = outputOf(call);

	if (outcome) {
		const {firstTokenMs, durationMs, costUsd, usage} = outcome;
		return {
			elapsedMs: durationMs,
			firstTokenMs,
			tokensPerSecond: speedOf(
				outputTokens,
				firstTokenMs === null ? 0 : durationMs - firstTokenMs,
			),
			outputTokens,
			costUsd,
			cached: cachedShare(usage),
		};
	}

	return {
		...noNumbers,
		elapsedMs: sentAt === null ? null : wholeSeconds(now - sentAt),
		firstTokenMs:
			sentAt === null || firstTokenAt === null ? null : firstTokenAt - sentAt,
		tokensPerSecond: speedOf(
			outputTokens,
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
The share of the input that came from the provider's cache; null when that is unknown.
*/
export function cachedShare({inputTokens, cachedTokens}: Usage): Share | null {
	return inputTokens === null || cachedTokens === null || inputTokens === 0
		? null
		: cachedTokens / inputTokens;
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
