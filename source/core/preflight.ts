import {type SavedConsortium} from './consortium.js';
import {
	assumedOutputTokens,
	charactersPerToken,
	forecastUsd,
} from './limits.js';
import {type Model} from './model.js';
import {type Observer} from './observation.js';
import {type Purse} from './purse.js';
import {embeddingOf} from './strategies/semantic.js';
import {UserError} from './user-error.js';

type Models = ReadonlyMap<string, Model>;

/**
Everything that forbids a run and is known before anything is called: options a model refuses, a budget that cannot be kept. Models that are not there are passed over.
*/
export function obstacles(
	consortium: SavedConsortium,
	models: Models,
	{
		purse = null,
		unpriced = [],
	}: {
		readonly purse?: Purse | null;

		/**
		What costs an unknown price beside the models.
		*/
		readonly unpriced?: readonly string[];
	} = {},
): UserError[] {
	return [
		...refusedOptions(consortium, models),
		...budgetWithoutPrices(consortium, purse !== null, () => [
			...unpricedOf(models),
			...unpriced,
		]),
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
	hasPurse: boolean,
	unpricedIn: () => readonly string[],
): UserError[] {
	const unpriced = budgetUsd === null && !hasPurse ? [] : unpricedIn();

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

/**
The embedding models of these consortiums whose price is unknown.
*/
export async function unpricedEmbeddings(
	consortiums: ReadonlyArray<Pick<SavedConsortium, 'strategies'>>,
	{priceOf}: Pick<Observer, 'priceOf'>,
): Promise<string[]> {
	const models = new Set(consortiums.flatMap(each => embeddingOf(each) ?? []));
	const text = 'x'.repeat(assumedOutputTokens * charactersPerToken);
	const prices = await Promise.all(
		[...models].map(async model => ({
			model,
			usd: await priceOf({
				kind: 'similarity',
				model,
				answers: [{instance: '', callId: '', text}],
			}),
		})),
	);

	return prices.flatMap(({model, usd}) => (usd === null ? model : []));
}

export function howToPrice(model: string): string {
	return `Give it in config.json under "settings", in dollars per million tokens: "prices": {"${model}": {"input": 1, "output": 4}}`;
}
