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
import {readChainTo} from '../../store/chains.js';
import {claimRun} from '../../store/claim.js';
import {findId} from '../../store/find-id.js';
import {type Log} from '../../store/log.js';
import {runEvents} from '../../store/run-events.js';
import {templatesOf} from '../../store/templates.js';
import {createWorld} from '../../world.js';
import {type Place} from '../command.js';
import {limitsFrom} from '../consortium-flags.js';
import {keyRing} from '../key-ring.js';
import {loadConfig} from '../load-config.js';
import {openModels} from '../open-models.js';
import {performRun} from '../perform-run.js';
import {withLog} from '../with-log.js';
import {type DoingFlags} from './doing-flags.js';
import {assertLogged, noLogYet} from './found.js';

/**
Let a run that was killed, cancelled or limited go on as the same run: what was answered is kept, only what is missing is asked.

@throws UserError when it is not there, still runs, ended by itself, or was limited by a budget that is no higher now.
*/
export async function resume(
	idOrPrefix: string,
	flags: DoingFlags,
	place: Place,
): Promise<number> {
	assertLogged(place);
	const config = await loadConfig(place);
	const code = await withLog(place, async log => {
		const world = createWorld();
		const runId = findId(log, 'consortium_runs', idOrPrefix);
		const chain = await readChainTo(log, runId);
		const run = chain.at(-1)!;
		assertResumable(run);
		const {start} = run;
		const consortium = {
			...start!.consortium,
			limits: limitsFrom(flags, start!.consortium.limits),
		};
		assertFunded(run, consortium);
		const ring = await keyRing(place, config);
		const {environment} = place;
		const models = openModels(config, {environment, ring, world});
		const cast = await castOf(
			{...consortium, members: speakersOf(run, consortium)},
			models,
		);
		const release = claimRun(log, runId, {isForced: flags.force});
		let hasBegun = false;

		try {
			return await performRun(
				{
					consortium,
					prompt: start!.prompt,
					cast,
					models,
					templates: templatesThen(log, run, place),
					isOwn: true,
					conversation: restoreConversation(
						world,
						start!.conversationId,
						chain,
					),
					from: {kind: 'resume', run, redo: []},
					recalled: runEvents(log, runId),
					onBegun() {
						hasBegun = true;
					},
				},
				{...flags, noLog: false},
				{place, config, ring, world},
			);
		} finally {
			if (!hasBegun) {
				release();
			}
		}
	});

	if (code === null) {
		throw noLogYet();
	}

	return code;
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
			`The run ended at its budget of $${before}.`,
			`Give it more in all: --budget ${Number((before * 2).toPrecision(6))}, or none.`,
		);
	}
}
