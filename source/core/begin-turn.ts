import {createAllowance} from './allowance.js';
import {cachingDefaults} from './caching.js';
import {type Instance, type SavedConsortium} from './consortium.js';
import {withClosingLine} from './closing-line.js';
import {createConversation, type Conversation} from './conversation.js';
import {
	inherit,
	instancesFor,
	judgingOnce,
	type Inheritance,
} from './derive.js';
import {type RunEventBody, type RunKind} from './events.js';
import {spentUsd, type Deadline} from './limits.js';
import {memberSystem} from './member-system.js';
import {createInlet} from './merge.js';
import {type Model} from './model.js';
import {nestedModels, type RunIn} from './nested.js';
import {nestedAs, noConsortiums, wholeOf} from './nesting.js';
import {noObserver} from './observation.js';
import {createOpenCalls} from './open-calls.js';
import {obstacles, unpricedEmbeddings} from './preflight.js';
import {fnv1a32} from './random.js';
import {methodOf, systemOfJudge} from './judging/replies.js';
import {type RunOptions} from './run-options.js';
import {assertResumable} from './resume.js';
import {emptyRun, type RunState} from './run-state.js';
import {noRoles, roleTextOf} from './roles.js';
import {assigned, strategyOf} from './strategies/known.js';
import {rolesOf} from './strategies/role.js';
import {type Strategy, type StrategyContext} from './strategy.js';
import {type Templates} from './template.js';
import {findNone, modelFor} from './swap.js';
import {UserError} from './user-error.js';
import {type Turn} from './turn.js';

/**
Everything a run needs, and what it inherits from the run it is made from. Whatever forbids the run is found before anything is changed.

@throws UserError
*/
export async function beginTurn(
	consortium: SavedConsortium,
	prompt: string,
	options: RunOptions,
	{deadline, run: runIn}: {readonly deadline: Deadline; readonly run: RunIn},
): Promise<{readonly turn: Turn; readonly inheritance: Inheritance | null}> {
	const {world, templates, from, signal, findModel = findNone} = options;
	const purse = options.purse ?? null;
	const observer = options.observer ?? noObserver;
	await assertPossible(consortium, {...options, observer});

	const redo = from?.kind === 'retry' ? from.redo : [];
	const conversation = options.conversation ?? createConversation(world);
	const number = from?.run.start?.turn ?? conversation.turn + 1;
	const resumed =
		from?.kind === 'resume' ? resumable(from.run, conversation) : null;
	const instances = resumed
		? instancesIn(resumed)
		: instancesFor(speakersOf(consortium, conversation.id, options), redo);
	const context: StrategyContext = {
		consortium,
		instances,
		templates,
		thread: conversation.thread.filter(({turn}) => turn < number),
	};
	const kind = kindOf(from);
	const inheritance =
		from && !resumed
			? inherit(
					{...from, redo},
					{prompt, conversation, context, strategy: options.strategy},
				)
			: null;
	const models = await allModels(
		kind === 'rearbitrate' ? [] : instances,
		consortium,
		{
			...options,
			findModel,
		},
	);

	const run = resumed ?? emptyRun();
	const allowance = createAllowance({
		budgetUsd: consortium.limits.budgetUsd,
		spentUsd: spentUsd(run, models),
		purse,
		deadline,
		outer: options.allowance ?? null,
	});
	const nested = await nestedModels(consortium, {
		run: runIn,
		options,
		allowance,
	});

	conversation.turn = number;

	if (inheritance) {
		conversation.forget(number, inheritance.callIds);
	}

	return {
		inheritance,
		turn: {
			consortium,
			instances,
			models: new Map([...models, ...nested]),
			findModel,
			conversation,
			thread: context.thread,
			prompt,
			templates,
			strategy: strategyFor(context, options),
			world,
			signal,
			allowance,
			purse,
			caching: {...cachingDefaults, ...options.caching},
			run,
			calls: createOpenCalls(),
			waiting: new Set(),
			inlet: createInlet(),
			observer,
		},
	};
}

/**
@throws UserError for what forbids the run, be it inside of it.
*/
async function assertPossible(
	consortium: SavedConsortium,
	{
		models,
		observer,
		purse,
		consortiums = noConsortiums,
	}: RunOptions & Pick<Turn, 'observer'>,
): Promise<void> {
	const whole = wholeOf(consortium, consortiums);
	const unpriced = await unpricedEmbeddings(whole, observer);
	const [obstacle] = obstacles(consortium, models, {
		purse: purse ?? null,
		unpriced,
	});

	if (obstacle) {
		throw obstacle;
	}
}

