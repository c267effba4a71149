import {type Config} from '../config/config.js';
import {foldersOf, logPathOf} from '../config/folders.js';
import {type Purse} from '../core/purse.js';
import {type Place} from './command.js';

export type OpenPurse = {readonly purse: Purse; readonly close: () => void};

/**
What may be spent today, which is counted in the file of the log also by those who log nothing; null where the settings have no daily limit.

@throws UserError when that file cannot be opened.
*/
export async function openPurse(
	{environment}: Pick<Place, 'environment'>,
	{settings: {dailyLimitUsd = null}}: Config,
): Promise<OpenPurse | null> {
	if (dailyLimitUsd === null) {
		return null;
	}

	const {openLog} = await import('../store/database.js');
	const {createPurse} = await import('../store/purse.js');
	const log = openLog(logPathOf(foldersOf(environment)));

	return {
		purse: createPurse(log, {dailyUsd: dailyLimitUsd, now: Date.now}),
		close() {
			log.close();
		},
	};
}
