import {type Log} from './log.js';
import {explained} from './store-error.js';

/**
Give a conversation a name, in the place of its first question; an empty one takes it back.

@throws UserError when the log is locked or damaged.
*/
export function renameConversation(log: Log, id: string, name: string): void {
	const given = name.trim() === '' ? null : name.trim();

	explained(log.name, () => {
		log
			.prepare(
				`INSERT INTO consortium_conversations (id, name) VALUES (@id, @given)
				ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
			)
			.run({id, given});
	});
}

/**
Hide a conversation, at this moment (milliseconds since the epoch), as versions without a trash did, or show it again with null. Nothing of it is lost.

@throws UserError when the log is locked or damaged.
*/
export function hideConversation(
	log: Log,
	id: string,
	at: number | null,
): void {
	explained(log.name, () => {
		log
			.prepare(
				`INSERT INTO consortium_conversations (id, deleted_at) VALUES (@id, @at)
				ON CONFLICT (id) DO UPDATE SET deleted_at = excluded.deleted_at`,
			)
			.run({id, at});
	});
}
