import {
	choiceIn,
	described,
	listIn,
	numberIn,
	objectWith,
	textIn,
	type NumberRange,
} from './checks.js';
import {closest} from './closest.js';
import {mostWeight} from './consortium.js';
import {UserError} from './user-error.js';

/**
A parameter of a strategy: what it means, what it is when nobody gives it, and how a given value is read.
*/
export type Parameter<Value> = {
	readonly meaning: string;
	readonly default: Value;

	/**
	What can be given, in a few words.
	*/
	readonly form: string;

	/**
	What can be chosen from, where there is no more.
	*/
	readonly choices?: readonly string[];

	/**
	@throws UserError for a value that is not allowed.
	*/
	readonly read: (value: unknown, name: string) => Value;
};

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/**
The values of parameters, each as it is read.
*/
export type ValuesOf<Given extends Parameters> = {
	readonly [Name in keyof Given]: Given[Name] extends Parameter<infer Value>
		? Value
		: never;
};

/**
A number in a range; `normal` is what it is when it is not given.
*/
export function numberParameter<Normal extends number | null>(
	normal: Normal,
	range: NumberRange,
	meaning: string,
): Parameter<number | Normal> {
	const {from, above, to, isWhole = false} = range;
	const least = above === undefined ? `from ${from}` : `above ${above}`;

	return {
		meaning,
		default: normal,
		form: `${isWhole ? 'a whole number' : 'a number'} ${least}${to === Infinity ? '' : ` to ${to}`}`,
		read: (value, name) => numberIn(value, name, range),
	};
}

export function choiceParameter<Choice extends string>(
	choices: readonly [Choice, ...Choice[]],
	meaning: string,
): Parameter<Choice> {
	return {
		meaning,
		default: choices[0],
		form: choices.join(', '),
		choices,
		read: (value, name) => choiceIn(value, name, choices),
	};
}

export function booleanParameter(
	normal: boolean,
	meaning: string,
): Parameter<boolean> {
	return {
		meaning,
		default: normal,
		form: 'true or false',
		read(value, name) {
			if (typeof value !== 'boolean') {
				throw new UserError(
					`${name} is true or false, not ${described(value)}.`,
				);
			}

			return value;
		},
	};
}

/**
A model as `provider/model`; null when none is given.
*/
export function modelParameter(meaning: string): Parameter<string | null> {
	return {
		meaning,
		default: null,
		form: 'provider/model',
		read(value, name) {
			const model = textIn(value, name);

			if (!/^[^\/\s]+\/\S+$/v.test(model)) {
				throw new UserError(
					`${name} is a model with its provider, not ${described(value)}.`,
					'For example: openai/text-embedding-3-small',
				);
			}

			return model;
		},
	};
}

/**
A list of texts; a text alone is a list of one.
*/
export function textsParameter(meaning: string): Parameter<readonly string[]> {
	return {
		meaning,
		default: [],
		form: 'a list of texts',
		read: (value, name) =>
			typeof value === 'string'
				? [textIn(value, name)]
				: listIn(value, name).map((each, index) =>
						textIn(each, `${name}[${index}]`),
					),
	};
}

/**
A number from 0 for each of some names.
*/
export function weightsParameter(
	meaning: string,
	to = mostWeight,
): Parameter<Readonly<Record<string, number>>> {
	return {
		meaning,
		default: {},
		form: 'an object such as {"a": 2}',
		read: (value, name) =>
			Object.fromEntries(
				Object.entries(objectWith(value, name, null)).map(([key, each]) => [
					key,
					numberIn(each, `${name}.${key}`, {from: 0, to}),
				]),
			),
	};
}

/**
Read what was given for one parameter; without anything, or with null, it is as it is normally.

@throws UserError for a value that is not allowed.
*/
export function readParameter<Value>(
	{read, default: normal}: Parameter<Value>,
	given: unknown,
	name: string,
): Value {
	return (given ?? null) === null ? normal : read(given, name);
}

/**
Read what was given for some parameters; the rest are as they are normally.

@throws UserError for a name that is none of them, and for a value that is not allowed.
*/
export function readParameters<Known extends Parameters>(
	known: Known,
	given: Readonly<Record<string, unknown>>,
	owner: string,
): ValuesOf<Known> {
	const names = Object.keys(known);
	const unknown = Object.keys(given).find(name => !names.includes(name));

	if (unknown !== undefined) {
		throw new UserError(
			`The strategy "${owner}" has no parameter "${unknown}".`,
			names.length === 0
				? 'It takes none.'
				: `Known: ${names.join(', ')}.${closest(unknown, names)}`,
		);
	}

	return Object.fromEntries(
		Object.entries(known).map(([name, parameter]) => [
			name,
			readParameter(parameter, given[name], `${owner}.${name}`),
		]),
	) as ValuesOf<Known>;
}
