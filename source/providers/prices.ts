import {setTimeout as wait} from 'node:timers/promises';
import type * as GenaiPrices from '@pydantic/genai-prices';
import type {MatchLogic, Provider} from '@pydantic/genai-prices';
import {type Usage} from '../core/model.js';
import {isLoopback} from './endpoint.js';
import {priceTable, type Price} from './price-table.js';

export type PricedTarget = {
	readonly provider: string;
	readonly model: string;
	readonly baseUrl: string;

	/**
	The vendor's name in the price data, null for other servers: a vendor bills its models also when they are reached through this machine.
	*/
	readonly seller: string | null;
};

export type Prices = {
	/**
	Load the price data, which is big and therefore not loaded before it is needed. Resolves at once when it is there.
	*/
	readonly load: () => Promise<void>;

	/**
	The same, but not before the requests that are being sent together are on their way: reading the data takes as long as sending dozens of them.
	*/
	readonly loadSoon: () => Promise<void>;

	/**
	US dollars for this much use of a model; null when the price or the use is unknown. Call `load` before.
	*/
	readonly costOf: (usage: Usage, target: PricedTarget) => number | null;
};

/**
What sending many requests at once takes, roughly.
*/
const sendingMs = 60;

type Library = typeof GenaiPrices;

/**
What models cost. `overrides` are prices by `provider/model` or by model alone, and win over everything; a server on this machine costs nothing; an unknown price stays unknown.
*/
export function createPrices(
	overrides: Readonly<Record<string, Price>> = {},
): Prices {
	let library: Library | null = null;
	let soon: Promise<void> | null = null;

	const load = async () => {
		library ??= await import('@pydantic/genai-prices');
	};

	const loadAfterSending = async () => {
		await wait(sendingMs);
		await load();
	};

	return {
		load,

		async loadSoon() {
			soon ??= library ? load() : loadAfterSending();
			await soon;
		},

		costOf(usage, target) {
			const {provider, model, baseUrl, seller} = target;
			const override = overrides[`${provider}/${model}`] ?? overrides[model];

			if (!override && seller === null && isLoopback(baseUrl)) {
				return 0;
			}

			if (
				!library ||
				usage.inputTokens === null ||
				usage.outputTokens === null
			) {
				return null;
			}

			const tokens = {
				input_tokens: usage.inputTokens,
				cache_read_tokens: usage.cachedTokens ?? 0,
				cache_write_tokens: usage.cacheWriteTokens ?? 0,
				output_tokens: usage.outputTokens,
			};

			try {
				return override
					? costAt(library, tokens, override)
					: (publicCost(library, tokens, target) ??
							tableCost(library, tokens, target));
			} catch {
				// Counts that contradict each other, such as more cached tokens than there were.
				return null;
			}
		},
	};
}

type Tokens = Readonly<
	Record<
		| 'input_tokens'
		| 'cache_read_tokens'
		| 'cache_write_tokens'
		| 'output_tokens',
		number
	>
>;

function costAt(library: Library, tokens: Tokens, price: Price): number | null {
	const {input, output, cacheRead = input, cacheWrite = input} = price;
	const provider: Provider = {
		id: 'own',
		name: 'own',
		api_pattern: '',
		models: [
			{
				id: 'model',
				match: {equals: 'model'},
				prices: {
					input_mtok: input,
					output_mtok: output,
					cache_read_mtok: cacheRead,
					cache_write_mtok: cacheWrite,
				},
			},
		],
	};

	return library.calcPrice(tokens, 'model', {provider})?.total_price ?? null;
}

function publicCost(
	library: Library,
	tokens: Tokens,
	{model, baseUrl, seller}: PricedTarget,
): number | null {
	const provider = library.findProvider(
		seller === null ? {providerApiUrl: baseUrl} : {providerId: seller},
	);

	if (!provider) {
		return null;
	}

	const found = library.calcPrice(tokens, model, {provider});

	return found && isSameModel(model, found.model) ? found.total_price : null;
}

/**
Whether a price was found for this very model or a dated edition of it. The library also matches by the beginning of a name, which gives a new model its predecessor's price.
*/
function isSameModel(
	model: string,
	priced: {readonly id: string; readonly match: MatchLogic},
): boolean {
	const undated = model.replace(
		/[-:@](?:latest|\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$/,
		'',
	);

	return [model, undated].includes(priced.id) || isNamed(priced.match, model);
}

function isNamed(match: MatchLogic, model: string): boolean {
	if ('or' in match) {
		return match.or.some(part => isNamed(part, model));
	}

	return 'equals' in match
		? match.equals === model
		: 'regex' in match && new RegExp(match.regex).test(model);
}

function tableCost(
	library: Library,
	tokens: Tokens,
	{provider, model}: PricedTarget,
): number | null {
	const today = new Date().toISOString().slice(0, 10);
	const price = priceTable.findLast(
		row =>
			row.provider === provider && row.model === model && row.from <= today,
	);

	return price && tokens.input_tokens <= (price.maxInputTokens ?? Infinity)
		? costAt(library, tokens, price)
		: null;
}
