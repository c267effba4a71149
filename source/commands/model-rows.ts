import {type Config} from '../config/config.js';
import {consortiumsOf} from '../config/consortiums.js';
import {demo} from '../config/demo.js';
import {
	catalogOf,
	knownModels,
	type CatalogSources,
} from '../providers/catalog.js';
import {askForModels, type Listing} from '../providers/list-models.js';
import {vendors} from '../providers/presets.js';
import {createPrices} from '../providers/prices.js';
import {providerOf} from '../providers/resolve.js';
import {keyText, type Server} from './servers.js';

export type ModelRow = Awaited<ReturnType<typeof modelRows>>[number];

/**
The models we know of, those in saved consortiums, and the listed ones, with the state of their keys and what they cost.
*/
export async function modelRows(
	config: Config,
	servers: readonly Server[],
	listed: CatalogSources['listed'],
) {
	const all = catalogOf({
		known: knownModels,
		configured: configuredIn(config),
		listed,
	});
	const prices = createPrices(config.settings.prices);
	const byName = new Map(servers.map(each => [each.endpoint.name, each]));
	await prices.load();

	return all.map(({provider, model, price: ownPrice, ...rest}) => {
		const server = provider === null ? undefined : byName.get(provider);
		const isSimulated = provider === demo.name;
		const price = isSimulated
			? {input: 0, output: 0}
			: server?.addressProblem === null
				? prices.priceOf(
						{
							provider: server.endpoint.name,
							model,
							baseUrl: server.endpoint.baseUrl,
							seller: server.seller,
							key: server.key ?? server.endpoint.keyEnv,
						},
						ownPrice,
					)
				: null;

		return {
			id: provider === null ? model : `${provider}/${model}`,
			provider,
			model,
			key: server
				? keyText(server.keyState)
				: isSimulated
					? 'none needed'
					: null,
			price: price && {
				input: price.input,
				cacheRead: price.cacheRead ?? null,
				output: price.output,
				maxInputTokens: price.maxInputTokens ?? null,
			},
			contextTokens: rest.contextTokens,
			isDefault: vendors.some(
				vendor => vendor.name === provider && vendor.defaultModel === model,
			),
			isListed: rest.isListed,
			consortiums: rest.consortiums,
		};
	});
}

/**
Ask a server for its models, unless its address or its key is in the way.
*/
export async function askServer(
	{endpoint, key, keyAdvice, addressProblem, keyProblem}: Server,
	waitMs: number,
): Promise<Listing> {
	const problem = addressProblem ?? keyProblem;

	return problem
		? {status: 'key-refused', reason: problem.message}
		: askForModels(endpoint, key, {fetch, keyAdvice, waitMs});
}

function configuredIn(config: Config) {
	const all = consortiumsOf(config);
	const names = new Set(all.map(({name}) => name));

	return all
		.filter(({name}) => name !== demo.name)
		.flatMap(({name, members, arbiters}) =>
			[...members, ...arbiters].map(({model}) => ({model, consortium: name})),
		)
		.filter(({model}) => !names.has(model))
		.map(({model: id, consortium}) => {
			const provider = providerOf(id);
			return {
				provider,
				model: provider === null ? id : id.slice(id.indexOf('/') + 1),
				consortium,
			};
		});
}
