import {unreachable} from '../../core/unreachable.js';
import {type CommandId} from '../commands.js';
import {type KeyPress} from '../keys.js';
import {type Loaded, type Request} from '../requests.js';
import {type Spent} from '../spent.js';
import {pressConfirm, type Confirm} from './confirm.js';
import {
	conversationsLoaded,
	pressConversations,
	type Conversations,
} from './conversations.js';
import {costsLoaded, pressCosts, type Costs} from './costs.js';
import {forkLoaded, pressFork, type Fork} from './fork.js';
import {formLoaded, type Form} from './form.js';
import {pressForm} from './form-press.js';
import {pressHelp, type Help} from './help.js';
import {keyEntryLoaded, pressKeyEntry, type KeyEntry} from './key-entry.js';
import {
	modelPickerLoaded,
	pressModelPicker,
	type ModelPicker,
} from './model-picker.js';
import {pressPalette, type Palette} from './palette.js';
import {pressReader, type Reader} from './reader.js';
import {pressRename, type Rename} from './rename.js';
import {type Review} from './review.js';
import {reviewLoaded} from './review-loaded.js';
import {pressReview} from './review-press.js';
import {roomOf} from './rows.js';
import {pressSwitcher, switcherLoaded, type Switcher} from './switcher.js';
import {pressTrust, type Trust} from './trust.js';

/**
What opens above the chat.
*/
export type Overlay =
	| Confirm
	| Conversations
	| Costs
	| Fork
	| Form
	| Help
	| KeyEntry
	| ModelPicker
	| Palette
	| Reader
	| Rename
	| Review
	| Switcher
	| Trust;

/**
What a key does to the overlay on top: what it becomes (null closes it), what opens above it, which command was chosen, what is asked of the outside.
*/
export type OverlayStep = {
	readonly overlay: Overlay | null;
	readonly opens?: Overlay;
	readonly command?: CommandId;
	readonly requests?: readonly Request[];
};

/**
The space of an overlay, title and keys included, and what it shows of the conversation.
*/
export type Space = {
	readonly columns: number;
	readonly rows: number;
	readonly screen: Spent;
};

export function pressOverlay(
	overlay: Overlay,
	key: KeyPress,
	space: Space,
): OverlayStep {
	const room = roomOf(space);

	switch (overlay.type) {
		case 'confirm': {
			return pressConfirm(overlay, key);
		}

		case 'conversations': {
			return pressConversations(overlay, key, room);
		}

		case 'costs': {
			return pressCosts(overlay, key, {room, spent: space.screen});
		}

		case 'fork': {
			return pressFork(overlay, key, room);
		}

		case 'form': {
			return pressForm(overlay, key, room);
		}

		case 'help': {
			return pressHelp(overlay, key, room);
		}

		case 'key-entry': {
			return pressKeyEntry(overlay, key, room);
		}

		case 'model-picker': {
			return pressModelPicker(overlay, key, room);
		}

		case 'palette': {
			return pressPalette(overlay, key, room);
		}

		case 'reader': {
			return pressReader(overlay, key, room);
		}

		case 'rename': {
			return pressRename(overlay, key);
		}

		case 'review': {
			return pressReview(overlay, key, room);
		}

		case 'switcher': {
			return pressSwitcher(overlay, key, room);
		}

		case 'trust': {
			return pressTrust(overlay, key, room);
		}

		default: {
			return unreachable(overlay);
		}
	}
}

/**
Tell an overlay what has come; what was asked for by others does not change it.
*/
export function overlayLoaded(overlay: Overlay, loaded: Loaded): OverlayStep {
	switch (overlay.type) {
		case 'confirm': {
			return confirmLoaded(overlay, loaded);
		}

		case 'conversations': {
			return conversationsLoaded(overlay, loaded);
		}

		case 'fork': {
			return forkLoaded(overlay, loaded);
		}

		case 'costs': {
			return costsLoaded(overlay, loaded);
		}

		case 'form': {
			return formLoaded(overlay, loaded);
		}

		case 'key-entry': {
			return keyEntryLoaded(overlay, loaded);
		}

		case 'model-picker': {
			return modelPickerLoaded(overlay, loaded);
		}

		case 'review': {
			return reviewLoaded(overlay, loaded);
		}

		case 'switcher': {
			return switcherLoaded(overlay, loaded);
		}

		default: {
			return {overlay};
		}
	}
}

/**
What is to take the place of a question goes on hearing what it asked for.
*/
function confirmLoaded(confirm: Confirm, loaded: Loaded): OverlayStep {
	const {no} = confirm;

	if (!no) {
		return {overlay: confirm};
	}

	const {overlay, requests = []} = overlayLoaded(no, loaded);
	return {overlay: {...confirm, no: overlay}, requests};
}
