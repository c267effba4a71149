import {setImmediate as pause} from 'node:timers/promises';
import {type RunState} from '../core/run-state.js';
import {UserError} from '../core/user-error.js';
import {summaryOf, type ConversationSummary} from './conversation-summary.js';
import {searchConversations} from './conversation-search.js';
import {importedPage, type Position} from './imported-conversations.js';
import {type Log} from './log.js';
import {readPictures} from './pictures.js';
import {explained} from './store-error.js';
import {wordsOf} from './words.js';

const pageSize = 50;

/**
A page of conversations, ours and imported ones. Without words in `query`, the one with the latest activity first; with words, those in which they are, what came into the log last first. `before` is the last of the page before; among those that were found, one may come again. Those that are deleted are left out.

@throws UserError when the log is damaged.
*/
export async function listConversations(
	log: Log,
	query: string,
	before: ConversationSummary | null = null,
): Promise<ConversationSummary[]> {
	const words = wordsOf(query);

	if (words.length > 0) {
		return searchConversations(log, words, before?.hit?.place ?? null);
	}

	const position = before ?? {id: '', lastAt: Number.MAX_SAFE_INTEGER};
	const own = ownPage(log, position);
	await pause();
	const imported = await importedPage(log, position, pageSize);

	return [...own, ...imported]
		.toSorted(
			(left, right) =>
				right.lastAt - left.lastAt + (left.id < right.id ? 0.5 : -0.5),
		)
		.slice(0, pageSize);
}

/**
Runs that no later one of their conversation follows, each standing for it.
*/
function ownPage(log: Log, position: Position): ConversationSummary[] {
	const ids = explained(log.name, () =>
		log
			.prepare<[Position & {limit: number}], string>(
				`SELECT conversation_id
			FROM consortium_runs AS last
			WHERE (active_at, conversation_id) < (@lastAt, @id)
				AND NOT EXISTS (
					SELECT 1 FROM consortium_runs AS later
					WHERE later.conversation_id = last.conversation_id
						AND (later.active_at, later.id) > (last.active_at, last.id)
				)
				AND NOT EXISTS (
					SELECT 1 FROM consortium_conversations AS named
					WHERE named.id = last.conversation_id AND deleted_at IS NOT NULL
				)
			ORDER BY active_at DESC, conversation_id DESC
			LIMIT @limit`,
			)
			.pluck()
			.all({id: position.id, lastAt: position.lastAt, limit: pageSize}),
	);
	return ids.map(id => summaryOf(log, id));
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

	return readPictures(log, ids);
}
