import {UserError} from '../core/user-error.js';

/**
What a number given with a flag may be.
*/
export type Range = {
	readonly flag: string;
	readonly from: number;
	readonly to: number;
	readonly isWhole?: boolean;
	readonly isFromExcluded?: boolean;
};

/**
A number given with a flag.

@throws UserError naming the flag, what was given and what is allowed.
*/
export function numberOf(text: string, range: Range): number {
	const {flag, from, to, isWhole = false, isFromExcluded = false} = range;
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
			`${flag} takes ${kind} ${least}${most}, not "${text}".`,
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
One of the words a flag knows.

@throws UserError naming the flag, what was given and what is allowed.
*/
export function choiceOf<Choice extends string>(
	text: string,
	flag: string,
	choices: readonly Choice[],
): Choice {
	const choice = choices.find(each => each === text);

	if (choice === undefined) {
		throw new UserError(
			`${flag} takes ${new Intl.ListFormat('en', {type: 'disjunction'}).format(choices)}, not "${text}".`,
		);
	}

	return choice;
}

/**
A confidence as a person writes it: `0.8`, `80` or `80%`, and `1` is certainty. Above 1 and below 2 it could be meant either way.

@throws UserError for anything that is not from 0 to 1, or from 2 to 100.
*/
export function thresholdOf(text: string, flag: string): number {
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
			`${flag} takes a confidence such as 0.8, 80 or 80%, not "${text}".`,
		);
	}

	return isPercent ? number / 100 : number;
}

/**
`K=V` pairs: a value is read as JSON, else it is text; a key given more than once has the list of its values.

@throws UserError for a pair without a key or an equals sign.
*/
export function pairsOf(
	pairs: readonly string[],
	flag: string,
): Record<string, unknown> {
	const lists = new Map<string, unknown[]>();

	for (const pair of pairs) {
		const at = pair.indexOf('=');
		const key = pair.slice(0, Math.max(at, 0)).trim();

		if (key === '') {
			throw new UserError(
				`${flag} takes KEY=VALUE, not "${pair}".`,
				`For example: ${flag} quorum=2`,
			);
		}

		const values = lists.get(key) ?? [];
		lists.set(key, [...values, jsonOrText(pair.slice(at + 1).trim())]);
	}

	return Object.fromEntries(
		[...lists].map(([key, values]) => [
			key,
			values.length === 1 ? values[0] : values,
		]),
	);
}

function jsonOrText(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/**
How many rows to list with `--count`: 20 unless given, and -1, which is all in SQL, for 0.

@throws UserError for anything but a whole number.
*/
export function limitOf(count: string | undefined): number {
	const limit = numberOf(count ?? '20', {
		flag: '--count',
		from: 0,
		to: Number.MAX_SAFE_INTEGER,
		isWhole: true,
	});
	return limit === 0 ? -1 : limit;
}
