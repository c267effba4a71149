import {assertFlags} from './assert-flags.js';
import {command} from './command.js';
import {foreignFlags} from './logs/foreign-flags.js';
import {listingFlags} from './logs/listing-flags.js';
import {logsFlags, type LogsCall} from './logs/logs-call.js';
import {pagesOf, verbOf} from './words.js';

const usage = {
	list: 'logs [list] [-n N] [-q WORDS] [--role ROLE] [--json]',
	show: 'logs show ID [--json]',
	delete: 'logs delete [ID…] [--cid ID] [--older-than AGE] [--all]',
	undo: 'logs undo [--next]',
	vacuum: 'logs vacuum',
	backup: 'logs backup FILE',
	import: 'logs import FILE…',
	backfill: 'logs backfill [FILE…] [--models FILE] [--write] [--plan]',
	path: 'logs path',
	status: 'logs status [--json]',
	on: 'logs on',
	off: 'logs off',
} as const;

type Verb = keyof typeof usage;

const verbs = Object.keys(usage) as [Verb, ...Verb[]];

/**
The flags that mean something to each verb.
*/
const flagsOf: Readonly<Record<Verb, ReadonlyArray<keyof typeof logsFlags>>> = {
	list: [
		...(Object.keys(listingFlags) as Array<keyof typeof listingFlags>),
		'cid',
		'json',
	],
	show: ['json'],
	delete: ['cid', 'olderThan', 'all', 'force'],
	undo: ['next'],
	vacuum: ['force'],
	backup: ['force'],
	import: ['onConflict', 'aliases', 'keys', 'quiet', 'json'],
	backfill: [
		'models',
		'write',
		'undo',
		'plan',
		'force',
		'verbose',
		'quiet',
		'json',
	],
	path: [],
	status: ['json'],
	on: [],
	off: [],
};

const examples: Readonly<Record<Verb, readonly string[]>> = {
	list: [
		"logs -q 'sqlite NEAR wal' --role all",
		"logs --confidence '<0.7' --since 2026-11-01",
	],
	show: ['logs show 01ka3', 'logs show 01ka3 --json'],
	delete: ['logs delete 01ka3', 'logs delete --older-than 365d'],
	undo: ['logs undo'],
	vacuum: ['logs vacuum', 'logs vacuum --force'],
	backup: ['logs backup log-of-november.db', 'logs backup --force log.db'],
	import: [
		'logs import ~/.config/io.datasette.llm/logs.db',
		'logs import --aliases --keys ~/.config/io.datasette.llm/*.db',
	],
	backfill: ['logs backfill', 'logs backfill --write logs.db'],
	path: ['logs path', 'llm logs -d "$(consortium-tui logs path)"'],
	status: ['logs status', 'logs status --json'],
	on: ['logs on'],
	off: ['logs off'],
};

const run: Readonly<Record<Verb, (call: LogsCall) => Promise<number>>> = {
	list: async call => (await import('./logs/list.js')).list(call),
	show: async call => (await import('./logs/show.js')).show(call),
	delete: async call => (await import('./logs/delete.js')).deleteLogged(call),
	undo: async call => (await import('./logs/undo.js')).undo(call),
	vacuum: async call => (await import('./logs/vacuum.js')).vacuum(call),
	backup: async call => (await import('./logs/backup.js')).backup(call),
	import: async call => (await import('./logs/import.js')).importFiles(call),
	backfill: async call => (await import('./logs/backfill.js')).backfill(call),
	path: async call => (await import('./logs/status.js')).showPath(call),
	status: async call => (await import('./logs/status.js')).status(call),
	on: async call => (await import('./logs/status.js')).switchTo(call, true),
	off: async call => (await import('./logs/status.js')).switchTo(call, false),
};

export const logs = command({
	usage: Object.values(usage),
	summary:
		'The log of every answer: list, search and show it, delete, back up, and import the logs of llm and its consortium plug-in. It is a SQLite file that `llm logs -d FILE` and Datasette read too.',
	flags: logsFlags,
	foreignFlags,
	verbs: pagesOf(verbs, {usage, flags: flagsOf, examples}),
	examples: [
		'logs',
		...examples.list,
		'logs show 01ka3',
		'logs delete --older-than 365d',
		'logs import ~/.config/io.datasette.llm/logs.db',
		'logs show --help',
	],
	async run({input, flags, place}) {
		const {verb, rest} = verbOf(input, verbs, 'logs');
		assertFlags(flags, {
			meant: flagsOf[verb],
			what: `logs ${verb}`,
			usage: usage[verb],
		});
		return run[verb]({input: rest, flags, place, usage: usage[verb]});
	},
});
