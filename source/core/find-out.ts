import {
	costOf,
	notObserved,
	type Observation,
	type ObservationRequest,
} from './observation.js';
import {type Turn} from './turn.js';

/**
Find out for the strategy what only the outside can tell, as far as the money goes; null when the run is aborted meanwhile. What a limit forbids is not found out, and the run goes on without it.
*/
export async function findOut(
	{observer, allowance, world, signal}: Turn,
	request: ObservationRequest,
): Promise<Observation | null> {
	const usd = await observer.priceOf(request);
	const id = world.newId();
	const refusal = usd === 0 ? null : allowance.reserve([[id, usd ?? 0]]);

	if (refusal !== null) {
		return notObserved(request, refusal);
	}

	let cost = usd;

	try {
		const found = await observer.observe(request, signal);
		cost = costOf(found);
		return found;
	} catch (error) {
		if (signal.aborted) {
			return null;
		}

		throw error;
	} finally {
		allowance.settle(id, cost);
	}
}
