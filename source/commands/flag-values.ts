import {jsonOrText, numberOf} from '../core/typed-values.js';
import {UserError} from '../core/user-error.js';

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

/**
How many rows to list with `--count`: 20 unless given, and -1, which is all in SQL, for 0.

@throws UserError for anything but a whole number.
*/
export function limitOf(count: string | undefined): number {
	const limit = numberOf(count ?? '20', {
		what: '--count',
		from: 0,
		to: Number.MAX_SAFE_INTEGER,
		isWhole: true,
	});
	return limit === 0 ? -1 : limit;
}

/**
The local midnight with which a day begins, in milliseconds since the Unix epoch, `daysLater` days on; null for a flag that was left out.

@throws UserError for what is no day.
*/
export function dayOf(
	text: string | undefined,
	flag: string,
	daysLater: number,
): number | null {
	if (text === undefined) {
		return null;
	}

	const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
	const [year, month, day] = (found ?? []).slice(1).map(Number);
	const date = new Date(year!, month! - 1, day);

	if (date.getMonth() !== month! - 1 || date.getDate() !== day) {
		throw new UserError(
			`${flag} takes a day such as 2026-11-20, not "${text}".`,
		);
	}

	return new Date(year!, month! - 1, day + daysLater).getTime();
}
