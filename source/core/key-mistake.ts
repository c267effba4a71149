const shortestKey = 8;

/**
Why a text that was typed as a key can hardly be one, in a sentence without a piece of it; null when it may be. `variables` are those the key is looked for in: none for a server that asks for no key, which may take any.
*/
export function keyMistake(
	key: string,
	{
		provider,
		variables,
	}: {readonly provider: string; readonly variables: readonly string[]},
): string | null {
	if (key.startsWith('/')) {
		return `What was given for ${provider} begins with a slash, as a command does and no key.`;
	}

	return key.length < shortestKey && variables.length > 0
		? `What was given for ${provider} is shorter than ${shortestKey} characters, which no key is.`
		: null;
}
