import {UserError} from './user-error.js';

/**
@throws UserError for a name that could not be told from a model, or not be typed.
*/
export function assertSayable(name: string): void {
	if (!/^[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]{0,63}$/u.test(name)) {
		throw new UserError(
			`A consortium cannot be called "${name}".`,
			'Use up to 64 letters, digits, dots, dashes and underscores, a letter or digit first.',
		);
	}
}
