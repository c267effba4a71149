import {type Forecast, type ForecastBasis} from '../core/forecast.js';
import {type MemoryForecast} from '../core/forecast-memory.js';
import {type ForecastSum} from '../core/forecast-sum.js';
import {type OutputHistory} from '../core/history.js';
import {costText, shareText} from './phrases.js';

/**
A number of things: `1 call`, `2 calls`.
*/
export function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/**
What a run comes to: `3 to 9 calls, likely 6; $0.01 to $0.05, likely $0.03`.
*/
export function rangeText({
	low,
	likely,
	high,
}: Pick<Forecast, 'low' | 'likely' | 'high'>): string {
	const range = (textOf: (sum: ForecastSum) => string, unit = '') => {
		const [least, most] = [textOf(low), textOf(high)];

		return least === most
			? `${most}${unit}`
			: `${least} to ${most}${unit}, likely ${textOf(likely)}`;
	};

	return [
		range(({calls}) => String(calls), ' calls'),
		range(({costUsd, costIsComplete}) => costText(costUsd, costIsComplete)),
	].join('; ');
}

/**
Which memory mode is the cheapest, and what it would save. Nothing is said of the answers.
*/
export function memoryText(memory: MemoryForecast | null): string {
	if (!memory) {
		return 'The memory mode makes no difference: there is one iteration at most.';
	}

	const {chosen, cheapest, iterations, savedUsd, savedInputTokens} = memory;
	const within = `in ${counted(iterations, 'iteration')}`;

	return cheapest === chosen
		? `No memory mode is cheaper than ${chosen} ${within}.`
		: `Memory ${cheapest} would ${
				savedUsd !== null && savedUsd > 0
					? `cost ${costText(savedUsd)} less`
					: `send ${savedInputTokens} fewer tokens`
			} than ${chosen} ${within}.`;
}

/**
What a forecast goes by, a sentence each: earlier replies and runs, and what is assumed where there are none.
*/
export function basisTexts(
	{outputs, iterations}: ForecastBasis,
	consortium: string,
): string[] {
	const known = outputs.filter(({calls}) => calls > 0);
	const unknown = outputs.filter(({calls}) => calls === 0);
	const {runs, shares, low, likely, high} = iterations;

	return [
		...known.map(
			({model, purpose, calls, tokens}) =>
				`${model}: ${spreadText(tokens)}, from ${counted(calls, wordOf(purpose))} of yours.`,
		),
		...(unknown.length === 0
			? []
			: [
					`No history of ${[...new Set(unknown.map(({model}) => model))].join(', ')}: answers of ${unknown[0]!.tokens.likely} tokens assumed.`,
				]),
		...(low === high
			? []
			: [
					runs === 0
						? `No history of ${consortium}: ${counted(likely, 'iteration')} assumed.`
						: `${counted(runs, 'run')} of ${consortium} ended after ${sharesText(shares)}.`,
				]),
	];
}

const wordOf = (purpose: OutputHistory['purpose']) =>
	purpose === 'answer' ? 'answer' : 'verdict';

const spreadText = ({low, likely, high}: OutputHistory['tokens']) =>
	low === high
		? `${likely} tokens`
		: `${low} to ${high} tokens, mostly about ${likely}`;

function sharesText(shares: readonly number[]): string {
	const texts = shares.flatMap((share, index) =>
		share === 0 ? [] : [`${index + 1} (${shareText(share)})`],
	);

	return `${texts.join(', ')} iteration${shares.length === 1 ? '' : 's'}`;
}
