import {readFileSync} from 'node:fs';
import {keptAside, type Config} from '../config/config.js';
import {foldersOf, logPathOf} from '../config/folders.js';
import {type Model} from '../core/model.js';
import {type Purse} from '../core/purse.js';
import {UserError} from '../core/user-error.js';
import {type Place} from './command.js';

export type OpenPurse = {readonly purse: Purse; readonly close: () => void};

/**
What may be spent today, which is counted in the file of the log also by those who log nothing; null where the settings have no daily limit. Where a damaged configuration had one that nobody knows any more, nothing may be spent.

@throws UserError when that file cannot be opened, and for models that may cost something while the limit is unknown.
*/
export async function openPurse(
	{environment}: Pick<Place, 'environment'>,
	{settings}: Config,
	cast: ReadonlyMap<string, Model>,
): Promise<OpenPurse | null> {
	const folders = foldersOf(environment);
	const kept = limitAside(folders.config);

	if (kept !== null && cast.values().some(model => !model.isSimulated)) {
		throw new UserError(
			`The configuration was damaged and is kept as ${kept}; it speaks of a daily limit (dailyLimitUsd), which is unknown now: nothing was called.`,
			'Correct it and move it back to config.json, or remove it.',
		);
	}

	// A simulated run may still be given another model on its way.
	const dailyUsd = kept === null ? (settings.dailyLimitUsd ?? null) : 0;

	if (dailyUsd === null) {
		return null;
	}

	const {openLog} = await import('../store/database.js');
	const {createPurse} = await import('../store/purse.js');
	const log = openLog(logPathOf(folders));

	return {
		purse: createPurse(log, {dailyUsd, now: Date.now}),
		close() {
			log.close();
		},
	};
}

/**
The damaged configuration that was put aside, where it seems to hold a daily limit; null elsewhere. Its text is searched and not parsed, whatever its encoding.
*/
function limitAside(folder: string): string | null {
	const kept = keptAside(folder);

	if (kept === null) {
		return null;
	}

	try {
		const text = readFileSync(kept, 'latin1').replaceAll('\0', '');
		return text.toLowerCase().includes('dailylimitusd') ? kept : null;
	} catch {
		// What cannot be read may hold one.
		return kept;
	}
}
