import {type Config, changeConfig, readConfig} from '../config/config.js';
import {foldersOf, logPathOf} from '../config/folders.js';
import {changeKeys, readKeys, type StoredKeys} from '../config/keys.js';
import {type Place} from './command.js';
import {paragraph} from './table.js';

/**
The configuration; what there is to say about the file goes to stderr.

@throws UserError when it cannot be read.
*/
export async function loadConfig(place: Place): Promise<Config> {
	const {config, notices} = await readConfig(
		foldersOf(place.environment).config,
	);
	tell(place, notices);
	tell(place, (await readKeys(foldersOf(place.environment).config)).notices);
	return config;
}

/**
Change the keys that are stored at this moment.

@throws UserError when they cannot be read or written.
*/
export async function storeKeys(
	place: Place,
	change: (keys: StoredKeys) => StoredKeys,
): Promise<void> {
	tell(place, await changeKeys(foldersOf(place.environment).config, change));
}

/**
Change the configuration that is in the file at this moment.

@throws UserError when it cannot be read or written.
*/
export async function storeConfig(
	place: Place,
	change: (config: Config) => Config,
): Promise<void> {
	tell(place, await changeConfig(foldersOf(place.environment).config, change));
}

function tell({stderr}: Place, notices: readonly string[]): void {
	for (const notice of notices) {
		stderr.write(paragraph(notice, stderr));
	}
}

/**
The file of the log, whether it exists or not.
*/
export function logPath(environment: Place['environment']): string {
	return logPathOf(foldersOf(environment));
}
