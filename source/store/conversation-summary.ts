import {type Log} from './log.js';
import {explained} from './store-error.js';
import {type SnippetPart} from './words.js';

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
	The name of the consortium, or of another program's model, that was asked last.
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

	/**
	It stands in the log of another program, and cannot be gone on with.
	*/
	readonly isImported: boolean;

	/**
	Where the words that were looked for are; null when none were.
	*/
	readonly hit: Hit | null;
};

/**
A place in a conversation.
*/
export type Hit = {
	/**
	Whose words these are, such as an instance; `question`, `answer` or `name`.
	*/
	readonly who: string;
	readonly iteration: number | null;

	/**
	The run and the response they belong to; null for a name.
	*/
	readonly runId: string | null;
	readonly responseId: string | null;
	readonly snippet: readonly SnippetPart[];

	/**
	What was looked for, each to be matched in a text in form NFD.
	*/
	readonly words: readonly RegExp[];

	/**
	What came into the log later has a higher one.
	*/
	readonly place: number;
};

type SummaryRow = Pick<
	ConversationSummary,
	'id' | 'consortium' | 'turns' | 'costUsd' | 'lastAt'
> & {
	readonly unknownCosts: number;
};

/**
A conversation of ours summed up.

@throws UserError when the log is damaged.
*/
export function summaryOf(log: Log, id: string): ConversationSummary {
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
		isImported: false,
		hit: null,
	};
}

/**
The name of a conversation, else the first line of the first question that led to it.
*/
function titleOf(log: Log, id: string): string {
	return firstLine(givenName(log, id) ?? rootsOf(log, id).at(-1)!.prompt);
}

/**
The name a person gave to a conversation, ours or imported; null when there is none.
*/
export function givenName(log: Log, id: string): string | null {
	return explained(
		log.name,
		() =>
			log
				.prepare<[string], string | null>(
					'SELECT CAST(name AS TEXT) FROM consortium_conversations WHERE id = ?',
				)
				.pluck()
				.get(id) ?? null,
	);
}

const titleLength = 200;

/**
The first line that says something, at most 200 characters of it.
*/
export function firstLine(text: string): string {
	const line = text.trim().split(/\r\n|[\r\n]/, 1)[0]!;
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
