import {type JudgingMethod} from '../consortium.js';
import {type VerdictResult} from '../result.js';
import {type IterationPicture} from '../run-state.js';
import {type Judge, type StrategyContext, type View} from '../strategy.js';

/**
How the present iteration stands: these are to weigh its answers now, or there is the verdict that counts, or there will be none, for the reason given.
*/
export type Judged =
	| {readonly judge: readonly Judge[]; readonly reason: string | null}
	| {readonly verdict: VerdictResult}
	| {readonly failed: string};

/**
A way to weigh answers: one pure function of the picture, asked when there are answers that can be weighed.
*/
export type JudgingKind = {
	readonly name: JudgingMethod;
	readonly meaning: string;
	readonly next: (run: View, context: StrategyContext) => Judged;
};

/**
The calls in which somebody weighed the answers of an iteration and had its say, be it nothing; what was broken off with the run, and what an arbiter was asked once more, does not count.
*/
export function sayings(
	{calls}: IterationPicture,
	who: string,
	purpose: 'synthesis' | 'rank' | 'review',
): number {
	return calls.filter(
		({start, state}) =>
			start.speaker === who &&
			start.purpose === purpose &&
			state !== 'cancelled',
	).length;
}

export function noVerdict(iteration: number): string {
	return `The arbiter gave no verdict in iteration ${iteration}.`;
}
