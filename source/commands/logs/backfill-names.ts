import {readFileSync} from 'node:fs';
import {consortiumsOf} from '../../config/consortiums.js';
import {UserError} from '../../core/user-error.js';
import {loadConfig} from '../load-config.js';
import {type LogsCall} from './logs-call.js';

/**
The names by which consortiums were called: those of the saved ones, and those of the file of `--models`, one on a line, with comments behind `#`.

@throws UserError when the file cannot be read.
*/
export async function knownNames({
	flags,
	place,
}: LogsCall): Promise<ReadonlySet<string>> {
	const saved = consortiumsOf(await loadConfig(place)).map(({name}) => name);
	return new Set([
		...saved,
		...(flags.models === undefined ? [] : namesIn(flags.models)),
	]);
}

function namesIn(file: string): string[] {
	try {
		return readFileSync(file, 'utf8')
			.replace(/^\uFEFF/, '')
			.split('\n')
			.map(line => line.replace(/(?:^|\s)#.*/, '').trim())
			.filter(name => name !== '');
	} catch (error) {
		throw new UserError(
			`The names of consortiums cannot be read: ${file}`,
			'--models takes a text file with a name on each line.',
			{cause: error},
		);
	}
}
