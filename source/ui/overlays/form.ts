import {type SavedConsortium} from '../../core/consortium.js';
import {editorWith} from '../composer/editor.js';
import {type Loaded} from '../requests.js';
import {type Check, type Choice, type ModelEntry} from '../services.js';
import {type Completion} from './form-completion.js';
import {draftOf, type Draft} from './form-draft.js';
import {fieldsOf, type Field} from './form-fields.js';
import {readDraft, type Reading} from './form-reading.js';
import {type OverlayStep} from './overlay.js';

/**
A consortium being edited.
*/
export type Form = {
	readonly type: 'form';
	readonly original: SavedConsortium;

	/**
	The name it is saved under; null for a new one.
	*/
	readonly replaces: string | null;
	readonly draft: Draft;
	readonly reading: Reading;

	/**
	The id of the field that has the keys.
	*/
	readonly at: string;
	readonly choices: readonly Choice[];
	readonly models: readonly ModelEntry[];
	readonly completion: Completion | null;

	/**
	What was last asked about, and what is known of it.
	*/
	readonly asked: SavedConsortium | null;
	readonly check: Check | null;

	/**
	What is being saved: it closes when that is done.
	*/
	readonly saving: SavedConsortium | null;

	/**
	Why the last key did nothing; empty when it did.
	*/
	readonly remark: string;
};

/**
For whoever opens it to ask for the consortiums, the models and, where it has members, a check of the consortium.
*/
export function formOf(
	consortium: SavedConsortium,
	replaces: string | null,
): Form {
	const draft = draftOf(consortium);

	return {
		type: 'form',
		original: consortium,
		replaces,
		draft,
		reading: readDraft(draft, consortium),
		at: 'name',
		choices: [],
		models: [],
		completion: null,
		asked: consortium.members.length > 0 ? consortium : null,
		check: null,
		saving: null,
		remark: '',
	};
}

export function fieldAt({draft, at}: Form): Field {
	const fields = fieldsOf(draft);
	return fields.find(({id}) => id === at) ?? fields[0]!;
}

/**
The form with another draft, which is read at once and, when it is a new consortium without a mistake, asked about.
*/
export function changed(form: Form, draft: Draft): OverlayStep {
	const reading = readDraft(draft, form.original);
	const {consortium} = reading;
	const overlay = {...form, draft, reading};

	return consortium && !isSame(consortium, form.asked)
		? {
				overlay: {...overlay, asked: consortium, check: null},
				requests: [{type: 'load', what: {kind: 'check', consortium}}],
			}
		: {overlay};
}

/**
Whether two consortiums do the same; how they are called does not matter.
*/
function isSame(one: SavedConsortium, other: SavedConsortium | null): boolean {
	return (
		other !== null && canonical(one) === canonical({...other, name: one.name})
	);
}

const canonical = (value: unknown) =>
	JSON.stringify(value, (_, each: unknown) =>
		typeof each === 'object' && each !== null && !Array.isArray(each)
			? Object.fromEntries(
					Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)),
				)
			: each,
	);

/**
A draft with another text in a field.
*/
export const withText = (
	draft: Draft,
	id: string,
	editor: Draft['texts'][string],
): Draft => ({...draft, texts: {...draft.texts, [id]: editor}});

export function formLoaded(form: Form, loaded: Loaded): OverlayStep {
	switch (loaded.kind) {
		case 'consortiums': {
			const {choices} = loaded;
			const isSaved = choices.some(
				({consortium}) =>
					consortium.name === form.saving?.name &&
					isSame(consortium, form.saving),
			);
			return {overlay: isSaved ? null : {...form, choices}};
		}

		case 'models': {
			return {overlay: {...form, models: loaded.models}};
		}

		case 'check': {
			return {
				overlay:
					form.asked && isSame(loaded.consortium, form.asked)
						? {...form, check: loaded.check}
						: form,
			};
		}

		case 'edited': {
			const {id, kind} = fieldAt(form);
			const {before, text} = loaded;
			return kind === 'lines' &&
				text !== null &&
				form.draft.texts[id]!.text === before
				? changed(form, withText(form.draft, id, editorWith(text.trimEnd())))
				: {overlay: form};
		}

		default: {
			return {overlay: form};
		}
	}
}
