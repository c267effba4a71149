import {foldersOf} from '../../config/folders.js';
import {UserError} from '../../core/user-error.js';
import {isLogOn} from '../../store/log-switch.js';
import {type Place} from '../command.js';

/**
@throws UserError when the log is switched off: what is made of a run in the log belongs there too.
*/
export function assertLogged({environment}: Place): void {
	if (!isLogOn(foldersOf(environment).data)) {
		throw new UserError(
			'Logging is switched off, and what comes of a run in the log could not be kept.',
			'Switch it on: consortium-tui logs on',
		);
	}
}

export function noLogYet(): UserError {
	return new UserError('There is no log yet, so no run in it.');
}
