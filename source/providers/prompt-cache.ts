import {type PromptCache} from '../core/model.js';
import {type Connection} from './connection.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

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
				lifetimeMs: openAiLifetime(model, api),
				isShared: false,
			};
		}

		case 'google': {
			return {
				kind: 'implicit',
				minimumTokens: geminiMinimum(model),
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

/**
The families in the order they are looked through: a name without a version behind it is the version itself.
*/
const anthropicMinimums: ReadonlyArray<readonly [RegExp, number]> = [
	[/^claude-(?:opus|sonnet|haiku)-5-5(?!\d)/, 512],
	[/^claude-opus-5(?!-\d(?!\d))/, 512],
	[/^claude-sonnet-5(?!-\d(?!\d))/, 1024],
	[/^claude-(?:haiku-4-5|opus-4-[56])(?!\d)/, 4096],
	[/^claude-(?:sonnet-4(?:-[05])?|opus-4(?:-[01])?)(?:-\d{8}|$)/, 1024],
];

function anthropicMinimum(model: string): number | null {
	return (
		anthropicMinimums.find(([pattern]) => pattern.test(model))?.[1] ?? null
	);
}

/**
Older models than GPT-5.6 keep a prefix for as long as it suits.
*/
function openAiLifetime(model: string, api: Connection['api']): number | null {
	const [, major = '0', minor = '0'] =
		/^(?:ft:)?gpt-(\d+)(?:\.(\d+))?(?![\da-z])/.exec(model) ?? [];
	const isPromised =
		Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 6);

	return isPromised
		? api === 'responses'
			? 12 * hourMs
			: 30 * minuteMs
		: null;
}

function geminiMinimum(model: string): number | null {
	const version = /^(?:models\/)?gemini-(\d+(?:\.\d+)?)/.exec(model)?.[1];

	return version === '2.5' ? 2048 : Number(version) >= 3 ? 4096 : null;
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
