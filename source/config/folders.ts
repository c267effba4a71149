import {join, resolve} from 'node:path';
import envPaths from 'env-paths';

export type Folders = {
	readonly config: string;
	readonly data: string;
};

/**
Where files are kept: under `CONSORTIUM_TUI_HOME` when it is set, else where the platform wants them. Nothing is made.
*/
export function foldersOf(
	environment: Readonly<Record<string, string | undefined>>,
): Folders {
	const home = environment['CONSORTIUM_TUI_HOME'];

	if (home) {
		return {config: resolve(home), data: resolve(home)};
	}

	const {config, data} = envPaths('consortium-tui', {suffix: ''});
	return {config, data};
}

/**
The file of the log.
*/
export function logPathOf({data}: Folders): string {
	return join(data, 'log.db');
}

/**
What else this program keeps or looks for in its folders, whether it is there or not.
*/
export function ownFilesOf({config, data}: Folders): string[] {
	return [
		...['config.json', 'keys.json', 'history.jsonl', 'prompts'].flatMap(
			name => [join(config, name), join(config, `${name}.lock`)],
		),
		join(data, 'debug.log'),
	];
}
