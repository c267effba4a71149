import {UserError} from '../core/user-error.js';
import {type Flags, type FlagValues} from './command.js';

/**
The flags that say which conversation a question belongs to, and how the caches of providers are used for it.
*/
export const conversationFlags = {
	continue: {
		type: 'boolean',
		short: 'c',
		meaning:
			'Go on with the conversation in which something happened last, with the consortium it asked; other flags override that.',
	},
	cid: {
		type: 'string',
		value: 'ID',
		meaning: 'Go on with this conversation; the beginning of its id will do.',
	},
	noCacheMarkers: {
		type: 'boolean',
		meaning: "Send nothing for the providers' prompt caches.",
	},
	warmCache: {
		type: 'boolean',
		meaning:
			'Where instances of a model begin with the same long prompt, let one go first and the others read what it cached, when that pays.',
	},
	trustCommands: {
		type: 'boolean',
		meaning:
			'Confirm the commands that --until runs without being asked; each is confirmed once, to the letter. To take that back, remove trustedCommands from the settings in config.json.',
	},
} as const satisfies Flags;

export type ConversationFlags = FlagValues<typeof conversationFlags>;

/**
The conversation to go on with: an id or its beginning, `latest`, or null for a new one.

@throws UserError for two at once.
*/
export function wantedConversation({
	continue: isContinued,
	cid,
}: Pick<ConversationFlags, 'continue' | 'cid'>): string | null {
	if (isContinued && cid !== undefined) {
		throw new UserError(
			'The flags --continue and --cid exclude one another.',
			'--cid names the conversation, --continue takes the latest.',
		);
	}

	if (cid?.trim() === '') {
		throw new UserError('--cid needs the id of a conversation.');
	}

	return isContinued ? 'latest' : (cid ?? null);
}
