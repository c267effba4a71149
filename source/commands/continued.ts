import {isDeepStrictEqual} from 'node:util';
import {type Config} from '../config/config.js';
import {type SavedConsortium} from '../core/consortium.js';
import {restoreConversation, type Conversation} from '../core/conversation.js';
import {type RunState} from '../core/run-state.js';
import {UserError} from '../core/user-error.js';
import {type World} from '../core/world.js';
import {latestConversation, readChain} from '../store/chains.js';
import {findConversation} from '../store/find-id.js';
import {type Log} from '../store/log.js';

export type ContinuedChat = {
	readonly conversation: Conversation;

	/**
	Of its runs, in order, those of the conversation it was forked from included.
	*/
	readonly pictures: readonly RunState[];

	/**
	The consortium that was asked last, as it was then.
	*/
	readonly consortium: SavedConsortium;
};

/**
A conversation of the log, to be gone on with: by its id or the beginning of it, or `latest`. With `afterTurn` it is forked: what came after that question is left behind.

@throws UserError when the log does not have it.
*/
export async function continueChat(
	log: Log,
	world: World,
	{
		id: wanted,
		afterTurn,
	}: {
		readonly id: string;
		readonly afterTurn: number | null;
	},
): Promise<ContinuedChat> {
	const id =
		wanted === 'latest'
			? latestConversation(log)
			: findConversation(log, wanted);

	if (id === null) {
		throw nothingYet();
	}

	const pictures = await readChain(log, id, afterTurn);

	return {
		conversation: restoreConversation(
			world,
			afterTurn === null ? id : world.newId(),
			pictures,
		),
		pictures,
		consortium: pictures.at(-1)!.start!.consortium,
	};
}

export function nothingYet(): UserError {
	return new UserError(
		'The log has no conversation to go on with.',
		'Ask something without --continue; is the log on? See consortium-tui logs status.',
	);
}

/**
That the consortium of a conversation is saved otherwise by now, in a sentence; null when it is not.
*/
export function changedSince(
	consortium: SavedConsortium,
	{consortiums}: Pick<Config, 'consortiums'>,
): string | null {
	const {name} = consortium;
	const saved = Object.hasOwn(consortiums, name) ? consortiums[name] : null;

	// What only this conversation was limited to is no change of the one that is saved.
	return !saved || isDeepStrictEqual(asMade(saved), asMade(consortium))
		? null
		: `${name} is asked as it was in this conversation; it is saved otherwise by now, and -C ${name} asks that one.`;
}

const asMade = ({arbiters, ...made}: SavedConsortium) => ({
	...made,
	limits: null,
});
