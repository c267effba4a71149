import {type SavedConsortium} from '../core/consortium.js';
import {
	deepest,
	nestedAs,
	noConsortiums,
	type Consortiums,
} from '../core/nesting.js';
import {vendors} from './presets.js';

/**
A consortium with an arbiter: its own, else the default model of the strongest vendor with a key, else the first member's model. Simulated members get the simulated arbiter.

`keys` are by provider; an empty one is none. Where the first member is one of the `saved` consortiums, its first member counts.
*/
export function withArbiter(
	consortium: SavedConsortium,
	keys: Readonly<Record<string, string | null>>,
	saved: Consortiums = noConsortiums,
): SavedConsortium {
	if (consortium.arbiters.length > 0) {
		return consortium;
	}

	const first = firstModel(consortium, saved);
	const strongest = vendors.find(({name}) => (keys[name] ?? '').trim() !== '');
	const model = first.startsWith('demo/')
		? 'demo/arbiter'
		: strongest
			? `${strongest.name}/${strongest.defaultModel}`
			: first;

	return {...consortium, arbiters: [{model}]};
}

function firstModel(consortium: SavedConsortium, saved: Consortiums): string {
	let [current, model] = [consortium, consortium.members[0]!.model];

	for (let depth = 1; depth < deepest; depth++) {
		const inner = nestedAs(model, current, saved);
		[current, model] = [inner ?? current, inner?.members[0]?.model ?? model];
	}

	return model;
}
