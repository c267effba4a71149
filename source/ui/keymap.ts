import {type CommandId} from './commands.js';
import {reviewKeys} from './overlays/review.js';
import {conversationKeys} from './overlays/conversations-face.js';

/**
Where the keys go: to what has the focus, and what it does not use, anywhere.
*/
export type Focus = 'composer' | 'grid' | 'arbiter' | 'transcript';

/**
A place where keys mean something: what has the focus, one pane or the arbiter filling the screen, an earlier conversation that is read.
*/
export type Place = Focus | 'zoom' | 'reading' | 'anywhere';

/**
What a key does that is no command of its own: it moves about the screen, or is about the pane that is picked.
*/
export type Move =
	| 'focus-next'
	| 'focus-previous'
	| 'pane-left'
	| 'pane-right'
	| 'pane-up'
	| 'pane-down'
	| 'pane-first'
	| 'pane-last'
	| 'pane-number'
	| 'zoom'
	| 'denser'
	| 'sparser'
	| 'line-up'
	| 'line-down'
	| 'page-up'
	| 'page-down'
	| 'start'
	| 'end'
	| 'pane-stop'
	| 'pane-retry'
	| 'pane-leave-out'
	| 'pane-swap'
	| 'pane-copy'
	| 'pane-view'
	| 'answer-view'
	| 'switch-number'
	| 'continue-reading'
	| 'close'
	| 'interrupt'
	| 'leave-if-empty';

export type Binding = {
	readonly chords: readonly string[];
	readonly does: CommandId | Move;
	readonly help: string;
};

/**
A group of keys that work in the same places.
*/
export type KeyGroup = {
	readonly title: string;
	readonly where: readonly Place[];
	readonly bindings: readonly Binding[];
};

const digits = Array.from({length: 9}, (_, index) => String(index + 1));

const bind = (
	chords: string | readonly string[],
	does: Binding['does'],
	help: string,
): Binding => ({
	chords: typeof chords === 'string' ? [chords] : chords,
	does,
	help,
});

/**
The one registry of keys: it routes them, and the help is made from it. The composer's own keys for editing are told by `composerKeys`.
*/
export const keyGroups: readonly KeyGroup[] = [
	{
		title: 'Anywhere',
		where: ['anywhere'],
		bindings: [
			bind('f1', 'help', 'these keys'),
			bind('ctrl+k', 'switch', 'switch the consortium'),
			bind(
				digits.map(digit => `alt+${digit}`),
				'switch-number',
				'switch to one of the first nine',
			),
			bind('ctrl+p', 'palette', 'find a command'),
			bind('ctrl+o', 'conversations', 'earlier conversations'),
			bind('ctrl+t', 'cost', 'costs and tokens'),
			bind('ctrl+n', 'resume', 'go on with a run that was broken off'),
			bind('ctrl+s', 'answer-now', 'answer now, with what is there'),
			bind('tab', 'focus-next', 'next part of the screen'),
			bind('shift+tab', 'focus-previous', 'the one before'),
			bind(
				'escape',
				'close',
				'close what is open, back to the box; there: cancel the run',
			),
			bind(
				'ctrl+c',
				'interrupt',
				'cancel the run, clear the box, or (twice) leave',
			),
			bind('ctrl+d', 'leave-if-empty', 'leave, when the box is empty'),
			bind('ctrl+z', 'suspend', 'suspend; fg comes back'),
			bind('ctrl+l', 'redraw', 'draw the screen afresh'),
			bind('ctrl+g', 'edit-draft', 'write in your editor'),
			bind('alt+up', 'recall', 'take the queued message back'),
			bind('pageup', 'page-up', 'scroll up'),
			bind('pagedown', 'page-down', 'scroll down'),
		],
	},
	{
		title: 'Instances',
		where: ['grid'],
		bindings: [
			bind(digits, 'pane-number', 'pick an instance'),
			bind('left', 'pane-left', 'pick the one to the left'),
			bind('right', 'pane-right', 'to the right'),
			bind('up', 'pane-up', 'above'),
			bind('down', 'pane-down', 'below'),
			bind('home', 'pane-first', 'pick the first'),
			bind('end', 'pane-last', 'pick the last'),
			bind('enter', 'zoom', 'fill the screen with it'),
			bind('+', 'sparser', 'more room for each'),
			bind('-', 'denser', 'less room for each'),
		],
	},
	{
		title: 'The instance that is picked',
		where: ['grid', 'zoom'],
		bindings: [
			bind('s', 'pane-stop', 'stop it, and keep what it said'),
			bind('r', 'pane-retry', 'ask it again'),
			bind('x', 'pane-leave-out', 'leave it out of the synthesis, or not'),
			bind('m', 'pane-swap', 'ask another model in its place'),
			bind('c', 'pane-copy', 'copy what it said'),
			bind('e', 'pane-view', 'read it in your editor'),
		],
	},
	{
		title: 'Answers and the arbiter',
		where: ['transcript', 'arbiter'],
		bindings: [
			bind('g', 'good', 'a good answer'),
			bind('b', 'bad', 'a bad answer'),
			bind('c', 'copy', 'copy the answer'),
			bind('e', 'answer-view', 'read it in your editor'),
			bind('d', 'dissent', 'read the dissent'),
			bind('j', 'judge-again', 'judge the answers again'),
		],
	},
	{
		title: 'The arbiter',
		where: ['arbiter'],
		bindings: [bind('enter', 'zoom', 'fill the screen with it')],
	},
	{
		title: 'Scrolling',
		where: ['transcript', 'zoom', 'reading'],
		bindings: [
			bind('up', 'line-up', 'a line up'),
			bind('down', 'line-down', 'a line down'),
			bind('home', 'start', 'to the beginning'),
			bind('end', 'end', 'to the end, and follow it'),
		],
	},
	{
		title: 'An earlier conversation',
		where: ['reading'],
		bindings: [bind('enter', 'continue-reading', 'go on with it')],
	},
	{
		title: 'Outside the box',
		where: ['grid', 'arbiter', 'transcript', 'zoom', 'reading'],
		bindings: [bind('?', 'help', 'these keys')],
	},
];

