import {type Endpoint} from './endpoint.js';

/**
The version of Anthropic's protocol that servers which copy it know.
*/
const copiedVersion = '2023-06-01';

/**
How a server is shown its key, and what else its protocol wants in every request. The servers that copy Anthropic look for the key in one of two places.
*/
export function keyHeaders(
	api: Endpoint['api'],
	key: string | null,
): Record<string, string> {
	if (api === 'gemini') {
		return key === null ? {} : {'x-goog-api-key': key};
	}

	return {
		...(key !== null && {authorization: `Bearer ${key}`}),
		...(api === 'anthropic' && {
			...(key !== null && {'x-api-key': key}),
			'anthropic-version': copiedVersion,
		}),
	};
}
