import {type Config} from '../config/config.js';
import {foldersOf} from '../config/folders.js';
import {readKeys} from '../config/keys.js';
import {type KeyAdvice} from '../providers/endpoints.js';
import {keyVariables} from '../providers/environment.js';
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

export type KeyRing = ReadonlyMap<string, KeyState>;

/**
The keys of all providers, by name: vendors, presets, and the endpoints that were added, which take the place of presets. A stored key comes before one in the environment.

@throws UserError when the stored ones cannot be read.
*/
export async function keyRing(
	{environment}: Pick<Place, 'environment'>,
	{endpoints}: Pick<Config, 'endpoints'>,
): Promise<KeyRing> {
	const {keys: stored} = await readKeys(foldersOf(environment).config);
	const added = Object.entries(endpoints).map(([name, {keyEnv}]) => ({
		name,
		keyEnv,
	}));

	const variablesOf = new Map([
		// Keys of providers that are gone can still be seen and removed.
		...Object.keys(stored).map(name => [name, []] as const),
		...keyVariables(added),
	]);

	return new Map(
		variablesOf.entries().map(([provider, variables]) => {
			const isStored =
				Object.hasOwn(stored, provider) && stored[provider]!.trim() !== '';
			const variable =
				variables.find(each => (environment[each] ?? '').trim() !== '') ?? null;
			const key = isStored
				? stored[provider]!
				: variable === null
					? null
					: environment[variable]!;

			return [
				provider,
				{provider, key, source: isStored ? 'stored' : variable, variables},
			];
		}),
	);
}

/**
What a person can do on the command line about a key.
*/
export function adviceOn(ring: KeyRing): KeyAdvice {
	return ({name, keyEnv}) => {
		const source = ring.get(name)?.source ?? null;
		const store = `consortium-tui keys set ${name}`;

		return {
			missing: `${keyEnv === null ? 'Store' : `Set the environment variable ${keyEnv}, or store`} it: ${store}`,
			refused:
				source === 'stored'
					? `it is the stored one; store another: ${store}`
					: source === null
						? `this server needs a key of its own: ${store}`
						: `check ${source}`,
		};
	};
}

/**
The keys alone, by provider.
*/
export function keysOn(ring: KeyRing): Record<string, string | null> {
	return Object.fromEntries(
		ring.values().map(({provider, key}) => [provider, key]),
	);
}
