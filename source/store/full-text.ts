import Database from 'better-sqlite3';
import {UserError} from '../core/user-error.js';
import {type Log} from './log.js';

/**
So many places of words are ranked in well under 60 ms. The rank of a match needs every place of each of its words in the log.
*/
const mostPlaces = 20_000;

/**
FTS5 reads long queries, and matches many words, in time that grows with their square.
*/
const mostWords = 200;
const mostCharacters = 10_000;

/**
A query of FTS5 for what a person typed: the query itself, or, where it is none, its words as they stand, as in `c++` or `what's new`.

@throws UserError for what means to be a query, by a quotation mark or an operator in capitals, and is none, and for more than a person would look for.
*/
export function fullTextQuery(log: Log, typed: string): string {
	if (typed.trim() === '') {
		throw new UserError('--query needs a word to look for.');
	}

	if (
		typed.length > mostCharacters ||
		(typed.match(/[\p{L}\p{N}]+/gv) ?? []).length > mostWords
	) {
		throw new UserError(
			`--query takes at most ${mostWords} words and ${mostCharacters.toLocaleString('en')} characters: give the words that matter.`,
		);
	}

	if (isQuery(log, typed)) {
		return typed;
	}

	if (/"|(?<!\S)(?:AND|OR|NOT|NEAR)(?!\S)|NEAR\(/.test(typed)) {
		throw new UserError(
			`"${typed}" is no query that the search understands.`,
			'Write words, "a phrase", beginn*, one OR another, (one OR another) NOT a third, or NEAR(one another).',
		);
	}

	return typed
		.trim()
		.split(/\s+/)
		.map(word => `"${word}"`)
		.join(' ');
}

function isQuery(log: Log, query: string): boolean {
	try {
		log
			.prepare(
				'SELECT 1 FROM responses_fts WHERE responses_fts MATCH ? LIMIT 1',
			)
			.get(query);
		return true;
	} catch (error) {
		if (
			error instanceof Database.SqliteError &&
			error.code === 'SQLITE_ERROR'
		) {
			return false;
		}

		throw error;
	}
}

/**
Whether the words of a query are in so many responses together that to rank its matches takes long.
*/
export function isCommon(log: Log, query: string): boolean {
	const prefix = query.includes('*') ? '*' : '';
	let places = 0;

	for (const [word] of query.matchAll(/[\p{L}\p{N}]+/gv)) {
		if (!/^(?:AND|OR|NOT|NEAR)$/.test(word) && places <= mostPlaces) {
			places += countMatches(
				log,
				`"${word}"${prefix}`,
				mostPlaces + 1 - places,
			);
		}
	}

	return places > mostPlaces;
}

/**
How many responses match, counted up to a limit.
*/
export function countMatches(log: Log, query: string, limit: number): number {
	return log
		.prepare<{query: string; limit: number}, number>(
			`SELECT count(*) FROM (
				SELECT 1 FROM responses_fts WHERE responses_fts MATCH @query LIMIT @limit
			)`,
		)
		.pluck()
		.get({query, limit})!;
}
