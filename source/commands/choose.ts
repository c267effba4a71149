import {type Config} from '../config/config.js';
import {findConsortium} from '../config/consortiums.js';
import {type SavedConsortium} from '../core/consortium.js';
import {type World} from '../core/world.js';
import {withArbiter} from '../providers/default-arbiter.js';
import {type Models} from '../providers/resolve.js';
import {type Place} from './command.js';
import {consortiumFrom, type ConsortiumFlags} from './consortium-flags.js';
import {unconfigured} from './defaults.js';
import {keysOn, type KeyRing} from './key-ring.js';
import {openModels} from './open-models.js';

/**
The consortium a command is to use, with its arbiter, and the models to call it with: the named one, else the default one, else what the flags make, else what there is a key or a local server for. Flags override what is saved.

@throws UserError for an unknown name, a bad flag, or when there is no model to ask.
*/
export async function chooseConsortium(
	flags: ConsortiumFlags,
	{
		config,
		ring,
		place,
		world,
	}: {
		readonly config: Config;
		readonly ring: KeyRing;
		readonly place: Place;
		readonly world: World;
	},
): Promise<{readonly consortium: SavedConsortium; readonly models: Models}> {
	const {environment} = place;
	const models = openModels(config, {environment, ring, world});
	const keys = keysOn(ring);
	const name =
		flags.consortium ?? (flags.model.length === 0 ? config.default : null);
	const base =
		name === null
			? flags.model.length === 0
				? await unconfigured(keys, models.findLocalModels)
				: null
			: findConsortium(config, name);

	return {
		consortium: withArbiter(
			await consortiumFrom(flags, base, {
				name: base?.name ?? 'unsaved',
				config,
			}),
			keys,
		),
		models,
	};
}
