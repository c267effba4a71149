import {type CommandId} from '../commands.js';
import {type KeyPress} from '../keys.js';
import {type Loaded, type Request} from '../requests.js';

export type Overlay = {readonly type: 'help'};

/**
What a key does to the overlay on top: what it becomes (null closes it), what opens above it, which command was chosen, what is asked of the outside.
*/
export type OverlayStep = {
	readonly overlay: Overlay | null;
	readonly opens?: Overlay;
	readonly command?: CommandId;
	readonly requests?: readonly Request[];
};

export function pressOverlay(
	overlay: Overlay,
	{chord}: KeyPress,
	_visible: number,
): OverlayStep {
	return {overlay: chord === 'escape' ? null : overlay};
}

export function overlayLoaded(overlay: Overlay, _loaded: Loaded): OverlayStep {
	return {overlay};
}
