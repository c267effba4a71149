import {type Log} from './log.js';
import {assertEnded, assertUnused, spare} from './trash-dependents.js';

/**
What a person wants to be deleted, by whole ids; `before` is in milliseconds since the Unix epoch. `hidden` are the conversations that were deleted by versions without a trash.
*/
export type Unwanted =
	| {readonly kind: 'ids'; readonly ids: readonly string[]}
	| {readonly kind: 'conversation'; readonly id: string}
	| {readonly kind: 'older'; readonly before: number}
	| {readonly kind: 'all'}
	| {readonly kind: 'hidden'};

/**
What a person named goes at once or not at all.
*/
export function isNamed({kind}: Unwanted): boolean {
	return kind === 'ids' || kind === 'conversation';
}

export const isFinal = '(consortium_id IS NULL OR consortium_id = id)';

/**
Write down in the temporary table `doomed` what goes, with the responses that belong to it. What other runs build on, and what goes on right now, is refused where a person named it, and stays otherwise.

@returns how many conversations stay for that reason.
@throws UserError naming what else would have to go, or what must end first.
*/
export function select(log: Log, unwanted: Unwanted, now: number): number {
	log.exec(emptyDoomed);
	selectUnits(log, unwanted);
	let staying = 0;

	if (isNamed(unwanted)) {
		assertEnded(log, now);
		assertUnused(log, unwanted.kind === 'conversation');
	} else {
		staying = spare(log, now);
	}

	log.exec(responsesOfRuns);
	return staying;
}

/**
The table of what goes, with nothing in it.
*/
export const emptyDoomed = `
	CREATE TEMP TABLE IF NOT EXISTS doomed (
		kind TEXT NOT NULL,
		id TEXT NOT NULL,
		chat TEXT,
		PRIMARY KEY (kind, id)
	) WITHOUT ROWID;
	DELETE FROM temp.doomed;
`;

/**
What goes as a whole: runs, found runs, and responses that belong to none.
*/
function selectUnits(log: Log, unwanted: Unwanted): void {
	const add = (sql: string, values: Readonly<Record<string, unknown>> = {}) => {
		log.prepare(`INSERT OR IGNORE INTO temp.doomed ${sql}`).run(values);
	};

	switch (unwanted.kind) {
		case 'ids': {
			for (const id of unwanted.ids) {
				add(
					`SELECT 'run', @id,
						(SELECT conversation_id FROM consortium_runs WHERE id = @id)`,
					{id},
				);
			}

			break;
		}

		case 'conversation': {
			const {id} = unwanted;
			add(
				`SELECT 'run', id, conversation_id FROM consortium_runs
				WHERE conversation_id = @id`,
				{id},
			);
			add(
				`SELECT 'run', id, @id FROM responses
				WHERE conversation_id = @id AND ${isFinal}`,
				{id},
			);
			// What another program keeps in no conversation is one by itself.
			add(
				`SELECT 'run', id, @id FROM responses
				WHERE id = @id AND conversation_id IS NULL AND ${isFinal}`,
				{id},
			);
			break;
		}

		case 'older': {
			selectOlder(add, unwanted.before);
			break;
		}

		case 'all': {
			add(`SELECT 'run', id, conversation_id FROM consortium_runs`);
			add(`SELECT 'run', id, NULL FROM consortium_found_runs`);
			add(`SELECT DISTINCT 'run', consortium_id, NULL FROM responses
				WHERE consortium_id IS NOT NULL`);
			add(`SELECT 'run', id, NULL FROM responses WHERE ${isFinal}`);
			break;
		}

		case 'hidden': {
			add(`SELECT 'run', runs.id, conversation_id
				FROM consortium_conversations AS named
				JOIN consortium_runs AS runs ON runs.conversation_id = named.id
				WHERE deleted_at IS NOT NULL`);
			break;
		}
	}
}

/**
Conversations in which nothing happened since. A response whose time cannot be read is never old.
*/
function selectOlder(
	add: (sql: string, values: Readonly<Record<string, unknown>>) => void,
	before: number,
): void {
	const isYoung = `coalesce(
		CASE typeof(datetime_utc) WHEN 'text' THEN unixepoch(datetime_utc) * 1000 END,
		@before
	) >= @before`;

	add(
		`SELECT 'run', runs.id, conversation_id FROM consortium_runs AS runs
		WHERE conversation_id IN (
			SELECT conversation_id FROM consortium_runs GROUP BY conversation_id
			HAVING max(coalesce(active_at, started_at)) < @before
		)`,
		{before},
	);
	add(
		`SELECT 'run', id, NULL FROM responses AS each
		WHERE ${isFinal} AND NOT ${isYoung}
			AND NOT EXISTS (SELECT 1 FROM consortium_runs WHERE id = each.id)
			AND coalesce(conversation_id NOT IN (
				SELECT conversation_id FROM responses
				WHERE conversation_id IS NOT NULL AND ${isFinal} AND ${isYoung}
			), 1)`,
		{before},
	);
	add(
		`SELECT 'run', id, NULL FROM consortium_found_runs
		WHERE output_id IS NULL AND started_at < @before`,
		{before},
	);
}

/**
Add the responses of the runs that go.
*/
export const responsesOfRuns = `
	INSERT OR IGNORE INTO temp.doomed
		SELECT 'response', responses.id, chat FROM temp.doomed
		JOIN responses ON responses.consortium_id = doomed.id WHERE kind = 'run';
	INSERT OR IGNORE INTO temp.doomed
		SELECT 'response', responses.id, chat FROM temp.doomed
		JOIN responses ON responses.id = doomed.id WHERE kind = 'run';
	INSERT OR IGNORE INTO temp.doomed
		SELECT 'response', response_id, chat FROM temp.doomed
		JOIN consortium_found_responses ON run_id = doomed.id WHERE kind = 'run';
`;

/**
Add what belongs to the responses that go.
*/
export const belongings = `
	INSERT OR IGNORE INTO temp.doomed
		SELECT 'conversation', conversation_id, chat FROM temp.doomed
		JOIN responses ON responses.id = doomed.id
		WHERE kind = 'response' AND conversation_id IS NOT NULL;
	INSERT OR IGNORE INTO temp.doomed
		SELECT DISTINCT 'conversation', chat, chat FROM temp.doomed
		WHERE kind = 'run' AND chat IS NOT NULL;
	INSERT OR IGNORE INTO temp.doomed
		SELECT 'result', tool_results.id, chat FROM temp.doomed
		JOIN tool_results ON response_id = doomed.id WHERE kind = 'response';
	INSERT OR IGNORE INTO temp.doomed
		SELECT 'attachment', attachment_id, chat FROM temp.doomed
		JOIN prompt_attachments ON response_id = doomed.id
		WHERE kind = 'response' AND attachment_id IS NOT NULL;
	INSERT OR IGNORE INTO temp.doomed
		SELECT 'attachment', attachment_id, chat FROM temp.doomed
		JOIN tool_results_attachments ON tool_result_id = doomed.id
		WHERE kind = 'result' AND attachment_id IS NOT NULL;
`;
