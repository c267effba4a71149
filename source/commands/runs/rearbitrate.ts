import path from 'node:path';
import {consortiumsOf} from '../../config/consortiums.js';
import {foldersOf} from '../../config/folders.js';
import {restoreConversation} from '../../core/conversation.js';
import {UserError} from '../../core/user-error.js';
import {readTemplates} from '../../prompts.js';
import {castOf} from '../../providers/cast.js';
import {readChainTo} from '../../store/chains.js';
import {findId} from '../../store/find-id.js';
import {createWorld} from '../../world.js';
import {type Place} from '../command.js';
import {judgingFrom, limitsFrom} from '../consortium-flags.js';
import {keyRing} from '../key-ring.js';
import {loadConfig} from '../load-config.js';
import {arbitersFrom} from '../model-flags.js';
import {openModels} from '../open-models.js';
import {performRun} from '../perform-run.js';
import {withLog} from '../with-log.js';
import {type DoingFlags} from './doing-flags.js';
import {assertLogged, noLogYet} from './found.js';

/**
Let an arbiter judge the answers of a run once more, in a run derived from it. No member is called.

@throws UserError when the run is not there or has not ended, or when nobody answered in it.
*/
export async function rearbitrate(
	idOrPrefix: string,
	flags: DoingFlags,
	place: Place,
): Promise<number> {
	assertLogged(place);
	const config = await loadConfig(place);
	const code = await withLog(place, async log => {
		const world = createWorld();
		const {environment} = place;
		const chain = await readChainTo(
			log,
			findId(log, 'consortium_runs', idOrPrefix),
		);
		const run = chain.at(-1)!;
		const {consortium: before, prompt, conversationId} = run.start!;

		if (!run.result) {
			throw new UserError(
				`The run ${run.runId} has not ended.`,
				`If its process is gone: consortium-tui runs resume ${run.runId}`,
			);
		}

		const ring = await keyRing(place, config);
		const models = openModels(config, {environment, ring, world});
		const consortium = {
			...before,
			arbiters: arbitersFrom(
				flags,
				before.arbiters,
				consortiumsOf(config).map(({name}) => name),
			),
			judging: judgingFrom(flags.judging, before.judging),
			limits: limitsFrom(flags, before.limits),
		};

		return performRun(
			{
				consortium,
				prompt,
				cast: await castOf({...consortium, members: []}, models),
				models,
				templates: readTemplates(
					path.join(foldersOf(environment).config, 'prompts'),
				),
				isOwn: true,
				conversation: restoreConversation(world, conversationId, chain),
				from: {kind: 'rearbitrate', run, redo: []},
			},
			{...flags, noLog: false},
			{place, config, ring, world},
		);
	});

	if (code === null) {
		throw noLogYet();
	}

	return code;
}
