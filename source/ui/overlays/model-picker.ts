import {type SavedConsortium} from '../../core/consortium.js';
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

	/**
	Whether simulated models are among those that could.
	*/
	readonly isSimulated: boolean;
	readonly models: readonly ModelEntry[] | null;
	readonly list: List;
};

/**
For whoever opens it to ask for the models; `consortium` is the one the instance belongs to.
*/
export function modelPickerOf(
	instance: string,
	consortium: SavedConsortium | null,
): ModelPicker {
	return {
		type: 'model-picker',
		instance,
		isSimulated:
			consortium?.members.some(({model}) => isSimulated(model)) ?? false,
		models: null,
		list: firstList,
	};
}

const isSimulated = (model: string) => model.startsWith('demo/');

/**
What can be chosen: the models that match, those that need a key after the others, and what is typed, where it names one model that is not among them.
*/
function choicesOf({
	models,
	list,
	isSimulated: areAllMeant,
}: ModelPicker): Array<FuzzyMatch<ModelEntry> | string> {
	const typed = list.query.text.trim();
	const offered = (models ?? []).filter(
		({name}) => areAllMeant || !isSimulated(name),
	);
	const matches = fuzzy(typed, offered, ({name}) => oneLine(name)).toSorted(
		({item: one}, {item: other}) => Number(other.isReady) - Number(one.isReady),
	);
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

	const {at, rows: shown} = withHeading(choices, entries, list.at);

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
			...listRows(shown, at, {columns, rows: rows - 2}),
		],
		keys: '↑↓ choose · Enter ask it · Esc close',
	};
}

/**
The rows with a heading before the models that need a key, and where the one that is picked stands then.
*/
function withHeading(
	choices: ReturnType<typeof choicesOf>,
	entries: readonly Row[],
	picked: number,
): {readonly rows: readonly Row[]; readonly at: number} {
	const at = within(picked, entries.length);
	const first = choices.findIndex(
		choice => typeof choice !== 'string' && !choice.item.isReady,
	);

	return first === -1
		? {rows: entries, at}
		: {
				rows: entries.toSpliced(first, 0, [piece('needs a key', 'heading')]),
				at: at < first ? at : at + 1,
			};
}
