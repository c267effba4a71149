import {unknownUsage, type Usage} from '../core/model.js';

/**
The token counts a server reported, in our terms. Servers differ in what they count as what; the price library knows how. A report it cannot read is unknown use, never zero.
*/
export async function usageOf(
	raw: unknown,
	flavor: 'chat' | 'responses',
	baseUrl: string,
): Promise<Usage> {
	const {extractUsage, findProvider} = await import('@pydantic/genai-prices');
	const hosted = findProvider({providerApiUrl: baseUrl});
	const shapes = [
		{provider: hosted, shape: flavor},
		{provider: hosted, shape: 'default'},
		// What everybody else copies.
		{provider: findProvider({providerId: 'openai'}), shape: flavor},
	];

	for (const {provider, shape} of shapes) {
		try {
			if (provider) {
				const {usage} = extractUsage(provider, {usage: raw}, shape);

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
