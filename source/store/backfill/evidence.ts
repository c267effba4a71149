import {type Evidence} from './found.js';

/**
What each kind of evidence counts. What the plug-in wrote down itself decides alone. A text that was recorded or shown is nearly as good, but short answers are alike, so that it needs the time as well. A prompt decides together with the time when it holds the question and has a form that no person would type; a bare question may just as well be a chat of somebody who asked twice, and stays below whatever else speaks for it. The rest only tells apart what is equally likely.
*/
const weights: Readonly<Record<Evidence, number>> = {
	recorded: 16,
	named: 8,
	text: 5,
	form: 3,
	question: 2,
	time: 2,
	model: 1,
	next: 1,
};

/**
The score from which on a place is sure; what has less is a doubt.
*/
export const sureScore = 7;

/**
The sum of what its evidence counts.
*/
export function scoreOf(evidence: readonly Evidence[]): number {
	return evidence.reduce((sum, kind) => sum + weights[kind], 0);
}
