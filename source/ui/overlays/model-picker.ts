import {parseModelSpec} from '../../core/model-spec.js';
import {UserError} from '../../core/user-error.js';
import {fuzzy, type FuzzyMatch} from '../fuzzy.js';
import {type KeyPress} from '../keys.js';
import {type Loaded} from '../requests.js';
import {type ModelEntry} from '../services.js';
import {
	firstList,
	listRows,
	placeText,
	pressList,
	searchRow,
	within,
	type List,
} from './list.js';
import {aboutModel, orMistake} from './model-list.js';
import {type OverlayStep} from './overlay.js';
import {
	blank,
	marked,
	oneLine,
	piece,
	spread,
	type Face,
	type Room,
	type Row,
} from './rows.js';

/**
The models that could answer in the place of an instance.
*/
export type ModelPicker = {
	readonly type: 'model-picker';
	readonly instance: string;
	readonly models: readonly ModelEntry[] | null;
	readonly list: List;
};

/**
For whoever opens it to ask for the models.
*/
export function modelPickerOf(instance: string): ModelPicker {
	return {type: 'model-picker', instance, models: null, list: firstList};
}

/**
What can be chosen: the models that match, and what is typed, where it names one model that is not among them.
*/
function choicesOf({
	models,
	list,
}: ModelPicker): Array<FuzzyMatch<ModelEntry> | string> {
	const typed = list.query.text.trim();
	const matches = fuzzy(typed, models ?? [], ({name}) => oneLine(name));
	const isListed = matches.some(({item}) => item.name === typed);

	return isListed || mistakeIn(typed) !== null ? matches : [...matches, typed];
}

function mistakeIn(typed: string): string | null {
	const spec = orMistake(() => parseModelSpec(typed));

	return spec instanceof UserError
		? `${spec.message} ${spec.hint}`
		: spec.count > 1
			? 'One model takes the place of one instance.'
			: null;
}

export function pressModelPicker(
	picker: ModelPicker,
	key: KeyPress,
	{rows}: Room,
): OverlayStep {
	if (key.chord === 'escape') {
		return {overlay: null};
	}

	const choices = choicesOf(picker);

	if (key.chord === 'enter') {
		const choice = choices[within(picker.list.at, choices.length)];

		return choice === undefined
			? {overlay: picker}
			: {
					overlay: null,
					requests: [
						{
							type: 'swap',
							instance: picker.instance,
							model: typeof choice === 'string' ? choice : choice.item.name,
						},
					],
				};
	}

	const list = pressList(picker.list, key, {
		total: choices.length,
		page: rows - 2,
	});
	return {overlay: list ? {...picker, list} : picker};
}

export function modelPickerLoaded(
	picker: ModelPicker,
	loaded: Loaded,
): OverlayStep {
	return {
		overlay:
			loaded.kind === 'models' ? {...picker, models: loaded.models} : picker,
	};
}

export function modelPickerFace(
	picker: ModelPicker,
	{columns, rows}: Room,
): Face {
	const {instance, models, list} = picker;
	const choices = choicesOf(picker);
	const typed = list.query.text.trim();
	const mistake = typed === '' ? null : mistakeIn(typed);
	const entries = choices.map((choice): Row =>
		typeof choice === 'string'
			? [piece('as typed: ', 'dim'), piece(choice)]
			: spread(
					marked(oneLine(choice.item.name), choice.positions),
					aboutModel(choice.item),
					columns - 2,
				),
	);

	return {
		title: `Ask another model in the place of ${oneLine(instance)}`,
		note: models ? placeText(list.at, choices.length) : 'looking…',
		rows: [
			searchRow(list.query, columns, {
				hint: 'type to find a model, or name one',
			}),
			mistake !== null && choices.length === 0
				? [piece(mistake, 'warn')]
				: blank,
			...listRows(entries, list.at, {columns, rows: rows - 2}),
		],
		keys: '↑↓ choose · Enter ask it · Esc close',
	};
}
