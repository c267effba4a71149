import {type SavedConsortium} from './consortium.js';
import {forecastUsd} from './limits.js';
import {type Model} from './model.js';
import {type Purse} from './purse.js';
import {UserError} from './user-error.js';

type Models = ReadonlyMap<string, Model>;

/**
Everything that forbids a run and is known before anything is called: options a model refuses, a budget that cannot be kept. Models that are not there are passed over.
*/
export function obstacles(
	consortium: SavedConsortium,
	models: Models,
	purse: Purse | null = null,
): UserError[] {
	return [
		...refusedOptions(consortium, models),
		...budgetWithoutPrices(consortium, models, purse !== null),
	];
}

function refusedOptions(
	{members, arbiters}: SavedConsortium,
	models: Models,
): UserError[] {
	const refusals = [...members, ...arbiters].flatMap(
		({model, options = {}}) => models.get(model)?.refusalOf(options) ?? [],
	);

	return [...new Set(refusals)].map(
		refusal =>
			new UserError(refusal, 'Leave the option out, or name another model.'),
	);
}

function budgetWithoutPrices(
	{limits: {budgetUsd}}: SavedConsortium,
	models: Models,
	hasPurse: boolean,
): UserError[] {
	const unpriced = budgetUsd === null && !hasPurse ? [] : unpricedOf(models);

	return unpriced.length === 0
		? []
		: [
				new UserError(
					`The ${budgetUsd === null ? 'daily limit' : 'budget'} cannot be kept: the price of ${unpriced.join(', ')} is unknown.`,
					`${howToPrice(unpriced[0]!)}; or ${budgetUsd === null ? 'lift the limit' : 'leave --budget out'}.`,
				),
			];
}

/**
The models whose price is unknown, which is only known for certain once the prices are loaded.
*/
export function unpricedOf(models: Models): string[] {
	return [...models]
		.filter(([, model]) => forecastUsd(model, 1000, 1) === null)
		.map(([id]) => id);
}

export function howToPrice(model: string): string {
	return `Give it in config.json under "settings", in dollars per million tokens: "prices": {"${model}": {"input": 1, "output": 4}}`;
}
