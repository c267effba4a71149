import process from 'node:process';
import {UserError} from '../core/user-error.js';
import {clipboardSequence} from './chat/clipboard.js';
import {suspend, watchEnding} from './chat/ending.js';
import {createServices} from './chat/services.js';
import {surfaceOf, wantsLines} from './chat/surface.js';
import {command, type Flags, type FlagValues, type Place} from './command.js';
import {consortiumFlags} from './consortium-flags.js';
import {conversationFlags, wantedConversation} from './conversation-flags.js';
import {paragraph} from './table.js';

const chatFlags = {
	...consortiumFlags,
	noLog: {type: 'boolean', meaning: 'Keep nothing in the log.'},
	screenReader: {
		type: 'boolean',
		meaning: 'Talk in lines, one after the other, and redraw nothing.',
	},
	...conversationFlags,
} as const satisfies Flags;

export type ChatFlags = FlagValues<typeof chatFlags>;

export const chat = command({
	usage: ['chat [PROMPT]'],
	summary:
		'Open the app: ask, watch answers and verdicts as they stream, and go on from there.',
	flags: chatFlags,
	examples: [
		'chat',
		'chat -C demo "Is a tomato a fruit or a vegetable?"',
		'chat -m gpt-6-luna:3 --arbiter gpt-6.1-sol',
		'chat -c',
	],
	async run({input, flags, place}) {
		assertTerminal(place);
		const first = {
			prompt: input.length === 0 ? null : input.join(' '),
			continueWith: wantedConversation(flags),
		};

		if (wantsLines(flags, place.environment)) {
			const {talk} = await import('./chat/talk.js');
			return talk(first, flags, place);
		}

		return showApp(first, flags, place);
	},
});

/**
@throws UserError where there is nobody to look or to type.
*/
function assertTerminal({stdin, stdout}: Place): void {
	if (!stdin.isTTY || !stdout.isTTY) {
		throw new UserError(
			'The app needs a terminal for its input and its output.',
			'In pipes and scripts: consortium-tui run "…"   All commands: consortium-tui --help',
		);
	}
}

/**
What the app begins with.
*/
export type First = {
	readonly prompt: string | null;

	/**
	The conversation: its id or the beginning of it, `latest`, or null for a new one.
	*/
	readonly continueWith: string | null;
};

async function showApp(
	{prompt, continueWith}: First,
	flags: ChatFlags,
	place: Place,
): Promise<number> {
	const {stdin, stdout} = process;
	const {show} = await import('../ui/show.js');
	const {services, close} = createServices(place, flags, {
		onNotice(text) {
			shown.app.tell(text);
		},
	});
	const wrapLines = () => {
		stdout.write('\u001B[?7h');
	};

	// A crash, too, leaves the terminal as it was.
	process.once('exit', wrapLines);
	const shown = show({
		services,
		prompt,
		continueWith,
		stdin,
		stdout,
		look: surfaceOf(place.environment),
		toClipboard: clipboardSequence,
		onSuspend: suspend,
	});
	const ending = watchEnding(shown.leave, shown.isLent);

	try {
		await shown.ended;
		return ending.exitCode();
	} finally {
		stdout.write(shown.lastWords());
		ending.close();
		process.off('exit', wrapLines);
		const loss = await close();

		if (loss !== null) {
			place.stderr.write(paragraph(loss, place.stderr));
		}
	}
}
