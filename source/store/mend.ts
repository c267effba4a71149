import {type Log} from './log.js';
import {addLlmSchema} from './llm-schema.js';

/**
Our indexes on tables of llm, by name. An index on a column that llm may rename or drop would keep it from doing so.
*/
export const indexesOnLlm: Readonly<Record<string, string>> = {
	idx_responses_consortium_id: 'responses (consortium_id)',
	idx_responses_conversation_id: 'responses (conversation_id)',
	idx_responses_final:
		'responses (id) WHERE consortium_id IS NULL OR consortium_id = id',
};

const triggers = ['responses_ai', 'responses_ad', 'responses_au'];

export function addIndexesOnLlm(log: Log): void {
	for (const [name, columns] of Object.entries(indexesOnLlm)) {
		log.exec(`CREATE INDEX IF NOT EXISTS ${name} ON ${columns}`);
	}
}

/**
Put back what is lost when another program makes a table of llm anew, as llm's migrations do it: its triggers go with the table, and with some programs its indexes. What was written without the triggers is put into the search index, which is made anew for it. A log that is whole costs a single look-up.
*/
export function mend(log: Log): void {
	if (missingIn(log).length === 0) {
		return;
	}

	log
		.transaction(() => {
			const missing = missingIn(log);
			addLlmSchema(log);
			addIndexesOnLlm(log);

			if (triggers.some(name => missing.includes(name))) {
				log.exec(
					"INSERT INTO responses_fts (responses_fts) VALUES ('rebuild')",
				);
			}
		})
		.immediate();
}

function missingIn(log: Log): string[] {
	const names = [...triggers, ...Object.keys(indexesOnLlm)];
	const present = new Set(
		log
			.prepare<[string], string>(
				`SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger')
				AND name IN (SELECT value FROM json_each(?))`,
			)
			.pluck()
			.all(JSON.stringify(names)),
	);

	return names.filter(name => !present.has(name));
}
