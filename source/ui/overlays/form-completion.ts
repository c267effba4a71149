import {fuzzy} from '../fuzzy.js';
import {type ModelEntry} from '../services.js';

/**
How the model that is being typed could go on.
*/
export type Completion = {
	/**
	The model as it was typed, and what stands after it, with its sign.
	*/
	readonly query: string;
	readonly count: string;
	readonly options: string;

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
	const mark = text.indexOf('?');
	const name = mark === -1 ? text : text.slice(0, mark);
	const count = /:\s*\d*$/.exec(name)?.[0] ?? '';
	const query = name.slice(0, name.length - count.length).trim();
	const options = text.slice(name.length);
	const completion = {query, count, options, index: null};
	const isDone = query === '' || models.some(each => each.name === query);

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
	const {index: before, query, count, options} = completion;
	const index =
		before === null
			? by === 1
				? 0
				: suggestions.length - 1
			: (before + by + suggestions.length) % suggestions.length;
	const model = suggestions[index];

	if (!model) {
		return null;
	}

	// What looks like a count may be the beginning of a name: `llama3:8b`.
	const isPartOfName = model.name.startsWith(query + count);
	const text = model.name + (isPartOfName ? '' : count) + options;
	return {completion: {...completion, index}, text};
}
