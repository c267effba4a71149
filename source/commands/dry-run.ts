import {assumptions, forecastRun} from '../core/forecast.js';
import {instancesOf, type SavedConsortium} from '../core/consortium.js';
import {type Model} from '../core/model.js';
import {type ForecastOptions} from '../core/forecast-play.js';
import {headline} from '../output/progress-lines.js';
import {plain} from '../text/plain.js';
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
		unconfirmed,
		place,
		...options
	}: ForecastOptions & {
		readonly flags: {readonly json: boolean; readonly quiet: boolean};
		readonly warnings: readonly string[];

		/**
		The commands a run would ask about before it calls anybody.
		*/
		readonly unconfirmed: readonly string[];
		readonly place: Place;
	},
): Promise<number> {
	const {history, warnings: lacking} = await historyOrWarning(async () =>
		loggedHistory(consortium, place, options.consortiums),
	);
	const forecast = await forecastRun(consortium, prompt, {...options, history});
	const warnings = [...given, ...lacking];
	tellWarnings(flags.quiet ? [] : warnings, place);

	place.stdout.write(
		flags.json
			? json({
					v: 1,
					prompt,
					consortium,
					forecast,
					assumptions,
					unconfirmed,
					warnings,
				})
			: `Nothing is sent. ${headlineOf(consortium, options.models)}\n${askedText(unconfirmed)}${callsText(forecast, consortium.name, place)}`,
	);
	return 0;
}

/**
What is reckoned with, as a run tells it.
*/
function headlineOf(
	consortium: SavedConsortium,
	models: ReadonlyMap<string, Model>,
): string {
	return headline({
		consortium,
		instances: instancesOf(consortium),
		arbiters: consortium.arbiters,
		simulated: models.values().some(({isSimulated}) => isSimulated),
	});
}

function askedText(commands: readonly string[]): string {
	return commands
		.map(
			command =>
				`A run would first ask whether this command may be run: ${plain(command)}\n`,
		)
		.join('');
}
