import {type SavedConsortium} from '../core/consortium.js';
import {vendors} from './presets.js';

/**
A consortium with an arbiter: its own, else the default model of the strongest vendor with a key, else the first member's model. Simulated members get the simulated arbiter.

`keys` are by provider; an empty one is none.
*/
export function withArbiter(
	consortium: SavedConsortium,
	keys: Readonly<Record<string, string | null>>,
): SavedConsortium {
	if (consortium.arbiters.length > 0) {
		return consortium;
	}

	const first = consortium.members[0]!.model;
	const strongest = vendors.find(({name}) => (keys[name] ?? '').trim() !== '');
	const model = first.startsWith('demo/')
		? 'demo/arbiter'
		: strongest
			? `${strongest.name}/${strongest.defaultModel}`
			: first;

	return {...consortium, arbiters: [{model}]};
}
