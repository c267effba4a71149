/**
A price in US dollars per million tokens. Without a price of its own, cached input costs what input costs.
*/
export type Price = {
	readonly input: number;
	readonly output: number;
	readonly cacheRead?: number;
	readonly cacheWrite?: number;
};

type PricedModel = Price & {
	readonly provider: string;
	readonly model: string;

	/**
	The day this price begins.
	*/
	readonly from: string;

	/**
	The largest input, in tokens, that is known to cost this; beyond it the price is unknown.
	*/
	readonly maxInputTokens?: number;
};

/**
Models the price library does not know yet, as the providers' pages had them on 20 November 2026. Where those name no price for the cache, it is what the provider asks of its other models: a tenth for reading at most, 1.25 times the input for writing where that costs at all.
*/
export const priceTable: readonly PricedModel[] = [
	{
		provider: 'openai',
		model: 'gpt-6.1-sol',
		from: '2026-11-20',
		input: 2,
		cacheRead: 0.1,
		cacheWrite: 2.5,
		output: 10,
		maxInputTokens: 272_000,
	},
	{
		provider: 'anthropic',
		model: 'claude-haiku-5-5',
		from: '2026-11-20',
		input: 0.1,
		cacheRead: 0.01,
		cacheWrite: 0.125,
		output: 0.5,
		maxInputTokens: 100_000,
	},
	{
		provider: 'gemini',
		model: 'gemini-4-argon',
		from: '2026-11-20',
		input: 2,
		cacheRead: 0.2,
		output: 10,
	},
	{
		provider: 'gemini',
		model: 'gemini-4-argon',
		from: '2026-12-01',
		input: 4,
		cacheRead: 0.4,
		output: 20,
	},
];
