/**
What a piece of text is on the screen; the theme says how that looks.
*/
export type Tone =
	| 'plain'
	| 'dim'
	| 'accent'
	| 'good'
	| 'warn'
	| 'bad'
	| 'heading'
	| 'code'
	| 'link'
	| 'selected';

/**
How a tone is drawn, as props for Ink's `Text`.
*/
export type Look = {
	readonly color?: string;
	readonly dimColor?: boolean;
	readonly bold?: boolean;
	readonly underline?: boolean;
	readonly inverse?: boolean;
};

export type Theme = Readonly<Record<Tone, Look>>;
export const themeNames = ['dark', 'light', 'plain'] as const;
export type ThemeName = (typeof themeNames)[number];

/**
For dark and light backgrounds, and without any colour, where weight and inversion say what they can. Text itself keeps the terminal's own colour.
*/
export const themes: Readonly<Record<ThemeName, Theme>> = {
	dark: {
		plain: {},
		dim: {color: '#8a8f98'},
		accent: {color: '#7aa2f7', bold: true},
		good: {color: '#9ece6a'},
		warn: {color: '#e0af68'},
		bad: {color: '#f7768e'},
		heading: {bold: true},
		code: {color: '#7dcfff'},
		link: {color: '#7dcfff', underline: true},
		selected: {inverse: true},
	},
	light: {
		plain: {},
		dim: {color: '#6b7280'},
		accent: {color: '#1d4ed8', bold: true},
		good: {color: '#2f6f1f'},
		warn: {color: '#8a5300'},
		bad: {color: '#b3123a'},
		heading: {bold: true},
		code: {color: '#0b6077'},
		link: {color: '#0b6077', underline: true},
		selected: {inverse: true},
	},
	plain: {
		plain: {},
		dim: {},
		accent: {bold: true},
		good: {},
		warn: {},
		bad: {bold: true},
		heading: {bold: true},
		code: {},
		link: {underline: true},
		selected: {inverse: true},
	},
};

/**
What is known of the terminal the screen is drawn on.
*/
export type Surface = {
	/**
	No colours, whatever the settings say.
	*/
	readonly isPlain: boolean;

	/**
	Null while nothing tells.
	*/
	readonly background: 'dark' | 'light' | null;
};

/**
The theme for a setting on a surface; dark where nothing tells, as most terminals are.
*/
export function themeOf(
	setting: ThemeName | 'auto',
	{isPlain, background}: Surface,
): Theme {
	const wanted = setting === 'auto' ? (background ?? 'dark') : setting;
	return themes[isPlain ? 'plain' : wanted];
}
