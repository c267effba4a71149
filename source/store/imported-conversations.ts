import {setImmediate as pause} from 'node:timers/promises';
import {
	firstLine,
	givenName,
	type ConversationSummary,
} from './conversation-summary.js';
import {idAt, timeOfId} from './id-at.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';

export type Position = Pick<ConversationSummary, 'id' | 'lastAt'>;

/**
How many imported responses are looked at in a row, and for a page.
*/
const batchSize = 500;
const mostBatches = 4;

/**
Imported conversations before a position, the latest first: each by its last final answer. Responses whose ids tell no time come first, whenever they were.

@throws UserError when the log is damaged.
*/
export async function importedPage(
	log: Log,
	{id, lastAt}: Position,
	limit: number,
): Promise<ConversationSummary[]> {
	const found: ConversationSummary[] = [];
	let below =
		lastAt === Number.MAX_SAFE_INTEGER ? '\u{10FFFF}' : idAt(lastAt + 1);

	for (let batch = 0; batch < mostBatches && found.length < limit; batch++) {
		const rows = candidates(log, below);
		const chats = rows.flatMap(({chat}) => chat ?? []);
		found.push(
			...chats
				.map(each => importedSummary(log, each))
				.filter(
					each =>
						each.lastAt < lastAt || (each.lastAt === lastAt && each.id < id),
				),
		);

		if (rows.length < batchSize) {
			break;
		}

		below = rows.at(-1)!.id;
		await pause();
	}

	return found
		.toSorted((left, right) => right.lastAt - left.lastAt)
		.slice(0, limit);
}

type Candidate = {
	readonly id: string;

	/**
	The conversation that ends with it; null when none does, or when that is deleted.
	*/
	readonly chat: string | null;
};

function candidates(log: Log, below: string): Candidate[] {
	return explained(log.name, () =>
		log
			.prepare<[string, number], Candidate>(
				`WITH imported AS MATERIALIZED (
					SELECT response_id AS id FROM consortium_imported
					WHERE response_id < ? ORDER BY response_id DESC LIMIT ?
				)
				SELECT imported.id, (
					SELECT coalesce(last.conversation_id, last.id)
					FROM responses AS last
					WHERE last.id = imported.id
						AND (last.consortium_id IS NULL OR last.consortium_id = last.id)
						AND NOT EXISTS (
							SELECT 1 FROM responses AS later
							WHERE later.conversation_id = last.conversation_id
								AND later.id > last.id
						)
						AND NOT EXISTS (
							SELECT 1 FROM consortium_conversations AS named
							WHERE named.id = coalesce(last.conversation_id, last.id)
								AND deleted_at IS NOT NULL
						)
				) AS chat
				FROM imported ORDER BY imported.id DESC`,
			)
			.all(below, batchSize),
	);
}

/**
Rows of a conversation; one that another program keeps in none is one by itself, under its own id.
*/
const rowsOf = (columns: string, order: 'ASC' | 'DESC') => `
	SELECT ${columns} FROM responses WHERE conversation_id = @id
	UNION ALL
	SELECT ${columns} FROM responses WHERE id = @id AND conversation_id IS NULL
	ORDER BY id ${order} LIMIT @limit`;

/**
An imported conversation, or one that llm keeps in this log, summed up.

@throws UserError when the log is damaged.
*/
export function importedSummary(log: Log, id: string): ConversationSummary {
	const name = givenName(log, id);

	return explained(log.name, () => {
		const [last] = log
			.prepare<
				unknown[],
				{id: string; model: string | null; at: string | null}
			>(
				rowsOf(
					'id, CAST(model AS TEXT) AS model, CAST(datetime_utc AS TEXT) AS at',
					'DESC',
				),
			)
			.all({id, limit: 1});
		const [first] = log
			.prepare<unknown[], {prompt: string | null}>(
				rowsOf('id, substr(CAST(prompt AS TEXT), 1, 2000) AS prompt', 'ASC'),
			)
			.all({id, limit: 1});
		const llmName = log
			.prepare<[string], string | null>(
				'SELECT CAST(name AS TEXT) FROM conversations WHERE id = ?',
			)
			.pluck()
			.get(id);
		const turns = log
			.prepare<unknown[], number>(
				'SELECT count(*) FROM responses WHERE conversation_id = @id',
			)
			.pluck()
			.get({id})!;

		return {
			id,
			title:
				[name, first?.prompt, llmName]
					.map(title => firstLine(title ?? ''))
					.find(Boolean) ?? '(no words)',
			forkedFrom: null,
			consortium: last?.model ?? '',
			turns: Math.max(1, turns),
			costUsd: null,
			costIsComplete: false,
			lastAt: timeOfId(last?.id ?? '') ?? dateOf(last?.at),
			isImported: true,
			hit: null,
		};
	});
}

