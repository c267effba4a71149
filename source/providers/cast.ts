import {type SavedConsortium} from '../core/consortium.js';
import {type Model} from '../core/model.js';
import {
	modelsIn,
	noConsortiums,
	wholeOf,
	type Consortiums,
} from '../core/nesting.js';
import {embeddingOf} from '../core/strategies/semantic.js';
import {UserError} from '../core/user-error.js';
import {providerOf, type Models} from './resolve.js';

/**
Every model a consortium calls, by its name in the configuration, also inside of the consortiums in it. Where a budget is to be kept, the prices are loaded.

@throws UserError for the first that cannot be called, embedding models included, and for consortiums that cannot stand inside one another.
*/
export async function castOf(
	consortium: SavedConsortium,
	models: Models,
	consortiums: Consortiums = noConsortiums,
): Promise<ReadonlyMap<string, Model>> {
	const all = wholeOf(consortium, consortiums);
	const resolved = await Promise.all(
		[...modelsIn(consortium, consortiums)].map(
			async name =>
				[name, await named(name, consortiums, models.resolve)] as const,
		),
	);

	for (const model of new Set(all.flatMap(each => embeddingOf(each) ?? []))) {
		await models.findEmbedder(model);
	}

	if (all.some(({limits}) => limits.budgetUsd !== null)) {
		await models.loadPrices();
	}

	return new Map(resolved);
}

/**
What `find` finds by a name that could have been that of a consortium, too.

@throws UserError that says so where it finds nothing.
*/
export async function named<Found>(
	name: string,
	consortiums: Consortiums,
	find: (name: string) => Promise<Found>,
): Promise<Found> {
	try {
		return await find(name);
	} catch (error) {
		if (error instanceof UserError && providerOf(name) === null) {
			throw new UserError(
				`${error.message.replace(/\.$/, '')}, and ${consortiums.has(name) ? `the consortium of that name cannot be inside itself: ${name} → ${name}` : 'no consortium of that name is saved'}.`,
				error.hint,
				{cause: error},
			);
		}

		throw error;
	}
}
