import {UserError} from '../core/user-error.js';
import {closest} from '../core/closest.js';
import {type Verb} from './command.js';

/**
The one word a command is about.

@throws UserError when there is none, or more than one.
*/
export function oneWord(
	input: readonly string[],
	what: string,
	usage: string,
): string {
	const [word] = input;

	if (word === undefined || input.length > 1) {
		throw new UserError(
			word === undefined
				? `${what} is missing.`
				: `One word is expected, not ${input.length}: ${input.join(' ')}`,
			`Usage: consortium-tui ${usage}`,
		);
	}

	return word;
}

/**
The two names of a command that makes one thing of another.

@throws UserError when there are fewer, or more.
*/
export function twoNames(
	input: readonly string[],
	usage: string,
): readonly [string, string] {
	const [first, second] = input;

	if (first === undefined || second === undefined || input.length > 2) {
		throw new UserError(
			`Two names are expected, not ${input.length}.`,
			`Usage: consortium-tui ${usage}`,
		);
	}

	return [first, second];
}

/**
@throws UserError when there are words a command has no use for.
*/
export function noWords(input: readonly string[], usage: string): void {
	if (input.length > 0) {
		throw new UserError(
			`"${input.join(' ')}" is more than this command takes.`,
			`Usage: consortium-tui ${usage}`,
		);
	}
}

/**
What the verbs of a command have pages of help for, from a table of each thing.
*/
export function pagesOf<Name extends string, Flag>(
	verbs: readonly Name[],
	{
		usage,
		flags,
		examples,
		summaries,
	}: {
		readonly usage: Readonly<Record<Name, string>>;
		readonly flags: Readonly<Record<Name, readonly Flag[]>>;
		readonly examples: Readonly<Record<Name, readonly string[]>>;
		readonly summaries?: Readonly<Partial<Record<Name, string>>>;
	},
): Record<string, Verb<Flag>> {
	return Object.fromEntries(
		verbs.map(verb => [
			verb,
			{
				usage: usage[verb],
				summary: summaries?.[verb],
				flags: flags[verb],
				examples: examples[verb],
			},
		]),
	);
}

/**
Split off the verb of a command such as `logs`, the first verb when none is given.

@throws UserError for a word that is none of them.
*/
export function verbOf<Word extends string>(
	input: readonly string[],
	verbs: readonly [Word, ...Word[]],
	command: string,
): {readonly verb: Word; readonly rest: readonly string[]} {
	const [word = verbs[0], ...rest] = input;
	const verb = verbs.find(each => each === word);

	if (verb === undefined) {
		throw new UserError(
			`There is no "${command} ${word}".`,
			`Known: ${verbs.join(', ')}.${closest(word, verbs)}`,
		);
	}

	return {verb, rest};
}
