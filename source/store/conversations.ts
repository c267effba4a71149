import {setImmediate as pause} from 'node:timers/promises';
import {emptyRun, foldRun, type RunState} from '../core/run-state.js';
import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {runEvents} from './run-events.js';
import {explained} from './store-error.js';

/**
A conversation as a list shows it.
*/
export type ConversationSummary = {
	readonly id: string;

	/**
	The first line of its first question, at most 200 characters.
	*/
	readonly title: string;

	/**
	The name of the consortium that was asked last.
	*/
	readonly consortium: string;

	/**
	Questions; to judge or ask again is none.
	*/
	readonly turns: number;

	/**
	US dollars; null when nothing is known of them.
	*/
	readonly costUsd: number | null;
	readonly costIsComplete: boolean;

	/**
	When its latest run began, in milliseconds since the Unix epoch.
	*/
	readonly lastAt: number;
};

type Position = Pick<ConversationSummary, 'id' | 'lastAt'>;

const pageSize = 50;
const titleLength = 200;

/**
How many are read in a row; between two batches the program can do other things.
*/
const batchSize = 100;

/**
A page of conversations, the one with the latest run first: 50 in whose questions and final answers all words of `query` occur, whatever their case. `before` is the last of the page before.

@throws UserError when the log is damaged.
*/
export async function listConversations(
	log: Log,
	query: string,
	before: Position | null = null,
): Promise<ConversationSummary[]> {
	const words = query.toLowerCase().split(/\s+/).filter(Boolean);
	const found: Position[] = [];
	let position = before ?? {id: '', lastAt: Number.MAX_SAFE_INTEGER};

	while (found.length < pageSize) {
		const batch = candidates(log, position);
		found.push(...batch.filter(({id}) => hasWords(log, id, words)));

		if (batch.length < batchSize) {
			break;
		}

		position = batch.at(-1)!;
		await pause();
	}

	return found.slice(0, pageSize).map(({id}) => summaryOf(log, id));
}

/**
Runs that no later one of their conversation follows, each standing for it.
*/
function candidates(log: Log, position: Position): Position[] {
	return explained(log.name, () =>
		log
			.prepare<[Position & {limit: number}], Position>(
				`SELECT conversation_id AS id, started_at AS lastAt
			FROM consortium_runs AS last
			WHERE (started_at, conversation_id) < (@lastAt, @id)
				AND NOT EXISTS (
					SELECT 1 FROM consortium_runs AS later
					WHERE later.conversation_id = last.conversation_id
						AND (later.started_at, later.id) > (last.started_at, last.id)
				)
			ORDER BY started_at DESC, conversation_id DESC
			LIMIT @limit`,
			)
			.all({...position, limit: batchSize}),
	);
}

function hasWords(log: Log, id: string, words: readonly string[]): boolean {
	if (words.length === 0) {
		return true;
	}

	// SQLite knows the case of ASCII letters only.
	const texts = explained(log.name, () =>
		log
			.prepare<[string], string>(
				`SELECT prompt || char(10) || coalesce(answer, '')
			FROM consortium_runs WHERE conversation_id = ?`,
			)
			.pluck()
			.all(id)
			.map(text => text.toLowerCase()),
	);

	return words.every(word => texts.some(text => text.includes(word)));
}

type SummaryRow = Omit<ConversationSummary, 'title' | 'costIsComplete'> & {
	readonly prompt: string;
	readonly unknownCosts: number;
};

function summaryOf(log: Log, id: string): ConversationSummary {
	const {prompt, unknownCosts, ...row} = explained(log.name, () =>
		log
			.prepare<{id: string}, SummaryRow>(
				`SELECT @id AS id,
				max(started_at) AS lastAt,
				sum(kind = 'ask') AS turns,
				sum(cost_usd) AS costUsd,
				sum(coalesce(cost_is_complete, 0) = 0) AS unknownCosts,
				(SELECT prompt FROM consortium_runs WHERE conversation_id = @id
					ORDER BY started_at, id LIMIT 1) AS prompt,
				(SELECT consortium FROM consortium_runs WHERE conversation_id = @id
					ORDER BY started_at DESC, id DESC LIMIT 1) AS consortium
			FROM consortium_runs WHERE conversation_id = @id`,
			)
			.get({id})!,
	);
	const line = prompt.trim().split(/\r\n|[\r\n]/, 1)[0]!;

	return {
		...row,
		title: [...line].slice(0, titleLength).join(''),
		costIsComplete: unknownCosts === 0,
	};
}

/**
The pictures of the runs of a conversation: turn by turn, and of each turn first the question and last what was derived from it latest.

@throws UserError when it is not in the log, or when the log is damaged.
*/
export async function readConversation(
	log: Log,
	id: string,
): Promise<RunState[]> {
	const ids = explained(log.name, () =>
		log
			.prepare<[string], string>(
				`SELECT id FROM consortium_runs WHERE conversation_id = ?
				ORDER BY turn, started_at, id`,
			)
			.pluck()
			.all(id),
	);

	if (ids.length === 0) {
		throw new UserError(`The log has no conversation \`${id}\`.`);
	}

	const pictures: RunState[] = [];

	for (const runId of ids) {
		const picture = emptyRun();

		for (const event of runEvents(log, runId)) {
			foldRun(picture, event);
		}

		pictures.push(picture);
		await pause();
	}

	return pictures;
}
