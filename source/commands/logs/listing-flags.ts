import {askedStates, responseRoles} from '../../store/responses.js';
import {type Flags, type FlagValues} from '../command.js';

/**
The flags of `logs list`: those of `llm logs list` that mean something here, and our own.
*/
export const listingFlags = {
	count: {
		type: 'string',
		short: 'n',
		value: 'N',
		meaning:
			'list: the latest N, all with 0. Default: 20, and all of a conversation or run.',
	},
	model: {
		type: 'string',
		short: 'm',
		value: 'MODEL',
		meaning:
			'list: by this model, as it was called or as the provider calls it, with or without the name of the provider; or by the consortium of this name.',
	},
	query: {
		type: 'string',
		short: 'q',
		value: 'WORDS',
		meaning:
			'list: with these words in question or answer, the best match first; also "a phrase", beginn*, OR, NOT, NEAR(…).',
	},
	latest: {
		type: 'boolean',
		short: 'l',
		meaning: 'list: with -q, the newest first.',
	},
	role: {
		type: 'string',
		value: 'ROLE',
		choices: [...responseRoles, 'all'],
		meaning: `list: whose answers, ${responseRoles.join(', ')} or all. Default: final.`,
	},
	run: {
		type: 'string',
		value: 'ID',
		meaning: 'list: of this run; the beginning of its id will do.',
	},
	consortium: {
		type: 'string',
		value: 'NAME',
		meaning: 'list: of runs of this consortium.',
	},
	confidence: {
		type: 'string',
		value: 'RANGE',
		meaning:
			"list: whose confidence is '<0.7', '>=90%', 0.5..0.7 or 0.8; one that was not stated is in no range.",
	},
	state: {
		type: 'string',
		value: 'STATE',
		choices: askedStates,
		meaning:
			'list: that ended like this: a call answered, truncated, failed …; a run converged, degraded …; or that were imported.',
	},
	since: {
		type: 'string',
		value: 'DATE',
		meaning: 'list: from this day on, such as 2026-11-20; local time.',
	},
	until: {
		type: 'string',
		value: 'DATE',
		meaning: 'list: up to the end of this day.',
	},
	current: {
		type: 'boolean',
		short: 'c',
		meaning: 'list: the conversation with the latest activity.',
	},
	idGt: {
		type: 'string',
		value: 'ID',
		meaning: 'list: with ids after this one.',
	},
	idGte: {
		type: 'string',
		value: 'ID',
		meaning: 'list: with this id and those after it.',
	},
	full: {
		type: 'boolean',
		meaning: 'list: whole questions and answers, as Markdown.',
	},
	short: {type: 'boolean', short: 's', meaning: 'list: shortened, as YAML.'},
	truncate: {
		type: 'boolean',
		short: 't',
		meaning:
			'list: as --full, or with --json, but questions and answers cut to 100 characters, and JSON of providers left out.',
	},
	usage: {
		type: 'boolean',
		short: 'u',
		meaning: 'list: with tokens and cost, of a final answer those of its run.',
	},
	response: {
		type: 'boolean',
		short: 'r',
		meaning:
			'list: only the text of the latest answer, of this conversation unless others are asked for; with -q, of the best match.',
	},
	extract: {
		type: 'boolean',
		short: 'x',
		meaning:
			'list: only the first fenced block of the first answer that has one.',
	},
	xl: {
		type: 'boolean',
		meaning:
			'list: only the last fenced block of the first answer that has one.',
	},
} as const satisfies Flags;

export type ListingFlags = FlagValues<typeof listingFlags>;
