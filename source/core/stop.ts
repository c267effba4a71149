import {type SavedConsortium} from './consortium.js';

/**
The two things of a verdict that can end a run.
*/
export type Satisfaction = {
	readonly confidence: number | null;
	readonly needsIteration: boolean | null;
};

type Policy = Pick<SavedConsortium, 'stop' | 'confidenceThreshold'>;

/**
Whether a verdict satisfies the stop policy. The arbiter is content only when it said that no iteration is needed; silence is neither content nor confidence.
*/
export function satisfies(
	{confidence, needsIteration}: Satisfaction,
	{stop, confidenceThreshold}: Policy,
): boolean {
	const isConfident = confidence !== null && confidence >= confidenceThreshold;
	const isContent = needsIteration === false;

	switch (stop) {
		case 'any': {
			return isConfident || isContent;
		}

		case 'both': {
			return isConfident && isContent;
		}

		case 'confidence': {
			return isConfident;
		}

		case 'arbiter': {
			return isContent;
		}
	}
}

/**
The most confident of several verdicts, later ones winning ties and an unstated confidence losing to any stated one; undefined when there are none.
*/
export function mostConfident<Value>(
	verdicts: readonly Value[],
	confidenceOf: (verdict: Value) => number | null,
): Value | undefined {
	let best: Value | undefined;

	for (const verdict of verdicts) {
		if (
			best === undefined ||
			(confidenceOf(verdict) ?? -1) >= (confidenceOf(best) ?? -1)
		) {
			best = verdict;
		}
	}

	return best;
}
