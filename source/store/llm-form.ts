import {type Usage} from '../core/model.js';

const nameLength = 32;

/**
A time as llm writes it: ISO 8601 in UTC, with microseconds. `timeMs` is milliseconds since the Unix epoch.
*/
export function llmTime(timeMs: number): string {
	return new Date(timeMs).toISOString().replace('Z', '000+00:00');
}

/**
The name llm gives a conversation: its first prompt on one line, cut to 32 characters.
*/
export function conversationName(prompt: string): string {
	const characters = [...prompt.replaceAll(/\s+/g, ' ')];

	return characters.length > nameLength
		? `${characters.slice(0, nameLength - 1).join('')}…`
		: characters.join('');
}

/**
What llm's `token_details` holds: everything known beyond the two totals, as compact JSON; null when nothing is.
*/
export function tokenDetails(usage: Usage): string | null {
	const known = Object.entries({
		cached_tokens: usage.cachedTokens,
		cache_write_tokens: usage.cacheWriteTokens,
		reasoning_tokens: usage.reasoningTokens,
	}).filter(([, tokens]) => tokens !== null);

	return known.length === 0 ? null : JSON.stringify(Object.fromEntries(known));
}
