import {type Config} from '../../config/config.js';
import {closest} from '../../core/closest.js';
import {type SavedConsortium} from '../../core/consortium.js';
import {roleTextOf} from '../../core/roles.js';
import {rolesOf} from '../../core/strategies/role.js';
import {namesIn} from '../../core/typed-values.js';
import {UserError} from '../../core/user-error.js';
import {findRoles} from '../../prompts.js';
import {flagName} from '../common-flags.js';
import {changeFlags, consortiumFrom} from '../consortium-flags.js';
import {noFlags} from '../no-flags.js';

type Name = keyof typeof changeFlags;

const names = Object.keys(changeFlags) as Name[];

/**
The consortium with one thing changed, said as its flag would say it: `max-iterations` and `5`; several models are separated by spaces, several roles by commas.

@throws UserError for a name that no flag has, a value it does not take, and a role nobody knows.
*/
export async function withChangedOption(
	consortium: SavedConsortium,
	{key, value}: {readonly key: string; readonly value: string},
	{config, prompts}: {readonly config: Config; readonly prompts: string},
): Promise<SavedConsortium> {
	const wanted = `--${key.replace(/^--/, '')}`;
	const name = names.find(each => flagName(each) === wanted);

	if (name === undefined) {
		const known = names.map(each => flagName(each).slice(2));
		throw new UserError(
			`There is nothing called "${key}" to be set.${closest(key, known)}`,
			`What can be set: ${known.join(', ')}.`,
		);
	}

	const changed = await consortiumFrom(
		{
			...noFlags(changeFlags),
			[name]: isRepeatable(name) ? listIn(name, value) : value,
		},
		consortium,
		{name: consortium.name, config},
	);

	if (name === 'role') {
		const roles = findRoles(prompts);

		for (const role of rolesOf(changed)) {
			roleTextOf({role}, roles);
		}
	}

	return changed;
}

const isRepeatable = (name: Name) => 'isMultiple' in changeFlags[name];

/**
A condition or a parameter may have blanks in it, and there is one.
*/
function listIn(name: Name, value: string): string[] {
	return name === 'model'
		? value.split(/\s+/)
		: name === 'role'
			? namesIn(value)
			: [value];
}
