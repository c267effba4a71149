import {countingVerdict} from '../core/answers.js';
import {type RunEventBody} from '../core/events.js';
import {type Observation} from '../core/observation.js';
import {type Verdict, type VerdictResult} from '../core/result.js';
import {type IterationPicture, type RunState} from '../core/run-state.js';
import {type Mark} from '../core/strategy.js';
import {meanRanks} from '../core/judging/ranks.js';
import {isPlainReason} from '../core/plain-reasons.js';
import {partyText, verdictFigures} from './outcome.js';
import {costText, shareText} from './phrases.js';

type NameOf = (id: string) => string;

const asItIs: NameOf = id => id;

export const counted = (count: number, noun: string) =>
	`${count} ${noun}${count === 1 ? '' : 's'}`;

/**
Who was put before whom: `a > b = c`.
*/
export function rankingText(
	ranking: Verdict['ranking'],
	nameOf = asItIs,
): string {
	return ranking
		.map(level => level.map(id => nameOf(id)).join(' = '))
		.join(' > ');
}

/**
What a verdict is and whose, in a few words.
*/
export function verdictTitle(
	{
		method,
		arbiter,
		madeOf,
		dissent,
	}: Pick<VerdictResult, 'method' | 'arbiter' | 'madeOf' | 'dissent'>,
	nameOf = asItIs,
): string {
	const name = nameOf(arbiter);
	const orders = madeOf.length > 1 ? ' in both orders' : '';

	switch (method) {
		case 'synthesis': {
			return `verdict of ${name}`;
		}

		case 'rank': {
			return `ranking of ${name}${orders}`;
		}

		case 'pick': {
			return `choice of ${name}${orders}`;
		}

		case 'review': {
			return `review of ${name}`;
		}

		case 'panel': {
			return `verdict of the panel, the median of ${madeOf.length}`;
		}

		case 'vote': {
			return `vote: ${partyText({madeOf, dissent})}, no arbiter was asked`;
		}
	}
}

/**
What a verdict says beside its texts, in a line: a review its ranking, any other its figures and, where it put the answers in order, that.
*/
export function verdictWords(verdict: Verdict, nameOf = asItIs): string {
	const {method, ranking} = verdict;
	const order = rankingText(ranking, nameOf);
	const isOrdered = method === 'rank' || method === 'pick';
	const isTie = isOrdered && (ranking[0]?.length ?? 0) > 1;

	return method === 'review'
		? order || 'no ranking'
		: [
				...verdictFigures(verdict),
				...(isTie ? ['a tie'] : []),
				...(isOrdered && order !== '' ? [order] : []),
			].join(' · ');
}

/**
What a verdict is to its iteration: of several the last one counts, and the others are what it was made of. Empty for one alone.
*/
export function standingOf(
	verdict: VerdictResult,
	verdicts: readonly VerdictResult[],
): '' | 'counts' | 'is a part of the one that counts' {
	return verdicts.length < 2
		? ''
		: verdict === countingVerdict({verdicts})
			? 'counts'
			: 'is a part of the one that counts';
}

/**
What came of an observation.
*/
export function observationText(observation: Observation): string {
	const {kind, problem} = observation;

	if (kind === 'command') {
		const {command, isMet, detail} = observation;
		const outcome =
			problem ??
			[isMet ? 'met' : 'not met', detail.trim()].filter(Boolean).join(', ');
		return `ran ${command}: ${outcome}`;
	}

	if (kind === 'regex') {
		return `looked for ${observation.pattern}: ${problem ?? (observation.isMet ? 'met' : 'not met')}`;
	}

	const {instances, model, costUsd} = observation;
	return problem === null
		? `compared the meaning of ${counted(instances.length, 'answer')} with ${model}, ${costText(costUsd)}`
		: `the meaning of the answers was not compared: ${problem}`;
}

type Decision = Extract<RunEventBody, {readonly type: 'decision'}>;
type Saved = NonNullable<Decision['saved']>;

/**
The calls that a strategy made needless, and what they would have cost.
*/
export function savedText(
	{calls, usd}: Saved,
	became: 'not made' | 'put off' = 'not made',
): string {
	return `${[
		counted(calls, 'call'),
		...(usd === null || usd === 0 ? [] : [costText(usd)]),
	].join(', ')} ${became}`;
}

/**
The calls that a decision made needless, or put off: whoever is spared when answers are weighed joins when there is another iteration. Empty for none.
*/
function sparedText(decision: Decision): string {
	const {saved} = decision;

	return saved === null
		? ''
		: isPutOff(decision)
			? savedText(saved, 'put off')
			: savedText(saved);
}

