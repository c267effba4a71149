import {type Log} from './log.js';
import {findId} from './find-id.js';
import {explained} from './store-error.js';

export const responseRoles = ['final', 'member', 'arbiter'] as const;

/**
Whose words a response is. `final` is the answer of a run, and whatever llm itself wrote into the file.
*/
export type ResponseRole = (typeof responseRoles)[number];

/**
A row of `responses`, under our names.
*/
export type LoggedResponse = {
	readonly id: string;
	readonly role: ResponseRole;
	readonly model: string;
	readonly resolvedModel: string | null;
	readonly prompt: string;
	readonly system: string | null;
	readonly optionsJson: string | null;
	readonly response: string;
	readonly conversationId: string | null;
	readonly conversationName: string | null;

	/**
	The run it belongs to.
	*/
	readonly consortiumId: string | null;
	readonly durationMs: number | null;

	/**
	ISO 8601, as llm writes it.
	*/
	readonly datetimeUtc: string;
	readonly inputTokens: number | null;
	readonly outputTokens: number | null;
	readonly tokenDetails: string | null;
};

const columns = `
	responses.id,
	CASE
		WHEN consortium_id IS NULL OR consortium_id = responses.id THEN 'final'
		WHEN is_arbiter_response = 0 THEN 'member'
		ELSE 'arbiter'
	END AS role,
	responses.model,
	resolved_model AS resolvedModel,
	coalesce(CAST(prompt AS TEXT), '') AS prompt,
	system,
	options_json AS optionsJson,
	coalesce(CAST(response AS TEXT), '') AS response,
	conversation_id AS conversationId,
	conversations.name AS conversationName,
	consortium_id AS consortiumId,
	duration_ms AS durationMs,
	datetime_utc AS datetimeUtc,
	input_tokens AS inputTokens,
	output_tokens AS outputTokens,
	token_details AS tokenDetails
FROM responses LEFT JOIN conversations ON conversations.id = conversation_id`;

/**
Responses, newest first: final answers, or those of another role; null for all.

@throws UserError when the log is damaged.
*/
export function listResponses(
	log: Log,
	{
		limit,
		role = 'final',
	}: {readonly limit: number; readonly role?: ResponseRole | null},
): LoggedResponse[] {
	return explained(log.name, () =>
		log
			.prepare<{limit: number; role: string | null}, LoggedResponse>(
				`SELECT * FROM (SELECT ${columns}) WHERE @role IS NULL OR role = @role
				ORDER BY id DESC LIMIT @limit`,
			)
			.all({limit, role}),
	);
}

/**
One response with the reply in the provider's own shape, or the whole result of a run (JSON).

@throws UserError when no response, or more than one, has an id that begins like this, or when the log is damaged.
*/
export function showResponse(
	log: Log,
	idOrPrefix: string,
): LoggedResponse & {readonly responseJson: string | null} {
	return explained(log.name, () => {
		const id = findId(log, 'responses', idOrPrefix);
		return log
			.prepare<
				[string],
				LoggedResponse & {readonly responseJson: string | null}
			>(
				`SELECT response_json AS responseJson, ${columns}
				WHERE responses.id = ?`,
			)
			.get(id)!;
	});
}
