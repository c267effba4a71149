import {UserError} from '../core/user-error.js';
import {
	type Evidence,
	type FoundResponse,
	type FoundRole,
	type Parent,
} from './backfill/found.js';
import {type DecidedBy} from './backfill/places.js';
import {timeOfId} from './id-at.js';
import {madeId} from './import/values.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';

/**
A run of the Python plug-in, imported or found in what was, as a list shows it.
*/
export type FoundRunSummary = {
	readonly id: string;
	readonly status: 'imported';

	/**
	That of its answer, as llm has it; null without one.
	*/
	readonly conversationId: string | null;

	/**
	The id by which the plug-in knew it.
	*/
	readonly recordedId: string | null;
	readonly consortium: string | null;
	readonly arbiter: string | null;
	readonly prompt: string;
	readonly answer: string | null;
	readonly confidence: number | null;
	readonly iterations: number;

	/**
	Milliseconds since the Unix epoch.
	*/
	readonly startedAt: number;
	readonly durationMs: number | null;

	/**
	What is missing or odd, a sentence each.
	*/
	readonly problems: readonly string[];

	/**
	Where another run asked this one; null when a person did.
	*/
	readonly parent: Parent | null;
};

/**
A response of such a run. The text is null when its row is not in the log.
*/
export type FoundAnswer = {
	readonly responseId: string;
	readonly role: FoundRole;
	readonly isArbiterResponse: FoundResponse['isArbiterResponse'];
	readonly iteration: number | null;
	readonly instance: string | null;
	readonly model: string | null;
	readonly text: string | null;
	readonly durationMs: number | null;
	readonly inputTokens: number | null;
	readonly outputTokens: number | null;
	readonly evidence: readonly Evidence[];
	readonly score: number | null;
	readonly decidedBy: DecidedBy;

	/**
	The run that this is the answer of, where a consortium was asked; null for a model.
	*/
	readonly nestedRunId: string | null;
};

/**
Such a run with its responses, by iteration, arbiters after members, the answer last.
*/
export type ShownFoundRun = FoundRunSummary & {
	readonly responses: readonly FoundAnswer[];
};

type SummaryRow = Omit<FoundRunSummary, 'status' | 'problems' | 'parent'> & {
	readonly problems: string;
	readonly parent: string | null;
};

const summarySql = `
	SELECT found.id, recorded_id AS recordedId, consortium, arbiter,
		found.prompt, confidence, iterations, started_at AS startedAt,
		found.duration_ms AS durationMs, problems,
		iif(parent ->> '$.runId' IN (SELECT id FROM consortium_found_runs), parent, NULL)
			AS parent,
		outputs.conversation_id AS conversationId,
		CAST(outputs.response AS TEXT) AS answer
	FROM consortium_found_runs AS found
	LEFT JOIN responses AS outputs ON outputs.id = found.output_id`;

/**
Found runs, newest first: those of the conversation of llm whose id is, or begins with, `conversationId`, or all; -1 for no limit.

@throws UserError when the log is damaged.
*/
export function listFoundRuns(
	log: Log,
	{
		limit,
		conversationId = null,
	}: {readonly limit: number; readonly conversationId?: string | null},
): FoundRunSummary[] {
	return explained(log.name, () =>
		log
			.prepare<{limit: number; conversationId: string | null}, SummaryRow>(
				`${summarySql}
				WHERE @conversationId IS NULL OR (
					outputs.conversation_id >= @conversationId
					AND outputs.conversation_id < @conversationId || char(1114111)
				)
				ORDER BY started_at DESC, found.id DESC LIMIT @limit`,
			)
			.all({limit, conversationId})
			.map(row => summaryOf(row)),
	);
}

/**
The found run whose id, or the id by which the plug-in knew it, is or begins with what a person typed; also the one that had this id before its answer was found. Null when that is no found run.

@throws UserError when more than one run begins like this, or the log is damaged.
*/
export function findFoundRun(log: Log, typed: string): string | null {
	const prefix = typed.trim();

	if (prefix === '') {
		return null;
	}

	const [first, second] = explained(log.name, () =>
		log
			.prepare<
				{prefix: string},
				{id: string; isFound: number; isWhole: number}
			>(
				`SELECT id, max(isFound) AS isFound, max(isWhole) AS isWhole FROM (
					SELECT * FROM (
						SELECT id, 1 AS isFound, lower(id) = lower(@prefix) AS isWhole
						FROM consortium_found_runs
						WHERE id >= @prefix AND id < @prefix || char(1114111)
						ORDER BY id LIMIT 2
					) UNION ALL SELECT * FROM (
						SELECT id, 1, lower(recorded_id) = lower(@prefix)
						FROM consortium_found_runs
						WHERE recorded_id >= @prefix AND recorded_id < @prefix || char(1114111)
						ORDER BY recorded_id LIMIT 2
					) UNION ALL SELECT * FROM (
						SELECT id, 0, id = lower(@prefix) FROM consortium_runs
						WHERE id >= lower(@prefix) AND id < lower(@prefix) || char(1114111)
						ORDER BY id LIMIT 2
					)
				) GROUP BY id ORDER BY isWhole DESC, id LIMIT 2`,
			)
			.all({prefix}),
	);

	if (!first) {
		return findRenamedRun(log, prefix);
	}

	if (second && first.isWhole === 0 && first.isFound + second.isFound > 0) {
		throw new UserError(
			`More than one run begins with \`${typed}\`.`,
			'Give more of the id.',
		);
	}

	return first.isFound === 1 ? first.id : null;
}

