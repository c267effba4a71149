import {charactersPerToken} from './limits.js';
import {
	type CachePosition,
	type ModelRequest,
	type PromptCache,
} from './model.js';

export type Served = {
	readonly cachedTokens: number;
	readonly cacheWriteTokens: number;
};

/**
By transcript: the text that its provider keeps.
*/
export type KeptTexts = Map<string, string>;

const nothing: Served = {cachedTokens: 0, cacheWriteTokens: 0};

/**
All that a model reads of a request, or what it reads of it up to a position.
*/
export function textOf(
	{system, messages}: Pick<ModelRequest, 'system' | 'messages'>,
	through: CachePosition | null = null,
): string {
	const texts = messages
		.slice(0, through === null ? undefined : through.message + 1)
		.map((message, index) =>
			message.role === 'assistant'
				? message.text
				: message.parts
						.slice(0, index === through?.message ? through.part + 1 : undefined)
						.join(''),
		);

	return [system ?? '', ...texts].join('');
}

/**
The least tokens that many characters can be taken for.
*/
export function tokensIn(characters: number): number {
	return Math.ceil(characters / charactersPerToken);
}

/**
What a prompt cache would serve of a request and what it would newly keep, going by what the request before it in its transcript left in `kept`, which is brought up to date. A cache with a key keeps all it reads; where the shortest prefix that is kept is unknown, nothing is taken for kept. With `isLucky`, caches that promise nothing serve what they can.
*/
export function serve(
	promptCache: PromptCache,
	request: ModelRequest,
	{kept, isLucky}: {readonly kept: KeptTexts; readonly isLucky: boolean},
): Served {
	const {transcriptId, cache: hints} = request;
	const {minimumTokens} = promptCache;
	const kind =
		promptCache.kind === 'key' && hints === null
			? 'implicit'
			: promptCache.kind;
	const through = hints?.through ?? null;

	if (minimumTokens === null || (kind === 'marker' && through === null)) {
		return nothing;
	}

	const countOf = (characters: number) => {
		const tokens = tokensIn(characters);
		return tokens >= minimumTokens ? tokens : 0;
	};

	const text = textOf(request, kind === 'marker' ? through : null);
	const offered = countOf(text.length);

	if (offered === 0) {
		return nothing;
	}

	const before = kept.get(transcriptId) ?? '';
	const cached = text.startsWith(before)
		? countOf(before.length)
		: kind === 'marker'
			? 0
			: countOf(commonStart(before, text));
	kept.set(transcriptId, text);

	return kind === 'implicit'
		? {cachedTokens: isLucky ? cached : 0, cacheWriteTokens: 0}
		: {cachedTokens: cached, cacheWriteTokens: offered - cached};
}

function commonStart(left: string, right: string): number {
	const most = Math.min(left.length, right.length);
	let length = 0;

	while (length < most && left[length] === right[length]) {
		length++;
	}

	return length;
}
