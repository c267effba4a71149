import {type RunState} from '../core/run-state.js';
import {type Density} from './layout.js';

/**
What the screen measures, for keys that move about it: how much there is, and how much of it can be seen.
*/
export type View = {
	/**
	Milliseconds since the Unix epoch.
	*/
	readonly now: number;
	readonly composerWidth: number;
	readonly overlayRows: number;

	/**
	Of the last run.
	*/
	readonly picture: RunState;

	/**
	Panes side by side.
	*/
	readonly gridColumns: number;

	/**
	The density the grid has, chosen or not.
	*/
	readonly density: Density;
	readonly transcript: Extent;
	readonly zoom: Extent;
};

/**
In lines.
*/
export type Extent = {readonly total: number; readonly visible: number};
