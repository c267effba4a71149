import {instancesOf, type SavedConsortium} from '../consortium.js';
import {forecastUsd} from '../limits.js';
import {type Model} from '../model.js';
import {tiered} from './tiered.js';
import {tiersIn} from './tiers.js';

/**
The share of questions that may need the next tier before it would have been cheaper to ask that one alone: 1 − c₁/c₂, from what asking each costs. Null where the first is not the cheaper one.
*/
export function breakEven(first: number, next: number): number | null {
	return first < next ? 1 - first / next : null;
}

/**
When it pays to ask one tier before the next, a sentence for each pair; nothing for a consortium without tiers, and where a price is unknown. `characters` is the length of a question.
*/
export function tierNotes(
	consortium: SavedConsortium,
	models: ReadonlyMap<string, Model>,
	characters: number,
): string[] {
	const named = consortium.strategies.find(({name}) => name === tiered.name);

	if (!named) {
		return [];
	}

	const instances = instancesOf(consortium);
	const costs = tiersIn(named.params['tiers'], consortium).map(ids =>
		ids.reduce<number | null>((sum, id) => {
			const {model, options} = instances.find(each => each.id === id)!;
			const port = models.get(model);
			const usd = port
				? forecastUsd(port, characters, options['maxTokens'])
				: null;
			return sum === null || usd === null ? null : sum + usd;
		}, 0),
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
			: `Asking ${one} first is cheaper than ${other} alone while fewer than ${Math.round(share * 100)}% of the questions need ${other}.`;
	});
}
