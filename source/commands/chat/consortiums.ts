import {isDeepStrictEqual} from 'node:util';
import {
	assertGoodName,
	assertNotReserved,
	findConsortium,
} from '../../config/consortiums.js';
import {demo} from '../../config/demo.js';
import {type SavedConsortium} from '../../core/consortium.js';
import {readConsortium} from '../../core/consortium-config.js';
import {nestedIn} from '../../core/nesting.js';
import {UserError} from '../../core/user-error.js';
import {withArbiter} from '../../providers/default-arbiter.js';
import {type Check} from '../../ui/services.js';
import {check} from '../check.js';
import {withConsortium, withoutConsortium} from '../config-changes.js';
import {keysOn} from '../key-ring.js';
import {knownConsortiums, savedConsortiums} from '../known-consortiums.js';
import {warningsOf} from '../warnings.js';
import {type Outside} from './outside.js';
import {type SessionLog} from './session-log.js';

/**
Save under its name. One of that name is overwritten only when `replaces` says so; one called `replaces` otherwise is renamed, and stays the default if it was.

@throws UserError for a name or a consortium that cannot be saved, or a name that is taken.
*/
export async function saveConsortium(
	{change}: Outside,
	consortium: SavedConsortium,
	replaces: string | null,
): Promise<void> {
	const {name} = consortium;
	assertGoodName(name);
	const whole = readConsortium(consortium);

	await change(config => {
		const isSaved = (each: string) => Object.hasOwn(config.consortiums, each);

		if (isSaved(name) && replaces !== name) {
			throw new UserError(
				`A consortium called "${name}" exists.`,
				'Choose another name, or change that one.',
			);
		}

		const oldName = replaces !== null && isSaved(replaces) ? replaces : name;
		return withConsortium(config, whole, oldName);
	});
}

/**
@throws UserError for the built-in one, and for one that is not there.
*/
export async function removeConsortium(
	{change}: Outside,
	name: string,
): Promise<void> {
	assertNotReserved(name, 'It cannot be removed.');
	await change(config => {
		findConsortium(config, name);
		return withoutConsortium(config, name);
	});
}

/**
@throws UserError for one that is not there.
*/
export async function makeDefault(
	{change}: Outside,
	name: string,
): Promise<void> {
	await change(config => {
		findConsortium(config, name);
		return {...config, default: name};
	});
}

/**
What is wrong with a consortium, what is odd about it, and what an ordinary question would cost. No server is asked anything.
*/
export async function checkConsortium(
	{folders, world, look, suggested}: Outside,
	log: SessionLog,
	consortium: SavedConsortium,
): Promise<Check> {
	const {problems, warnings, forecast} = await check(
		async () => {
			const {config, ring, models} = await look();
			const given = readConsortium(consortium);
			const saved = savedConsortiums(config);
			nestedIn(given, saved);
			const keys = keysOn(ring);
			const {find, loadPrices, findEmbedder} = await models();

			return {
				consortium: withArbiter(given, keys, saved),
				consortiums: knownConsortiums(config, keys),
				isOwn: [demo, ...suggested].every(
					each => !isDeepStrictEqual(each, consortium),
				),
				warnings: warningsOf(given),
				find: async name => find(name),
				loadPrices,
				findEmbedder,
			};
		},
		{
			folder: folders.config,
			world,
			readHistory: async (whole, consortiums) =>
				log.read(async open => {
					const {usageHistory} = await import('../../store/usage-history.js');
					return usageHistory(open, whole, consortiums);
				}),
		},
	);

	return {
		problems: problems.map(({message, hint}) => `${message} ${hint}`.trim()),
		warnings,
		forecast,
	};
}
