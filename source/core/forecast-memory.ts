import {memoryModes, type MemoryMode} from './consortium.js';
import {type ForecastSum} from './forecast-sum.js';

/**
What the same run would come to with each memory mode.
*/
export type MemoryForecast = {
	readonly chosen: MemoryMode;
	readonly cheapest: MemoryMode;

	/**
	After this many iterations, without a budget.
	*/
	readonly iterations: number;

	/**
	What the cheapest saves against the chosen one, in US dollars; null when not all prices are known.
	*/
	readonly savedUsd: number | null;

	/**
	How many fewer tokens it reads; below 0 when it costs less although it reads more.
	*/
	readonly savedInputTokens: number;
	readonly modes: Readonly<Record<MemoryMode, ForecastSum>>;
};

const shownDigits = 5;

/**
Compare the memory modes by what they cost and, where that is unknown or the same, by what they read. Of equal ones it is the chosen one.
*/
export function compareMemory(
	chosen: MemoryMode,
	modes: Readonly<Record<MemoryMode, ForecastSum>>,
): MemoryForecast {
	const isPriced = memoryModes.every(mode => modes[mode].costIsComplete);
	const costOf = (mode: MemoryMode) => (isPriced ? modes[mode].costUsd! : 0);
	const saved = (mode: MemoryMode) => ({
		// What is too little to be shown is no reason to change.
		usd: Number((costOf(chosen) - costOf(mode)).toFixed(shownDigits)),
		inputTokens: modes[chosen].inputTokens - modes[mode].inputTokens,
	});
	const isCheaper = (left: MemoryMode, right: MemoryMode) => {
		const [ofLeft, ofRight] = [saved(left), saved(right)];

		return ofLeft.usd === ofRight.usd
			? ofLeft.inputTokens > ofRight.inputTokens
			: ofLeft.usd > ofRight.usd;
	};

	let cheapest = chosen;

	for (const mode of memoryModes) {
		if (isCheaper(mode, cheapest)) {
			cheapest = mode;
		}
	}

	const {usd, inputTokens} = saved(cheapest);

	return {
		chosen,
		cheapest,
		iterations: modes[chosen].iterations,
		savedUsd: isPriced ? usd : null,
		savedInputTokens: inputTokens,
		modes,
	};
}
