import {UserError} from '../core/user-error.js';
import {readBaseUrl, type Endpoint} from './endpoint.js';
import {openAi, presets} from './presets.js';

/**
All servers there are, by name: OpenAI, the presets, and the `configured` ones, which take the place of presets.

@throws UserError if one is named like OpenAI or has no proper address.
*/
export function endpointsOf(
	configured: readonly Endpoint[],
	openAiBaseUrl: string | null,
): Map<string, Endpoint> {
	// It would be sent the key of OpenAI.
	if (configured.some(({name}) => name === openAi.name)) {
		throw new UserError(
			`An endpoint cannot be named ${openAi.name}.`,
			'Give it another name, or set OPENAI_BASE_URL to reach OpenAI elsewhere.',
		);
	}

	// A variable that is set to nothing is not set.
	const ownUrl = openAiBaseUrl?.trim() ?? '';

	return new Map(
		[
			{...openAi, baseUrl: ownUrl === '' ? openAi.baseUrl : ownUrl},
			...presets,
			...configured,
		].map(endpoint => [
			endpoint.name,
			{...endpoint, baseUrl: readBaseUrl(endpoint.baseUrl, endpoint.name)},
		]),
	);
}

/**
The key for a server; null when it asks for none and none was given.

@throws UserError if the key it asks for is missing, or cannot be one.
*/
export function keyOf(
	{name, keyEnv}: Endpoint,
	keys: Readonly<Record<string, string | null>>,
): string | null {
	const key = keys[name]?.trim() ?? '';

	if (key === '' && keyEnv !== null) {
		throw new UserError(
			`There is no key for ${name}.`,
			`Set the environment variable ${keyEnv}.`,
		);
	}

	if (/[\s\P{ASCII}\p{Control}]/u.test(key)) {
		throw new UserError(
			`The key for ${name} has spaces or letters in it that no key has.`,
			keyEnv === null ? 'Enter it again.' : `Set ${keyEnv} again.`,
		);
	}

	return key === '' ? null : key;
}
