import {type RunEventBody} from './events.js';
import {createHedge} from './hedge.js';
import {merge} from './merge.js';
import {isQuorumMet} from './patience.js';
import {type Reach} from './reach.js';
import {type Patience} from './strategy.js';
import {type Turn} from './turn.js';

/**
All that is said until nobody speaks any more. With patience, the rest are let go when enough have answered, and whoever says nothing is asked twice.
*/
export async function* speak(
	turn: Turn,
	reach: Reach,
	patience: Patience = {},
): AsyncGenerator<RunEventBody, void, void> {
	const {graceMs = 0, graceShare = 0, hedgeMs} = patience;
	const {world, signal, inlet} = turn;
	const over = new AbortController();
	const whileGoing = AbortSignal.any([signal, over.signal]);
	const since = world.now();
	const hedge =
		hedgeMs === undefined ? null : createHedge(turn, hedgeMs, whileGoing);
	let isWaiting = false;

	const letGo = async () => {
		await world.sleep(
			Math.max(graceMs, graceShare * (world.now() - since)),
			whileGoing,
		);

		if (!over.signal.aborted) {
			reach.letGo('strategy');
		}
	};

	try {
		for await (const body of merge(inlet)) {
			yield body;
			hedge?.note(body);

			if (
				!isWaiting &&
				(body.type === 'call-start' || body.type === 'call-end') &&
				isQuorumMet(turn, patience)
			) {
				isWaiting = true;
				void letGo();
			}
		}
	} finally {
		over.abort();
	}
}