/**
The composer's own keys, for the help; the composer handles them.
*/
export const composerKeys: ReadonlyArray<{
	readonly keys: string;
	readonly help: string;
}> = [
	{keys: 'Enter', help: 'send; while a run goes on, queue'},
	{keys: 'Ctrl+J, Shift+Enter, Alt+Enter', help: 'new line'},
	{keys: String.raw`\ Enter`, help: 'new line'},
	{keys: '↑ ↓', help: 'on the first and last line: what was asked before'},
	{keys: 'Ctrl+R', help: 'search what was asked before'},
	{keys: 'Ctrl+A, Ctrl+E', help: 'beginning, end of the line'},
	{keys: 'Ctrl+B, Ctrl+F', help: 'a character back, forward'},
	{keys: 'Alt+B, Alt+F', help: 'a word back, forward'},
	{keys: 'Ctrl+W, Alt+D', help: 'delete the word before, after'},
	{keys: 'Ctrl+U', help: 'delete to the beginning of the line'},
	{keys: 'Ctrl+Y', help: 'put back what was deleted'},
	{keys: 'Alt+E', help: 'show a pasted text in full'},
	{keys: '/', help: 'commands'},
];

/**
What a key does in a place; undefined when nothing does.
*/
export function bindingFor(
	chord: string,
	where: readonly Place[],
): Binding | undefined {
	const bindings = where.flatMap(place =>
		keyGroups
			.filter(group => group.where.includes(place))
			.flatMap(group => group.bindings),
	);
	return bindings.find(({chords}) => chords.includes(chord));
}

const names: Readonly<Record<string, string>> = {
	up: '↑',
	down: '↓',
	left: '←',
	right: '→',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	escape: 'Esc',
};

/**
A chord for reading: `Ctrl+K`, `Alt+1`, `↑`.
*/
export function chordText(chord: string): string {
	const isCombined = chord.length > 1;

	return isCombined
		? chord
				.split('+')
				.map(part => names[part] ?? part[0]!.toUpperCase() + part.slice(1))
				.join('+')
		: chord;
}

/**
The keys of a binding for reading; a row of digits is shortened.
*/
export function keysText({chords}: Binding): string {
	return chords.length > 2
		? `${chordText(chords[0]!)}…${chordText(chords.at(-1)!).replace('Alt+', '')}`
		: chords.map(chord => chordText(chord)).join(', ');
}

/**
The first key of each command, for lists of commands.
*/
export function keysOfCommands(): Map<string, string> {
	return new Map(
		keyGroups
			.flatMap(({bindings}) => bindings)
			.toReversed()
			.map(binding => [binding.does, keysText(binding)]),
	);
}

/**
All keys, group by group, for the help.
*/
export function helpSections(): Array<{
	readonly title: string;
	readonly rows: ReadonlyArray<{readonly keys: string; readonly help: string}>;
}> {
	const [anywhere, ...places] = keyGroups.map(({title, bindings}) => ({
		title,
		rows: bindings.map(binding => ({
			keys: keysText(binding),
			help: binding.help,
		})),
	}));

	return [
		anywhere!,
		{title: 'Writing', rows: composerKeys},
		...places,
		{title: 'In the list of conversations', rows: conversationKeys},
		{title: 'In the review list', rows: reviewKeys},
	];
}
