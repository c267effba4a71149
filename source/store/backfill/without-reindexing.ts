import {type Log} from '../log.js';

type Trigger = {readonly name: string; readonly sql: string};

/**
Change columns of `responses` that hold no text, without llm's triggers indexing the texts of each row anew, which takes milliseconds a row. For the inside of a transaction: the triggers are gone until the work is done, and back as they stood then, also when the transaction fails.
*/
export function withoutReindexing<Value>(log: Log, work: () => Value): Value {
	const triggers = log
		.prepare<[], Trigger>(
			`SELECT name, sql FROM sqlite_master
			WHERE type = 'trigger' AND tbl_name = 'responses' COLLATE NOCASE
				AND sql LIKE '%responses_fts%'`,
		)
		.all();

	for (const {name} of triggers) {
		log.exec(`DROP TRIGGER "${name}"`);
	}

	const value = work();

	for (const {sql} of triggers) {
		log.exec(sql);
	}

	return value;
}
