import {unknownUsage, type Usage} from '../core/model.js';
import {type Connection} from './connection.js';

/**
The token counts a server reported, in our terms. Servers differ in what they count as what; the price library knows how. A report it cannot read is unknown use, never zero.
*/
export async function usageOf(
	raw: unknown,
	{api, baseUrl}: Pick<Connection, 'api' | 'baseUrl'>,
): Promise<Usage> {
	const {extractUsage, findProvider} = await import('@pydantic/genai-prices');
	const hosted = findProvider({providerApiUrl: baseUrl});
	const openAi = findProvider({providerId: 'openai'});
	const shapes = {
		chat: [
			{provider: hosted, shape: 'chat'},
			{provider: hosted, shape: 'default'},
			// What everybody else copies.
			{provider: openAi, shape: 'chat'},
		],
		responses: [
			{provider: hosted, shape: 'responses'},
			{provider: hosted, shape: 'default'},
			{provider: openAi, shape: 'responses'},
		],
		anthropic: [
			{provider: findProvider({providerId: 'anthropic'}), shape: 'default'},
		],
		gemini: [
			{provider: findProvider({providerId: 'google'}), shape: 'default'},
		],
	}[api];

	for (const {provider, shape} of shapes) {
		try {
			if (provider) {
				const report = api === 'gemini' ? {usageMetadata: raw} : {usage: raw};
				const {usage} = extractUsage(provider, report, shape);

				return {
					inputTokens: count(usage['input_tokens']),
					cachedTokens: count(usage['cache_read_tokens']),
					cacheWriteTokens: count(usage['cache_write_tokens']),
					outputTokens: count(usage['output_tokens']),
					reasoningTokens: count(usage['output_reasoning_tokens']),
				};
			}
		} catch {
			// Not this shape.
		}
	}

	return unknownUsage;
}

function count(tokens: number | undefined): number | null {
	return tokens !== undefined && Number.isSafeInteger(tokens) ? tokens : null;
}
