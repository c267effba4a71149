import {closest} from '../core/closest.js';
import {keyMistake} from '../core/key-mistake.js';
import {UserError} from '../core/user-error.js';
import {isKey} from '../providers/endpoints.js';
import {type KeyRing, type KeyState} from './key-ring.js';

const longestKey = 10_000;

/**
@throws UserError for what no key can be, without a piece of it.
*/
export function assertKey(
	key: string,
	state: Pick<KeyState, 'provider' | 'variables'>,
): void {
	const {provider} = state;
	const again = `Type it again: consortium-tui keys set ${provider}`;

	if (key === '') {
		throw new UserError(`No key for ${provider} was given.`, again);
	}

	const mistake = keyMistake(key, state);

	if (mistake !== null) {
		throw new UserError(mistake, again);
	}

	if (key.length > longestKey || !isKey(key)) {
		throw new UserError(
			key.length > longestKey
				? `What was given for ${provider} is ${key.length} characters long, which no key is.`
				: `What was given for ${provider} has spaces, line breaks or letters in it that no key has.`,
			again,
		);
	}
}

/**
@throws UserError for a provider nobody knows.
*/
export function stateOf(ring: KeyRing, provider: string): KeyState {
	const state = ring.get(provider);

	if (!state) {
		const names = ring.keys().toArray();
		throw new UserError(
			// It may be a key.
			'There is no provider of that name.',
			`Known: ${names.join(', ')}.${closest(provider, names)} A server of your own: consortium-tui endpoints add.`,
		);
	}

	return state;
}
