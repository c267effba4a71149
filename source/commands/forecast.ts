import {assumptions, type Forecast} from '../core/forecast.js';
import {type ForecastSum} from '../core/forecast-sum.js';
import {basisTexts, counted, memoryText} from '../text/forecast.js';
import {costText, usageText} from '../text/phrases.js';
import {type Place} from './command.js';
import {paragraph, wholeTable, widthOf} from './table.js';

/**
A forecast as a table of the calls that are likely and what they come to.
*/
export function callsText(
	forecast: Forecast,
	consortium: string,
	place: Place,
): string {
	const calls = forecast.calls.filter(
		({iteration}) => iteration <= forecast.likely.iterations,
	);
	const isCached = calls.some(
		({cachedTokens, cacheWriteTokens}) => cachedTokens + cacheWriteTokens > 0,
	);
	const isConditional = calls.some(({condition}) => condition !== null);
	const rows = calls.map(call => [
		[call.iteration, ...call.innerIterations].join('.'),
		call.speaker,
		call.model,
		call.purpose,
		`${call.inputTokens}`,
		...(isCached ? [`${call.cachedTokens}`, `${call.cacheWriteTokens}`] : []),
		`${call.outputTokens}`,
		costText(call.costUsd),
		...(isConditional ? [call.condition ?? ''] : []),
	]);
	const table = wholeTable(
		[
			'iteration',
			'who',
			'model',
			'for',
			'tokens in',
			...(isCached ? ['cached', 'written'] : []),
			'out',
			'cost',
			...(isConditional ? ['if'] : []),
		],
		rows,
		widthOf(place),
	);

	return `${calls.length === 0 ? '' : `Likely, call by call:\n\n${table}\n`}${sumsText(forecast, consortium, place)}`;
}

/**
What a run comes to: at best, usually, and at most; what that goes by; and the cheapest memory mode.
*/
export function sumsText(
	forecast: Forecast,
	consortium: string,
	{stdout}: Pick<Place, 'stdout'>,
): string {
	const {low, likely, high, basis, memory, limit, isComplete} = forecast;
	const [least, usual, most] = [low, likely, high].map(sum => sumText(sum));
	const more = isComplete ? '' : 'more than ';

	return [
		...(high.calls === 0
			? ['Nothing would be called.']
			: least === most
				? [`${more}${most}`]
				: [
						`at least: ${least}`,
						`likely: ${usual}`,
						`at most: ${more}${most}`,
					]),
		...(limit === null ? [] : [limit]),
		...(high.calls === 0 ? [] : [memoryText(memory)]),
		...basisTexts(basis, consortium),
		`Estimated, with ${assumptions}.`,
	]
		.map(line => paragraph(line, stdout))
		.join('');
}

function sumText(sum: ForecastSum): string {
	const {iterations, calls, costUsd, costIsComplete} = sum;
	const usage = usageText({...sum, reasoningTokens: null});

	return `${counted(iterations, 'iteration')}, ${counted(calls, 'call')}, about ${usage}, ${costText(costUsd, costIsComplete)}`;
}
