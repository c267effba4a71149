import {briefOf} from '../brief.js';
import {plainReasons} from '../plain-reasons.js';
import {degradingProblems} from '../problems.js';
import {type VerdictResult} from '../result.js';
import {percentText} from '../share.js';
import {noVerdict, sayings, type JudgingKind} from './judging.js';
import {mergedRanking} from './ranks.js';

/**
Arbiters whose confidences are further apart than this disagree.
*/
const agreeingSpread = 0.2;

/**
Several arbiters weigh the answers, each on its own; the median of their confidences counts.
*/
export const panel: JudgingKind = {
	name: 'panel',
	meaning:
		'Several arbiters weigh the answers, each on its own. The median of their confidences counts, with the synthesis nearest to it.',
	next(run, context) {
		const current = run.iterations.at(-1)!;
		const last = current.verdicts.at(-1);

		if (last?.method === 'panel') {
			return {verdict: last};
		}

		const arbiters = run.start!.arbiters.map(({id}) => id);
		const open = arbiters.filter(id => sayings(current, id, 'synthesis') === 0);

		if (open.length > 0) {
			return {
				judge: open.map(arbiter => ({
					arbiter,
					method: 'synthesis',
					brief: briefOf(run, {...context, about: {key: arbiter}}),
				})),
				reason: null,
			};
		}

		// Who was the first to speak means nothing.
		const said = current.verdicts
			.filter(({madeOf}) => madeOf.length === 0)
			.toSorted(
				(one, other) =>
					arbiters.indexOf(one.arbiter) - arbiters.indexOf(other.arbiter),
			);

		return said.length === 0
			? {failed: noVerdict(current.iteration)}
			: {
					judge: [{verdict: together(said, arbiters.length)}],
					reason: plainReasons.panel(said.length, arbiters.length),
				};
	},
};

/**
What several arbiters said, as one verdict: the median of the confidences they stated, and the words of the one nearest to it, the first of two.
*/
export function together(
	said: readonly VerdictResult[],
	arbiters: number,
): VerdictResult {
	const stated = said.flatMap(({confidence}) => confidence ?? []);
	const confidence = median(stated);
	const [chosen] = said.toSorted(
		(left, right) => distance(left, confidence) - distance(right, confidence),
	);
	const votes = said.flatMap(({needsIteration}) => needsIteration ?? []);
	const spread = Math.max(...stated) - Math.min(...stated);

	return {
		...chosen!,
		arbiter: 'panel',
		method: 'panel',
		madeOf: said.map(({callId}) => callId),
		confidence,
		// Who is not content outweighs one who is.
		needsIteration:
			votes.length === 0
				? null
				: votes.filter(Boolean).length * 2 >= votes.length,
		analysis: said
			.map(({arbiter, analysis}) => `${arbiter}: ${analysis}`)
			.join('\n\n'),
		dissent: unique(
			said.flatMap(({dissent}) => dissent),
			({text}) => text,
		),
		refinementAreas: unique(
			said.flatMap(({refinementAreas}) => refinementAreas),
			text => text,
		),
		ranking: mergedRanking(said.map(({ranking}) => ranking)),
		problems: [
			...new Set([
				...said.flatMap(({problems}) => problems),
				...(spread > agreeingSpread
					? [
							`The arbiters disagree: ${said.map(({arbiter, confidence: each}) => `${arbiter} ${each === null ? 'states no confidence' : percentText(each)}`).join(', ')}.`,
						]
					: []),
				...(said.length < arbiters ? [degradingProblems.notAll] : []),
			]),
		],
		raw: '',
	};
}

/**
Null for no numbers.
*/
export function median(numbers: readonly number[]): number | null {
	const sorted = numbers.toSorted((left, right) => left - right);
	const middle = Math.floor(sorted.length / 2);

	return sorted.length === 0
		? null
		: sorted.length % 2 === 1
			? sorted[middle]!
			: (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function distance({confidence}: VerdictResult, middle: number | null): number {
	return confidence === null || middle === null
		? Infinity
		: // Differences of fractions are not exact.
			Number(Math.abs(confidence - middle).toFixed(9));
}

function unique<Item>(
	items: readonly Item[],
	keyOf: (item: Item) => string,
): Item[] {
	return new Map(items.map(item => [keyOf(item), item])).values().toArray();
}
