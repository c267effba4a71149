import {idAt} from './id-at.js';
import {
	confidence,
	consortium,
	isFinal,
	startedAt,
	state,
	type AskedState,
	type ResponseRole,
} from './responses.js';

/**
A range of confidences, with or without its ends.
*/
export type ConfidenceRange = {
	readonly from: number;
	readonly to: number;
	readonly isFromExcluded: boolean;
	readonly isToExcluded: boolean;
};

/**
Which responses: those that all of this is true of.
*/
export type ResponseFilter = {
	/**
	Final answers unless given; null for all.
	*/
	readonly role?: ResponseRole | null;

	/**
	As it was called or as the provider called it; with or without the name of the provider.
	*/
	readonly model?: string;

	/**
	The id of a run, ours or found, whole.
	*/
	readonly runId?: string;

	/**
	The id of a conversation, whole: all rows of the runs in it are its.
	*/
	readonly conversationId?: string;
	readonly consortium?: string;
	readonly confidence?: ConfidenceRange;
	readonly state?: AskedState;

	/**
	Milliseconds since the Unix epoch; `until` is the first that is too late.
	*/
	readonly since?: number | null;
	readonly until?: number | null;
	readonly idAfter?: string;
	readonly idFrom?: string;
};

export type Condition = {
	readonly sql: string;
	readonly values?: Readonly<Record<string, string | number>>;
};

const roleSql = {
	final: isFinal,
	member: `NOT ${isFinal} AND responses.is_arbiter_response = 0`,
	arbiter: `NOT ${isFinal} AND responses.is_arbiter_response IS NOT 0`,
} as const satisfies Record<ResponseRole, string>;

/**
What llm wrote names no provider, and what a provider calls a model does not either.
*/
const modelSql = `(
	responses.model IN (@model, @bareModel)
	OR responses.resolved_model = @model
	OR substr(responses.model, -length('/' || @model)) = '/' || @model
)`;

const conversationSql = `responses.rowid IN (
	SELECT rowid FROM responses WHERE conversation_id = @conversationId
	UNION
	SELECT rowid FROM responses WHERE consortium_id IN (
		SELECT id FROM consortium_runs WHERE conversation_id = @conversationId
		UNION
		SELECT id FROM responses
		WHERE conversation_id = @conversationId AND consortium_id = id
	)
)`;

/**
More than lies between the making of an id and the start of its call, also when a clock is put right in between.
*/
const dayMs = 86_400_000;
const idLength = 26;

/**
Ids begin with the time they were made, so that a bound by id spares a look at the rest of the row; ids that others made differently are no less looked at.
*/
const timeSql = (comparison: '>=' | '<', name: string) =>
	`(responses.id ${comparison} @${name}Id OR length(responses.id) <> ${idLength})
	AND ${startedAt} ${comparison} @${name}`;

/**
A conversation may be deleted and its rows still be there.
*/
export const isShown = `(
	responses.consortium_id IS NULL OR responses.consortium_id NOT IN (
		SELECT hidden.id FROM consortium_conversations AS named
		CROSS JOIN consortium_runs AS hidden ON hidden.conversation_id = named.id
		WHERE named.deleted_at IS NOT NULL
	)
)`;

const importedSql =
	'EXISTS (SELECT 1 FROM consortium_imported WHERE response_id = responses.id)';

/**
A filter in SQL, for `responses` with its `joins`.
*/
export function conditionsOf({
	role = 'final',
	...filter
}: ResponseFilter): Condition[] {
	const {model, confidence: range, since = null, until = null} = filter;

	return [
		{sql: isShown},
		...(role === null ? [] : [{sql: roleSql[role]}]),
		...(model === undefined
			? []
			: [
					{
						sql: modelSql,
						values: {model, bareModel: model.slice(model.indexOf('/') + 1)},
					},
				]),
		...equal('responses.consortium_id', 'runId', filter.runId),
		...(filter.conversationId === undefined
			? []
			: [
					{
						sql: conversationSql,
						values: {conversationId: filter.conversationId},
					},
				]),
		...equal(consortium, 'consortium', filter.consortium),
		...(filter.state === 'imported'
			? [{sql: importedSql}]
			: equal(state, 'state', filter.state)),
		...(range === undefined
			? []
			: [
					{
						sql: `${confidence} ${range.isFromExcluded ? '>' : '>='} @from
							AND ${confidence} ${range.isToExcluded ? '<' : '<='} @to`,
						values: {from: range.from, to: range.to},
					},
				]),
		...(since === null
			? []
			: [
					{
						sql: timeSql('>=', 'since'),
						values: {since, sinceId: idAt(since - dayMs)},
					},
				]),
		...(until === null
			? []
			: [
					{
						sql: timeSql('<', 'until'),
						values: {until, untilId: idAt(until + dayMs)},
					},
				]),
		...compared('responses.id > @idAfter', 'idAfter', filter.idAfter),
		...compared('responses.id >= @idFrom', 'idFrom', filter.idFrom),
	];
}

const equal = (sql: string, name: string, value: string | undefined) =>
	compared(`${sql} = @${name}`, name, value);

function compared(
	sql: string,
	name: string,
	value: string | undefined,
): Condition[] {
	return value === undefined ? [] : [{sql, values: {[name]: value}}];
}
