import {described, listIn, textIn} from '../checks.js';
import {closest} from '../closest.js';
import {instancesOf, type Member, type SavedConsortium} from '../consortium.js';
import {readParameter, type Parameter} from '../parameters.js';
import {UserError} from '../user-error.js';

/**
Tiers as they are given: members by slot or model, the first tier first.
*/
export function tiersParameter(
	meaning: string,
): Parameter<ReadonlyArray<readonly string[]>> {
	return {
		meaning,
		default: [],
		form: 'lists of members, such as [["small"], ["big", "other"]]',
		read: (value, name) =>
			listIn(value, name).map((tier, index) => {
				const entry = `${name}[${index}]`;

				return typeof tier === 'string'
					? [textIn(tier, entry)]
					: listIn(tier, entry).map((each, place) =>
							textIn(each, `${entry}[${place}]`),
						);
			}),
	};
}

/**
The instances of each tier, as a consortium writes them.

@throws UserError
*/
export function tiersIn(
	given: unknown,
	consortium: SavedConsortium,
): string[][] {
	return tiersOf(
		readParameter(tiersParameter(''), given, 'tiered.tiers'),
		consortium,
	);
}

/**
The instances of each tier. Where no tiers are given, each member is one, in the order of the configuration. A name is a slot, else a model, which may be that of several members.

@throws UserError for fewer than two tiers, an empty one, a name nobody has, and a member that is in two or in none.
*/
export function tiersOf(
	given: ReadonlyArray<readonly string[]>,
	consortium: SavedConsortium,
): string[][] {
	const {members} = consortium;
	const tiers =
		given.length === 0
			? members.map(member => [member])
			: given.map((names, index) => membersOf(names, index, members));

	if (tiers.length < 2) {
		throw new UserError(
			given.length === 0
				? 'The strategy "tiered" needs two members at least: each is a tier, the first is asked first.'
				: 'tiered.tiers has one tier only: there is nothing to escalate to.',
			'For example: -m small:3 -m big --strategy tiered',
		);
	}

	for (const member of members) {
		const holders = tiers.filter(tier => tier.includes(member)).length;

		if (holders !== 1) {
			throw new UserError(
				holders === 0
					? `tiered.tiers leaves ${member.slot} out: it would never be asked.`
					: `tiered.tiers has ${member.slot} in ${holders} tiers.`,
				'Put every member into one tier.',
			);
		}
	}

	const instances = instancesOf(consortium);

	return tiers.map(tier => {
		const slots = new Set(tier.map(({slot}) => slot));
		return instances.filter(({slot}) => slots.has(slot)).map(({id}) => id);
	});
}

function membersOf(
	names: readonly string[],
	index: number,
	members: readonly Member[],
): Member[] {
	if (names.length === 0) {
		throw new UserError(
			`tiered.tiers[${index}] is empty.`,
			'Name a member in it, or leave it out.',
		);
	}

	return [
		...new Set(
			names.flatMap(name => {
				const bySlot = members.filter(({slot}) => slot === name);
				const found =
					bySlot.length > 0
						? bySlot
						: members.filter(({model}) => model === name);

				if (found.length === 0) {
					const known = members.map(({slot}) => slot);
					throw new UserError(
						`tiered.tiers[${index}] names ${described(name)}, which is no member.`,
						`Members: ${known.join(', ')}.${closest(name, known)}`,
					);
				}

				return found;
			}),
		),
	];
}
