import {foldersOf, ownFilesOf} from '../../config/folders.js';
import {UserError} from '../../core/user-error.js';
import {plain} from '../../text/plain.js';
import {withLog} from '../with-log.js';
import {oneWord} from '../words.js';
import {type LogsCall} from './logs-call.js';

/**
A copy of the whole log, what is deleted included.
*/
export async function backup({
	input,
	flags,
	place,
	usage,
}: LogsCall): Promise<number> {
	const file = oneWord(input, 'The file', usage);
	const {backUp} = await import('../../store/backup.js');
	const path = await withLog(place, log =>
		backUp(log, file, {
			isForced: flags.force,
			ownFiles: ownFilesOf(foldersOf(place.environment)),
		}),
	);

	if (path === null) {
		throw new UserError('There is no log yet, so nothing to back up.');
	}

	place.stdout.write(`The log was copied to ${plain(path)}.\n`);
	return 0;
}
