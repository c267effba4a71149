import {answersOf, isUsable} from '../answers.js';
import {type Instance} from '../consortium.js';
import {mergedRanking, meanRanks} from '../judging/ranks.js';
import {numberParameter} from '../parameters.js';
import {withReason} from '../plain-reasons.js';
import {type CallPicture, type IterationPicture} from '../run-state.js';
import {defineStrategy, type Mark, type Step, type View} from '../strategy.js';

type Asking = Extract<Step, {type: 'ask'}>;
type Rule = {readonly keep: number; readonly minimum: number};

/**
Fewer are asked in each iteration: those whose answers were ranked best so far.
*/
export const elimination = defineStrategy({
	name: 'elimination',
	meaning:
		'After each verdict the best instances go on, by their mean rank so far; the others are asked no more.',
	parameters: {
		keep: numberParameter(
			0.5,
			{above: 0, to: 1},
			'The share of the instances that goes on after each iteration.',
		),
		minimum: numberParameter(
			2,
			{from: 1, to: Infinity, isWhole: true},
			'Never fewer instances than these.',
		),
	},
	decides: ['who is asked'],
	wrap:
		(inner, {instances}, rule) =>
		run => {
			const step = inner.next(run);
			const last = run.iterations.at(-1);

			return step.type === 'ask' && last && last.verdicts.length > 0
				? narrowed(step, {run, last, instances, rule})
				: step;
		},
});

/**
How many of these go on: ⌈keep·n⌉, and never fewer than the minimum.
*/
export function survivors(count: number, {keep, minimum}: Rule): number {
	// 0.07 of 100 is a little more than 7 in binary.
	return Math.min(count, Math.max(minimum, Math.ceil(keep * count - 1e-9)));
}

function narrowed(
	step: Asking,
	{
		run,
		last,
		instances,
		rule,
	}: {
		readonly run: View;
		readonly last: IterationPicture;
		readonly instances: readonly Instance[];
		readonly rule: Rule;
	},
): Asking {
	const standings = standingsOf(run, instances, last.instances);
	const ranked = standings.filter(({rank}) => rank !== null);

	if (ranked.length === 0) {
		const ask = step.ask.filter(each => last.instances.includes(each.instance));
		return {
			...step,
			ask,
			spared: sparedBy(step, ask),
			reason: withReason(
				step.reason,
				'Nobody was ranked, so nobody is eliminated.',
			),
		};
	}

	const kept = keptOf(standings, rule);
	const ask = step.ask.filter(each => kept.includes(each.instance));
	const [staying, leaving] = [true, false].map(stays =>
		standings.filter(({instance}) => kept.includes(instance) === stays),
	) as [Standing[], Standing[]];
	const dropped = leaving.map(each => ({
		...each,
		because: droppedBecause(each, staying.at(-1)),
	}));
	const marks = dropped.map(({instance, because}): Mark => ({
		instance,
		mark: 'eliminated',
		text: `Eliminated after iteration ${last.iteration}: ${because}, and the best ${kept.length} go on.`,
	}));

	return {
		...step,
		ask,
		marks: [...(step.marks ?? []), ...marks],
		spared: sparedBy(step, ask),
		reason:
			marks.length === 0
				? step.reason
				: `The best ${kept.length} of ${standings.length} go on, by mean rank so far: ${staying.map(({instance, rank}) => `${instance}${rank === null ? '' : ` ${rank.toFixed(1)}`}`).join(', ')}. ${dropped.map(({instance, because}) => `${instance} goes: ${because}`).join('; ')}.`,
	};
}

const sparedBy = ({ask, spared = []}: Asking, kept: Asking['ask']) => [
	...spared,
	...ask.filter(each => !kept.includes(each)),
];

/**
Those that go on, of standings with the best first. Who failed twice running does not, as long as enough others are there.
*/
function keptOf(standings: readonly Standing[], rule: Rule): string[] {
	const best = standings.slice(0, survivors(standings.length, rule));
	const least = Math.min(rule.minimum, standings.length);
	const sound = best.filter(({hasFailedTwice}) => !hasFailedTwice);

	// Who failed twice running stands last.
	return (sound.length < least ? best.slice(0, least) : sound).map(
		({instance}) => instance,
	);
}

