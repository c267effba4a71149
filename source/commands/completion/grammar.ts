import {strategies} from '../../core/strategies/known.js';
import {type Command, type Flags} from '../command.js';
import {commonFlags, flagName} from '../common-flags.js';

/**
What a shell has to ask for at the moment, and files, which it knows itself.
*/
export const askedKinds = [
	'consortiums',
	'models',
	'providers',
	'endpoints',
	'roles',
] as const;

export type Asked = (typeof askedKinds)[number];

/**
What can stand in a place: one of some words, something to ask for, a file; `anything` cannot be completed.
*/
export type Completion = readonly string[] | Asked | 'files' | 'anything';

export type FlagGrammar = {
	readonly long: string;

	/**
	With its dash; null when it has none.
	*/
	readonly short: string | null;

	/**
	Null for a switch.
	*/
	readonly takes: Completion | null;
	readonly meaning: string;
};

/**
What can be typed of a command.
*/
export type Grammar = {
	readonly name: string;
	readonly summary: string;

	/**
	The words that may come first, with what may follow each.
	*/
	readonly verbs: ReadonlyMap<string, Completion>;

	/**
	What may come where there is no verb.
	*/
	readonly word: Completion;
	readonly flags: readonly FlagGrammar[];
};

/**
Read what can be typed of a command out of what it says of itself.
*/
export function grammarOf(name: string, command: Command): Grammar {
	const lines = command.usage.map(line => wordsOf(line));

	return {
		name,
		summary: command.summary,
		verbs: new Map(
			lines.flatMap(words =>
				words
					.filter(word => isVerb(word))
					.map(verb => [verb, wordIn(words, name)] as const),
			),
		),
		word: wordIn(
			lines.find(words => words.every(word => !isVerb(word))) ?? [],
			name,
		),
		flags: flagsOf({...command.flags, ...commonFlags}),
	};
}

/**
The words of a usage line behind the command, as far as its flags.
*/
function wordsOf(usage: string): string[] {
	return usage
		.replace(/[\s[]-.*$/, '')
		.split(/[\s[\]|…]+/)
		.slice(1);
}

const isVerb = (word: string) => /^[a-z]+$/.test(word);

/**
What a NAME means behind commands that are not about consortiums.
*/
const namesOf: ReadonlyMap<string, Completion> = new Map<string, Completion>([
	['endpoints', 'endpoints'],
	['strategies', strategies.map(({name}) => name)],
]);

function wordIn(words: readonly string[], command: string): Completion {
	switch (words.find(word => /^[A-Z]/.test(word))) {
		case 'NAME': {
			return namesOf.get(command) ?? 'consortiums';
		}

		case 'PROVIDER': {
			return 'providers';
		}

		case 'FILE': {
			return 'files';
		}

		default: {
			return 'anything';
		}
	}
}

const byValue: Readonly<Record<string, Completion>> = {
	SPEC: 'models',
	'SPEC,…': 'models',
	NAME: 'consortiums',
	FILE: 'files',
	ROLE: 'roles',
	'TEXT|FILE': 'files',
};

function flagsOf(flags: Flags): FlagGrammar[] {
	return Object.entries(flags).map(
		([name, {type, short, value = '', choices, meaning}]) => ({
			long: flagName(name),
			short: short === undefined ? null : `-${short}`,
			takes:
				type === 'boolean' ? null : (choices ?? byValue[value] ?? 'anything'),
			meaning,
		}),
	);
}
