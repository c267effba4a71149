import {isDeepStrictEqual} from 'node:util';
import {type SavedConsortium} from '../../core/consortium.js';
import {UserError} from '../../core/user-error.js';
import {withArbiter} from '../../providers/default-arbiter.js';
import {type Choice, type Continued} from '../../ui/services.js';
import {continueChat, nothingYet} from '../continued.js';
import {keysOn} from '../key-ring.js';
import {savedConsortiums} from '../known-consortiums.js';
import {consortiumChoices} from './choices.js';
import {type Outside} from './outside.js';
import {type SessionLog} from './session-log.js';

/**
A conversation of the log with the consortium it asked last.

@throws UserError when the log does not have it.
*/
export async function continueFrom(
	outside: Outside,
	log: SessionLog,
	which: {readonly id: string; readonly afterTurn: number | null},
): Promise<Continued> {
	const {isImported} = await import('../../store/imported-conversations.js');
	const found = await log.read(async open => {
		if (isImported(open, which.id)) {
			throw new UserError(
				'This conversation was imported from the log of another program, so that there is nothing to go on with.',
				'v in the list reads it.',
			);
		}

		return continueChat(open, outside.world, which);
	});

	if (!found) {
		throw nothingYet();
	}

	const {conversation, pictures, consortium} = found;
	return {conversation, pictures, ...(await choiceOf(consortium, outside))};
}

/**
A consortium of the log is the saved one for as long as that is the same.
*/
async function choiceOf(
	consortium: SavedConsortium,
	outside: Outside,
): Promise<Pick<Continued, 'choice' | 'notices'>> {
	const {config, ring} = await outside.look();
	const saved = (await consortiumChoices(outside)).find(
		choice => choice.consortium.name === consortium.name,
	);
	const changed: Choice = {kind: 'changed', consortium, isDefault: false};

	if (!saved) {
		return {choice: changed, notices: []};
	}

	return isDeepStrictEqual(
		withArbiter(saved.consortium, keysOn(ring), savedConsortiums(config)),
		consortium,
	)
		? {choice: saved, notices: []}
		: {
				choice: changed,
				notices: [
					`${consortium.name} is asked as it was then; /switch ${consortium.name} takes the one that is saved now.`,
				],
			};
}
