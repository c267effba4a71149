import {type Log} from '../log.js';

/**
Whether a response was deleted from our log, and can still be put back.
*/
export function createDeletedHere(log: Log): (id: string) => boolean {
	const find = log.prepare(
		"SELECT 1 FROM consortium_trash WHERE row_id = ? AND table_name = 'responses'",
	);
	return id => find.get(id) !== undefined;
}
