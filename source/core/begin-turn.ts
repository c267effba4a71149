import {type Instance, type SavedConsortium} from './consortium.js';
import {createConversation, type Conversation} from './conversation.js';
import {
	inherit,
	instancesFor,
	judgingOnce,
	type Inheritance,
} from './derive.js';
import {type RunEventBody} from './events.js';
import {type Deadline} from './limits.js';
import {createInlet} from './merge.js';
import {type Model} from './model.js';
import {createOpenCalls} from './open-calls.js';
import {obstacles} from './preflight.js';
import {fnv1a32} from './random.js';
import {type RunOptions} from './run-options.js';
import {emptyRun} from './run-state.js';
import {strategyOf} from './strategies/known.js';
import {type Strategy, type StrategyContext} from './strategy.js';
import {findNone, modelFor} from './swap.js';
import {type Turn} from './turn.js';

/**
Everything a run needs, and what it inherits from the run it is made from. Whatever forbids the run is found before anything is changed.

@throws UserError
*/
export async function beginTurn(
	consortium: SavedConsortium,
	prompt: string,
	options: RunOptions,
	deadline: Deadline,
): Promise<{readonly turn: Turn; readonly inheritance: Inheritance | null}> {
	const {world, templates, from, signal, findModel = findNone} = options;
	const [obstacle] = obstacles(consortium, options.models);

	if (obstacle) {
		throw obstacle;
	}

	const redo = from?.kind === 'retry' ? from.redo : [];
	const conversation = options.conversation ?? createConversation(world);
	const number = from?.run.start?.turn ?? conversation.turn + 1;
	const context: StrategyContext = {
		consortium,
		templates,
		thread: conversation.thread.filter(({turn}) => turn < number),
	};
	const inheritance = from
		? inherit(
				{...from, redo},
				{prompt, conversation, context, strategy: options.strategy},
			)
		: null;
	const instances = instancesFor(consortium, redo);
	const models = await allModels(instances, consortium, {
		...options,
		findModel,
	});

	conversation.turn = number;

	if (inheritance) {
		forget(conversation, instances, inheritance);
	}

	return {
		inheritance,
		turn: {
			consortium,
			instances,
			models,
			findModel,
			conversation,
			thread: context.thread,
			prompt,
			templates,
			strategy: strategyFor(context, options),
			world,
			signal,
			deadline,
			run: emptyRun(),
			calls: createOpenCalls(),
			inlet: createInlet(),
		},
	};
}

/**
The models of the configuration, and those that are swapped in from the start.
*/
async function allModels(
	instances: readonly Instance[],
	consortium: SavedConsortium,
	{models, findModel, from}: RunOptions & Pick<Turn, 'findModel'>,
): Promise<Map<string, Model>> {
	const all = new Map(models);
	const isSimulated = simulates(all) || from?.run.start?.simulated === true;

	for (const instance of instances) {
		if (!all.has(instance.model)) {
			all.set(
				instance.model,
				await modelFor(instance.model, instance, {
					consortium,
					models: all,
					findModel,
					isSimulated,
				}),
			);
		}
	}

	return all;
}

const simulates = (models: ReadonlyMap<string, Model>) =>
	models.values().some(({isSimulated}) => isSimulated);

/**
Take back what was said in this turn and is not carried over.
*/
function forget(
	conversation: Conversation,
	instances: readonly Instance[],
	{callIds}: Inheritance,
): void {
	for (const instance of instances) {
		const transcript = conversation.transcriptOf(instance);
		transcript.exchanges = transcript.exchanges.filter(
			({turn, callId}) => turn < conversation.turn || callIds.has(callId),
		);
	}
}

function strategyFor(
	context: StrategyContext,
	{from, strategy}: Pick<RunOptions, 'from' | 'strategy'>,
) {
	return from?.kind === 'rearbitrate'
		? judgingOnce(context, strategy)
		: untilWanted(strategy ?? strategyOf(context.consortium).create(context));
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
		kind: from?.kind ?? 'ask',
		derivedFrom: from?.run.runId ?? null,
		prompt,
		consortium,
		instances: instances.map(instance => ({
			...instance,
			transcriptId: conversation.transcriptOf(instance).id,
		})),
		arbiters: consortium.arbiters.map(({model}, index) => {
			const id = `arbiter#${index + 1}`;
			const system = templates.arbiter.text.trim();
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
