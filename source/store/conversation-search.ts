import {setImmediate as pause} from 'node:timers/promises';
import {
	summaryOf,
	type ConversationSummary,
	type Hit,
} from './conversation-summary.js';
import {importedSummary} from './imported-conversations.js';
import {type Log} from './log.js';
import {explained} from './store-error.js';
import {indexQuery, type IndexQuery} from './word-index.js';
import {snippetOf, wordsIn, type Word} from './words.js';

const pageSize = 20;

/**
How many rows of the log the index is asked about at once, which bounds the time it takes whatever the words are.
*/
const windowSize = 100_000;

/**
How many rows are looked at for a page that hardly fills.
*/
const mostRows = 2000;

/**
How many of the latest rows are read where the index cannot tell.
*/
const mostRead = 200;
const longestText = 200_000;

/**
A page of conversations in which words are, each with the place that came into the log last: all of them in one question, or in one answer or verdict and what was asked there. A word is the beginning of a word, whatever its case and accents. Where the index cannot tell, the latest rows are read for words within words. `before` is the place of the last of the page before.

@throws UserError when the log is damaged.
*/
export async function searchConversations(
	log: Log,
	words: readonly Word[],
	before: number | null,
): Promise<ConversationSummary[]> {
	const found = new Map<string, ConversationSummary>();

	const add = (places: readonly number[], isCertain: boolean) => {
		for (const place of places) {
			const facts = factsAt(log, place);
			const hit =
				facts === null || found.has(facts.chat)
					? null
					: hitAt(log, facts, {words, isCertain});

			if (facts && hit) {
				const sum = facts.isOwn === 1 ? summaryOf : importedSummary;
				found.set(facts.chat, {...sum(log, facts.chat), hit});
			}

			if (found.size >= pageSize) {
				return;
			}
		}
	};

	const {query, isWhole} = explained(log.name, () => indexQuery(log, words));
	const end = lastPlace(log) + 1;
	let below = Math.min(before ?? end, end);
	let rows = 0;

	if (before === null && !isWhole) {
		add(latestPlaces(log), false);
		await pause();
	}

	while (below > 0 && found.size < pageSize && rows < mostRows) {
		const {places, floor} = placesIn(log, query, below);
		add(places, true);
		rows += places.length;
		below = floor;
		await pause();
	}

	const hits = found
		.values()
		.toArray()
		.toSorted((left, right) => right.hit!.place - left.hit!.place);
	return before === null ? [...named(log, words), ...hits] : hits;
}

/**
Conversations in whose given names all words are.
*/
function named(log: Log, words: readonly Word[]): ConversationSummary[] {
	const rows = explained(log.name, () =>
		log
			.prepare<[], {id: string; name: string; isOwn: number}>(
				`SELECT id, CAST(name AS TEXT) AS name,
				EXISTS (
					SELECT 1 FROM consortium_runs WHERE conversation_id = named.id
				) AS isOwn
			FROM consortium_conversations AS named
			WHERE name IS NOT NULL AND deleted_at IS NULL
			ORDER BY id DESC`,
			)
			.all(),
	);

	return rows
		.filter(({name}) => wordsIn(name, words) === words.length)
		.map(({id, name, isOwn}) => ({
			...(isOwn === 1 ? summaryOf(log, id) : importedSummary(log, id)),
			hit: {
				who: 'name',
				iteration: null,
				runId: null,
				responseId: null,
				snippet: snippetOf(name, words),
				words: words.map(({pattern}) => pattern),
				place: Number.MAX_SAFE_INTEGER,
			},
		}));
}

function lastPlace(log: Log): number {
	return explained(
		log.name,
		() =>
			log
				.prepare<[], number | null>('SELECT max(rowid) FROM responses')
				.pluck()
				.get() ?? 0,
	);
}

function latestPlaces(log: Log): number[] {
	return explained(log.name, () =>
		log
			.prepare<[number], number>(
				'SELECT rowid FROM responses ORDER BY rowid DESC LIMIT ?',
			)
			.pluck()
			.all(mostRead),
	);
}

const mostHits = 100;
const mostPrompts = 500;

