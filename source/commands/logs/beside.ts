import {readFileSync, statSync} from 'node:fs';
import {UserError} from '../../core/user-error.js';

const mostBytes = 1_000_000;

/**
Whether there is an ordinary file, which can be read without waiting for somebody.
*/
export function isOrdinaryFile(path: string): boolean {
	try {
		return statSync(path).isFile();
	} catch {
		return false;
	}
}

/**
The texts by name in a JSON file of llm, such as its aliases or keys; what else is in it is left out.

@throws UserError, without a piece of what is in it, when it cannot be read or is no such file.
*/
export function textsIn(path: string): ReadonlyMap<string, string> {
	let value: unknown;

	try {
		if (statSync(path).size > mostBytes) {
			throw new RangeError('too large');
		}

		value = JSON.parse(readFileSync(path, 'utf8'));
	} catch (error) {
		throw new UserError(
			error instanceof SyntaxError
				? `${path} is not JSON.`
				: `${path} cannot be read.`,
			'Nothing in it is used.',
			// A mistake in JSON is told with the words around it, which may be a key.
			error instanceof SyntaxError ? {} : {cause: error},
		);
	}

	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new UserError(`${path} is no JSON object.`, 'Nothing in it is used.');
	}

	return new Map(
		Object.entries(value).filter(
			(entry): entry is [string, string] => typeof entry[1] === 'string',
		),
	);
}
