import {type Config} from '../config/config.js';
import {
	consortiumDefaults,
	memoryModes,
	stopPolicies,
	type SavedConsortium,
} from '../core/consortium.js';
import {
	longestTimeoutSeconds,
	mostIterations,
} from '../core/consortium-config.js';
import {assertConsortium} from '../core/assert-consortium.js';
import {nestedIn} from '../core/nesting.js';
import {efforts} from '../core/model.js';
import {numberOf, thresholdOf} from '../core/typed-values.js';
import {UserError} from '../core/user-error.js';
import {type Flags, type FlagValues} from './command.js';
import {strategyFlags, strategyPart} from './strategy-flags.js';
import {choiceOf} from './flag-values.js';
import {savedConsortiums} from './known-consortiums.js';
import {arbitersFrom, membersFrom} from './model-flags.js';
import {textOf} from './text-or-file.js';

/**
The flags that change a consortium.
*/
export const changeFlags = {
	model: {
		type: 'string',
		short: 'm',
		isMultiple: true,
		value: 'SPEC',
		meaning:
			'A member: [provider/]model[:count][?key=value&…], or a saved consortium.',
	},
	count: {
		type: 'string',
		short: 'n',
		value: 'N',
		meaning: 'The count for members given without one. Default: 1.',
	},
	arbiter: {
		type: 'string',
		value: 'SPEC,…',
		meaning:
			'The model, or saved consortium, that weighs the answers; several for --judging panel. Default: the strongest model with a key.',
	},
	confidenceThreshold: {
		type: 'string',
		value: 'X',
		meaning: 'When to be content: 0.8, 80 or 80%. Default: 0.8.',
	},
	maxIterations: {
		type: 'string',
		value: 'N',
		meaning: 'Ask at most N times. Default: 3.',
	},
	minIterations: {
		type: 'string',
		value: 'N',
		meaning: 'Ask at least N times. Default: 1.',
	},
	stop: {
		type: 'string',
		value: 'POLICY',
		choices: stopPolicies,
		meaning:
			'What ends it: any (threshold reached or arbiter content), both, confidence, arbiter. Default: any.',
	},
	...strategyFlags,
	memory: {
		type: 'string',
		value: 'MODE',
		choices: memoryModes,
		meaning:
			'What is sent from the second iteration on: reply (the conversation goes on), lean (question, last synthesis, feedback), rebuild (one new prompt). Default: reply.',
	},
	system: {
		type: 'string',
		value: 'TEXT|FILE',
		meaning: "The members' system prompt, or a file that holds it.",
	},
	temperature: {
		type: 'string',
		value: 'X',
		meaning: 'Sampling temperature of the members.',
	},
	maxTokens: {
		type: 'string',
		value: 'N',
		meaning: 'The longest answer of a member, in tokens.',
	},
	effort: {
		type: 'string',
		value: 'LEVEL',
		choices: efforts,
		meaning: `How hard the members think: ${efforts.join(', ')}.`,
	},
	budget: {
		type: 'string',
		value: 'USD',
		meaning: 'End the run when this is spent, or none. Default: none.',
	},
	timeout: {
		type: 'string',
		value: 'SECONDS',
		meaning: 'Start nothing new after this. Default: 600.',
	},
} as const satisfies Flags;

/**
The flags that describe a consortium: the one to start from, and what to change.
*/
export const consortiumFlags = {
	consortium: {
		type: 'string',
		short: 'C',
		value: 'NAME',
		meaning: 'Start from a saved consortium; other flags override it.',
	},
	...changeFlags,
} as const satisfies Flags;

/**
What was given with these flags.
*/
export type ChangeFlags = FlagValues<typeof changeFlags>;
export type ConsortiumFlags = FlagValues<typeof consortiumFlags>;

/**
Whether there is one among the flags that changes something.
*/
export function hasChanges(flags: ChangeFlags): boolean {
	return Object.keys(changeFlags).some(name => {
		const value = flags[name as keyof typeof changeFlags];
		return value !== undefined && value.length > 0;
	});
}

type Purpose = {readonly name: string; readonly config: Config};

/**
The consortium that flags describe, starting from `base` or the defaults. Without members or an arbiter in either, those lists are empty: they are chosen when it runs.

@throws UserError for every value that is not allowed, and for consortiums that cannot stand inside one another.
*/
export async function consortiumFrom(
	flags: ChangeFlags,
	base: SavedConsortium | null,
	purpose: Purpose,
): Promise<SavedConsortium> {
	return consortiumOf(await withSystemText(flags), base, purpose);
}

/**
The same flags, with the text in place of the name of the file that holds it.

@throws UserError when the file cannot be read.
*/
export async function withSystemText<Given extends ChangeFlags>(
	flags: Given,
): Promise<Given> {
	return flags.system === undefined
		? flags
		: {...flags, system: await textOf(flags.system)};
}

/**
As `consortiumFrom`, at once: for flags whose system prompt has been read.
*/
export function consortiumOf(
	flags: ChangeFlags,
	base: SavedConsortium | null,
	{name, config}: Purpose,
): SavedConsortium {
	const from = base ?? {...consortiumDefaults, members: [], arbiters: []};
	const consortium: SavedConsortium = {
		v: from.v,
		name,
		members: membersFrom(flags, from.members),
		arbiters: arbitersFrom(flags, from.arbiters),
		...strategyPart(flags, from),
		memory:
			flags.memory === undefined
				? from.memory
				: choiceOf(flags.memory, '--memory', memoryModes),
		stop:
			flags.stop === undefined
				? from.stop
				: choiceOf(flags.stop, '--stop', stopPolicies),
		confidenceThreshold:
			flags.confidenceThreshold === undefined
				? from.confidenceThreshold
				: thresholdOf(flags.confidenceThreshold, '--confidence-threshold'),
		...iterationsFrom(flags, from),
		system: flags.system ?? from.system,
		limits: limitsFrom(flags, from.limits),
	};
	assertConsortium(consortium);
	nestedIn(consortium, savedConsortiums(config));
	return consortium;
}

function iterationsFrom(
	flags: ChangeFlags,
	base: Pick<SavedConsortium, 'minIterations' | 'maxIterations'>,
) {
	const read = (text: string | undefined, flag: string, otherwise: number) =>
		text === undefined
			? otherwise
			: numberOf(text, {
					what: flag,
					from: 1,
					to: mostIterations,
					isWhole: true,
				});
	const minIterations = read(
		flags.minIterations,
		'--min-iterations',
		base.minIterations,
	);
	const maxIterations = read(
		flags.maxIterations,
		'--max-iterations',
		base.maxIterations,
	);

	if (minIterations > maxIterations) {
		throw new UserError(
			`At least ${minIterations} iterations (--min-iterations) are more than at most ${maxIterations} (--max-iterations).`,
		);
	}

	return {minIterations, maxIterations};
}

/**
The limits that flags describe, starting from those there are.

@throws UserError for values that are not allowed.
*/
export function limitsFrom(
	{budget, timeout}: Pick<ChangeFlags, 'budget' | 'timeout'>,
	base: SavedConsortium['limits'],
): SavedConsortium['limits'] {
	return {
		budgetUsd:
			budget === undefined
				? base.budgetUsd
				: budget === 'none'
					? null
					: numberOf(budget.replace(/^\$/, ''), {
							what: '--budget',
							from: 0,
							to: Infinity,
							isFromExcluded: true,
						}),
		timeoutSeconds:
			timeout === undefined
				? base.timeoutSeconds
				: numberOf(timeout, {
						what: '--timeout',
						from: 0,
						to: longestTimeoutSeconds,
						isFromExcluded: true,
					}),
	};
}
