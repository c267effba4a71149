import {type Flags, type FlagValues} from '../command.js';

/**
The flags of those verbs of `logs` that delete, import and find runs.
*/
export const changingFlags = {
	cid: {
		type: 'string',
		value: 'ID',
		meaning: 'list, delete: this conversation.',
	},
	olderThan: {
		type: 'string',
		value: 'AGE',
		meaning:
			'delete: conversations in which nothing happened for so long, such as 90d.',
	},
	all: {type: 'boolean', meaning: 'delete: everything.'},
	force: {
		type: 'boolean',
		meaning:
			'delete, vacuum, backfill --write: without asking; backup: over a file that is there.',
	},
	next: {
		type: 'boolean',
		meaning: 'undo: pass over deletions that cannot be undone.',
	},
	onConflict: {
		type: 'string',
		value: 'WHAT',
		choices: ['suffix', 'overwrite', 'skip'],
		meaning:
			'import: suffix, overwrite or skip a consortium whose name is taken. Default: ask, or suffix.',
	},
	aliases: {
		type: 'boolean',
		meaning:
			'import: read the models of consortiums by the aliases beside the file.',
	},
	keys: {
		type: 'boolean',
		meaning:
			'import: store the keys beside the file that have no place here yet.',
	},
	models: {
		type: 'string',
		value: 'FILE',
		meaning: 'backfill: names of consortiums, one on a line.',
	},
	write: {
		type: 'boolean',
		meaning:
			'backfill: into the files themselves, after a backup, with a file to undo it.',
	},
	undo: {
		type: 'string',
		value: 'FILE',
		meaning: 'backfill: take back what --write did.',
	},
	plan: {
		type: 'boolean',
		meaning: 'backfill: only compare with the algorithm of the original plan.',
	},
	verbose: {
		type: 'boolean',
		short: 'v',
		meaning: 'backfill: also tell what spoke for what was found.',
	},
	quiet: {
		type: 'boolean',
		meaning: 'import, backfill: no progress.',
	},
	json: {type: 'boolean', meaning: 'Print JSON.'},
} as const satisfies Flags;

export type ChangingFlags = FlagValues<typeof changingFlags>;
