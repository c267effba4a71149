import {type KeyPress} from '../keys.js';
import {changed, type Form} from './form.js';
import {memberField, withMember, type Draft} from './form-draft.js';
import {type Field} from './form-fields.js';
import {within} from './list.js';
import {type OverlayStep} from './overlay.js';

/**
Keys about members: which there are, in which order, and what is shown of them; null for any other key.
*/
export function memberStep(
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
				members.with(index, turnedOver),
				memberField(member.key, 'spec'),
			);
		}

		default: {
			return null;
		}
	}
}

/**
The form with a new member after the one at `index`.
*/
export function added(form: Form, index: number): OverlayStep {
	const {draft, key} = withMember(form.draft, index);
	return changed(
		{...form, at: memberField(key, 'spec'), completion: null},
		draft,
	);
}
