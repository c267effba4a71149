import {type SavedConsortium} from '../../core/consortium.js';
import {editorWith, pressEditor} from '../composer/editor.js';
import {type KeyPress} from '../keys.js';
import {type Loaded, type Request} from '../requests.js';
import {type Check, type Choice, type ModelEntry} from '../services.js';
import {confirmOf} from './confirm.js';
import {completed, completionOf, type Completion} from './form-completion.js';
import {
	draftOf,
	isChanged,
	memberField,
	withMember,
	type ChoiceField,
	type Draft,
} from './form-draft.js';
import {fieldsOf, turned, type Field} from './form-fields.js';
import {readDraft, type Reading} from './form-reading.js';
import {within} from './list.js';
import {type OverlayStep} from './overlay.js';
import {labelWidth, type Room} from './rows.js';

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

export function pressForm(form: Form, key: KeyPress, room: Room): OverlayStep {
	const now: Form = {...form, remark: '', saving: null};
	const field = fieldAt(now);

	switch (key.chord) {
		case 'escape': {
			return now.completion ? {overlay: {...now, completion: null}} : left(now);
		}

		case 'ctrl+s': {
			return saved(now);
		}

		case 'ctrl+g': {
			return field.kind === 'lines'
				? {
						overlay: now,
						requests: [
							{
								type: 'load',
								what: {kind: 'edited', text: now.draft.texts[field.id]!.text},
							},
						],
					}
				: {overlay: now};
		}

		default: {
			return (
				memberStep(now, field, key) ??
				fieldStep(now, field, {key, room}) ??
				moveStep(now, field, key)
			);
		}
	}
}

/**
A key of the field itself; null when it has no use for it.
*/
function fieldStep(
	form: Form,
	field: Field,
	{key, room}: {readonly key: KeyPress; readonly room: Room},
): OverlayStep | null {
	const {draft, completion, models} = form;

	if (field.kind === 'add') {
		return key.chord === 'enter' || key.chord === ' '
			? added(form, draft.members.length - 1)
			: null;
	}

	if (field.kind === 'choice') {
		const id = field.id as ChoiceField;
		const by = {left: -1, right: 1, ' ': 1}[key.chord] as 1 | -1 | undefined;
		return by
			? changed(form, {
					...draft,
					choices: {...draft.choices, [id]: turned(id, draft.choices[id], by)},
				})
			: null;
	}

	if (completion && (key.chord === 'tab' || key.chord === 'shift+tab')) {
		const next = completed(completion, models, key.chord === 'tab' ? 1 : -1);
		return next
			? changed(
					{...form, completion: next.completion},
					withText(draft, field.id, editorWith(next.text)),
				)
			: null;
	}

	const before = draft.texts[field.id]!;
	const editor = pressEditor(before, key, {
		isMultiline: field.kind === 'lines',
		layout: {width: Math.max(3, room.columns - labelWidth)},
	});

	if (!editor) {
		return null;
	}

	const next = withText(draft, field.id, editor);
	return before.text === editor.text
		? {overlay: {...form, draft: next}}
		: changed(
				{
					...form,
					completion:
						field.kind === 'spec' ? completionOf(editor.text, models) : null,
				},
				next,
			);
}

const withText = (
	draft: Draft,
	id: string,
	editor: Draft['texts'][string],
): Draft => ({...draft, texts: {...draft.texts, [id]: editor}});

const steps = new Map([
	['up', -1],
	['shift+tab', -1],
	['down', 1],
	['tab', 1],
	['enter', 1],
	['pageup', -8],
	['pagedown', 8],
]);

function moveStep(form: Form, field: Field, {chord}: KeyPress): OverlayStep {
	const by = steps.get(chord);

	if (by === undefined) {
		return {overlay: form};
	}

	const fields = fieldsOf(form.draft);
	const index = fields.findIndex(({id}) => id === field.id);
	const to = fields[within(index + by, fields.length)]!;
	return {overlay: {...form, at: to.id, completion: null}};
}

/**
Keys about members: which there are, in which order, and what is shown of them.
*/
function memberStep(
	form: Form,
	{id, member}: Field,
	{chord}: KeyPress,
): OverlayStep | null {
	const {draft} = form;
	const {members} = draft;
	const index = member ? members.findIndex(({key}) => key === member.key) : -1;

	if (chord === 'ctrl+n') {
		return added(form, member ? index : members.length - 1);
	}

	if (!member) {
		return null;
	}

	const withMembers = (list: Draft['members'], at: string) =>
		changed({...form, at, completion: null}, {...draft, members: list});

	switch (chord) {
		case 'ctrl+x': {
			const rest = members.toSpliced(index, 1);
			const next = rest[Math.min(index, rest.length - 1)];
			return withMembers(rest, next ? memberField(next.key, 'spec') : 'add');
		}

		case 'alt+up':
		case 'alt+down': {
			const to = within(index + (chord === 'alt+up' ? -1 : 1), members.length);
			return withMembers(
				members.toSpliced(index, 1).toSpliced(to, 0, member),
				id,
			);
		}

		case 'ctrl+o': {
			const turnedOver = {...member, isOpen: !member.isOpen};
			return withMembers(
				members.toSpliced(index, 1, turnedOver),
				memberField(member.key, 'spec'),
			);
		}

		default: {
			return null;
		}
	}
}

function added(form: Form, index: number): OverlayStep {
	const {draft, key} = withMember(form.draft, index);
	return changed(
		{...form, at: memberField(key, 'spec'), completion: null},
		draft,
	);
}

/**
The form with another draft, which is read at once and, when it is a new consortium without a mistake, asked about.
*/
function changed(form: Form, draft: Draft): OverlayStep {
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

function left(form: Form): OverlayStep {
	return isChanged(form.draft, draftOf(form.original))
		? {
				overlay: confirmOf('Leave without saving what was changed?', null, {
					no: form,
				}),
			}
		: {overlay: null};
}

function saved(form: Form): OverlayStep {
	const {reading, replaces, choices} = form;
	const {consortium, mistakes} = reading;

	if (!consortium) {
		const [first] = fieldsOf(form.draft).filter(({id}) => mistakes.has(id));
		return {
			overlay: {
				...form,
				at: first?.id ?? form.at,
				completion: null,
				remark: 'Not saved: there is a mistake.',
			},
		};
	}

	const {name} = consortium;
	const taken = choices.find(
		choice => choice.kind !== 'chosen' && choice.consortium.name === name,
	);

	if (taken?.kind === 'built-in') {
		return {
			overlay: {
				...form,
				at: 'name',
				remark: `Not saved: ${name} is built in. Choose another name.`,
			},
		};
	}

	const saving = {...form, saving: consortium};
	const save = (over: string | null): Request => ({
		type: 'save',
		consortium,
		replaces: over,
	});

	return taken && name !== replaces
		? {
				overlay: confirmOf(
					`There is a consortium called ${name} already. Overwrite it?${replaces === null ? '' : ` ${replaces} stays as it is.`}`,
					save(name),
					{yes: saving, no: form},
				),
			}
		: {overlay: saving, requests: [save(replaces)]};
}

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
