import {foldersOf} from '../../config/folders.js';
import {isLogOn, switchLog} from '../../store/log-switch.js';
import {logPath} from '../load-config.js';
import {amountsText, deletedText} from '../log-amounts.js';
import {json} from '../table.js';
import {withLog} from '../with-log.js';
import {noWords} from '../words.js';
import {type LogsCall} from './logs-call.js';

/**
Where the log is.
*/
export async function showPath({
	input,
	place,
	usage,
}: LogsCall): Promise<number> {
	noWords(input, usage);
	place.stdout.write(`${logPath(place.environment)}\n`);
	return 0;
}

const emptyLog = {
	runs: 0,
	importedRuns: 0,
	conversations: 0,
	responses: 0,
	deletedResponses: 0,
	sizeBytes: 0,
} as const;

/**
How much is in the log.
*/
export async function status({
	input,
	flags,
	place,
	usage,
}: LogsCall): Promise<number> {
	noWords(input, usage);
	const {logStatus} = await import('../../store/log-status.js');
	const path = logPath(place.environment);
	const isOn = isLogOn(foldersOf(place.environment).data);
	const found = await withLog(place, log => logStatus(log, path));
	const now = {
		isOn,
		...(found ?? {...emptyLog, path}),
	};

	place.stdout.write(
		flags.json
			? json(now)
			: [
					`Logging is ${isOn ? 'on' : 'off'}.`,
					amountsText(now),
					...(now.deletedResponses === 0
						? []
						: [
								`${deletedText(now)} can be brought back: consortium-tui logs undo; or given up: consortium-tui logs vacuum`,
							]),
					`${path} (${(now.sizeBytes / 1e6).toFixed(1)} MB)`,
					'',
				].join('\n'),
	);
	return 0;
}

/**
Switch logging on or off.
*/
export async function switchTo(
	{input, place, usage}: LogsCall,
	isOn: boolean,
): Promise<number> {
	noWords(input, usage);
	switchLog(foldersOf(place.environment).data, isOn);
	place.stdout.write(`Logging is ${isOn ? 'on' : 'off'}.\n`);
	return 0;
}
