import {idAt} from '../id-at.js';
import {type Log} from '../log.js';

/**
What a run takes from a response.
*/
export type Row = {
	readonly id: string;
	readonly model: string;
	readonly prompt: string;
	readonly datetime_utc: string | null;
	readonly duration_ms: number | null;
};

/**
So far apart are the beginning of a run and that of its output at most, which llm writes to another file.
*/
const toleranceMs = 60_000;

/**
Find the output of a run that the plug-in recorded, where llm's log was imported: the result in it names the run. The ids of that time begin with the time of the call.

@returns One for the id by which the plug-in knew the run, and its beginning in milliseconds since the Unix epoch.
*/
export function createOutputFinder(
	log: Log,
): (recordedId: string | null, startedAt: number) => Row | null {
	const find = log.prepare<Record<string, string>, Row>(
		`SELECT id, model, prompt, datetime_utc, duration_ms FROM responses
		WHERE id BETWEEN @from AND @to
			AND iif(
				instr(response_json, @quoted) > 0 AND json_valid(response_json),
				response_json ->> '$.metadata.consortium_id', NULL
			) = @recordedId
			AND id IN (SELECT response_id FROM consortium_imported)
		ORDER BY id`,
	);

	return (recordedId, startedAt) =>
		recordedId === null || startedAt === 0
			? null
			: (find.get({
					from: idAt(startedAt - toleranceMs),
					to: `${idAt(startedAt + toleranceMs)}~`,
					quoted: JSON.stringify(recordedId),
					recordedId,
				}) ?? null);
}
