import {type Endpoint} from './endpoint.js';
import {presets, vendors} from './presets.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
The environment variables in which the keys of all providers are looked for, in this order: the vendors, the presets, and the servers that were added, which take the place of presets.
*/
export function keyVariables(
	added: ReadonlyArray<Pick<Endpoint, 'name' | 'keyEnv'>>,
): ReadonlyMap<string, readonly string[]> {
	return new Map(
		[
			...vendors.map(({name, keyEnv, otherKeyEnv}) => ({
				name,
				variables: [keyEnv, otherKeyEnv],
			})),
			...[...presets, ...added].map(({name, keyEnv}) => ({
				name,
				variables: [keyEnv],
			})),
		].map(({name, variables}) => [
			name,
			variables.filter(variable => variable !== null),
		]),
	);
}

/**
The keys that stand in environment variables, by provider; null where there is none.
*/
export function keysIn(
	environment: Environment,
	added: readonly Endpoint[],
): Record<string, string | null> {
	return Object.fromEntries(
		keyVariables(added)
			.entries()
			.map(([name, variables]) => [
				name,
				variables
					.map(variable => environment[variable])
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
