import {heardIn} from '../answers.js';
import {briefOf} from '../brief.js';
import {type SavedConsortium} from '../consortium.js';
import {plainReasons} from '../plain-reasons.js';
import {readConfidence} from '../reading/confidence.js';
import {mostTrusted, readSections} from '../reading/sections.js';
import {type VerdictResult} from '../result.js';
import {type RunState} from '../run-state.js';
import {mostConfident} from '../stop.js';
import {noVerdict, sayings, type Judged, type JudgingKind} from './judging.js';
import {mergedRanking} from './ranks.js';

/**
A lead below this is small: the answers are judged once more, in the opposite order.
*/
const smallMargin = 0.3;

/**
The arbiter puts the answers in order; the best one is given word for word.
*/
export const rank: JudgingKind = {
	name: 'rank',
	meaning:
		'The arbiter puts the answers in order, and the best one is given word for word. After a close call it judges them in the opposite order too.',
	next: (run, context) => inOrder('rank', run, context),
};

/**
The arbiter chooses one answer, which is given word for word.
*/
export const pick: JudgingKind = {
	name: 'pick',
	meaning:
		'The arbiter chooses one answer, which is given word for word. After a close call it chooses again among them in the opposite order.',
	next: (run, context) => inOrder('pick', run, context),
};

function inOrder(
	method: 'rank' | 'pick',
	run: Parameters<JudgingKind['next']>[0],
	context: Parameters<JudgingKind['next']>[1],
): Judged {
	const current = run.iterations.at(-1)!;
	const [first, second, both] = current.verdicts;
	const arbiter = run.start!.arbiters[0]!.id;
	const said = sayings(current, arbiter, 'rank');

	if (!first) {
		return said > 0
			? {failed: noVerdict(current.iteration)}
			: {
					judge: [{arbiter, method, brief: briefOf(run, context)}],
					reason: null,
				};
	}

	if (both) {
		return {verdict: both};
	}

	if (second) {
		return {
			judge: [{verdict: ofBothOrders(first, second)}],
			reason: plainReasons.bothOrders,
		};
	}

	const answers = heardIn(run);

	return said > 1 || answers.length < 2 || !isClose(first, context.consortium)
		? {verdict: first}
		: {
				judge: [
					{
						arbiter,
						method,
						brief: briefOf(run, {...context, about: {isReversed: true}}),
					},
				],
				reason:
					'Close call: the answers are judged again in the opposite order.',
			};
}

/**
Whether a verdict is a close call that was not judged in the opposite order, since that came to nothing or the run ended.
*/
export function isUnproven(
	verdict: VerdictResult,
	{start}: Pick<RunState, 'start'>,
): boolean {
	const {method, madeOf} = verdict;

	return (
		(method === 'rank' || method === 'pick') &&
		madeOf.length === 0 &&
		isClose(verdict, start!.consortium)
	);
}

/**
Whether the order in which the answers stood may have decided: two are the best, or the arbiter says that the lead is small; where it says nothing of it, its confidence is below the threshold. A lead over an answer that says the same tells nothing.
*/
function isClose(
	{ranking, groups, agreement, confidence, raw}: VerdictResult,
	{confidenceThreshold}: SavedConsortium,
): boolean {
	const [found] = mostTrusted(readSections(raw, ['margin']).sections, 'margin');
	const margin = found ? readConfidence(found.content) : null;
	const [best = [], next = []] = ranking;
	const first = best.length > 1 ? best : [...best, ...next];

	return agreement === 1 ||
		(first.length > 1 && sayTheSame(first, groups)) ||
		(best.length < 2 && margin === null)
		? confidence === null || confidence < confidenceThreshold
		: best.length > 1 || margin! < smallMargin;
}

function sayTheSame(
	instances: readonly string[],
	groups: VerdictResult['groups'],
): boolean {
	return groups.some(group => instances.every(each => group.includes(each)));
}

/**
What came of both orders. When others are best in the other order, and do not say the same, it is a tie: all of them are best, and another iteration is needed. The confidence is then the lower one, and at most that of a draw between them, since the order alone decides.
*/
export function ofBothOrders(
	first: VerdictResult,
	second: VerdictResult,
): VerdictResult {
	const both = [first, second];
	const [best, bestThen] = both.map(({ranking}) => ranking[0] ?? []);
	const winners = [...new Set([...best!, ...bestThen!])].toSorted();
	const stated = both.flatMap(({confidence}) => confidence ?? []);
	const merged = mergedRanking([first.ranking, second.ranking]);
	const common = {
		madeOf: [first.callId, second.callId],
		ranking: [
			winners,
			...merged
				.map(level => level.filter(each => !winners.includes(each)))
				.filter(level => level.length > 0),
		],
	};
	const isSame =
		best!.length === winners.length && bestThen!.length === winners.length;

	if (isSame || both.every(({groups}) => sayTheSame(winners, groups))) {
		return {
			...first,
			...common,
			confidence:
				stated.length === 0
					? null
					: stated.reduce((sum, each) => sum + each, 0) / stated.length,
		};
	}

	const better = mostConfident([second, first], each => each.confidence)!;

	return {
		...better,
		...common,
		confidence:
			stated.length === 0 ? null : Math.min(...stated, 1 / winners.length),
		needsIteration: true,
		problems: [
			...better.problems,
			`In the opposite order the arbiter decided otherwise: it is a tie between ${winners.join(' and ')}.`,
		],
	};
}
