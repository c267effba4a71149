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
