import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {isAlive, type Owner} from './owner.js';

/**
What a person wants to be deleted, by whole ids; `before` is in milliseconds since the Unix epoch. `hidden` are the conversations that were deleted by versions without a trash.
*/
export type Unwanted =
	| {readonly kind: 'ids'; readonly ids: readonly string[]}
	| {readonly kind: 'conversation'; readonly id: string}
	| {readonly kind: 'older'; readonly before: number}
	| {readonly kind: 'all'}
	| {readonly kind: 'hidden'};

const isFinal = '(consortium_id IS NULL OR consortium_id = id)';

/**
A run that was begun on another machine is taken to go on for a day, since nobody here can see its process.
*/
const unseenMs = 86_400_000;

/**
Write down in the temporary table `doomed` what goes, with all that belongs to it. What other runs build on, and what goes on right now, is refused where a person named it, and stays otherwise.

@returns how many conversations stay for that reason.
@throws UserError naming what else would have to go, or what must end first.
*/
export function select(log: Log, unwanted: Unwanted, now: number): number {
	log.exec(`
		CREATE TEMP TABLE IF NOT EXISTS doomed (
			kind TEXT NOT NULL,
			id TEXT NOT NULL,
			chat TEXT,
			PRIMARY KEY (kind, id)
		) WITHOUT ROWID;
		DELETE FROM temp.doomed;
	`);
	selectUnits(log, unwanted);
	let staying = 0;

	if (unwanted.kind === 'ids' || unwanted.kind === 'conversation') {
		assertEnded(log, now);
		assertUnused(log, unwanted);
	} else {
		staying = spare(log, now);
	}

	log.exec(belongings);
	return staying;
}

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

const belongings = `
	INSERT OR IGNORE INTO temp.doomed
		SELECT 'response', responses.id, chat FROM temp.doomed
		JOIN responses ON responses.consortium_id = doomed.id WHERE kind = 'run';
	INSERT OR IGNORE INTO temp.doomed
		SELECT 'response', responses.id, chat FROM temp.doomed
		JOIN responses ON responses.id = doomed.id WHERE kind = 'run';
	INSERT OR IGNORE INTO temp.doomed
		SELECT 'response', response_id, chat FROM temp.doomed
		JOIN consortium_found_responses ON run_id = doomed.id WHERE kind = 'run';
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

type Dependent = {
	/**
	The doomed run, and its conversation.
	*/
	readonly id: string;
	readonly chat: string;

	/**
	The run that builds on it, and the conversation of that one.
	*/
	readonly by: string;
	readonly byChat: string;
};

const outside = `later.id NOT IN (
	SELECT id FROM temp.doomed WHERE kind = 'run'
)`;

/**
Runs that stay and build on one that goes: they follow it, are derived from it, go on with what was said in it, or carry its calls.
*/
const dependents = `
	SELECT doomed.id, chat, later.id AS by, later.conversation_id AS byChat
	FROM temp.doomed
	JOIN consortium_runs AS later ON later.previous_run_id = doomed.id
	WHERE doomed.kind = 'run' AND ${outside}
	UNION ALL
	SELECT doomed.id, chat, later.id, later.conversation_id
	FROM temp.doomed
	JOIN consortium_runs AS later ON later.derived_from = doomed.id
	WHERE doomed.kind = 'run' AND ${outside}
	UNION ALL
	SELECT doomed.id, chat, later.id, later.conversation_id
	FROM temp.doomed
	JOIN consortium_calls AS calls ON calls.run_id = doomed.id
	JOIN consortium_calls AS next ON next.extends = calls.id
	JOIN consortium_runs AS later ON later.id = next.run_id
	WHERE doomed.kind = 'run' AND ${outside}
	UNION ALL
	SELECT doomed.id, chat, later.id, later.conversation_id
	FROM temp.doomed
	JOIN consortium_calls AS calls ON calls.run_id = doomed.id
	JOIN consortium_events AS carried
		ON carried.call_id = calls.id AND carried.type = 'call-carry'
	JOIN consortium_runs AS later ON later.id = carried.run_id
	WHERE doomed.kind = 'run' AND ${outside}`;

type Unended = Owner & {
	readonly id: string;
	readonly chat: string;
	readonly activeAt: number;
};

function goingOn(log: Log, now: number): Unended[] {
	return log
		.prepare<[], Unended>(
			`SELECT runs.id, chat, pid, host, coalesce(active_at, started_at) AS activeAt
			FROM temp.doomed JOIN consortium_runs AS runs ON runs.id = doomed.id
			WHERE doomed.kind = 'run' AND status IS NULL`,
		)
		.all()
		.filter(run => isAlive(run) ?? run.activeAt > now - unseenMs);
}

function assertEnded(log: Log, now: number): void {
	const [run] = goingOn(log, now);

	if (run) {
		throw new UserError(
			`The run ${run.id} goes on right now, in process ${run.pid} of ${run.host}.`,
			'Wait for its end, or cancel it there.',
		);
	}
}

function assertUnused(log: Log, {kind}: Unwanted): void {
	const dependent = log
		.prepare<[], Dependent>(
			// What can be said with one command comes first.
			`SELECT * FROM (${dependents}) ORDER BY chat <> byChat LIMIT 1`,
		)
		.get();

	if (!dependent) {
		return;
	}

	const {id, chat, by, byChat} = dependent;
	const isFork = byChat !== chat;

	throw kind === 'conversation'
		? new UserError(
				`The conversation ${chat} shares its beginning with the fork ${byChat}, which would lose it.`,
				`Delete the fork first: consortium-tui logs delete --cid ${byChat}`,
			)
		: new UserError(
				`The run ${id} is what ${isFork ? `the fork ${byChat}` : `the run ${by}`} builds on.`,
				isFork
					? `Delete the fork first: consortium-tui logs delete --cid ${byChat}`
					: `Delete their whole conversation: consortium-tui logs delete --cid ${chat}`,
			);
}

/**
Take those conversations out again that go on right now, or that others which stay build on.

@returns how many.
*/
function spare(log: Log, now: number): number {
	const takeOut = log.prepare<[string]>(
		`DELETE FROM temp.doomed WHERE kind = 'run' AND chat = ?`,
	);
	const needed = log
		.prepare<[], string>(`SELECT DISTINCT chat FROM (${dependents})`)
		.pluck();
	const spared = new Set<string>();
	let chats = [...goingOn(log, now).map(({chat}) => chat), ...needed.all()];

	while (chats.length > 0) {
		for (const chat of chats) {
			takeOut.run(chat);
			spared.add(chat);
		}

		chats = needed.all();
	}

	return spared.size;
}
