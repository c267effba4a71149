import {type Request} from '../requests.js';
import {confirmOf} from './confirm.js';
import {type Form} from './form.js';
import {draftOf, isChanged} from './form-draft.js';
import {fieldsOf} from './form-fields.js';
import {type OverlayStep} from './overlay.js';

/**
Leave the form, after a question when something in it was changed.
*/
export function left(form: Form): OverlayStep {
	const isDirty = isChanged(form.draft, draftOf(form.original));
	const question = 'Leave without saving what was changed?';
	return {overlay: isDirty ? confirmOf(question, null, {no: form}) : null};
}

/**
Save what can be saved, after a question when it takes the name of another.
*/
export function saved(form: Form): OverlayStep {
	const {reading, replaces, choices} = form;
	const {consortium, mistakes} = reading;

	if (!consortium) {
		const first = fieldsOf(form.draft).find(({id}) => mistakes.has(id));
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
