import {type CallState, type RunStatus} from '../core/result.js';
import {findId} from './find-id.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';

export const responseRoles = ['final', 'member', 'arbiter'] as const;

/**
Whose words a response is. `final` is the answer of a run, and whatever llm itself wrote into the file.
*/
export type ResponseRole = (typeof responseRoles)[number];

/**
How a call or a run can have ended.
*/
export const responseStates = [
	'answered',
	'truncated',
	'refused',
	'empty',
	'failed',
	'stopped',
	'cancelled',
	'converged',
	'unconverged',
	'degraded',
	'unanswered',
	'limited',
] as const satisfies ReadonlyArray<CallState | RunStatus>;

/**
What can be asked for: one of these, or `imported` from the log of another program.
*/
export const askedStates = [...responseStates, 'imported'] as const;

export type AskedState = (typeof askedStates)[number];

/**
A row of `responses`, under our names, with what our own tables know of it. What nobody knows is null.
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

	/**
	The reply in the provider's own shape, or the whole result of a run.
	*/
	readonly responseJson: string | null;
	readonly conversationId: string | null;
	readonly conversationName: string | null;

	/**
	The run it belongs to.
	*/
	readonly consortiumId: string | null;

	/**
	The name of the consortium whose run it belongs to.
	*/
	readonly consortium: string | null;

	/**
	Of the final answer of a run of ours, the names of its instances, such as `opus#1, luna#1`.
	*/
	readonly members: string | null;
	readonly iteration: number | null;

	/**
	Who spoke: an instance such as `opus#1`, or an arbiter.
	*/
	readonly instance: string | null;

	/**
	Of a final answer the run's, of a member the one it stated, of an arbiter that of its verdict. Of what was imported, only that of a run is known, for its answer and its final arbiter.
	*/
	readonly confidence: number | null;

	/**
	How the call ended; of a final answer, the run; what was imported is answered, empty or, when it is the answer of a run, unanswered. One of `responseStates`, unless the log is damaged.
	*/
	readonly state: string | null;
	readonly simulated: boolean;
	readonly durationMs: number | null;

	/**
	ISO 8601, as llm writes it.
	*/
	readonly datetimeUtc: string;

	/**
	The same in milliseconds since the Unix epoch; null where it is no time.
	*/
	readonly startedAt: number | null;

	/**
	Of a final answer, those of its whole run.
	*/
	readonly inputTokens: number | null;
	readonly outputTokens: number | null;
	readonly tokenDetails: string | null;

	/**
	US dollars; of a final answer, what its whole run cost.
	*/
	readonly costUsd: number | null;
	readonly costIsComplete: boolean;
};

/**
A response is final in these words, in which an index knows them too.
*/
export const isFinal =
	'(responses.consortium_id IS NULL OR responses.consortium_id = responses.id)';

/**
Milliseconds since the Unix epoch. Some releases of llm leave the zone out: it is UTC.
*/
export const startedAt = `iif(
	responses.datetime_utc GLOB '[0-9][0-9][0-9][0-9]-*',
	CAST(round(unixepoch(responses.datetime_utc, 'subsec') * 1000) AS INTEGER),
	NULL
)`;

/**
A column may hold anything: a damaged file, or another program, puts words where numbers belong.
*/
const number = (column: string) =>
	`iif(typeof(${column}) IN ('integer', 'real'), ${column}, NULL)`;

const text = (column: string) => `CAST(${column} AS TEXT)`;

const cut = (column: string) =>
	`coalesce(iif(@length IS NULL, ${text(column)}, substr(${text(column)}, 1, @length)), '')`;

export const confidence = number(`CASE
	WHEN ${isFinal} THEN coalesce(runs.confidence, found.confidence)
	WHEN responses.is_arbiter_response = 0 THEN calls.confidence
	ELSE coalesce(
		(
			SELECT verdicts.confidence FROM consortium_verdicts AS verdicts
			WHERE verdicts.run_id = responses.consortium_id
				AND verdicts.call_id = responses.id
			ORDER BY verdicts.seq DESC LIMIT 1
		),
		iif(responses.is_arbiter_response = 1, found.confidence, NULL)
	)
END`);

/**
Of what another program logged, its text tells.
*/
export const state = `CASE
	WHEN runs.id IS NOT NULL OR calls.id IS NOT NULL
		THEN iif(${isFinal}, runs.status, calls.state)
	WHEN octet_length(responses.response) > 0 THEN 'answered'
	WHEN responses.consortium_id = responses.id THEN 'unanswered'
	ELSE 'empty'
END`;

export const consortium = 'coalesce(runs.consortium, found.consortium)';

/**
What our tables know of a response, as `runs`, `calls`, `found` and `placed`. SQLite leaves out those of which nothing is asked.
*/
export const joins = `
	LEFT JOIN consortium_runs AS runs ON runs.id = responses.consortium_id
	LEFT JOIN consortium_calls AS calls ON calls.id = responses.id
	LEFT JOIN consortium_found_runs AS found ON found.id = responses.consortium_id
	LEFT JOIN consortium_found_responses AS placed
		ON placed.response_id = responses.id`;

