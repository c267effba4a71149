import {
	costText,
	countText,
	durationText,
	shareText,
} from '../../text/phrases.js';
import {servedShare} from '../call-numbers.js';
import {type CallNumbers, type Figure, type PaneState} from '../run-views.js';

/**
A figure with `~` before it when it is a guess.
*/
export function figureText({value, isGuess}: Figure): string {
	return `${isGuess ? '~' : ''}${countText(value)}`;
}

const isOpen: ReadonlySet<PaneState> = new Set([
	'waiting',
	'queued',
	'thinking',
	'answering',
	'retrying',
]);

/**
What is known of a call in figures, the most telling first. A cost that should be known by now and is not is said to be unknown.
*/
export function numberParts(
	{elapsedMs, firstTokenMs, tokensPerSecond, costUsd, cache}: CallNumbers,
	state: PaneState,
): string[] {
	const seconds =
		elapsedMs === null
			? null
			: isOpen.has(state)
				? `${elapsedMs / 1000} s`
				: durationText(elapsedMs);
	const cost =
		costUsd !== null || (elapsedMs !== null && !isOpen.has(state))
			? costText(costUsd)
			: null;

	const served = cache && servedShare(cache);

	return [
		tokensPerSecond && `${figureText(tokensPerSecond)} t/s`,
		seconds,
		cost,
		firstTokenMs === null ? null : `first ${durationText(firstTokenMs)}`,
		served === null ? null : `${shareText(served)} cached`,
	].filter(part => part !== null);
}