/**
Why an instance goes, beside the last of those who stay.
*/
function droppedBecause(going: Standing, staying?: Standing): string {
	const {rank} = going;

	if (going.hasFailedTwice) {
		return 'it failed twice running';
	}

	if (rank === null) {
		return 'it was not ranked';
	}

	const mean = `its mean rank is ${rank.toFixed(1)}`;

	return staying && difference(rank, staying.rank ?? Infinity) === 0
		? `${mean}, equal with ${staying.instance}, and ${tieBreak(going, staying)}`
		: mean;
}

/**
What decides between two of the same rank.
*/
function tieBreak(going: Standing, staying: Standing): string {
	if (difference(going.confidence ?? -1, staying.confidence ?? -1) === 0) {
		return difference(going.usd ?? Infinity, staying.usd ?? Infinity) === 0
			? 'it stands later in the consortium'
			: 'it costs more';
	}

	return 'it stated less confidence';
}

type Standing = {
	readonly instance: string;

	/**
	The mean of its places so far, 1 being the best; null when it has none.
	*/
	readonly rank: number | null;
	readonly hasFailedTwice: boolean;

	/**
	The mean of what it stated; null when it stated none.
	*/
	readonly confidence: number | null;

	/**
	What its answers cost, in US dollars; null when that is unknown.
	*/
	readonly usd: number | null;
};

/**
How those who are still in stand, the best first: by mean rank, then by the confidence they stated, then by what they cost, then in the order of the configuration.
*/
export function standingsOf(
	run: View,
	instances: readonly Instance[],
	stillIn: readonly string[],
): Standing[] {
	const ranks = meanRanks(run.iterations.map(each => placesIn(each)));
	const [last, before] = run.iterations.toReversed();

	return instances
		.filter(({id}) => stillIn.includes(id))
		.map(({id}) => {
			const calls = run.iterations.flatMap(each => answerOf(each, id) ?? []);
			const stated = calls.flatMap(({outcome}) => outcome?.confidence ?? []);
			const costs = calls.map(({outcome}) => outcome?.costUsd ?? null);

			return {
				instance: id,
				rank: ranks.get(id) ?? null,
				hasFailedTwice:
					before !== undefined && hasFailed(last!, id) && hasFailed(before, id),
				confidence: stated.length === 0 ? null : sum(stated) / stated.length,
				usd: costs.includes(null) ? null : sum(costs.map(Number)),
			};
		})
		.toSorted(
			(left, right) =>
				[
					Number(left.hasFailedTwice) - Number(right.hasFailedTwice),
					difference(left.rank ?? Infinity, right.rank ?? Infinity),
					difference(right.confidence ?? -1, left.confidence ?? -1),
					difference(left.usd ?? Infinity, right.usd ?? Infinity),
				].find(each => each !== 0) ?? 0,
		);
}

const sum = (numbers: readonly number[]) =>
	numbers.reduce((total, each) => total + each, 0);

/**
Means of thirds are not exact, and two infinities are equal.
*/
function difference(left: number, right: number): number {
	return left === right || Math.abs(left - right) < 1e-9 ? 0 : left - right;
}

/**
The places in an iteration: those of the verdict or, when it names none, those of the verdicts it is made of; then, on one level, whoever answered and was not ranked, then whoever failed. Empty when nobody is ranked. Who was let go has no place: it neither won nor lost.
*/
function placesIn(iteration: IterationPicture): string[][] {
	const {verdicts, instances} = iteration;
	const stated = verdicts.at(-1)?.ranking ?? [];
	const ranking =
		stated.length > 0
			? stated
			: mergedRanking(verdicts.map(each => each.ranking));
	const ranked = new Set(ranking.flat());

	if (ranked.size === 0) {
		return [];
	}

	const rest = instances.filter(id => !ranked.has(id));
	const failed = rest.filter(id => hasFailed(iteration, id));
	const unranked = rest.filter(id => {
		const call = answerOf(iteration, id);
		return call !== undefined && isUsable(call);
	});

	return [...ranking.map(level => [...level]), unranked, failed].filter(
		level => level.length > 0,
	);
}

/**
Whether an instance gave nothing that can be weighed, be it that somebody left its answer out. Being let go is no failure.
*/
function hasFailed(iteration: IterationPicture, id: string): boolean {
	const call = answerOf(iteration, id);

	return (
		call !== undefined && !isUsable(call) && call.outcome?.abort !== 'strategy'
	);
}

const answerOf = (
	iteration: IterationPicture,
	id: string,
): CallPicture | undefined =>
	answersOf(iteration).find(({start}) => start.speaker === id);
