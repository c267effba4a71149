import {type Statements} from '../statements.js';
import {type FoundResponse, type FoundRole} from './found.js';

export type DecidedBy = 'record' | 'evidence' | 'person';

/**
Where the log has a response. `run_id` is null when a person decided that it is in no run.
*/
export type PlaceRow = {
	readonly response_id: string;
	readonly run_id: string | null;
	readonly role: FoundRole | null;
	readonly is_arbiter_response: FoundResponse['isArbiterResponse'];
	readonly iteration: number | null;
	readonly instance: string | null;
	readonly score: number | null;

	/**
	A list in JSON.
	*/
	readonly evidence: string;
	readonly decided_by: DecidedBy;
	readonly version: number;
};

export function placeOf(
	statements: Statements,
	responseId: string,
): PlaceRow | null {
	return (
		(statements.get(
			'SELECT * FROM consortium_found_responses WHERE response_id = @responseId',
			{responseId},
		) as PlaceRow | undefined) ?? null
	);
}

/**
Give a response its place, which its row in `responses` then says too.
*/
export function setPlace(statements: Statements, place: PlaceRow): void {
	// A text that is put together anew costs as much each time as the look-up by it.
	statements.run(
		`INSERT INTO consortium_found_responses (
			response_id, run_id, role, is_arbiter_response, iteration, instance,
			score, evidence, decided_by, version
		) VALUES (
			@response_id, @run_id, @role, @is_arbiter_response, @iteration, @instance,
			@score, @evidence, @decided_by, @version
		) ON CONFLICT (response_id) DO UPDATE SET
			run_id = excluded.run_id, role = excluded.role,
			is_arbiter_response = excluded.is_arbiter_response,
			iteration = excluded.iteration, instance = excluded.instance,
			score = excluded.score, evidence = excluded.evidence,
			decided_by = excluded.decided_by, version = excluded.version`,
		place,
	);
	tellRow(statements, place);
}

/**
Take a response out of its run.
*/
export function clearPlace(statements: Statements, responseId: string): void {
	statements.run(
		'DELETE FROM consortium_found_responses WHERE response_id = @responseId',
		{responseId},
	);
	tellRow(statements, {
		response_id: responseId,
		run_id: null,
		is_arbiter_response: 0,
	});
}

/**
Whether a response is in the log, not deleted and not only named by a record.
*/
export function isLogged(statements: Statements, responseId: string): boolean {
	return (
		statements.get('SELECT 1 FROM responses WHERE id = @responseId', {
			responseId,
		}) !== undefined
	);
}

/**
Whether a response is part of a run of ours, where nothing is to be found.
*/
export function isOurs(statements: Statements, responseId: string): boolean {
	return (
		statements.get(
			`SELECT 1 WHERE EXISTS (
				SELECT 1 FROM consortium_calls WHERE id = @responseId
			) OR EXISTS (SELECT 1 FROM consortium_runs WHERE id = @responseId)`,
			{responseId},
		) !== undefined
	);
}

function tellRow(
	statements: Statements,
	{
		response_id: responseId,
		run_id: runId,
		is_arbiter_response: isArbiterResponse,
	}: Pick<PlaceRow, 'response_id' | 'run_id' | 'is_arbiter_response'>,
): void {
	statements.run(
		`UPDATE responses
		SET consortium_id = @runId, is_arbiter_response = @isArbiterResponse
		WHERE id = @responseId AND (
			consortium_id IS NOT @runId
			OR is_arbiter_response IS NOT @isArbiterResponse
		)`,
		{responseId, runId, isArbiterResponse},
	);
}
