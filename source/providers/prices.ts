import {setTimeout as wait} from 'node:timers/promises';
import type * as GenaiPrices from '@pydantic/genai-prices';
import type {
	MatchLogic,
	PriceCalculation,
	Provider,
} from '@pydantic/genai-prices';
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

	/**
	A server on this machine that asks for one may pass the bill on.
	*/
	readonly key: string | null;
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

	/**
	What a model costs per million tokens; null when that is unknown. What its server lists counts for more than the price data, and less than a price of the person's own. Call `load` before.
	*/
	readonly priceOf: (
		target: PricedTarget,
		listed?: Price | null,
	) => LimitedPrice | null;
};

/**
A price that may be known only up to so many tokens of input.
*/
export type LimitedPrice = Price & {readonly maxInputTokens?: number};

/**
What sending many requests at once takes, roughly.
*/
const sendingMs = 60;

type Library = typeof GenaiPrices;

/**
What models cost. `overrides` are prices by `provider/model` or by model alone, and win over everything; a server on this machine that asks for no key costs nothing; an unknown price stays unknown.
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

	const ownOf = ({provider, model}: PricedTarget) =>
		overrides[`${provider}/${model}`] ?? overrides[model] ?? null;

	const isFree = (target: PricedTarget) =>
		ownOf(target) === null &&
		target.seller === null &&
		target.key === null &&
		isLoopback(target.baseUrl);

	return {
		load,

		async loadSoon() {
			soon ??= library ? load() : loadAfterSending();
			await soon;
		},

		costOf(usage, target) {
			if (isFree(target)) {
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
			const own = ownOf(target);

			try {
				return own
					? costAt(library, tokens, own)
					: (publicPrice(library, tokens, target)?.total_price ??
							tableCost(library, tokens, target));
			} catch {
				// Counts that contradict each other, such as more cached tokens than there were.
				return null;
			}
		},

		priceOf(target, listed = null) {
			if (isFree(target)) {
				return free;
			}

			const found = library && publicPrice(library, noTokens, target);

			return (
				ownOf(target) ??
				listed ??
				(found && basePrice(found.model_price)) ??
				rowOf(target)
			);
		},
	};
}

const free: Price = {input: 0, output: 0};

type Tokens = Readonly<
	Record<
		| 'input_tokens'
		| 'cache_read_tokens'
		| 'cache_write_tokens'
		| 'output_tokens',
		number
	>
>;

const noTokens: Tokens = {
	input_tokens: 0,
	cache_read_tokens: 0,
	cache_write_tokens: 0,
	output_tokens: 0,
};

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

function publicPrice(
	library: Library,
	tokens: Tokens,
	{model, baseUrl, seller}: PricedTarget,
): PriceCalculation | null {
	const provider = library.findProvider(
		seller === null ? {providerApiUrl: baseUrl} : {providerId: seller},
	);

	if (!provider) {
		return null;
	}

	const found = library.calcPrice(tokens, model, {provider});

	return found && isSameModel(model, found.model) ? found : null;
}

/**
Beyond a size of the input, some models cost more for all of it.
*/
function basePrice({
	input_mtok: input,
	output_mtok: output,
	cache_read_mtok: cacheRead,
	cache_write_mtok: cacheWrite,
}: PriceCalculation['model_price']): LimitedPrice | null {
	if (input === undefined || output === undefined) {
		return null;
	}

	const base = (price: typeof input) =>
		typeof price === 'number' ? price : price.base;
	const step = typeof input === 'number' ? undefined : input.tiers[0];

	return {
		input: base(input),
		output: base(output),
		...(cacheRead !== undefined && {cacheRead: base(cacheRead)}),
		...(cacheWrite !== undefined && {cacheWrite: base(cacheWrite)}),
		...(step && {maxInputTokens: step.start}),
	};
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

function rowOf({provider, model}: PricedTarget): LimitedPrice | null {
	const today = new Date().toISOString().slice(0, 10);
	const row = priceTable.findLast(
		each =>
			each.provider === provider && each.model === model && each.from <= today,
	);

	return row ?? null;
}

function tableCost(
	library: Library,
	tokens: Tokens,
	target: PricedTarget,
): number | null {
	const price = rowOf(target);

	return price && tokens.input_tokens <= (price.maxInputTokens ?? Infinity)
		? costAt(library, tokens, price)
		: null;
}