/**
Milliseconds since the Unix epoch; 0 for what is no date.
*/
function dateOf(text: string | null | undefined): number {
	const at = Date.parse(text ?? '');
	return Number.isNaN(at) ? 0 : at;
}

/**
Whether an id is that of a conversation of another program.

@throws UserError when the log is damaged.
*/
export function isImported(log: Log, id: string): boolean {
	return explained(
		log.name,
		() =>
			log
				.prepare<unknown[], number>(
					`SELECT 1 WHERE NOT EXISTS (
						SELECT 1 FROM consortium_runs WHERE conversation_id = @id
					) AND EXISTS (${rowsOf('id', 'ASC')})`,
				)
				.pluck()
				.get({id: id.toLowerCase(), limit: 1}) !== undefined,
	);
}

/**
What was said in such a conversation.
*/
export type ImportedResponse = {
	readonly id: string;
	readonly role: 'final' | 'member' | 'arbiter';

	/**
	The instance where it is known, else the model.
	*/
	readonly who: string;
	readonly iteration: number | null;

	/**
	Milliseconds since the Unix epoch.
	*/
	readonly at: number;
	readonly prompt: string;
	readonly response: string;
};

/**
More than this of a conversation or a text is not read.
*/
const mostResponses = 500;
const longestText = 200_000;

/**
The responses of a conversation that no run of ours made, in order; those of a consortium's run with its members and arbiters before its answer. Empty when there is none.

@throws UserError when the log is damaged.
*/
export function readImported(log: Log, id: string): ImportedResponse[] {
	return explained(log.name, () => {
		const ids = log
			.prepare<unknown[], string>(rowsOf('id', 'ASC'))
			.pluck()
			.all({id, limit: mostResponses});
		const members = log
			.prepare<[string], string>(
				'SELECT id FROM responses WHERE consortium_id = ? ORDER BY id',
			)
			.pluck();
		const all = new Set(
			ids.flatMap(each => [
				...members.all(each).filter(member => member !== each),
				each,
			]),
		);
		const select = log.prepare<
			unknown[],
			Omit<ImportedResponse, 'at'> & {readonly at: string | null}
		>(
			`SELECT responses.id,
				CASE
					WHEN consortium_id IS NULL OR consortium_id = responses.id THEN 'final'
					WHEN responses.is_arbiter_response = 0 THEN 'member'
					ELSE 'arbiter'
				END AS role,
				CAST(coalesce(found.instance, responses.model, '') AS TEXT) AS who,
				found.iteration,
				CAST(datetime_utc AS TEXT) AS at,
				coalesce(substr(CAST(prompt AS TEXT), 1, @length), '') AS prompt,
				coalesce(substr(CAST(response AS TEXT), 1, @length), '') AS response
			FROM responses
			LEFT JOIN consortium_found_responses AS found
				ON found.response_id = responses.id
			WHERE responses.id = @id
				AND responses.id NOT IN (SELECT id FROM consortium_calls WHERE id = @id)
				AND responses.id NOT IN (SELECT id FROM consortium_runs WHERE id = @id)`,
		);

		return all
			.values()
			.take(mostResponses)
			.flatMap(each => select.all({id: each, length: longestText}))
			.map(row => ({
				...row,
				at: timeOfId(row.id) ?? dateOf(row.at),
			}))
			.toArray();
	});
}
