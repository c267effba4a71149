import {setImmediate as pause} from 'node:timers/promises';
import {type RunState} from '../core/run-state.js';
import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';
import {readPictures} from './pictures.js';
import {explained} from './store-error.js';

/**
A conversation as a list shows it.
*/
export type ConversationSummary = {
	readonly id: string;

	/**
	The name it was given, else the first line of its first question, or of that of the conversation it was forked from; at most 200 characters.
	*/
	readonly title: string;

	/**
	The conversation whose beginning it shares.
	*/
	readonly forkedFrom: string | null;

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
	When something last happened in it, in milliseconds since the Unix epoch.
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
A page of conversations, the one with the latest activity first: 50 in whose title, questions and final answers all words of `query` occur, whatever their case. `before` is the last of the page before. Those that are deleted are left out.

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
				`SELECT conversation_id AS id, active_at AS lastAt
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

	const all = [titleOf(log, id).toLowerCase(), ...texts];
	return words.every(word => all.some(text => text.includes(word)));
}

type SummaryRow = Omit<
	ConversationSummary,
	'title' | 'forkedFrom' | 'costIsComplete'
> & {
	readonly unknownCosts: number;
};

function summaryOf(log: Log, id: string): ConversationSummary {
	const {unknownCosts, ...row} = explained(log.name, () =>
		log
			.prepare<{id: string}, SummaryRow>(
				`SELECT @id AS id,
				CAST(max(active_at) AS INTEGER) AS lastAt,
				sum(kind = 'ask') AS turns,
				sum(cost_usd) AS costUsd,
				sum(coalesce(cost_is_complete, 0) = 0) AS unknownCosts,
				(SELECT CAST(consortium AS TEXT) FROM consortium_runs WHERE conversation_id = @id
					ORDER BY started_at DESC, id DESC LIMIT 1) AS consortium
			FROM consortium_runs WHERE conversation_id = @id`,
			)
			.get({id})!,
	);

	return {
		...row,
		title: titleOf(log, id),
		forkedFrom: rootsOf(log, id).at(1)?.id ?? null,
		costIsComplete: unknownCosts === 0,
	};
}

/**
The name of a conversation, else the first line of the first question that led to it.
*/
function titleOf(log: Log, id: string): string {
	const name = explained(log.name, () =>
		log
			.prepare<[string], string | null>(
				'SELECT CAST(name AS TEXT) FROM consortium_conversations WHERE id = ?',
			)
			.pluck()
			.get(id),
	);
	const title = name ?? rootsOf(log, id).at(-1)!.prompt;
	const line = title.trim().split(/\r\n|[\r\n]/, 1)[0]!;
	return [...line].slice(0, titleLength).join('');
}

type Root = {
	readonly id: string;
	readonly prompt: string;
	readonly forkedFrom: string | null;
};

/**
A conversation and those it was forked from, each with its first question, the earliest last. A beginning that is not in the log is left out; where a damaged log leads back to one of them, it ends.
*/
function rootsOf(log: Log, conversationId: string): Root[] {
	return explained(log.name, () => {
		const select = log.prepare<[string], Root>(
			`SELECT first.conversation_id AS id, CAST(first.prompt AS TEXT) AS prompt,
				origin.conversation_id AS forkedFrom
			FROM consortium_runs AS first
			LEFT JOIN consortium_runs AS origin ON origin.id = first.previous_run_id
			WHERE first.conversation_id = ?
			ORDER BY first.started_at, first.id LIMIT 1`,
		);
		const roots = new Map<string, Root>();
		let root = select.get(conversationId);

		while (root && !roots.has(root.id)) {
			roots.set(root.id, root);
			const {forkedFrom} = root;
			root = forkedFrom === null ? undefined : select.get(forkedFrom);
		}

		return roots.values().toArray();
	});
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
