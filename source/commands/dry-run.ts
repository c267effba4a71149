import {assumptions, forecastRun} from '../core/forecast.js';
import {type SavedConsortium} from '../core/consortium.js';
import {type ForecastOptions} from '../core/forecast-play.js';
import {type Place} from './command.js';
import {callsText} from './forecast.js';
import {historyOrWarning, loggedHistory} from './history.js';
import {json} from './table.js';
import {tellWarnings} from './warnings.js';

/**
Show every call a run would make, instead of making it.

@throws UserError for what forbids the run.
*/
export async function showDryRun(
	consortium: SavedConsortium,
	prompt: string,
	{
		flags,
		warnings: given,
		place,
		...options
	}: ForecastOptions & {
		readonly flags: {readonly json: boolean; readonly quiet: boolean};
		readonly warnings: readonly string[];
		readonly place: Place;
	},
): Promise<number> {
	const {history, warnings: lacking} = await historyOrWarning(async () =>
		loggedHistory(consortium, place),
	);
	const forecast = await forecastRun(consortium, prompt, {...options, history});
	const warnings = [...given, ...lacking];
	tellWarnings(flags.quiet ? [] : warnings, place);

	place.stdout.write(
		flags.json
			? json({v: 1, prompt, consortium, forecast, assumptions, warnings})
			: `Nothing is sent. This would be called:\n\n${callsText(forecast, consortium.name, place)}`,
	);
	return 0;
}
