import {strategies} from '../../core/strategies/known.js';
import {fuzzy} from '../fuzzy.js';
import {nestableNames} from '../nestable-names.js';
import {type Form} from './form.js';
import {type Field} from './form-fields.js';
import {aboutModel} from './model-list.js';
import {piece, type Piece} from './rows.js';

/**
Something a field can name, and what is known of it.
*/
export type Entry = {readonly name: string; readonly about: readonly Piece[]};

/**
How the name that is being typed could go on.
*/
export type Completion = {
	/**
	What stands before the name, the name as it was typed, and what stands after it, with its sign.
	*/
	readonly before: string;
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
What is known of what can be named.
*/
type Nameable = Pick<
	Form,
	'models' | 'choices' | 'original' | 'replaces' | 'reading'
>;

/**
What can be named in a field.
*/
export function entriesFor(
	{kind}: Pick<Field, 'kind'>,
	{models, choices, original, replaces, reading}: Nameable,
): readonly Entry[] {
	if (kind === 'names') {
		return strategies.map(({name, meaning}) => ({
			name,
			about: [piece(meaning, 'dim')],
		}));
	}

	const {name} = reading.consortium ?? original;

	return [
		...models.map(model => ({name: model.name, about: aboutModel(model)})),
		...nestableNames(name, choices)
			.filter(each => each !== replaces)
			.map(each => ({name: each, about: [piece('a consortium', 'dim')]})),
	];
}

/**
The suggestions for a completion, best first.
*/
export function suggestionsFor(
	{query}: Completion,
	entries: readonly Entry[],
): Entry[] {
	return fuzzy(query, entries, ({name}) => name)
		.slice(0, mostSuggested)
		.map(({item}) => item);
}

/**
A completion of the last name in a text; null when nothing is typed, nothing is like it, or it is one already.
*/
export function completionOf(
	text: string,
	{kind}: Pick<Field, 'kind'>,
	entries: readonly Entry[],
): Completion | null {
	const isList = kind === 'names' || kind === 'specs';
	const before = isList ? (/^.*,\s*/sv.exec(text)?.[0] ?? '') : '';
	const rest = text.slice(before.length);
	const mark = rest.indexOf('?');
	const name = mark === -1 ? rest : rest.slice(0, mark);
	const count = /:\s*\d*$/.exec(name)?.[0] ?? '';
	const query = name.slice(0, name.length - count.length).trim();
	const options = rest.slice(name.length);
	const completion = {before, query, count, options, index: null};
	const isDone = query === '' || entries.some(each => each.name === query);

	return isDone || suggestionsFor(completion, entries).length === 0
		? null
		: completion;
}

/**
The next suggestion, or the one before, in the place of what is there; null when there is none.
*/
export function completed(
	completion: Completion,
	entries: readonly Entry[],
	by: 1 | -1,
): {readonly completion: Completion; readonly text: string} | null {
	const suggestions = suggestionsFor(completion, entries);
	const {index: last, before, query, count, options} = completion;
	const index =
		last === null
			? by === 1
				? 0
				: suggestions.length - 1
			: (last + by + suggestions.length) % suggestions.length;
	const entry = suggestions[index];

	if (!entry) {
		return null;
	}

	// What looks like a count may be the beginning of a name: `llama3:8b`.
	const isPartOfName = entry.name.startsWith(query + count);
	const text = before + entry.name + (isPartOfName ? '' : count) + options;
	return {completion: {...completion, index}, text};
}
