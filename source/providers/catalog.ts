import {type ListedModel} from './list-models.js';

/**
A model and what is known of it without asking anybody.
*/
type KnownModel = {
	readonly provider: string;
	readonly model: string;
	readonly contextTokens: number | null;
};

const family = (
	provider: string,
	contexts: Readonly<Record<string, number | null>>,
): KnownModel[] =>
	Object.entries(contexts).map(([model, contextTokens]) => ({
		provider,
		model,
		contextTokens,
	}));

/**
The present models of the vendors, the strongest of each first, as their pages and packages had them on 20 November 2026. Their servers list many more.
*/
export const knownModels: readonly KnownModel[] = [
	...family('anthropic', {
		'claude-opus-5-5': 1_000_000,
		'claude-fable-5-2': null,
		'claude-sonnet-5-5': null,
		'claude-haiku-5-5': 1_000_000,
	}),
	...family('openai', {
		'gpt-6.2-astra': null,
		'gpt-6.2-sol': null,
		'gpt-6.1-sol': 1_050_000,
		'gpt-6.1-terra': null,
		'gpt-6-astra': 1_050_000,
		'gpt-6-sol': 1_050_000,
		'gpt-6-luna': 1_050_000,
	}),
	...family('gemini', {
		'gemini-4-argon': null,
		'gemini-4-carbon': null,
		'gemini-3.8-flash': 1_000_000,
		'gemini-3.6-flash': 1_000_000,
		'gemini-3.5-flash-lite': 1_000_000,
		'gemini-3.1-flash-lite': 1_000_000,
	}),
];

/**
A model somebody speaks of. `provider` is null when its name does not say whose it is.
*/
export type CatalogModel = Omit<ListedModel, 'id'> & {
	readonly provider: string | null;
	readonly model: string;
	readonly isKnown: boolean;

	/**
	The saved consortiums it is in.
	*/
	readonly consortiums: readonly string[];

	/**
	Its server listed it just now.
	*/
	readonly isListed: boolean;
};

export type CatalogSources = {
	readonly known: readonly KnownModel[];
	readonly configured: ReadonlyArray<{
		readonly provider: string | null;
		readonly model: string;
		readonly consortium: string;
	}>;
	readonly listed: ReadonlyArray<{
		readonly provider: string;
		readonly models: readonly ListedModel[];
	}>;
};

/**
Every model once, with all that is said of it: providers in the order they come first, and of each the known models, then the configured, then the listed. What a server says of a model itself counts for more.
*/
export function catalogOf({
	known,
	configured,
	listed,
}: CatalogSources): CatalogModel[] {
	const models = new Map<string, CatalogModel>();

	const add = (
		{provider, model}: Pick<CatalogModel, 'provider' | 'model'>,
		change: (before: CatalogModel) => Partial<CatalogModel>,
	) => {
		const name = JSON.stringify([provider, model]);
		const before = models.get(name) ?? {
			provider,
			model,
			contextTokens: null,
			price: null,
			isKnown: false,
			consortiums: [],
			isListed: false,
		};
		models.set(name, {...before, ...change(before)});
	};

	for (const each of known) {
		add(each, () => ({isKnown: true, contextTokens: each.contextTokens}));
	}

	for (const each of configured) {
		add(each, ({consortiums}) => ({
			consortiums: [...new Set([...consortiums, each.consortium])],
		}));
	}

	for (const {provider, models: list} of listed) {
		for (const {id: model, contextTokens, price} of list) {
			add({provider, model}, before => ({
				isListed: true,
				contextTokens: contextTokens ?? before.contextTokens,
				price,
			}));
		}
	}

	return Map.groupBy(models.values(), ({provider}) => provider)
		.values()
		.toArray()
		.flat();
}
