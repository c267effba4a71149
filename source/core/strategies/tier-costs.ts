import {
	instancesOf,
	parametersOf,
	type SavedConsortium,
} from '../consortium.js';
import {
	assumedOutputTokens,
	charactersPerToken,
	forecastUsd,
} from '../limits.js';
import {type Model} from '../model.js';
import {tiered} from './tiered.js';
import {tiersIn} from './tiers.js';
import {isArbiterSpared} from './voting.js';

/**
The share of questions that may need the next tier before it would have been cheaper to ask that one alone: 1 − c₁/c₂, from what asking each costs. Null where the first is not the cheaper one.
*/
export function breakEven(first: number, next: number): number | null {
	return first < next ? 1 - first / next : null;
}

/**
When it pays to ask one tier before the next and have its answers weighed, a sentence for each pair; nothing for a consortium without tiers, and where a price is unknown. `characters` is the length of a question.
*/
export function tierNotes(
	consortium: SavedConsortium,
	models: ReadonlyMap<string, Model>,
	characters: number,
): string[] {
	const given = parametersOf(consortium, tiered.name);

	if (!given) {
		return [];
	}

	const isWithoutArbiter = isArbiterSpared(consortium);
	const costs = tiersIn(given['tiers'], consortium).map(ids =>
		sumOf([
			...askingUsd(consortium, models, {ids, characters}),
			...(isWithoutArbiter
				? []
				: weighingUsd(consortium, models, {ids, characters})),
		]),
	);

	return costs.slice(1).flatMap((next, index) => {
		const first = costs[index]!;

		if (first === null || next === null || (first === 0 && next === 0)) {
			return [];
		}

		const share = breakEven(first, next);
		const [one, other] = [`tier ${index + 1}`, `tier ${index + 2}`];

		return share === null
			? `Asking ${one} costs no less than ${other}: it would be cheaper to ask ${other} at once.`
			: `Asking ${one} first is cheaper than ${other} alone while fewer than ${Math.round(share * 100)}% of the questions need ${other}, ${isWithoutArbiter ? 'as long as votes settle it without the arbiter' : 'the arbiter included'}.`;
	});
}

type Usd = number | null;
type Tier = {readonly ids: readonly string[]; readonly characters: number};

const sumOf = (costs: readonly Usd[]) =>
	costs.reduce<Usd>(
		(sum, usd) => (sum === null || usd === null ? null : sum + usd),
		0,
	);

function askingUsd(
	consortium: SavedConsortium,
	models: ReadonlyMap<string, Model>,
	{ids, characters}: Tier,
): Usd[] {
	return instancesOf(consortium)
		.filter(({id}) => ids.includes(id))
		.map(({model, options}) =>
			callUsd(models.get(model), characters, options['maxTokens']),
		);
}

/**
What it costs to have the answers of a tier weighed, as long as an answer is taken to be.
*/
function weighingUsd(
	{arbiters, judging}: SavedConsortium,
	models: ReadonlyMap<string, Model>,
	{ids, characters}: Tier,
): Usd[] {
	const answers = ids.length * assumedOutputTokens * charactersPerToken;

	return (judging === 'panel' ? arbiters : arbiters.slice(0, 1)).map(
		({model, options}) =>
			callUsd(models.get(model), characters + answers, options?.['maxTokens']),
	);
}

const callUsd = (
	model: Model | undefined,
	characters: number,
	maxTokens: unknown,
): Usd => (model ? forecastUsd(model, characters, maxTokens) : null);
