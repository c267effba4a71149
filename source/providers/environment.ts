import {type Endpoint} from './endpoint.js';
import {presets, vendors} from './presets.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
The keys that stand in environment variables, by provider: the vendors', the presets', and those of the servers that were added, which take the place of presets. Null where there is none.
*/
export function keysIn(
	environment: Environment,
	added: readonly Endpoint[],
): Record<string, string | null> {
	const variables = [
		...vendors.map(({name, keyEnv, otherKeyEnv}) => ({
			name,
			names: [keyEnv, otherKeyEnv],
		})),
		...[...presets, ...added].map(({name, keyEnv}) => ({
			name,
			names: [keyEnv],
		})),
	];

	return Object.fromEntries(
		variables.map(({name, names}) => [
			name,
			names
				.map(each => (each === null ? undefined : environment[each]))
				.find(key => (key ?? '').trim() !== '') ?? null,
		]),
	);
}

/**
Other addresses for vendors that stand in environment variables, by name.
*/
export function baseUrlsIn(
	environment: Environment,
): Record<string, string | null> {
	return Object.fromEntries(
		vendors.map(({name, baseUrlEnv}) => [
			name,
			environment[baseUrlEnv] ?? null,
		]),
	);
}
