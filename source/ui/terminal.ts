/**
What the app does to the terminal beside drawing on it.
*/
export type Terminal = {
	/**
	The window's title, after the program's name; empty for the name alone.
	*/
	readonly title: (text: string) => void;

	/**
	Ring, and notify where the terminal can.
	*/
	readonly notify: (text: string) => void;

	/**
	Put a text into the clipboard, also from afar. False when it is too long for terminals to take.
	*/
	readonly copy: (text: string) => boolean;
	readonly redraw: () => void;

	/**
	Give the terminal back to the shell until the program is continued.
	*/
	readonly suspend: () => Promise<void>;

	/**
	Let another program have the terminal while `work` lasts; null, and nothing is done, while one has it already.
	*/
	readonly lend: <Value>(work: () => Promise<Value>) => Promise<Value | null>;
	readonly leave: () => void;
};
