import {type SavedConsortium} from '../core/consortium.js';
import {restoreConversation, type Conversation} from '../core/conversation.js';
import {type RunState} from '../core/run-state.js';
import {type World} from '../core/world.js';
import {readChain} from '../store/chains.js';
import {type Log} from '../store/log.js';

export type ContinuedChat = {
	readonly conversation: Conversation;
	readonly pictures: readonly RunState[];

	/**
	The consortium that was asked last, as it was then.
	*/
	readonly consortium: SavedConsortium;
};

/**
A conversation of the log, to be gone on with. With `afterTurn` it is forked: what came after that question is left behind.

@throws UserError when the log does not have it.
*/
export async function continueChat(
	log: Log,
	world: World,
	{id, afterTurn}: {readonly id: string; readonly afterTurn: number | null},
): Promise<ContinuedChat> {
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
