import {unknownUsage, type Model, type Usage} from '../../source/core/model.js';
import {fakeModel, type Beat, type FakeOptions} from './fake-model.js';

/**
Dollars a token; `input` is for what is neither read from a cache nor written to one.
*/
export type TokenPrice = {
	readonly input: number;
	readonly cached: number;
	readonly written: number;
	readonly output: number;
};

/**
A fake model whose requests report this use, one after another, and cost what the price makes of it. Without a price the cost is unknown.
*/
export function pricedModel(
	scripts: ReadonlyArray<readonly Beat[]>,
	uses: ReadonlyArray<Partial<Usage>>,
	{
		price = null,
		...options
	}: Omit<FakeOptions, 'costUsd'> & {readonly price?: TokenPrice | null} = {},
): Model {
	const model = fakeModel(scripts, options);

	return {
		...model,
		costOf: ({inputTokens, cachedTokens, cacheWriteTokens, outputTokens}) =>
			price && inputTokens !== null && outputTokens !== null
				? (inputTokens - (cachedTokens ?? 0) - (cacheWriteTokens ?? 0)) *
						price.input +
					(cachedTokens ?? 0) * price.cached +
					(cacheWriteTokens ?? 0) * price.written +
					outputTokens * price.output
				: null,
		async *call(request, signal) {
			const use = uses[Math.min(model.heard.length, uses.length - 1)];

			for await (const part of model.call(request, signal)) {
				yield part.type === 'end'
					? {...part, usage: {...unknownUsage, ...use}}
					: part;
			}
		},
	};
}
