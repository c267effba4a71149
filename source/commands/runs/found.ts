import {type Config} from '../../config/config.js';
import {foldersOf} from '../../config/folders.js';
import {type RunState} from '../../core/run-state.js';
import {UserError} from '../../core/user-error.js';
import {type World} from '../../core/world.js';
import {type Models} from '../../providers/resolve.js';
import {readChainTo} from '../../store/chains.js';
import {findId} from '../../store/find-id.js';
import {assertOwnRun} from '../../store/found-runs.js';
import {isLogOn} from '../../store/log-switch.js';
import {type Log} from '../../store/log.js';
import {createWorld} from '../../world.js';
import {type Place} from '../command.js';
import {keyRing, type KeyRing} from '../key-ring.js';
import {loadConfig} from '../load-config.js';
import {openModels} from '../open-models.js';
import {withLog} from '../with-log.js';

/**
A run of the log, and all that it takes to do something with it.
*/
export type Found = {
	readonly log: Log;
	readonly runId: string;

	/**
	The runs of its conversation up to it, as they are at this moment; it is the last.
	*/
	readonly readChain: () => Promise<readonly RunState[]>;
	readonly config: Config;
	readonly ring: KeyRing;
	readonly models: Models;
	readonly world: World;
};

/**
Do something with a run that is in the log, by its id or the beginning of it; `deed` is what is done with it, as in "cannot be resumed".

@throws UserError when it is not there or was imported, and when logging is switched off: what is made of a run in the log belongs there too.
*/
export async function withFound(
	idOrPrefix: string,
	{place, deed}: {readonly place: Place; readonly deed: string},
	work: (found: Found) => Promise<number>,
): Promise<number> {
	const {environment} = place;

	if (!isLogOn(foldersOf(environment).data)) {
		throw new UserError(
			'Logging is switched off, and what comes of a run in the log could not be kept.',
			'Switch it on: consortium-tui logs on',
		);
	}

	const config = await loadConfig(place);
	const ring = await keyRing(place, config);
	const world = createWorld();
	const code = await withLog(place, async log => {
		assertOwnRun(log, idOrPrefix, deed);
		const runId = findId(log, 'consortium_runs', idOrPrefix);

		return work({
			log,
			runId,
			readChain: async () => readChainTo(log, runId),
			config,
			ring,
			models: openModels(config, {environment, ring, world}),
			world,
		});
	});

	if (code === null) {
		throw noLogYet();
	}

	return code;
}

export function noLogYet(): UserError {
	return new UserError('There is no log yet, so no run in it.');
}