/**
The found run that had an id while its answer was not in the log: that id is made from the run's beginning, and can be made again. Null when there is none.

@throws UserError when the log is damaged.
*/
export function findRenamedRun(log: Log, id: string): string | null {
	const startedAt = timeOfId(id);

	return startedAt === null
		? null
		: explained(
				log.name,
				() =>
					log
						.prepare<
							[number],
							{id: string; recordedId: string | null; arbiterId: string | null}
						>(
							`SELECT id, recorded_id AS recordedId, (
								SELECT response_id FROM consortium_found_responses
								WHERE run_id = found.id AND is_arbiter_response = 1
							) AS arbiterId
							FROM consortium_found_runs AS found
							WHERE started_at = ? AND output_id IS NOT NULL`,
						)
						.all(startedAt)
						.find(
							run =>
								madeId(startedAt, run.arbiterId ?? run.recordedId) ===
								id.toLowerCase(),
						)?.id ?? null,
			);
}

/**
Whether a run, ours or found, was made with the consortium of this name.

@throws UserError when the log is damaged.
*/
export function hasRunOf(log: Log, consortium: string): boolean {
	return explained(
		log.name,
		() =>
			log
				.prepare(
					`SELECT 1 FROM consortium_runs WHERE consortium = @consortium
					UNION ALL
					SELECT 1 FROM consortium_found_runs WHERE consortium = @consortium
					LIMIT 1`,
				)
				.get({consortium}) !== undefined,
	);
}

/**
@throws UserError when what a person typed is a found run, of which `deed` says what cannot be done.
*/
export function assertOwnRun(log: Log, typed: string, deed: string): void {
	const id = findFoundRun(log, typed);

	if (id !== null) {
		throw new UserError(
			`The run ${id} was imported and cannot be ${deed}: the log has its answers, not how they were asked for.`,
			`To look at it: consortium-tui runs show ${id} --answers, or with --json for a program.`,
		);
	}
}

/**
A found run, by its whole id, with what is known of each response.

@throws UserError when the log is damaged.
*/
export function showFoundRun(log: Log, id: string): ShownFoundRun {
	return explained(log.name, () => {
		const row = log
			.prepare<[string], SummaryRow>(`${summarySql} WHERE found.id = ?`)
			.get(id)!;
		return {...summaryOf(row), responses: responsesOf(log, id)};
	});
}

/**
The found run a response belongs to, and what it is there; null for a response of none.

@throws UserError when the log is damaged.
*/
export function foundPlaceOf(
	log: Log,
	responseId: string,
): {readonly runId: string; readonly role: FoundRole} | null {
	return explained(
		log.name,
		() =>
			log
				.prepare<[string], {runId: string; role: FoundRole}>(
					`SELECT run_id AS runId, role FROM consortium_found_responses
					WHERE response_id = ? AND run_id IS NOT NULL`,
				)
				.get(responseId) ?? null,
	);
}

type AnswerRow = Omit<FoundAnswer, 'evidence'> & {readonly evidence: string};

function responsesOf(log: Log, runId: string): FoundAnswer[] {
	return log
		.prepare<{runId: string}, AnswerRow>(
			`SELECT response_id AS responseId, role,
				found.is_arbiter_response AS isArbiterResponse, iteration, instance,
				CAST(model AS TEXT) AS model, CAST(response AS TEXT) AS text,
				iif(typeof(duration_ms) IN ('integer', 'real'), duration_ms, NULL)
					AS durationMs,
				iif(typeof(input_tokens) = 'integer', input_tokens, NULL) AS inputTokens,
				iif(typeof(output_tokens) = 'integer', output_tokens, NULL)
					AS outputTokens,
				evidence, score, decided_by AS decidedBy, nestedRunId
			FROM (
				SELECT *, NULL AS nestedRunId FROM consortium_found_responses
				WHERE run_id = @runId
				UNION ALL
				SELECT output_id, @runId, parent ->> '$.role', 0,
					parent ->> '$.iteration', parent ->> '$.instance',
					parent ->> '$.score', parent -> '$.evidence',
					iif(instr(parent, '"recorded"') > 0, 'record', 'evidence'),
					version, id
				FROM consortium_found_runs
				WHERE parent IS NOT NULL AND parent ->> '$.runId' = @runId
			) AS found
			LEFT JOIN responses ON responses.id = response_id
			ORDER BY role = 'output', iteration IS NULL, iteration,
				role = 'arbiter', instance, response_id`,
		)
		.all({runId})
		.map(row => ({...row, evidence: JSON.parse(row.evidence) as Evidence[]}));
}

function summaryOf({problems, parent, ...row}: SummaryRow): FoundRunSummary {
	return {
		...row,
		parent: parent === null ? null : (JSON.parse(parent) as Parent),
		status: 'imported',
		problems: JSON.parse(problems) as string[],
	};
}
