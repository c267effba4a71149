import {type Log} from '../log.js';
import {createStatements} from '../statements.js';
import {selfContained} from './condensed.js';
import {createDeletedHere} from './deleted-here.js';
import {type ForeignResponse} from './foreign-response.js';
import {leaveOut, type ImportSummary} from './import-summary.js';
import {areDifferent, merged, type Columns} from './merge-response.js';
import {type SatelliteWriter} from './write-satellites.js';

/**
Write a response, and complete one that is there. Call it within a transaction, so that either everything of a response is there or nothing.
*/
export type ResponseWriter = (response: ForeignResponse) => void;

type Imported = Columns & {
	readonly generation: number | null;
	readonly extra: string | null;
};

/**
Write foreign responses to our log. What was not imported, and what was deleted here, is left as it is.
*/
export function createResponseWriter(
	log: Log,
	{
		sourceId,
		satellites,
		textOf,
		summary,
	}: {
		readonly sourceId: string;
		readonly satellites: SatelliteWriter;

		/**
		What a key of condensed JSON stands for.
		*/
		readonly textOf: (key: string) => string | null;
		readonly summary: ImportSummary;
	},
): ResponseWriter {
	const {insert, update, run} = createStatements(log);
	const find = log.prepare<[string], Imported>(
		`SELECT model, prompt, system, prompt_json, options_json, response,
			response_json, conversation_id, duration_ms, datetime_utc,
			input_tokens, output_tokens, token_details, schema_id, resolved_model,
			generation, extra
		FROM responses LEFT JOIN consortium_imported ON response_id = id
		WHERE id = ?`,
	);
	const wasDeleted = createDeletedHere(log);
	const containedIn = (json: string, id: string) => {
		const contained = selfContained(json, id, textOf);

		if (contained === null) {
			leaveOut(
				summary,
				'the texts that the JSON of an answer names, which are too many for it',
			);
		}

		return contained ?? json;
	};

	const complete = (before: Imported, response: ForeignResponse) => {
		const {generation, extra, ...columns} = before;
		summary.there.answers++;

		if (
			(generation === null || generation === response.generation) &&
			areDifferent(columns, response.columns)
		) {
			leaveOut(
				summary,
				'an answer that is otherwise than the one here with its id',
			);
		}

		if (generation === null) {
			return;
		}

		const was = {generation, columns, extra};
		const now = merged(was, response);

		if (JSON.stringify(now) !== JSON.stringify(was)) {
			update('responses', response.id, now.columns);
			run(
				`UPDATE consortium_imported SET generation = @generation, extra = @extra
				WHERE response_id = @id`,
				{id: response.id, generation: now.generation, extra: now.extra},
			);
		}

		satellites.complete(response);
	};

	return foreign => {
		const {id, generation, extra} = foreign;
		const contained = (json: string | null) =>
			json === null ? null : containedIn(json, id);
		const columns = {
			...foreign.columns,
			prompt_json: contained(foreign.columns.prompt_json),
			response_json: contained(foreign.columns.response_json),
		};
		const before = find.get(id);

		if (before) {
			complete(before, {...foreign, columns});
		} else if (wasDeleted(id)) {
			leaveOut(summary, 'an answer that was deleted here');
		} else {
			insert('responses', {id, ...columns});
			insert('consortium_imported', {
				response_id: id,
				source_id: sourceId,
				generation,
				extra,
			});
			satellites.write(foreign);
			summary.came.answers++;
		}
	};
}
