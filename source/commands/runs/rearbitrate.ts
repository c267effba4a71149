import path from 'node:path';
import {foldersOf} from '../../config/folders.js';
import {restoreConversation} from '../../core/conversation.js';
import {UserError} from '../../core/user-error.js';
import {readTemplates} from '../../prompts.js';
import {castOf} from '../../providers/cast.js';
import {type Place} from '../command.js';
import {limitsFrom} from '../consortium-flags.js';
import {keysOn} from '../key-ring.js';
import {knownConsortiums} from '../known-consortiums.js';
import {judgingFrom} from '../strategy-flags.js';
import {arbitersFrom} from '../model-flags.js';
import {performRun} from '../perform-run.js';
import {type DoingFlags} from './doing-flags.js';
import {withFound} from './found.js';

/**
Let an arbiter judge the answers of a run once more, in a run derived from it. No member is called.

@throws UserError when the run is not there or has not ended, or when nobody answered in it.
*/
export async function rearbitrate(
	idOrPrefix: string,
	flags: DoingFlags,
	place: Place,
): Promise<number> {
	return withFound(
		idOrPrefix,
		{place, deed: 'judged again'},
		async ({readChain, config, world, models, ring}) => {
			const chain = await readChain();
			const run = chain.at(-1)!;
			const {consortium: before, prompt, conversationId} = run.start!;

			if (!run.result) {
				throw new UserError(
					`The run ${run.runId} has not ended.`,
					`If its process is gone: consortium-tui runs resume ${run.runId}`,
				);
			}

			const consortium = {
				...before,
				arbiters: arbitersFrom(flags, before.arbiters),
				judging: judgingFrom(flags.judging, before.judging),
				limits: limitsFrom(flags, before.limits),
			};

			const consortiums = knownConsortiums(config, keysOn(ring));

			return performRun(
				{
					consortium,
					prompt,
					cast: await castOf({...consortium, members: []}, models, consortiums),
					consortiums,
					models,
					templates: readTemplates(
						path.join(foldersOf(place.environment).config, 'prompts'),
					),
					isOwn: true,
					conversation: restoreConversation(world, conversationId, chain),
					from: {kind: 'rearbitrate', run, redo: []},
				},
				{...flags, noLog: false},
				{place, config, ring, world},
			);
		},
	);
}
