import {countMatches, fullTextQuery, isCommon} from './full-text.js';
import {type Log} from './log.js';
import {conditionsOf, type ResponseFilter} from './response-filter.js';
import {joins} from './responses.js';
import {explained} from './store-error.js';

export type ResponseSearch = ResponseFilter & {
	/**
	-1 for all.
	*/
	readonly limit: number;

	/**
	With these words in prompt or response, the best match first; a query of FTS5.
	*/
	readonly words?: string;

	/**
	The newest match first.
	*/
	readonly isLatest?: boolean;
};

export type FoundResponses = {
	/**
	For `readResponses`. The newest first, or the best match.
	*/
	readonly rowids: readonly number[];

	/**
	The words are too common in the log to weigh the matches: the latest come first.
	*/
	readonly isUnranked: boolean;
};

/**
How many of the newest responses are looked at one by one for words that most of them have.
*/
const nearest = 400;

/**
So few matches are best looked at all, and of so many not even a list is made.
*/
const few = 5000;
const many = 100_000;

/**
Responses that a filter lets through. Words in a prompt weigh ten times as much as words in a response.

@throws UserError when the words are no query, or when the log is damaged.
*/
export function findResponses(
	log: Log,
	{limit, words, isLatest = false, ...filter}: ResponseSearch,
): FoundResponses {
	return explained(log.name, () => {
		const conditions = conditionsOf(filter);
		const where = ['true', ...conditions.map(({sql}) => sql)].join(' AND ');
		const values = Object.assign(
			{limit, nearest},
			...conditions.map(each => each.values),
		) as Values;
		const read = (sql: string, query = '') =>
			log
				.prepare<[Values], number>(sql)
				.pluck()
				.all({...values, query});

		if (words === undefined) {
			return {rowids: read(byId(where)), isUnranked: false};
		}

		const query = fullTextQuery(log, words);

		const isUnranked = !isLatest && isCommon(log, query);

		if (isLatest || isUnranked) {
			const count = countMatches(log, query, many + 1);
			const isNear = count > many && limit > 0 && !query.includes('*');
			const near = isNear ? read(amongNearest(where), query) : [];
			// With a plus sign SQLite goes by the order of the ids, and stops when enough are found.
			const all = `${where} AND ${count > few ? '+' : ''}${matches}`;
			return {
				rowids: isNear && near.length === limit ? near : read(byId(all), query),
				isUnranked,
			};
		}

		const order = 'bm25(responses_fts, 10, 1), rowid DESC';
		return {rowids: read(byMatch(where, order), query), isUnranked};
	});
}

type Values = Readonly<Record<string, string | number>>;

const matches =
	'responses.rowid IN (SELECT rowid FROM responses_fts WHERE responses_fts MATCH @query)';

function byId(where: string, limit = '@limit'): string {
	return `SELECT responses.rowid FROM responses ${joins}
		WHERE ${where} ORDER BY responses.id DESC LIMIT ${limit}`;
}

/**
To ask the index for one response takes far longer than to go on to its next match, but does not depend on how many there are; beginnings of words are looked up anew each time, which does.
*/
function amongNearest(where: string): string {
	return `SELECT rowid FROM (${byId(where, '@nearest')}) AS near
		WHERE EXISTS (
			SELECT 1 FROM responses_fts
			WHERE responses_fts MATCH @query AND responses_fts.rowid = near.rowid
		)
		LIMIT @limit`;
}

/**
The limit within keeps the order, and the rest of a match is looked at only until enough are found.
*/
function byMatch(where: string, order: string): string {
	return `SELECT responses.rowid FROM (
			SELECT rowid AS match FROM responses_fts
			WHERE responses_fts MATCH @query
			ORDER BY ${order} LIMIT -1
		)
		CROSS JOIN responses ON responses.rowid = match ${joins}
		WHERE ${where} LIMIT @limit`;
}
