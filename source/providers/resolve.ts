import {type Embedder} from '../core/embedder.js';
import {type Model} from '../core/model.js';
import {UserError} from '../core/user-error.js';
import {createAnthropicCall} from './anthropic.js';
import {createChatCall} from './chat.js';
import {
	callSettings,
	type CallSettings,
	type Connection,
} from './connection.js';
import {findEmbedder} from './embeddings.js';
import {isLoopback, type Endpoint} from './endpoint.js';
import {
	adviceForPrograms,
	endpointsOf,
	keyOf,
	type KeyAdvice,
} from './endpoints.js';
import {createGeminiCall} from './gemini.js';
import {createLimit, type Limit} from './limits.js';
import {listModels} from './list-models.js';
import {createResponsesCall} from './openai.js';
import {createPatientFetch} from './patient-fetch.js';
import {vendorNamed} from './presets.js';
import {type Price} from './price-table.js';
import {promptCacheOf} from './prompt-cache.js';
import {createPrices, type Prices} from './prices.js';
import {refusedOption} from './refusals.js';
import {closestTo} from './suggestions.js';

export type ModelsOptions = {
	/**
	What was stored or stood in environment variables, by provider.
	*/
	readonly keys?: Readonly<Record<string, string | null>>;

	/**
	For a program when left out.
	*/
	readonly keyAdvice?: KeyAdvice;

	/**
	Other addresses for the vendors, by name, from `OPENAI_BASE_URL` and its like.
	*/
	readonly baseUrls?: Readonly<Record<string, string | null>>;

	/**
	Servers from the configuration; one named like a preset takes its place.
	*/
	readonly endpoints?: readonly Endpoint[];
	readonly settings?: Partial<CallSettings> & {
		/**
		Calls in flight at one provider; 64 unless set.
		*/
		readonly callsInFlight?: number;
	};

	/**
	By `provider/model` or by model alone.
	*/
	readonly prices?: Readonly<Record<string, Price>>;

	/**
	From 0 up to 1.
	*/
	readonly random: () => number;
	readonly fetch?: typeof fetch;

	/**
	Providers that are no server, by name; each makes a model from the part behind the slash.
	*/
	readonly extra?: Readonly<Record<string, (model: string) => Model>>;
};

export type Models = {
	/**
	The model behind `provider/model` or a bare id. The same id gives the same model.

	@throws UserError if nothing of that name can be called, or its key is missing. No model is called to find out; servers are asked what they list when a bare id says nothing else.
	*/
	readonly resolve: (id: string) => Promise<Model>;

	/**
	The same without asking a server; null where only what servers list could tell whose model it is.

	@throws UserError as `resolve`.
	*/
	readonly find: (id: string) => Model | null;

	/**
	The embedding model behind `provider/model`, whose price is known if it ever will be.

	@throws UserError if there is no such server, it has no embeddings, or its key is missing.
	*/
	readonly findEmbedder: (id: string) => Promise<Embedder>;

	/**
	The first model of each server on this machine that answers at once, such as `ollama/llama3.2`.
	*/
	readonly findLocalModels: () => Promise<string[]>;

	/**
	Load the price data, which every call does by itself: for a price that is asked for before the first call.
	*/
	readonly loadPrices: () => Promise<void>;
};

const callsInFlight = 64;

/**
Families whose names are enough. The open-weight models of the same maker run elsewhere.
*/
const families: ReadonlyArray<readonly [RegExp, string]> = [
	[/^(?:gpt-(?!oss)|chatgpt|o\d+(?:-|$)|ft:(?:gpt|o\d))/, 'openai'],
	[/^claude/, 'anthropic'],
	[/^gemini/, 'gemini'],
];

const localServers = ['ollama', 'lmstudio'];

type Context = {
	readonly options: ModelsOptions;
	readonly endpoints: ReadonlyMap<string, Endpoint>;
	readonly limits: Map<string, Limit>;
	readonly prices: Prices;
	readonly fetch: typeof fetch;
};

/**
All models that can be called, by name.
*/
export function createModels(options: ModelsOptions): Models {
	const models = new Map<string, Model>();
	const context: Context = {
		options,
		endpoints: endpointsOf(options.endpoints ?? [], options.baseUrls),
		limits: new Map(),
		prices: createPrices(options.prices),
		fetch: options.fetch ?? createPatientFetch(),
	};

	const find = (id: string) => models.get(id) ?? modelNamed(id, context);

	return {
		async resolve(id) {
			const model = find(id) ?? (await findByListing(id, context));
			const first = models.get(id) ?? model;
			models.set(id, first);
			return first;
		},
		find(id) {
			const model = find(id);

			if (model) {
				models.set(id, model);
			}

			return model;
		},
		async findEmbedder(id) {
			await context.prices.load();
			return findEmbedder(id, context.endpoints, (endpoint, model) =>
				connectionTo(endpoint, model, context),
			);
		},
		findLocalModels: async () => localModels(context),
		loadPrices: context.prices.load,
	};
}

