import {unreachable} from '../../core/unreachable.js';
import {confirmFace} from './confirm.js';
import {conversationsFace} from './conversations-face.js';
import {costsFace} from './costs.js';
import {forkFace} from './fork.js';
import {formFace} from './form-face.js';
import {helpFace} from './help.js';
import {keyEntryFace} from './key-entry.js';
import {modelPickerFace} from './model-picker.js';
import {paletteFace} from './palette.js';
import {readerFace} from './reader.js';
import {renameFace} from './rename.js';
import {reviewFace} from './review-face.js';
import {switcherFace} from './switcher-face.js';
import {trustFace} from './trust.js';
import {type Overlay, type Space} from './overlay.js';
import {roomOf, type Face} from './rows.js';

/**
An overlay as it is drawn in this space: its rows in words and tones.
*/
export function faceOf(overlay: Overlay, space: Space): Face {
	const room = roomOf(space);

	switch (overlay.type) {
		case 'confirm': {
			return confirmFace(overlay, room);
		}

		case 'conversations': {
			return conversationsFace(overlay, room);
		}

		case 'costs': {
			return costsFace(overlay, space.screen, room);
		}

		case 'fork': {
			return forkFace(overlay, room);
		}

		case 'form': {
			return formFace(overlay, room);
		}

		case 'help': {
			return helpFace(overlay, room);
		}

		case 'key-entry': {
			return keyEntryFace(overlay, room);
		}

		case 'model-picker': {
			return modelPickerFace(overlay, room);
		}

		case 'palette': {
			return paletteFace(overlay, room);
		}

		case 'reader': {
			return readerFace(overlay, room);
		}

		case 'rename': {
			return renameFace(overlay, room);
		}

		case 'review': {
			return reviewFace(overlay, room);
		}

		case 'switcher': {
			return switcherFace(overlay, room);
		}

		case 'trust': {
			return trustFace(overlay, room);
		}

		default: {
			return unreachable(overlay);
		}
	}
}
