import {type Log} from '../log.js';

/**
Whether a response was deleted from our log, and can still be put back.
*/
export function createDeletedHere(log: Log): (id: string) => boolean {
	const columns = log
		.prepare<[], string>(
			"SELECT name FROM pragma_table_info('consortium_trash')",
		)
		.pluck()
		.all();

	if (!columns.includes('row_id')) {
		return () => false;
	}

	const find = log.prepare(
		"SELECT 1 FROM consortium_trash WHERE table_name = 'responses' AND row_id = ?",
	);
	return id => find.get(id) !== undefined;
}
