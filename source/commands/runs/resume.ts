import path from 'node:path';
import {foldersOf} from '../../config/folders.js';
import {restoreConversation} from '../../core/conversation.js';
import {assertResumable} from '../../core/resume.js';
import {type RunState} from '../../core/run-state.js';
import {type SavedConsortium} from '../../core/consortium.js';
import {type Templates} from '../../core/template.js';
import {UserError} from '../../core/user-error.js';
import {readTemplates} from '../../prompts.js';
import {castOf} from '../../providers/cast.js';
import {claimRun} from '../../store/claim.js';
import {type Log} from '../../store/log.js';
import {readRun} from '../../store/pictures.js';
import {templatesOf} from '../../store/templates.js';
import {type Place} from '../command.js';
import {keysOn} from '../key-ring.js';
import {knownConsortiums} from '../known-consortiums.js';
import {limitsFrom} from '../consortium-flags.js';
import {performRun} from '../perform-run.js';
import {type DoingFlags} from './doing-flags.js';
import {withFound} from './found.js';

/**
Let a run that was killed, cancelled or limited go on as the same run: what was answered is kept, only what is missing is asked.

@throws UserError when it is not there, still runs, ended by itself, or was limited by a budget that is no higher now.
*/
export async function resume(
	idOrPrefix: string,
	flags: DoingFlags,
	place: Place,
): Promise<number> {
	return withFound(
		idOrPrefix,
		{place, deed: 'resumed'},
		async ({log, runId, readChain, ...setting}) => {
			// From here on nobody else goes on with it.
			const release = claimRun(log, runId, {isForced: flags.force});
			let hasBegun = false;

			try {
				const {world, models} = setting;
				const chain = await readChain();
				const run = chain.at(-1)!;
				assertResumable(run);
				const {consortium: before, conversationId, prompt} = run.start!;
				const consortium = {
					...before,
					limits: limitsFrom(flags, before.limits),
				};
				assertFunded(run, consortium);
				const consortiums = knownConsortiums(
					setting.config,
					keysOn(setting.ring),
				);

				return await performRun(
					{
						consortium,
						prompt,
						cast: await castOf(
							{...consortium, members: speakersOf(run, consortium)},
							models,
							consortiums,
						),
						consortiums,
						models,
						templates: templatesThen(log, run, place),
						isOwn: true,
						conversation: restoreConversation(world, conversationId, chain),
						from: {kind: 'resume', run, redo: []},
						recalled: readRun(log, runId).events,
						onBegun() {
							hasBegun = true;
						},
					},
					{...flags, noLog: false},
					{place, ...setting},
				);
			} finally {
				if (!hasBegun) {
					release();
				}
			}
		},
	);
}

/**
The members with the models that speak for them now, where some were swapped.
*/
function speakersOf(
	{calls}: RunState,
	{members}: SavedConsortium,
): SavedConsortium['members'] {
	const swapped = calls
		.values()
		.filter(({start}) => start.purpose === 'answer')
		.map(({start: {callId, model}}) => ({slot: callId, model, count: 1}));

	return [...members, ...swapped];
}

/**
The words the run was begun with, as far as the log has them.
*/
function templatesThen(
	log: Log,
	{start}: RunState,
	{environment}: Place,
): Templates {
	return {
		...readTemplates(path.join(foldersOf(environment).config, 'prompts')),
		...templatesOf(log, start!.templates),
	};
}

/**
A run that came to the end of its budget comes there again at once.
*/
function assertFunded(
	{result, start}: RunState,
	{limits: {budgetUsd}}: SavedConsortium,
): void {
	const before = start!.consortium.limits.budgetUsd;

	if (
		result?.status === 'limited' &&
		before !== null &&
		budgetUsd === before &&
		result.reasons[0]?.startsWith('The budget') === true
	) {
		throw new UserError(
			`The run ended at its budget. ${result.reasons[0]}`,
			'Give it more in all with --budget, or none.',
		);
	}
}
