import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {isAlive, type Owner} from './owner.js';

/**
A run that was begun on another machine is taken to go on for a day, since nobody here can see its process.
*/
const unseenMs = 86_400_000;

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

const outside = `NOT EXISTS (
	SELECT 1 FROM temp.doomed WHERE kind = 'run' AND id = later.id
)`;

/**
Runs that stay and build on one that goes: they follow it, are derived from it, go on with what was said in it, or carry its calls.
*/
export const dependents = `
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

/**
@throws UserError when something that is doomed goes on right now.
*/
export function assertEnded(log: Log, now: number): void {
	const [run] = goingOn(log, now);

	if (run) {
		throw new UserError(
			`The run ${run.id} goes on right now, in process ${run.pid} of ${run.host}.`,
			'Wait for its end, or cancel it there.',
		);
	}
}

/**
@throws UserError when something that stays builds on what is doomed, with words for a conversation as a whole or for runs.
*/
export function assertUnused(log: Log, isConversation: boolean): void {
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

	throw isConversation
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
export function spare(log: Log, now: number): number {
	const takeOut = log.prepare<[string]>(
		`DELETE FROM temp.doomed WHERE kind = 'run' AND chat = ?`,
	);
	const needed = log
		.prepare<[], string>(
			`SELECT DISTINCT chat FROM (${dependents}) WHERE chat IS NOT NULL`,
		)
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
