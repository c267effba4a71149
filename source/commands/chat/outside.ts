import {statSync} from 'node:fs';
import {changeConfig, readConfig, type Config} from '../../config/config.js';
import {pathOf} from '../../config/conf-file.js';
import {foldersOf, type Folders} from '../../config/folders.js';
import {readKeys} from '../../config/keys.js';
import {type SavedConsortium} from '../../core/consortium.js';
import {type World} from '../../core/world.js';
import {type Models} from '../../providers/resolve.js';
import {createWorld} from '../../world.js';
import {type Place} from '../command.js';
import {type ConsortiumFlags} from '../consortium-flags.js';
import {type ConversationFlags} from '../conversation-flags.js';
import {keyRing, type KeyRing} from '../key-ring.js';

export type ServiceFlags = ConsortiumFlags &
	Pick<ConversationFlags, 'noCacheMarkers' | 'warmCache' | 'trustCommands'> & {
		readonly noLog: boolean;
	};

/**
What is configured at one moment.
*/
export type Configured = {
	readonly config: Config;
	readonly ring: KeyRing;

	/**
	The same ones for as long as nothing changes, so that they share their limits and connections.
	*/
	readonly models: () => Promise<Models>;
};

/**
Where the services of the app work, and what they share.
*/
export type Outside = {
	readonly place: Place;
	readonly flags: ServiceFlags;
	readonly folders: Folders;
	readonly world: World;

	/**
	Consortiums that were made for the person, who is not warned of them.
	*/
	readonly suggested: SavedConsortium[];

	/**
	Tell the person, in a sentence.
	*/
	readonly onNotice: (text: string) => void;

	/**
	The configuration and the keys as they are now. Files that did not change are not read again; what there is to say about them is said once.

	@throws UserError when they cannot be read.
	*/
	readonly look: (tell?: (text: string) => void) => Promise<Configured>;

	/**
	Change the configuration that is in the file at this moment.

	@throws UserError when it cannot be read or written.
	*/
	readonly change: (change: (config: Config) => Config) => Promise<void>;
};

type Looked = Configured & {readonly notices: readonly string[]};

export function createOutside(
	place: Place,
	flags: ServiceFlags,
	onNotice: (text: string) => void,
): Outside {
	const {environment} = place;
	const folders = foldersOf(environment);
	const world = createWorld();
	const told = new Set<string>();
	let last: {stamp: string; looked: Promise<Looked>} | null = null;

	return {
		place,
		flags,
		folders,
		world,
		suggested: [],
		onNotice,
		async look(tell = onNotice) {
			const stamp = stampOf(folders.config);

			if (last?.stamp !== stamp) {
				last = {stamp, looked: lookAt(folders.config, place, world)};
			}

			try {
				const looked = await last.looked;

				for (const notice of looked.notices) {
					if (!told.has(notice)) {
						told.add(notice);
						tell(notice);
					}
				}

				return looked;
			} catch (error) {
				last = null;
				throw error;
			}
		},
		async change(change) {
			for (const notice of await changeConfig(folders.config, change)) {
				onNotice(notice);
			}
		},
	};
}

async function lookAt(
	folder: string,
	place: Place,
	world: World,
): Promise<Looked> {
	const {environment} = place;
	const {config, notices} = await readConfig(folder);
	const ring = await keyRing(place, config);
	let models: Models | null = null;

	return {
		config,
		ring,
		notices: [...notices, ...(await readKeys(folder)).notices],
		async models() {
			const {openModels} = await import('../open-models.js');
			models ??= openModels(config, {environment, ring, world});
			return models;
		},
	};
}

/**
What differs whenever one of the files was written or replaced.
*/
function stampOf(folder: string): string {
	return (['config', 'keys'] as const)
		.map(name => {
			const found = statSync(pathOf({folder, name}), {throwIfNoEntry: false});
			return found ? [found.ino, found.mtimeMs, found.size].join(' ') : 'none';
		})
		.join(', ');
}