/**
Rows of the index below a place, the latest first: responses, and questions, which stand in the final row of a run. Down to and with `floor` all that there are have come.
*/
function placesIn(
	log: Log,
	{inResponse, inPrompt}: IndexQuery,
	below: number,
): {readonly places: readonly number[]; readonly floor: number} {
	return explained(log.name, () => {
		const least = Math.max(0, below - windowSize);
		const select = log
			.prepare<[string, number, number, number], number>(
				`SELECT rowid FROM responses_fts
				WHERE responses_fts MATCH ? AND rowid >= ? AND rowid < ?
				ORDER BY rowid DESC LIMIT ?`,
			)
			.pluck();
		const isFinal = log
			.prepare<[number], number>(
				`SELECT 1 FROM responses WHERE rowid = ?
				AND (consortium_id IS NULL OR consortium_id = id)`,
			)
			.pluck();
		const responses = select.all(inResponse, least, below, mostHits);
		const prompts = select.all(inPrompt, least, below, mostPrompts);
		const floor = Math.max(
			responses.length < mostHits ? least : responses.at(-1)!,
			prompts.length < mostPrompts ? least : prompts.at(-1)!,
		);
		const questions = prompts.filter(
			place => place >= floor && isFinal.get(place) === 1,
		);
		const places = [
			...new Set([...responses.filter(place => place >= floor), ...questions]),
		];

		return {places: places.toSorted((left, right) => right - left), floor};
	});
}

type Facts = {
	readonly place: number;
	readonly id: string;
	readonly chat: string;
	readonly isOwn: number;
	readonly isFinal: number;
	readonly runId: string | null;
	readonly who: string;
	readonly iteration: number | null;
};

/**
To which conversation a row belongs, and whose words it holds. Null where it is deleted.
*/
function factsAt(log: Log, place: number): Facts | null {
	return explained(
		log.name,
		() =>
			log
				.prepare<[number], Facts>(
					`SELECT responses.rowid AS place, responses.id,
					runs.id IS NOT NULL AS isOwn,
					coalesce(runs.id, responses.consortium_id) AS runId,
					calls.id IS NULL AND (responses.consortium_id IS NULL
						OR responses.consortium_id = responses.id) AS isFinal,
					CAST(coalesce(calls.speaker, found.instance, responses.model, '') AS TEXT) AS who,
					coalesce(calls.iteration, found.iteration) AS iteration,
					coalesce(
						runs.conversation_id,
						(SELECT coalesce(conversation_id, id) FROM responses AS output
							WHERE output.id = responses.consortium_id),
						responses.conversation_id,
						responses.id
					) AS chat
				FROM responses
				LEFT JOIN consortium_calls AS calls ON calls.id = responses.id
				LEFT JOIN consortium_runs AS runs
					ON runs.id = coalesce(calls.run_id, responses.id)
				LEFT JOIN consortium_found_responses AS found
					ON found.response_id = responses.id
				WHERE responses.rowid = ? AND NOT EXISTS (
					SELECT 1 FROM consortium_conversations AS named
					WHERE named.id = chat AND deleted_at IS NOT NULL
				)`,
				)
				.get(place) ?? null,
	);
}

/**
The words at their place. Unless it is certain that they are there, they are looked for; null when they are not there.
*/
function hitAt(
	log: Log,
	facts: Facts,
	{
		words,
		isCertain,
	}: {readonly words: readonly Word[]; readonly isCertain: boolean},
): Hit | null {
	const {prompt, response} = explained(log.name, () =>
		log
			.prepare<unknown[], {prompt: string; response: string}>(
				`SELECT coalesce(substr(CAST(prompt AS TEXT), 1, @length), '') AS prompt,
				coalesce(substr(CAST(response AS TEXT), 1, @length), '') AS response
			FROM responses WHERE rowid = @place`,
			)
			.get({place: facts.place, length: longestText})!,
	);
	const isFinal = facts.isFinal === 1;
	const inResponse = wordsIn(response, words);
	const isThere =
		isCertain ||
		((inResponse > 0 || isFinal) &&
			wordsIn(`${prompt}\n${response}`, words) === words.length);
	const isQuestion = isFinal && wordsIn(prompt, words) > inResponse;

	return isThere
		? {
				who: isQuestion ? 'question' : isFinal ? 'answer' : facts.who,
				iteration: facts.iteration,
				runId: facts.runId,
				responseId: facts.id,
				snippet: snippetOf(isQuestion ? prompt : response, words),
				words: words.map(({pattern}) => pattern),
				place: facts.place,
			}
		: null;
}
