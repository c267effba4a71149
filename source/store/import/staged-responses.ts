import {type Log} from '../log.js';
import {createBulkIndex} from './bulk-index.js';
import {type ForeignResponse} from './foreign-response.js';

/**
Responses that wait to be written together.
*/
export type StagedResponses = {
	readonly has: (id: string) => boolean;
	readonly add: (response: ForeignResponse) => void;
	readonly flush: () => void;
};

const columns = [
	'id',
	'model',
	'prompt',
	'system',
	'prompt_json',
	'options_json',
	'response',
	'response_json',
	'conversation_id',
	'duration_ms',
	'datetime_utc',
	'input_tokens',
	'output_tokens',
	'token_details',
	'schema_id',
	'resolved_model',
] as const;

/**
Collect new responses in a temporary table and write them with one statement. A statement with a trigger has the search index write what it holds to the disk before it begins: row by row, that makes a piece of each row, and merging the pieces takes three times as long as everything else.
*/
export function createStagedResponses(
	log: Log,
	sourceId: string,
): StagedResponses {
	const names = columns.join(', ');
	log.pragma('temp_store = MEMORY');
	log.exec(
		`CREATE TEMP TABLE IF NOT EXISTS consortium_staged
		(${names}, generation, extra)`,
	);
	const stage = log.prepare(
		`INSERT INTO temp.consortium_staged
		VALUES (${[...columns, 'generation', 'extra'].map(() => '?').join(', ')})`,
	);
	const write = log.prepare(
		`INSERT INTO responses (${names})
		SELECT ${names} FROM temp.consortium_staged ORDER BY rowid`,
	);
	const note = log.prepare(
		`INSERT INTO consortium_imported (response_id, source_id, generation, extra)
		SELECT id, ?, generation, extra FROM temp.consortium_staged`,
	);
	const clear = log.prepare('DELETE FROM temp.consortium_staged');
	const indexing = createBulkIndex(log);
	const ids = new Set<string>();

	return {
		has: id => ids.has(id),
		add({id, columns: values, generation, extra}) {
			stage.run(
				...columns.map(name => (name === 'id' ? id : values[name])),
				generation,
				extra,
			);
			ids.add(id);
		},
		flush() {
			if (ids.size === 0) {
				return;
			}

			indexing(() => {
				write.run();
			});
			note.run(sourceId);
			clear.run();
			ids.clear();
		},
	};
}
