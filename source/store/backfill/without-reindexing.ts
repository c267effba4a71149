import {type Log} from '../log.js';

/**
Change columns of `responses` that hold no text, without llm's trigger indexing the texts of each row anew, which takes milliseconds a row. For the inside of a transaction: the trigger is gone until the work is done, and back as it stood then, also when the transaction fails. Triggers of other names are somebody's own and do what they do.
*/
export function withoutReindexing<Value>(log: Log, work: () => Value): Value {
	const sql = log
		.prepare<[], string>(
			`SELECT sql FROM sqlite_master
			WHERE type = 'trigger' AND name = 'responses_au'
				AND tbl_name = 'responses' COLLATE NOCASE`,
		)
		.pluck()
		.get();

	if (sql === undefined) {
		return work();
	}

	log.exec('DROP TRIGGER responses_au');
	const value = work();

	// Another program's words: `prepare` takes one statement, and nothing after it.
	log.prepare(sql).run();
	return value;
}
