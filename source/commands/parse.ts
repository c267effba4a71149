import meow from 'meow';
import {closest} from '../core/closest.js';
import {UserError} from '../core/user-error.js';
import {type Flag, type Flags, type FlagValues} from './command.js';
import {commonFlags, flagName} from './common-flags.js';

/**
Read a command's words into its input and flags.

@throws UserError for an unknown flag, with what `foreign` says of it, a flag without its value, and one given twice that may not be.
*/
export function parseArguments<Known extends Flags>(
	words: readonly string[],
	known: Known,
	foreign: Readonly<Record<string, string>> = {},
): {readonly input: string[]; readonly flags: FlagValues<Known>} {
	const all: Flags = {...known, ...commonFlags};
	const {input, unnormalizedFlags: given} = meow({
		importMeta: import.meta,
		pkg: {name: 'consortium-tui'},
		argv: arranged(words, all, foreign),
		autoHelp: false,
		autoVersion: false,
		description: false,
		inferType: false,
		booleanDefault: undefined,
		flags: Object.fromEntries(
			Object.entries(all).map(([name, {type}]) => [
				// `--no-log` reaches us as a `log` that is false.
				positive(name),
				{type, isMultiple: true},
			]),
		),
	});

	const values = Object.entries(all).map(([name, flag]) => [
		name,
		valueOf(name, flag, given[positive(name)] as readonly unknown[]),
	]);

	return {input, flags: Object.fromEntries(values) as FlagValues<Known>};
}

const positive = (name: string) =>
	name.replace(/^no(?=[A-Z])./, match => match.slice(2).toLowerCase());

function valueOf(
	name: string,
	{type, isMultiple, value}: Flag,
	given: readonly unknown[],
): unknown {
	if (type === 'boolean') {
		return given.length > 0;
	}

	if (isMultiple) {
		return given;
	}

	if (given.length > 1) {
		throw new UserError(
			`The flag ${flagName(name)} was given ${given.length} times.`,
			value?.includes(',…')
				? 'Give it once, joined by commas.'
				: 'Give it once.',
		);
	}

	return given[0];
}

/**
The same words in a form that can be read in one way only: long flags with their values first, then the input behind `--`.
*/
function arranged(
	words: readonly string[],
	all: Flags,
	foreign: Readonly<Record<string, string>>,
): string[] {
	const end = words.includes('--') ? words.indexOf('--') : words.length;
	const rest = words.slice(0, end);
	const flags: string[] = [];
	const input: string[] = [];

	const take = (name: string, attached: string | undefined) => {
		if (all[name]!.type === 'boolean') {
			if (attached !== undefined) {
				throw new UserError(`The flag ${flagName(name)} takes no value.`);
			}

			flags.push(flagName(name));
			return;
		}

		const isNext = /^(?!-)|^-[\d.]|^-$/.test(rest[0] ?? '--');
		const value = attached ?? (isNext ? rest.shift() : '');

		if (!value) {
			throw new UserError(
				`The flag ${flagName(name)} has no value.`,
				isNext
					? ''
					: `A value that begins with a dash is written ${flagName(name)}=VALUE.`,
			);
		}

		// The parser takes quotes off a value behind `=`, and a word with a dash for a flag.
		flags.push(
			...(value.startsWith('-')
				? [`${flagName(name)}=${value}`]
				: [flagName(name), value]),
		);
	};

	while (rest.length > 0) {
		const word = rest.shift()!;
		const long = /^--(?<name>[^=]+)(?:=(?<value>.*))?$/s.exec(word)?.groups;
		const letters = /^-[a-z].*$/is.test(word) && !long;

		if (long) {
			take(nameOfLong(long['name']!, all, foreign), long['value']);
		} else if (letters) {
			takeShort(word.slice(1), {all, foreign}, take);
		} else {
			input.push(word);
		}
	}

	return [...flags, '--', ...input, ...words.slice(end + 1)];
}

/**
Letters behind one dash: switches may stand together, and a value may follow at once, as in `-qn3` or `-m=x`.
*/
function takeShort(
	letters: string,
	{
		all,
		foreign,
	}: {
		readonly all: Flags;
		readonly foreign: Readonly<Record<string, string>>;
	},
	take: (name: string, attached: string | undefined) => void,
): void {
	for (let index = 0; index < letters.length; index++) {
		const letter = letters[index]!;
		const name = Object.keys(all).find(each => all[each]!.short === letter);

		if (name === undefined) {
			throw unknownFlag(`-${letter}`, foreign, 'See --help.');
		}

		const rest = letters.slice(index + 1);

		if (all[name]!.type === 'string') {
			take(name, rest === '' ? undefined : rest.replace(/^=/, ''));
			return;
		}

		take(name, undefined);
	}
}

function nameOfLong(
	typed: string,
	all: Flags,
	foreign: Readonly<Record<string, string>>,
): string {
	const name = Object.keys(all).find(each => flagName(each) === `--${typed}`);

	if (name === undefined) {
		const names = Object.keys(all).map(each => flagName(each));
		throw unknownFlag(
			`--${typed}`,
			foreign,
			`${closest(`--${typed}`, names)} See --help.`.trim(),
		);
	}

	return name;
}

function unknownFlag(
	typed: string,
	foreign: Readonly<Record<string, string>>,
	hint: string,
): UserError {
	return Object.hasOwn(foreign, typed)
		? new UserError(`There is no flag ${typed} here: ${foreign[typed]!}`)
		: new UserError(`There is no flag ${typed}.`, hint);
}
