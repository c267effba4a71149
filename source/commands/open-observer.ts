import {type Observer} from '../core/observation.js';
import {type SavedConsortium} from '../core/consortium.js';
import {createObserver, withoutKeys} from '../observers/observer.js';
import {type Models} from '../providers/resolve.js';
import {type Place} from './command.js';
import {type KeyRing} from './key-ring.js';
import {commandsIn} from './trusted-commands.js';

/**
What finds out for runs of these consortiums, whose commands were confirmed.
*/
export function openObserver(
	consortiums: ReadonlyArray<Pick<SavedConsortium, 'until'>>,
	{
		place,
		ring,
		models,
	}: {
		readonly place: Pick<Place, 'environment'>;
		readonly ring: KeyRing;
		readonly models: Models;
	},
): Observer {
	const confirmed = new Set(commandsIn(consortiums));
	const variables = new Set(ring.values().flatMap(({variables}) => variables));

	return createObserver({
		environment: withoutKeys(place.environment, variables),
		isConfirmed: command => confirmed.has(command),
		embedderFor: models.findEmbedder,
	});
}
