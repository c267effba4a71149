import {closest} from './closest.js';
import {type Instance} from './consortium.js';
import {UserError} from './user-error.js';

/**
What there is to be told of roles, by their names.
*/
export type Roles = ReadonlyMap<string, () => string>;

export const noRoles: Roles = new Map();

/**
What an instance is told of its role: the text that goes by its name or, when the role is written out in several words, the role itself. Null for none.

@throws UserError for a word that is no role's name, and when its text cannot be read.
*/
export function roleTextOf(
	{role}: Pick<Instance, 'role'>,
	roles: Roles,
): string | null {
	if (role === null) {
		return null;
	}

	const textOf = roles.get(role);

	if (textOf) {
		return textOf();
	}

	if (!/\s/v.test(role.trim())) {
		const names = roles.keys().toArray();
		throw new UserError(
			`There is no role called "${role}".`,
			`${names.length === 0 ? '' : `Known: ${names.join(', ')}. `}Or write it out in a sentence.${closest(role, names)}`,
		);
	}

	return role;
}
