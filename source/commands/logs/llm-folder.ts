import {homedir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {type Place} from '../command.js';

/**
Where llm keeps its files, whether it is there or not: `LLM_USER_PATH`, or the platform's folder for applications.

@see https://click.palletsprojects.com/en/stable/api/#click.get_app_dir
*/
export function llmFolder(
	environment: Place['environment'],
	platform = process.platform,
): string {
	const home = environment['HOME'] ?? homedir();
	const chosen = environment['LLM_USER_PATH'];

	return chosen
		? path.resolve(chosen)
		: path.join(
				platform === 'win32'
					? (environment['APPDATA'] ?? home)
					: platform === 'darwin'
						? path.join(home, 'Library', 'Application Support')
						: (environment['XDG_CONFIG_HOME'] ?? path.join(home, '.config')),
				'io.datasette.llm',
			);
}
