import {keptAside, type Config} from '../config/config.js';
import {findConsortium} from '../config/consortiums.js';
import {foldersOf} from '../config/folders.js';
import {type SavedConsortium} from '../core/consortium.js';
import {type Consortiums} from '../core/nesting.js';
import {UserError} from '../core/user-error.js';
import {type World} from '../core/world.js';
import {withArbiter} from '../providers/default-arbiter.js';
import {type Models} from '../providers/resolve.js';
import {type Place} from './command.js';
import {consortiumFrom, type ConsortiumFlags} from './consortium-flags.js';
import {unconfigured} from './defaults.js';
import {keysOn, type KeyRing} from './key-ring.js';
import {knownConsortiums, savedConsortiums} from './known-consortiums.js';
import {openModels} from './open-models.js';
import {warningsOf} from './warnings.js';

export type Chosen = {
	readonly consortium: SavedConsortium;
	readonly models: Models;

	/**
	Those that its members and arbiters may name.
	*/
	readonly consortiums: Consortiums;

	/**
	Somebody chose its members. Nobody is warned of the choice made here.
	*/
	readonly isOwn: boolean;
	readonly warnings: readonly string[];
};

/**
The consortium a command is to use, with its arbiter, and the models to call it with: the named one, else the one of the conversation that goes on, else the default one, else what the flags make, else what there is a key or a local server for. Flags override what is saved.

@throws UserError for an unknown name, a bad flag, or when there is no model to ask.
*/
export async function chooseConsortium(
	flags: ConsortiumFlags,
	{
		config,
		ring,
		place,
		world,
		continued = null,
	}: {
		/**
		What the conversation that goes on has asked so far, which comes before the default one.
		*/
		readonly continued?: SavedConsortium | null;
		readonly config: Config;
		readonly ring: KeyRing;
		readonly place: Place;
		readonly world: World;
	},
): Promise<Chosen> {
	const {environment} = place;
	const models = openModels(config, {environment, ring, world});
	const keys = keysOn(ring);
	const name =
		flags.consortium ??
		(flags.model.length === 0 && !continued ? config.default : null);
	const isOwn = name !== null || continued !== null || flags.model.length > 0;

	if (!isOwn) {
		assertNothingLost(place);
	}

	const base =
		name === null
			? (continued ??
				(isOwn ? null : await unconfigured(keys, models.findLocalModels)))
			: findConsortium(config, name);

	const given = await consortiumFrom(flags, base, {
		// Other members make another consortium of the one that went on.
		name:
			base && !(flags.model.length > 0 && base === continued)
				? base.name
				: 'unsaved',
		config,
	});

	return {
		consortium: withArbiter(given, keys, savedConsortiums(config)),
		models,
		consortiums: knownConsortiums(config, keys),
		isOwn,
		warnings: isOwn ? warningsOf(given) : [],
	};
}

/**
Whoever had a configuration did not ask for the choice made without one.

@throws UserError when the configuration was put aside.
*/
function assertNothingLost({environment}: Pick<Place, 'environment'>): void {
	const kept = keptAside(foldersOf(environment).config);

	if (kept !== null) {
		throw new UserError(
			`The configuration was damaged and is kept as ${kept}, so that nothing is known of your default consortium: nothing was called.`,
			'Correct it and move it back to config.json, or remove it; or name what to ask with -m or -C.',
		);
	}
}
