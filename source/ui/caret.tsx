import {useCursor} from 'ink';

/**
Put the terminal's own cursor there, counted from the upper left of the screen: input methods write where it is. Without one on the screen the cursor is hidden.
*/
export function Caret({x, y}: {readonly x: number; readonly y: number}) {
	const {setCursorPosition} = useCursor();
	setCursorPosition({x, y});
	return null;
}