/**
Everyone who will answer, each with the role it is given.

@throws UserError for a role nobody knows.
*/
function speakersOf(
	consortium: SavedConsortium,
	conversationId: string,
	{roles = noRoles}: Pick<RunOptions, 'roles'>,
): Instance[] {
	// A mistake shows at once, also in a role that nobody is given this time.
	for (const role of rolesOf(consortium)) {
		roleTextOf({role}, roles);
	}

	return assigned(consortium, conversationId).map(instance => ({
		...instance,
		roleText: roleTextOf(instance, roles),
	}));
}

/**
The models of the configuration, and those that are swapped in from the start.
*/
async function allModels(
	instances: readonly Instance[],
	consortium: SavedConsortium,
	{
		models,
		findModel,
		from,
		consortiums = noConsortiums,
		purse,
	}: RunOptions & Pick<Turn, 'findModel'>,
): Promise<Map<string, Model>> {
	const all = new Map(models);
	const isSimulated = simulates(all) || from?.run.start?.simulated === true;

	for (const instance of instances) {
		const {model} = instance;

		if (!all.has(model) && !nestedAs(model, consortium, consortiums)) {
			all.set(
				model,
				await modelFor(model, instance, {
					consortium,
					models: all,
					findModel,
					isSimulated,
					purse: purse ?? null,
				}),
			);
		}
	}

	return all;
}

const simulates = (models: ReadonlyMap<string, Model>) =>
	models.values().some(({isSimulated}) => isSimulated);

/**
The picture of a run as it was left, for the engine to go on with.

@throws UserError when it cannot go on.
*/
function resumable(run: RunState, conversation: Conversation): RunState {
	assertResumable(run);

	if (
		run.start!.conversationId !== conversation.id ||
		run.runId !== conversation.previousRunId
	) {
		throw new UserError(
			'Only the latest run of a conversation can be resumed.',
			'Put the question anew.',
		);
	}

	return structuredClone(run);
}

/**
Who answered in a run, swapped models in their places.
*/
function instancesIn({start, calls}: RunState): Instance[] {
	return start!.instances.map(({transcriptId, standing, ...instance}) => ({
		...instance,
		model:
			calls
				.values()
				.toArray()
				.findLast(
					call =>
						call.start.speaker === instance.id && call.carriedFrom === null,
				)?.start.model ?? instance.model,
	}));
}

/**
How a run came to be, also when it is resumed now.
*/
function kindOf(from: RunOptions['from']): RunKind {
	return from?.kind === 'resume'
		? (from.run.start?.kind ?? 'ask')
		: (from?.kind ?? 'ask');
}

const keyOf = (instance: Instance, templates: Templates) => ({
	...instance,
	system: memberSystem(instance, templates),
});

function strategyFor(
	context: StrategyContext,
	{
		from,
		strategy,
		isMember,
	}: Pick<RunOptions, 'from' | 'strategy' | 'isMember'>,
) {
	if (kindOf(from) === 'rearbitrate') {
		return judgingOnce(context, strategy);
	}

	const own = strategy ?? strategyOf(context);
	return untilWanted(isMember ? withClosingLine(own, context) : own);
}

/**
The same strategy until a person wants the answer now: then the verdict on what is there is the last.
*/
function untilWanted(strategy: Strategy): Strategy {
	return {
		...strategy,
		next(run) {
			const step = strategy.next(run);
			const isJudged = (run.iterations.at(-1)?.verdicts.length ?? 0) > 0;

			return step.type === 'ask' && isJudged && run.isAnswerWanted
				? {
						type: 'stop',
						stop: 'exhausted',
						reason: 'The answer was wanted now.',
					}
				: step;
		},
	};
}

/**
The first event of a run.
*/
export function runStart(
	turn: Turn,
	runId: string,
	from: RunOptions['from'],
): RunEventBody {
	const {consortium, instances, conversation, prompt, templates, models} = turn;

	return {
		type: 'run-start',
		conversationId: conversation.id,
		turn: conversation.turn,
		previousRunId: conversation.previousRunId,
		kind: kindOf(from),
		derivedFrom: from?.run.runId ?? null,
		prompt,
		consortium,
		instances: instances.map(instance => ({
			...instance,
			transcriptId: conversation.transcriptOf(keyOf(instance, templates)).id,
			standing: conversation.standingOf(keyOf(instance, templates)),
		})),
		arbiters: consortium.arbiters.map(({model}, index) => {
			const id = `arbiter#${index + 1}`;
			const system = systemOfJudge(methodOf(consortium), templates);
			return {
				id,
				model,
				transcriptId: conversation.transcriptOf({id, model, system}).id,
			};
		}),
		simulated: simulates(models) || from?.run.start?.simulated === true,
		seed: fnv1a32(runId),
		templates: Object.fromEntries(
			Object.entries(templates).map(([name, {hash}]) => [name, hash]),
		),
	};
}
