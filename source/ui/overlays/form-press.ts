import {editorWith, pressEditor} from '../composer/editor.js';
import {type KeyPress} from '../keys.js';
import {changed, fieldAt, withText, type Form} from './form.js';
import {completed, completionOf, entriesFor} from './form-completion.js';
import {type ChoiceField} from './form-draft.js';
import {fieldsOf, turned, type Field} from './form-fields.js';
import {added, memberStep} from './form-members.js';
import {left, saved} from './form-saving.js';
import {within} from './list.js';
import {type OverlayStep} from './overlay.js';
import {fieldWidth, type Room} from './rows.js';

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
	const {draft, completion} = form;

	if (field.kind === 'add') {
		return key.chord === 'enter' || key.chord === ' '
			? added(form, draft.members.length - 1)
			: null;
	}

	if (field.kind === 'choice') {
		const id = field.id as ChoiceField;
		const by = {left: -1, right: 1, ' ': 1}[key.chord] as 1 | -1 | undefined;
		return by === undefined
			? null
			: changed(form, {
					...draft,
					choices: {...draft.choices, [id]: turned(id, draft.choices[id], by)},
				});
	}

	const turnedTo = field.choices && turnedIn(field.choices, form, key);

	if (turnedTo !== undefined) {
		return changed(form, withText(draft, field.id, editorWith(turnedTo)));
	}

	if (completion && (key.chord === 'tab' || key.chord === 'shift+tab')) {
		const next = completed(
			completion,
			entriesFor(field, form),
			key.chord === 'tab' ? 1 : -1,
		);
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
		layout: {width: Math.max(3, room.columns - fieldWidth)},
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
					completion: isNaming.has(field.kind)
						? completionOf(editor.text, field, entriesFor(field, form))
						: null,
				},
				next,
			);
}

/**
The choice before or after the one in a line, where an arrow turns it: undefined for another key, and while something else is typed.
*/
function turnedIn(
	choices: readonly string[],
	{draft, at}: Form,
	{chord}: KeyPress,
): string | undefined {
	const by = {left: -1, right: 1}[chord];
	const index = choices.indexOf(draft.texts[at]!.text.trim() || choices[0]!);

	return by === undefined || index === -1
		? undefined
		: choices.at((index + by) % choices.length);
}

const isNaming: ReadonlySet<Field['kind']> = new Set([
	'spec',
	'specs',
	'names',
]);

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
