import {type Config} from '../../config/config.js';
import {closest} from '../../core/closest.js';
import {type SavedConsortium} from '../../core/consortium.js';
import {UserError} from '../../core/user-error.js';
import {flagName} from '../common-flags.js';
import {changeFlags, consortiumFrom} from '../consortium-flags.js';
import {noFlags} from '../no-flags.js';

type Name = keyof typeof changeFlags;

const names = Object.keys(changeFlags) as Name[];

/**
The consortium with one thing changed, said as its flag would say it: `max-iterations` and `5`; several models are separated by spaces.

@throws UserError for a name that no flag has, and a value it does not take.
*/
export async function withChangedOption(
	consortium: SavedConsortium,
	{key, value}: {readonly key: string; readonly value: string},
	config: Config,
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

	return consortiumFrom(
		{
			...noFlags(changeFlags),
			[name]: isRepeatable(name) ? value.split(/\s+/) : value,
		},
		consortium,
		{name: consortium.name, config},
	);
}

const isRepeatable = (name: Name) => 'isMultiple' in changeFlags[name];
