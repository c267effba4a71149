/**
Everything a person can have done, whichever way they ask: by a key, by the palette, or by a slash. `keymap.ts` says which keys; `slash` is the name after the slash, `argument` what follows it.
*/
export type CommandKind = {
	readonly id: string;
	readonly title: string;
	readonly slash: string | null;
	readonly argument: string | null;
};

const kind = <const Id extends string>(
	id: Id,
	title: string,
	slash: string | null = null,
	argument: string | null = null,
) => ({id, title, slash, argument});

export const commands = [
	kind('help', 'Show the keys', 'help'),
	kind('palette', 'Find a command'),
	kind('new', 'Begin a new conversation', 'new'),
	kind('switch', 'Switch the consortium', 'switch', '[NAME]'),
	kind('save', 'Save the consortium in use', 'save', '[NAME]'),
	kind('edit', 'Edit the consortium in use', 'edit'),
	kind('set', 'Change one thing for this session', 'set', 'KEY=VALUE'),
	kind(
		'budget',
		'Limit what a run or a day may cost',
		'budget',
		'USD|none|day USD',
	),
	kind('answer-now', 'Answer now, with what is there', 'now'),
	kind('cancel', 'Cancel the run', 'cancel'),
	kind('retry', 'Ask those that failed again', 'retry', '[NUMBER]'),
	kind('judge-again', 'Judge the answers again', 'judge'),
	kind('good', 'Mark the answer as good', 'good'),
	kind('bad', 'Mark the answer as bad', 'bad'),
	kind('copy', 'Copy the answer', 'copy'),
	kind('dissent', 'Read the dissent', 'dissent'),
	kind('raw', "Read the arbiter's own words", 'raw'),
	kind('cost', 'Show costs and tokens', 'cost'),
	kind('runs', 'Show the runs of this conversation', 'runs'),
	kind('continue', 'Go on with an earlier conversation', 'continue', '[WORDS]'),
	kind('resume', 'Resume the run that was broken off', 'resume', '[USD]'),
	kind('fork', 'Go on after a question, in a fork', 'fork', '[QUESTION]'),
	kind('back', 'Step back behind the last questions', 'back', '[COUNT]'),
	kind('rename', 'Name the conversation', 'rename', 'NAME'),
	kind('conversations', 'Show earlier conversations', 'conversations'),
	kind(
		'review',
		'Decide which run an answer belongs to',
		'review',
		'[NUMBER [accept N | none] | undo]',
	),
	kind('export', 'Write the conversation to a file', 'export', 'FILE'),
	kind('key', "Add a provider's key", 'key', '[PROVIDER]'),
	kind('theme', 'Choose the colours', 'theme', 'auto|dark|light|plain'),
	kind('bell', 'Ring at the end of a long run, or not', 'bell', 'on|off'),
	kind('edit-draft', 'Write in your editor'),
	kind('recall', 'Take the queued message back'),
	kind('redraw', 'Draw the screen afresh'),
	kind('suspend', 'Suspend'),
	kind('leave', 'Leave', 'quit'),
] as const satisfies readonly CommandKind[];

export type CommandId = (typeof commands)[number]['id'];
