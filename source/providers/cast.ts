import {type SavedConsortium} from '../core/consortium.js';
import {type Model} from '../core/model.js';
import {type Models} from './resolve.js';

/**
Every model a consortium calls, by its name in the configuration. Where a budget is to be kept, the prices are loaded.

@throws UserError for the first that cannot be called.
*/
export async function castOf(
	consortium: SavedConsortium,
	models: Models,
): Promise<ReadonlyMap<string, Model>> {
	const resolved = await Promise.all(
		namesOf(consortium).map(
			async name => [name, await models.resolve(name)] as const,
		),
	);

	if (consortium.limits.budgetUsd !== null) {
		await models.loadPrices();
	}

	return new Map(resolved);
}

/**
Each model of a consortium once, by its name in the configuration.
*/
export function namesOf({
	members,
	arbiters,
}: Pick<SavedConsortium, 'members' | 'arbiters'>): string[] {
	return [...new Set([...members, ...arbiters].map(({model}) => model))];
}
