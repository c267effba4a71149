import {setTimeout as wait} from 'node:timers/promises';
import {monotonicFactory} from 'ulid';
import {type World} from './core/world.js';

/**
The real world: the system's clock, timers and chance. Ids are lower-case ULIDs that grow within a millisecond too.
*/
export function createWorld(): World {
	const ulid = monotonicFactory();

	return {
		now: Date.now,
		newId: () => ulid().toLowerCase(),
		async sleep(delayMs, signal) {
			try {
				// A timer of Node that is longer fires at once.
				await wait(Math.min(delayMs, 2 ** 31 - 1), undefined, {signal});
			} catch {
				// Aborted: the sleeper looks at its signal.
			}
		},
		random: Math.random,
	};
}