const isPutOff = ({marks, saved}: Decision) =>
	saved !== null && marks.some(({mark}) => mark === 'spared');

/**
All that was saved in a run so far; null where nothing was. Calls that were put off are not saved once they are made, and until the run ends nobody knows whether they will be.
*/
export function savedIn(run: RunState): (Saved & {isPutOff: boolean}) | null {
	const decisions = run.decisions.filter(
		decision =>
			decision.saved !== null &&
			!(isPutOff(decision) && run.iterations.length > decision.iteration),
	);
	const all = decisions.flatMap(({saved}) => saved ?? []);
	const known = all.flatMap(({usd}) => usd ?? []);

	return all.length === 0
		? null
		: {
				calls: all.reduce((sum, {calls}) => sum + calls, 0),
				usd:
					known.length < all.length
						? null
						: known.reduce((sum, usd) => sum + usd, 0),
				isPutOff: run.result === null && decisions.some(each => isPutOff(each)),
			};
}

/**
What came of calls that had been put off, once the run has ended; empty where none had been, and where they were made after all.
*/
export function spareAtEnd(run: RunState): string[] {
	const saved = run.decisions.findLast(
		decision =>
			isPutOff(decision) && run.iterations.length === decision.iteration,
	)?.saved;

	return saved ? [savedText(saved)] : [];
}

/**
What a strategy or a way of judging decided, in a sentence; none where it did not, and for how a run ended, which its end tells, but for what it saved by that.
*/
export function decidedText(decision: Decision): string[] {
	const {action, reason} = decision;
	const saved = sparedText(decision);

	return action === 'stop'
		? saved === ''
			? []
			: [`${firstOf(reason)}: ${saved}`]
		: isPlainReason(reason)
			? saved === ''
				? []
				: [saved]
			: [`${reason}${saved === '' ? '' : ` (${saved})`}`];
}

const firstOf = (reason: string) => reason.split(/\.\s|\.$/v, 1)[0]!;

/**
What was decided in an iteration and why, with what was saved, what was found out and what was said of whom, a line each. Iteration 0 is what was decided before the first.
*/
export function decisionLines(
	{decisions, observations}: RunState,
	iteration: number,
	nameOf = asItIs,
): string[] {
	const found = observations.filter(each => each.iteration === iteration);
	let next = 0;

	return (
		decisions
			// That everyone is asked first goes without saying.
			.filter(
				each =>
					each.iteration === iteration &&
					(iteration > 0 || each.strategy !== 'default'),
			)
			.flatMap(decision => {
				const {action, marks} = decision;
				const spared = sparedText(decision);
				const observed = action === 'observe' ? found[next++] : undefined;

				return [
					`→ ${[`${action}: ${decision.reason}`, ...(spared === '' ? [] : [`(${spared})`])].join(' ')}`,
					...(observed ? [`  ${observationText(observed.observation)}`] : []),
					...markLines(marks, nameOf),
				];
			})
	);
}

/**
What was said of instances, those of whom the same was said together.
*/
function markLines(marks: readonly Mark[], nameOf: NameOf): string[] {
	const same = Map.groupBy(marks, ({mark, text}) => `${mark}\n${text}`);

	return same
		.values()
		.map(
			([first, ...others]) =>
				`  ${first!.mark}, ${[first!, ...others].map(({instance}) => nameOf(instance)).join(', ')}: ${first!.text}`,
		)
		.toArray();
}

/**
How the reviews of an iteration place the answers, the best first; empty without any.
*/
export function meanPlaces(
	{verdicts}: Pick<IterationPicture, 'verdicts'>,
	nameOf = asItIs,
): string {
	const reviews = verdicts.filter(({method}) => method === 'review');
	const places = [...meanRanks(reviews.map(({ranking}) => ranking))].toSorted(
		([, left], [, right]) => left - right,
	);

	return places
		.map(([id, place]) => `${nameOf(id)} ${place.toFixed(1)}`)
		.join(', ');
}

/**
The confidences a panel's verdict is the median of; empty for any other verdict.
*/
export function panelText(
	{verdicts}: Pick<IterationPicture, 'verdicts'>,
	nameOf = asItIs,
): string {
	const last = verdicts.at(-1);

	return last?.method === 'panel'
		? `median ${shareText(last.confidence)} of ${last.madeOf
				.flatMap(
					id =>
						verdicts.find(
							({callId, method}) => callId === id && method !== 'panel',
						) ?? [],
				)
				.map(
					({arbiter, confidence}) =>
						`${nameOf(arbiter)} ${shareText(confidence)}`,
				)
				.join(', ')}`
		: '';
}
