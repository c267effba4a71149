import {fuzzy} from '../fuzzy.js';
import {type ModelEntry} from '../services.js';

/**
How the model that is being typed could go on.
*/
export type Completion = {
	/**
	The model as it was typed, and what stands after it: count and options.
	*/
	readonly query: string;
	readonly rest: string;

	/**
	Which suggestion stands there now; null for what was typed.
	*/
	readonly index: number | null;
};

const mostSuggested = 4;

/**
The suggestions for a completion, best first.
*/
export function suggestionsFor(
	{query}: Completion,
	models: readonly ModelEntry[],
): ModelEntry[] {
	return fuzzy(query, models, ({name}) => name)
		.slice(0, mostSuggested)
		.map(({item}) => item);
}

/**
A completion of a spec; null when nothing is typed, nothing is like it, or it is a model already.
*/
export function completionOf(
	text: string,
	models: readonly ModelEntry[],
): Completion | null {
	const [, query, rest] = /^(.*?)((?::\s*\d*)?(?:\?.*)?)$/s.exec(text)!;
	const completion = {query: query!.trim(), rest: rest!, index: null};
	const isDone =
		completion.query === '' ||
		models.some(({name}) => name === completion.query);

	return isDone || suggestionsFor(completion, models).length === 0
		? null
		: completion;
}

/**
The next suggestion, or the one before, in the place of what is there; null when there is none.
*/
export function completed(
	completion: Completion,
	models: readonly ModelEntry[],
	by: 1 | -1,
): {readonly completion: Completion; readonly text: string} | null {
	const suggestions = suggestionsFor(completion, models);
	const {index: before, rest} = completion;
	const index =
		before === null
			? by === 1
				? 0
				: suggestions.length - 1
			: (before + by + suggestions.length) % suggestions.length;
	const model = suggestions[index];
	return model
		? {completion: {...completion, index}, text: model.name + rest}
		: null;
}
