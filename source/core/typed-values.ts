import {UserError} from './user-error.js';

/**
What a number that a person typed may be, and what to call it.
*/
export type Range = {
	readonly what: string;
	readonly from: number;
	readonly to: number;
	readonly isWhole?: boolean;
	readonly isFromExcluded?: boolean;
};

/**
A number as a person types it.

@throws UserError saying what it is, what was given and what is allowed.
*/
export function numberOf(text: string, range: Range): number {
	const {what, from, to, isWhole = false, isFromExcluded = false} = range;
	const number = plainNumber(text);
	const isGood =
		number !== null &&
		number >= from &&
		number <= to &&
		!(isFromExcluded && number === from) &&
		(!isWhole || Number.isSafeInteger(number));

	if (!isGood) {
		const kind = isWhole ? 'a whole number' : 'a number';
		const least = isFromExcluded ? `above ${from}` : `from ${from}`;
		const most = Number.isFinite(to)
			? `${isFromExcluded ? ', at most' : ' to'} ${to}`
			: isFromExcluded
				? ''
				: ' up';
		throw new UserError(
			`${what} takes ${kind} ${least}${most}, not "${text}".`,
		);
	}

	return number;
}

/**
A decimal number as a person writes it; null for anything else.
*/
export function plainNumber(text: string): number | null {
	return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text.trim())
		? Number(text)
		: null;
}

/**
A confidence as a person writes it: `0.8`, `80` or `80%`, and `1` is certainty. Above 1 and below 2 it could be meant either way.

@throws UserError for anything that is not from 0 to 1, or from 2 to 100.
*/
export function thresholdOf(text: string, what: string): number {
	const percent = /^(?<number>.*)%$/s.exec(text.trim())?.groups?.['number'];
	const number = plainNumber(percent ?? text);
	const isPercent = percent !== undefined || (number !== null && number >= 2);

	if (
		number === null ||
		number < 0 ||
		number > 100 ||
		(!isPercent && number > 1)
	) {
		throw new UserError(
			`${what} takes a confidence such as 0.8, 80 or 80%, not "${text}".`,
		);
	}

	return isPercent ? number / 100 : number;
}

/**
A value as a person types it where its kind is not known: JSON, else text.
*/
export function jsonOrText(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/**
The text that `jsonOrText` reads as this value, which JSON can hold.
*/
export function textOfValue(value: unknown): string {
	return typeof value === 'string' && jsonOrText(value.trim()) === value
		? value
		: JSON.stringify(value);
}

/**
Names as a person types them, joined by commas.
*/
export function namesIn(text: string): string[] {
	return text
		.split(',')
		.map(name => name.trim())
		.filter(name => name !== '');
}
