import {parametersOf, type SavedConsortium} from './consortium.js';
import {type CallStart} from './events.js';
import {tiersIn} from './strategies/tiers.js';
import {isArbiterSpared} from './strategies/voting.js';

/**
What it depends on whether a call is made, in a few words; null for nothing but how far the run goes. `isSecond`: whoever speaks was asked for the same in this iteration before.
*/
export function conditionOf(
	{speaker, purpose}: Pick<CallStart, 'speaker' | 'purpose'>,
	consortium: SavedConsortium,
	isSecond: boolean,
): string | null {
	if (purpose === 'answer') {
		const tier = tierOf(speaker, consortium);
		return tier > 1 ? `tier ${tier}` : null;
	}

	return isArbiterSpared(consortium)
		? voteIsOpen
		: isSecond && purpose === 'rank'
			? 'close call'
			: null;
}

export const hedge = 'hedge';
export const voteIsOpen = 'only while the vote is open';

/**
Whether members of a consortium are asked a second time when they say nothing.
*/
export function isHedged(consortium: SavedConsortium): boolean {
	return typeof parametersOf(consortium, 'quorum')?.['hedge'] === 'number';
}

/**
The tier of an instance, counted from 1; 0 where there are none.
*/
function tierOf(instance: string, consortium: SavedConsortium): number {
	const given = parametersOf(consortium, 'tiered');

	return given
		? tiersIn(given['tiers'], consortium).findIndex(ids =>
				ids.includes(instance),
			) + 1
		: 0;
}
