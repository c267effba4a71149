import {
	assumptions,
	type Forecast,
	type ForecastSum,
} from '../core/forecast.js';
import {costText} from '../text/phrases.js';
import {type Place} from './command.js';
import {paragraph, wholeTable, widthOf} from './table.js';

/**
A forecast as a table of its calls and what they come to.
*/
export function callsText(forecast: Forecast, place: Place): string {
	const rows = forecast.calls.map(call => [
		String(call.iteration),
		call.speaker,
		call.model,
		call.purpose,
		`${call.inputTokens}`,
		`${call.outputTokens}`,
		costText(call.costUsd),
	]);

	return `${wholeTable(
		['iteration', 'who', 'model', 'for', 'tokens in', 'out', 'cost'],
		rows,
		widthOf(place),
	)}\n${sumsText(forecast, place)}`;
}

/**
What a run comes to, at least and at most.
*/
export function sumsText(
	{least, most, limit, isComplete}: Forecast,
	{stdout}: Pick<Place, 'stdout'>,
): string {
	return [
		...(least.calls > 0 && least.calls < most.calls ? [sumText(least)] : []),
		most.calls === 0
			? 'Nothing would be called.'
			: `${isComplete ? '' : 'more than '}${sumText(most)}`,
		...(limit === null ? [] : [limit]),
		`Estimated, with ${assumptions}.`,
	]
		.map(line => paragraph(line, stdout))
		.join('');
}

function sumText(sum: ForecastSum): string {
	const {iterations, calls, inputTokens, outputTokens} = sum;

	return `${iterations} iteration${iterations === 1 ? '' : 's'}: ${calls} calls, about ${inputTokens} tokens in, ${outputTokens} out, ${costText(sum.costUsd, sum.costIsComplete)}`;
}
