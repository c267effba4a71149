import {closest} from './closest.js';
import {UserError} from './user-error.js';

/*
What a program passes is typed for TypeScript only: these are for callers in JavaScript, whose mistakes deserve a sentence as well. `name` is the key as the caller wrote it.
*/

/**
An object with none but the known keys.

@throws UserError naming what was given instead, or the key nobody knows.
*/
export function objectWith(
	value: unknown,
	name: string,
	known: readonly string[] | null,
): Readonly<Record<string, unknown>> {
	const prototype: unknown =
		typeof value === 'object' && value !== null
			? Object.getPrototypeOf(value)
			: undefined;

	if (prototype !== Object.prototype && prototype !== null) {
		throw new UserError(`${name} is an object, not ${described(value)}.`);
	}

	const given = value as Readonly<Record<string, unknown>>;
	const unknown = Object.keys(given).find(
		key => known?.includes(key) === false,
	);

	if (known && unknown !== undefined) {
		throw new UserError(
			`${name} has no key "${unknown}".`,
			`Known: ${known.join(', ')}.${closest(unknown, known)}`,
		);
	}

	return given;
}

/**
An object that can be sent and kept as JSON.

@throws UserError naming the key that cannot.
*/
export function jsonObjectIn(
	value: unknown,
	name: string,
): Readonly<Record<string, unknown>> {
	const given = objectWith(value, name, null);

	for (const [key, each] of Object.entries(given)) {
		if (!isJson(each)) {
			throw new UserError(`${name}.${key} is nothing that JSON can hold.`);
		}
	}

	return given;
}

function isJson(value: unknown): boolean {
	try {
		// A function is left out, a big number or a circle throws.
		return value === undefined || JSON.stringify(value) !== undefined;
	} catch {
		return false;
	}
}

/**
@throws UserError for anything but a list.
*/
export function listIn(value: unknown, name: string): readonly unknown[] {
	if (!Array.isArray(value)) {
		throw new UserError(`${name} is a list, not ${described(value)}.`);
	}

	return value;
}

/**
@throws UserError for anything but a text, which has something in it unless it `mayBeEmpty`.
*/
export function textIn(
	value: unknown,
	name: string,
	mayBeEmpty = false,
): string {
	if (typeof value !== 'string' || (!mayBeEmpty && value.trim() === '')) {
		throw new UserError(`${name} is a text, not ${described(value)}.`);
	}

	return value;
}

export type NumberRange = {
	/**
	The least that is allowed; `above` is the same without its end.
	*/
	readonly from?: number;
	readonly above?: number;
	readonly to: number;
	readonly isWhole?: boolean;
};

/**
@throws UserError for anything but a number in the range.
*/
export function numberIn(
	value: unknown,
	name: string,
	{from, above, to, isWhole = false}: NumberRange,
): number {
	const isGood =
		typeof value === 'number' &&
		value <= to &&
		(from === undefined || value >= from) &&
		(above === undefined || value > above) &&
		Number.isFinite(value) &&
		(!isWhole || Number.isSafeInteger(value));

	if (!isGood) {
		const kind = isWhole ? 'a whole number' : 'a number';
		const least = above === undefined ? `from ${from}` : `above ${above}`;
		const most =
			to === Infinity
				? ''
				: above === undefined
					? ` to ${to}`
					: `, at most ${to}`;
		throw new UserError(
			`${name} is ${kind} ${least}${most}, not ${described(value)}.`,
		);
	}

	return value;
}

/**
@throws UserError for anything but one of the choices.
*/
export function choiceIn<Choice extends string>(
	value: unknown,
	name: string,
	choices: readonly Choice[],
): Choice {
	const choice = choices.find(each => each === value);

	if (choice === undefined) {
		throw new UserError(
			`${name} is one of ${choices.join(', ')}, not ${described(value)}.`,
		);
	}

	return choice;
}

/**
What was given, in a few words for a sentence.
*/
export function described(value: unknown): string {
	if (typeof value === 'string') {
		return value.trim() === ''
			? 'an empty text'
			: `"${value.length > 80 ? `${value.slice(0, 79)}…` : value}"`;
	}

	if (Array.isArray(value)) {
		return 'a list';
	}

	return typeof value === 'object' && value !== null
		? 'an object'
		: typeof value === 'function'
			? 'a function'
			: String(value);
}
