import {type Config} from '../config/config.js';
import {presets, vendors} from '../providers/presets.js';
import {type Place} from './command.js';

/**
What is known of the key of one provider.
*/
export type KeyState = {
	readonly provider: string;
	readonly key: string | null;

	/**
	`stored`, or the environment variable it was found in; null when there is no key.
	*/
	readonly source: string | null;

	/**
	The environment variables it is looked for in, in this order; none for a server that asks for no key.
	*/
	readonly variables: readonly string[];
};

/**
The keys of all providers, by name: vendors, presets, and the endpoints that were added, which take the place of presets.
*/
export async function keyRing(
	{environment}: Pick<Place, 'environment'>,
	{endpoints}: Pick<Config, 'endpoints'>,
): Promise<ReadonlyMap<string, KeyState>> {
	const added = Object.entries(endpoints).map(([name, {keyEnv}]) => ({
		name,
		variables: keyEnv === null ? [] : [keyEnv],
	}));
	const builtIn = [
		...vendors.map(({name, keyEnv, otherKeyEnv}) => ({
			name,
			variables: otherKeyEnv === null ? [keyEnv] : [keyEnv, otherKeyEnv],
		})),
		...presets.map(({name, keyEnv}) => ({
			name,
			variables: keyEnv === null ? [] : [keyEnv],
		})),
	];

	return new Map(
		[...builtIn, ...added].map(({name: provider, variables}) => {
			const source =
				variables.find(each => (environment[each] ?? '').trim() !== '') ?? null;
			const key = source === null ? null : environment[source]!;
			return [provider, {provider, key, source, variables}];
		}),
	);
}
