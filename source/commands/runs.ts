import {assertFlags} from './assert-flags.js';
import {command, type FlagValues, type Place} from './command.js';
import {doingFlags} from './runs/doing-flags.js';
import {lookingFlags} from './runs/looking-flags.js';
import {noWords, oneWord, pagesOf, verbOf} from './words.js';

const usage = {
	list: 'runs [list] [-n N] [--conversation ID] [--json]',
	show: 'runs show ID [--answers] [--json]',
	export: 'runs export ID [--format md|json|html] [-o FILE]',
	costs: 'runs costs [--by WHAT] [--since DATE] [--until DATE] [--json]',
	resume: 'runs resume ID [--budget USD] [--timeout SECONDS]',
	rearbitrate: 'runs rearbitrate ID [--arbiter SPEC] [--judging METHOD]',
} as const;

type Verb = keyof typeof usage;

const verbs = Object.keys(usage) as [Verb, ...Verb[]];

const knownFlags = {
	...lookingFlags,
	...doingFlags,
	answers: {
		...doingFlags.answers,
		meaning:
			"show: every member's answer whole; resume, rearbitrate: print them before the final one.",
	},
	output: {
		...doingFlags.output,
		meaning:
			'export: write it to a file; resume, rearbitrate: the full result as JSON.',
	},
	force: {
		...doingFlags.force,
		meaning: `export: overwrite a file without asking; ${doingFlags.force.meaning}`,
	},
	json: {type: 'boolean', meaning: 'Print JSON.'},
} as const;

type KnownFlags = FlagValues<typeof knownFlags>;

const doing = Object.keys(doingFlags) as Array<keyof typeof doingFlags>;

/**
The flags that mean something to each verb.
*/
const flagsOf: Readonly<Record<Verb, ReadonlyArray<keyof KnownFlags>>> = {
	list: ['count', 'conversation', 'json'],
	show: ['answers', 'json'],
	export: ['format', 'output', 'force'],
	costs: ['by', 'since', 'until', 'json'],
	resume: doing.filter(name => name !== 'arbiter' && name !== 'judging'),
	rearbitrate: doing.filter(name => name !== 'force'),
};

const examples: Readonly<Record<Verb, readonly string[]>> = {
	list: ['runs -n 5', 'runs --conversation 01ka3'],
	show: [
		'runs show 01ka3',
		'runs show 01ka3 --answers',
		'runs show 01ka3 --json',
	],
	export: ['runs export 01ka3 -o run.html', 'runs export 01ka3 --format json'],
	costs: ['runs costs --by model --since 2026-11-01', 'runs costs --by day'],
	resume: ['runs resume 01ka3', 'runs resume 01ka3 --budget 0.50'],
	rearbitrate: [
		'runs rearbitrate 01ka3 --arbiter claude-opus-5-5',
		'runs rearbitrate 01ka3 --judging rank',
	],
};

export const runs = command({
	usage: Object.values(usage),
	summary:
		'Look at runs: who answered what, what the arbiter said, how it ended, what it cost. Export them, let them go on, have them judged again. `show --json` prints all there is: the summary of a run, its result, what each call waited, read from cache and cost, and every event.',
	flags: knownFlags,
	verbs: pagesOf(verbs, {usage, flags: flagsOf, examples}),
	examples: [
		'runs',
		'runs -n 5',
		'runs show 01ka3',
		'runs export 01ka3 -o run.html',
		'runs costs --by model --since 2026-11-01',
		'runs resume 01ka3',
		'runs rearbitrate 01ka3 --arbiter claude-opus-5-5',
	],
	async run({input, flags, place}) {
		const {verb, rest} = verbOf(input, verbs, 'runs');
		assertFlags(flags, {
			meant: flagsOf[verb],
			what: `runs ${verb}`,
			usage: usage[verb],
		});

		if (verb === 'list' || verb === 'costs') {
			noWords(rest, usage[verb]);
			return verb === 'list'
				? (await import('./runs/list.js')).list(flags, place)
				: (await import('./runs/costs.js')).costs(flags, place);
		}

		return withRun[verb](oneWord(rest, 'The id', usage[verb]), flags, place);
	},
});

/**
What is done to one run.
*/
const withRun: Readonly<
	Record<
		Exclude<Verb, 'list' | 'costs'>,
		(id: string, flags: KnownFlags, place: Place) => Promise<number>
	>
> = {
	show: async (...call) => (await import('./runs/show.js')).show(...call),
	export: async (...call) =>
		(await import('./runs/export.js')).exportRun(...call),
	resume: async (...call) => (await import('./runs/resume.js')).resume(...call),
	rearbitrate: async (...call) =>
		(await import('./runs/rearbitrate.js')).rearbitrate(...call),
};
