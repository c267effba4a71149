import {hedge} from './forecast-condition.js';
import {type ForecastCall} from './forecast-listener.js';

export type ForecastSum = {
	readonly iterations: number;
	readonly calls: number;
	readonly inputTokens: number;
	readonly cachedTokens: number;
	readonly cacheWriteTokens: number;
	readonly outputTokens: number;

	/**
	US dollars for the calls whose price is known; null when there is none.
	*/
	readonly costUsd: number | null;
	readonly costIsComplete: boolean;
};

export function sumOf(calls: readonly ForecastCall[]): ForecastSum {
	const costs = calls
		.map(({costUsd}) => costUsd)
		.filter(costUsd => costUsd !== null);
	const total = (numbers: readonly number[]) =>
		numbers.reduce((sum, number) => sum + number, 0);

	return {
		iterations: calls.at(-1)?.iteration ?? 0,
		calls: calls.length,
		inputTokens: total(calls.map(call => call.inputTokens)),
		cachedTokens: total(calls.map(call => call.cachedTokens)),
		cacheWriteTokens: total(calls.map(call => call.cacheWriteTokens)),
		outputTokens: total(calls.map(call => call.outputTokens)),
		costUsd: costs.length === 0 ? null : total(costs),
		costIsComplete: costs.length === calls.length,
	};
}

/**
The outermost of each figure. They need not belong to one run: where answers are longer, a budget may end it earlier, and a prefix may be long enough to be cached.
*/
export function outermost(
	sums: readonly ForecastSum[],
	choose: (...values: readonly number[]) => number,
): ForecastSum {
	const of = (figure: (sum: ForecastSum) => number) =>
		choose(...sums.map(sum => figure(sum)));
	const costs = sums
		.map(({costUsd}) => costUsd)
		.filter(costUsd => costUsd !== null);

	return {
		iterations: of(sum => sum.iterations),
		calls: of(sum => sum.calls),
		inputTokens: of(sum => sum.inputTokens),
		cachedTokens: of(sum => sum.cachedTokens),
		cacheWriteTokens: of(sum => sum.cacheWriteTokens),
		outputTokens: of(sum => sum.outputTokens),
		costUsd: costs.length === 0 ? null : choose(...costs),
		costIsComplete: sums.every(({costIsComplete}) => costIsComplete),
	};
}

/**
The same, where second requests to the silent are among the calls, within a budget, which pays for no more of them.
*/
export function withinBudget(
	sum: ForecastSum,
	calls: readonly ForecastCall[],
	budgetUsd: number | null,
): ForecastSum {
	const once = calls.filter(({condition}) => condition !== hedge);

	return budgetUsd === null ||
		sum.costUsd === null ||
		once.length === calls.length
		? sum
		: {
				...sum,
				costUsd: Math.min(
					sum.costUsd,
					Math.max(budgetUsd, sumOf(once).costUsd ?? 0),
				),
			};
}
