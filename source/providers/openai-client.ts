import type {OpenAI} from 'openai';
import {type Connection} from './connection.js';
import {noTimeout} from './no-timeout.js';

/**
A client for one call, so that its `fetch` knows which call it works for; it costs 60 µs, and connections are shared below it.
*/
export async function createOpenAi(
	{baseUrl, key, seller, settings}: Connection,
	watchedFetch: typeof fetch,
): Promise<OpenAI> {
	const {OpenAI: Client} = await import('openai');

	return new Client({
		baseURL: baseUrl,
		// It refuses to exist without one.
		apiKey: key ?? 'none',
		adminAPIKey: null,
		webhookSecret: null,
		...(seller === null && {organization: null, project: null}),
		fetch: watchedFetch,
		maxRetries: settings.maxRetries,
		timeout: noTimeout,
		logLevel: 'off',
	});
}
