import type {OpenAI} from 'openai';
import {type Connection} from './connection.js';

/**
The node timer's largest delay; the watchdog alone decides how long to wait.
*/
export const noTimeout = 2_147_483_647;

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
