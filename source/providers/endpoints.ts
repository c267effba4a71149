import {UserError} from '../core/user-error.js';
import {readBaseUrl, type Endpoint} from './endpoint.js';
import {presets, vendors} from './presets.js';

/**
All servers there are, by name: the vendors, the presets, and the `configured` ones, which take the place of presets. `baseUrls` are other addresses for vendors, by name.

@throws UserError if one is named like a vendor or has no proper address.
*/
export function endpointsOf(
	configured: readonly Endpoint[],
	baseUrls: Readonly<Record<string, string | null>> = {},
): Map<string, Endpoint> {
	// It would be sent the key of the vendor.
	const vendor = vendors.find(({name}) =>
		configured.some(endpoint => endpoint.name === name),
	);

	if (vendor) {
		throw new UserError(
			`An endpoint cannot be named ${vendor.name}.`,
			`Give it another name, or set ${vendor.baseUrlEnv} to reach ${vendor.name} elsewhere.`,
		);
	}

	return new Map(
		[
			...vendors.map(({name, keyEnv, api, baseUrl}) => ({
				name,
				keyEnv,
				api,
				// A variable that is set to nothing is not set.
				baseUrl: (baseUrls[name] ?? '').trim() || baseUrl,
			})),
			...presets,
			...configured,
		].map(endpoint => [
			endpoint.name,
			{...endpoint, baseUrl: readBaseUrl(endpoint.baseUrl, endpoint.name)},
		]),
	);
}

/**
What a person can do about the key of a server: when there is none, or none that can be one, as a sentence; when the server refused it, as a clause.
*/
export type KeyAdvice = (endpoint: Pick<Endpoint, 'name' | 'keyEnv'>) => {
	readonly missing: string;
	readonly refused: string;
};

/**
For a program that uses the library.
*/
export const adviceForPrograms: KeyAdvice = ({keyEnv}) => ({
	missing: `${keyEnv === null ? 'Pass' : `Set the environment variable ${keyEnv}, or pass`} it in the option \`keys\`.`,
	refused:
		keyEnv === null
			? 'this server needs a key of its own'
			: `check ${keyEnv} or the option \`keys\``,
});

/**
The key for a server; null when it asks for none and none was given.

@throws UserError if the key it asks for is missing, or cannot be one.
*/
export function keyOf(
	{name, keyEnv}: Endpoint,
	keys: Readonly<Record<string, string | null>>,
	advice: KeyAdvice,
): string | null {
	const key = keys[name]?.trim() ?? '';

	if (key === '' && keyEnv !== null) {
		throw new UserError(
			`There is no key for ${name}.`,
			advice({name, keyEnv}).missing,
		);
	}

	if (!isKey(key)) {
		throw new UserError(
			`The key for ${name} has spaces or letters in it that no key has.`,
			advice({name, keyEnv}).missing,
		);
	}

	return key === '' ? null : key;
}

/**
Whether a text has only what a key can have in it, nothing included.
*/
export function isKey(text: string): boolean {
	return !/[\s\P{ASCII}\p{Control}]/u.test(text);
}
