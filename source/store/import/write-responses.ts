import {type Log} from '../log.js';
import {createStatements} from '../statements.js';
import {selfContained} from './condensed.js';
import {createDeletedHere} from './deleted-here.js';
import {type ForeignResponse} from './foreign-response.js';
import {leaveOut, type ImportSummary} from './import-summary.js';
import {areDifferent, merged, type Columns} from './merge-response.js';
import {createStagedResponses} from './staged-responses.js';
import {type SatelliteWriter} from './write-satellites.js';

/**
Call both within the same transaction, so that either everything of a response is there or nothing.
*/
export type ResponseWriter = {
	/**
	Write a response, and complete one that is there. A new one is there after the next `flush`.
	*/
	readonly write: (response: ForeignResponse) => void;
	readonly flush: () => void;
};

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
	const {update, run} = createStatements(log);
	const staged = createStagedResponses(log, sourceId);
	const isThere = log.prepare('SELECT 1 FROM responses WHERE id = ?');
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

	const write = (foreign: ForeignResponse) => {
		const {id} = foreign;
		const contained = (json: string | null) =>
			json === null ? null : containedIn(json, id);
		const response = {
			...foreign,
			columns: {
				...foreign.columns,
				prompt_json: contained(foreign.columns.prompt_json),
				response_json: contained(foreign.columns.response_json),
			},
		};

		if (staged.has(id)) {
			staged.flush();
		}

		if (isThere.get(id) !== undefined) {
			complete(find.get(id)!, response);
		} else if (wasDeleted(id)) {
			leaveOut(summary, 'an answer that was deleted here');
		} else {
			staged.add(response);
			satellites.write(foreign);
			summary.came.answers++;
		}
	};

	return {write, flush: staged.flush};
}
