import {type Config, changeConfig, readConfig} from '../config/config.js';
import {foldersOf, logPathOf} from '../config/folders.js';
import {type Place} from './command.js';

/**
The configuration; what there is to say about the file goes to stderr.

@throws UserError when it cannot be read.
*/
export async function loadConfig(place: Place): Promise<Config> {
	const {config, notices} = await readConfig(
		foldersOf(place.environment).config,
	);
	tell(place, notices);
	return config;
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
		stderr.write(`${notice}\n`);
	}
}

/**
The file of the log, whether it exists or not.
*/
export function logPath(environment: Place['environment']): string {
	return logPathOf(foldersOf(environment));
}
