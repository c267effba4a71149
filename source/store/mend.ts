import {type Log} from './log.js';
import {addLlmSchema} from './llm-schema.js';

/**
Our indexes on tables of llm, by name. An index on a column that llm may rename or drop would keep it from doing so, and so would one that has the name llm gives an index of its own, which is that of the table and the columns. What says whose words a response is stands behind its long texts, so each role has an index of its own: a condition in exactly its words needs no look at the rows.
*/
export const indexesOnLlm: Readonly<Record<string, string>> = {
	idx_responses_consortium_id: 'responses (consortium_id)',
	consortium_idx_conversation: 'responses (conversation_id, id)',
	idx_responses_final:
		'responses (id) WHERE consortium_id IS NULL OR consortium_id = id',
	idx_responses_member: `responses (id)
		WHERE NOT (consortium_id IS NULL OR consortium_id = id)
			AND is_arbiter_response = 0`,
	idx_responses_arbiter: `responses (id)
		WHERE NOT (consortium_id IS NULL OR consortium_id = id)
			AND is_arbiter_response IS NOT 0`,
	consortium_idx_tool_calls: 'tool_calls (response_id)',
	consortium_idx_tool_results: 'tool_results (response_id)',
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