/**
The provider a model's name speaks of, known or not; null for a bare id of no known family.
*/
export function providerOf(id: string): string | null {
	const slash = id.indexOf('/');

	return slash === -1
		? (families.find(([pattern]) => pattern.test(id))?.[1] ?? null)
		: id.slice(0, slash);
}

function modelNamed(id: string, context: Context): Model | null {
	const slash = id.indexOf('/');
	const name = id.slice(slash + 1);

	if (name === '') {
		throw new UserError(
			`The model ${id} has no name.`,
			'Name it as provider/model, such as openai/gpt-6-luna.',
		);
	}

	const provider = providerOf(id) ?? '';
	const extras = new Map(Object.entries(context.options.extra ?? {}));
	const extra = extras.get(provider);

	if (extra) {
		return extra(name);
	}

	const endpoint = context.endpoints.get(provider);

	return endpoint ? connect(id, name, endpoint, context) : null;
}

function connectionTo(
	endpoint: Endpoint,
	model: string,
	{options, limits, prices, fetch}: Context,
): Connection {
	const {name, baseUrl, api} = endpoint;
	const {
		settings = {},
		keys = {},
		random,
		keyAdvice: advice = adviceForPrograms,
	} = options;
	const limit =
		limits.get(name) ?? createLimit(settings.callsInFlight ?? callsInFlight);
	limits.set(name, limit);

	return {
		provider: name,
		model,
		baseUrl,
		api,
		key: keyOf(endpoint, keys, advice),
		keyAdvice: advice(endpoint).refused,
		seller: vendorNamed(name)?.seller ?? null,
		settings: {...callSettings, ...settings},
		limit,
		prices,
		random,
		fetch,
	};
}

function connect(
	id: string,
	model: string,
	endpoint: Endpoint,
	context: Context,
): Model {
	const connection = connectionTo(endpoint, model, context);

	return {
		id,
		isSimulated: false,
		promptCache: promptCacheOf(connection),
		refusalOf: given => refusedOption(given, connection),
		costOf: usage => connection.prices.costOf(usage, connection),
		call: adapters[connection.api](connection),
	};
}

const adapters: Readonly<
	Record<Endpoint['api'], (connection: Connection) => Model['call']>
> = {
	responses: createResponsesCall,
	chat: createChatCall,
	anthropic: createAnthropicCall,
	gemini: createGeminiCall,
};

/**
What the servers list that may be asked: those that are configured, have a key, or run on this machine.
*/
async function listings({options, endpoints, fetch}: Context) {
	const {keys = {}, endpoints: configured = []} = options;

	const asked = endpoints
		.values()
		.filter(
			({name, keyEnv}) =>
				vendorNamed(name) === null &&
				(configured.some(endpoint => endpoint.name === name) ||
					localServers.includes(name) ||
					(keyEnv !== null && (keys[name] ?? '') !== '')),
		);

	return Promise.all(
		asked.map(async endpoint => ({
			endpoint,
			ids:
				(await listModels(endpoint, keys[endpoint.name] ?? null, fetch)) ?? [],
		})),
	);
}

async function findByListing(id: string, context: Context): Promise<Model> {
	const lists = await listings(context);
	const matches = lists.filter(({ids}) => ids.includes(id));
	const [match, ...others] = matches;

	if (match && others.length === 0) {
		return connect(id, id, match.endpoint, context);
	}

	if (match) {
		throw new UserError(
			`Several providers have a model ${id}.`,
			`Say which: ${matches.map(({endpoint}) => `${endpoint.name}/${id}`).join(', ')}.`,
		);
	}

	const near = closestTo(
		id,
		lists.flatMap(({endpoint, ids}) =>
			ids.map(listed => `${endpoint.name}/${listed}`),
		),
	);
	const providers = [
		...Object.keys(context.options.extra ?? {}),
		...context.endpoints.keys(),
	];

	throw new UserError(
		`No provider is known for the model ${id}.`,
		near.length > 0
			? `Did you mean ${near.join(' or ')}?`
			: `Name it as provider/model; the providers are ${providers.join(', ')}.`,
	);
}

async function localModels({endpoints, fetch}: Context): Promise<string[]> {
	const found = await Promise.all(
		localServers.map(async name => {
			const server = endpoints.get(name);
			const ids =
				server && isLoopback(server.baseUrl)
					? await listModels(server, null, fetch)
					: null;
			// Servers list models that make vectors among those that talk.
			const first = ids?.find(id => !/embed/i.test(id));
			return first === undefined ? [] : [`${name}/${first}`];
		}),
	);

	return found.flat();
}
