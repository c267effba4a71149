import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {idAt} from '../id-at.js';

/**
A row of a foreign table by column name. Columns hold whatever was put there, also text in a column of numbers.
*/
export type ForeignRow = Readonly<Record<string, unknown>>;

/**
What a column holds, as text; null where there is nothing.
*/
export function textOf(value: unknown): string | null {
	return typeof value === 'string'
		? value
		: typeof value === 'number' ||
			  typeof value === 'bigint' ||
			  typeof value === 'boolean'
			? String(value)
			: Buffer.isBuffer(value)
				? value.toString('utf8')
				: null;
}

/**
What a column holds, as a number, also where it is written as text; null where it is none.
*/
export function numberOf(value: unknown): number | null {
	const number =
		typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/**
The same for what is counted: whole and not negative.
*/
export function countOf(value: unknown): number | null {
	const number = numberOf(value);
	return number === null || number < 0 ? null : Math.round(number);
}

/**
A time in milliseconds since the Unix epoch, from ISO 8601 with a zone or, in UTC, without; null for anything else.
*/
export function momentOf(value: unknown): number | null {
	const text = textOf(value)?.trim().replace(' ', 'T') ?? '';
	const moment = Date.parse(
		/(?:Z|[+\-]\d{2}:?\d{2})$/v.test(text) ? text : `${text}Z`,
	);
	return /^\d{4}-/v.test(text) && Number.isFinite(moment) ? moment : null;
}

/**
The time that a ULID tells, in milliseconds since the Unix epoch; null for other ids.

@see https://github.com/ulid/spec
*/
export function momentOfId(id: string): number | null {
	return /^[0-7][0-9a-hjkmnp-tv-z]{25}$/iv.test(id)
		? [...id.slice(0, 10).toLowerCase()].reduce(
				(sum, digit) =>
					sum * 32 + '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(digit),
				0,
			)
		: null;
}

/**
An id that tells a time like a ULID and is the same whenever it is made of the same words.
*/
export function madeId(at: number, ...words: readonly unknown[]): string {
	const digest = createHash('sha256')
		.update(words.length === 1 ? String(words[0]) : JSON.stringify(words))
		.digest();
	const digits = '0123456789abcdefghjkmnpqrstvwxyz';

	return (
		idAt(Math.min(Math.max(0, Math.floor(at)), 2 ** 48 - 1)) +
		Array.from(digest.subarray(0, 16), byte => digits[byte % 32]!).join('')
	);
}

/**
SHA-256 in hexadecimal digits, by which llm knows fragments, tools and attachments.
*/
export function hashOf(content: string): string {
	return createHash('sha256').update(content).digest('hex');
}

/**
What JSON says; null where it is none.
*/
export function parsed(text: string | null): unknown {
	try {
		return text === null ? null : JSON.parse(text);
	} catch {
		return null;
	}
}

/**
A field of what JSON said; null where there is none.
*/
export function fieldOf(value: unknown, name: string): unknown {
	return typeof value === 'object' &&
		value !== null &&
		Object.hasOwn(value, name)
		? (value as Readonly<Record<string, unknown>>)[name]
		: null;
}

/**
Those columns of a row that nobody asked for and that hold something, as JSON; bytes are written in base 64. Null when there are none.
*/
export function extraOf(
	row: ForeignRow,
	known: ReadonlySet<string>,
	more: ForeignRow = {},
): string | null {
	const entries = Object.entries({...row, ...more})
		.filter(([name, value]) => !known.has(name) && value !== null)
		.map(([name, value]) => [
			name,
			Buffer.isBuffer(value) ? {base64: value.toString('base64')} : value,
		]);
	return entries.length === 0
		? null
		: JSON.stringify(Object.fromEntries(entries));
}