/**
Of the answer of a found run those of its calls, when all of them tell; an answer that is the one of another run tells of itself alone.
*/
const tokens = (column: 'input_tokens' | 'output_tokens') =>
	number(`CASE
	WHEN responses.${column} IS NOT NULL THEN responses.${column}
	WHEN NOT ${isFinal} THEN NULL
	WHEN runs.id IS NOT NULL THEN runs.${column}
	WHEN NOT EXISTS (
		SELECT 1 FROM consortium_found_runs
		WHERE parent IS NOT NULL AND parent ->> '$.runId' = found.id
	) THEN (
		SELECT iif(count(*) = count(each), CAST(total(each) AS INTEGER), NULL)
		FROM (
			SELECT iif(typeof(asked.${column}) = 'integer', asked.${column}, NULL)
				AS each
			FROM consortium_found_responses AS parts
			LEFT JOIN responses AS asked ON asked.id = parts.response_id
			WHERE parts.run_id = found.id AND parts.role <> 'output'
		) HAVING count(*) > 0
	)
END`);

const columns: Readonly<Record<keyof LoggedResponse, string>> = {
	id: `coalesce(${text('responses.id')}, '')`,
	role: `CASE
		WHEN ${isFinal} THEN 'final'
		WHEN responses.is_arbiter_response = 0 THEN 'member'
		ELSE 'arbiter'
	END`,
	model: `coalesce(${text('responses.model')}, '')`,
	resolvedModel: text('responses.resolved_model'),
	prompt: cut('responses.prompt'),
	system: text('responses.system'),
	optionsJson: text('responses.options_json'),
	response: cut('responses.response'),
	responseJson: `iif(@length IS NULL, ${text('responses.response_json')}, NULL)`,
	conversationId: text('responses.conversation_id'),
	conversationName: text('conversations.name'),
	consortiumId: text('responses.consortium_id'),
	consortium: text(consortium),
	members: `iif(${isFinal} AND json_valid(runs.instances), (
		SELECT group_concat(iif(type = 'object', value ->> 'id', NULL), ', ')
		FROM json_each(runs.instances)
	), NULL)`,
	iteration: number('coalesce(calls.iteration, placed.iteration)'),
	instance: text('coalesce(calls.speaker, placed.instance)'),
	confidence,
	state: text(state),
	simulated: 'coalesce(runs.simulated = 1, 0)',
	durationMs: number('responses.duration_ms'),
	datetimeUtc: `coalesce(${text('responses.datetime_utc')}, '')`,
	startedAt,
	inputTokens: tokens('input_tokens'),
	outputTokens: tokens('output_tokens'),
	tokenDetails: text('responses.token_details'),
	costUsd: number(`iif(${isFinal}, runs.cost_usd, calls.cost_usd)`),
	costIsComplete: `coalesce(iif(${isFinal}, runs.cost_is_complete = 1, calls.cost_usd IS NOT NULL), 0)`,
};

type Name = keyof LoggedResponse;

const names = Object.keys(columns) as Name[];

const select = (wanted: readonly Name[]) => `
	SELECT ${wanted.map(name => `${columns[name]} AS ${name}`).join(', ')}
	FROM responses
	LEFT JOIN conversations ON conversations.id = responses.conversation_id
	${joins}
	WHERE responses.rowid = @rowid`;

/**
SQLite has numbers for these.
*/
const flags = ['simulated', 'costIsComplete'] as const satisfies Name[];

/**
Responses by their row ids, read one at a time: what is wanted of them, all unless given, since what nobody asks for takes time too. With `length`, prompt and response are cut to so many characters, and `responseJson` is null. What was deleted meanwhile is left out.

@throws UserError when the log is damaged.
*/
export function* readResponses<Wanted extends Name = Name>(
	log: Log,
	rowids: Iterable<number>,
	{
		length = null,
		wanted = names as Wanted[],
	}: {
		readonly length?: number | null;
		readonly wanted?: readonly Wanted[];
	} = {},
): Generator<Pick<LoggedResponse, Wanted>, void> {
	const statement = explained(log.name, () =>
		log.prepare<unknown[], Record<string, unknown>>(select(wanted)),
	);
	const present = flags.filter(flag =>
		(wanted as readonly Name[]).includes(flag),
	);

	for (const rowid of rowids) {
		const row = explained(log.name, () => statement.get({rowid, length}));

		if (row) {
			for (const flag of present) {
				row[flag] = row[flag] === 1;
			}

			yield row as Pick<LoggedResponse, Wanted>;
		}
	}
}

/**
One response, whole.

@throws UserError when no response, or more than one, has an id that begins like this, or when the log is damaged.
*/
export function showResponse(log: Log, idOrPrefix: string): LoggedResponse {
	const rowid = explained(log.name, () =>
		log
			.prepare<[string], number>('SELECT rowid FROM responses WHERE id = ?')
			.pluck()
			.get(findId(log, 'responses', idOrPrefix)),
	);
	const [response] = readResponses(log, rowid === undefined ? [] : [rowid]);
	return response!;
}
