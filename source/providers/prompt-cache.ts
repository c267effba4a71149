import {type PromptCache} from '../core/model.js';
import {type Connection} from './connection.js';

const minuteMs = 60_000;

/**
What a provider's documentation says of its prompt cache, as of November 2026. Of servers that are nobody's here, nothing is known.
*/
export function promptCacheOf({
	seller,
	api,
	model,
}: Pick<Connection, 'seller' | 'api' | 'model'>): PromptCache {
	switch (seller) {
		case 'anthropic': {
			return {
				kind: 'marker',
				minimumTokens: anthropicMinimum(model),
				lifetimeMs: 5 * minuteMs,
				isShared: true,
			};
		}

		case 'openai': {
			return {
				kind: api === 'responses' ? 'key' : 'implicit',
				minimumTokens: 1024,
				lifetimeMs: 30 * minuteMs,
				isShared: false,
			};
		}

		case 'google': {
			return {
				kind: 'implicit',
				minimumTokens: model.startsWith('gemini-2.5') ? 2048 : 4096,
				lifetimeMs: null,
				isShared: true,
			};
		}

		default: {
			return {
				kind: api === 'anthropic' ? 'marker' : 'implicit',
				minimumTokens: null,
				lifetimeMs: null,
				isShared: api === 'anthropic',
			};
		}
	}
}

function anthropicMinimum(model: string): number {
	if (/haiku-4-5|opus-4-[56]/.test(model)) {
		return 4096;
	}

	return /opus-5|-5-5/.test(model) ? 512 : 1024;
}

/**
For models that are not somebody's server.
*/
export const noCache: PromptCache = {
	kind: 'implicit',
	minimumTokens: null,
	lifetimeMs: null,
	isShared: false,
};
