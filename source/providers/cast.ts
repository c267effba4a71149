import {type SavedConsortium} from '../core/consortium.js';
import {type Model} from '../core/model.js';
import {type Models} from './resolve.js';

/**
Every model a consortium calls, by its name in the configuration. Where a budget is to be kept, the prices are loaded.

@throws UserError for the first that cannot be called.
*/
export async function castOf(
	{members, arbiters, limits}: SavedConsortium,
	models: Models,
): Promise<ReadonlyMap<string, Model>> {
	const names = [...new Set([...members, ...arbiters].map(({model}) => model))];
	const resolved = await Promise.all(
		names.map(async name => [name, await models.resolve(name)] as const),
	);

	if (limits.budgetUsd !== null) {
		await models.loadPrices();
	}

	return new Map(resolved);
}
