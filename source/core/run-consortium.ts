import {Abort} from './abort.js';
import {askArbiter} from './arbiter-call.js';
import {conclude, type Ending} from './conclude.js';
import {instancesOf, type SavedConsortium} from './consortium.js';
import {createConversation, type Conversation} from './conversation.js';
import {type RunEvent, type RunEventBody} from './events.js';
import {type RunResult} from './result.js';
import {forecastUsd, spentUsd, watchDeadline, type Deadline} from './limits.js';
import {answeredCount, askMember, memberMessages} from './member-call.js';
import {merge} from './merge.js';
import {type Model} from './model.js';
import {fnv1a32} from './random.js';
import {obstacles} from './preflight.js';
import {createRunControl, type RunControl} from './run-control.js';
import {emptyRun, foldRun} from './run-state.js';
import {strategyOf} from './strategies/known.js';
import {type Step, type Strategy} from './strategy.js';
import {type Templates} from './template.js';
import {beginTurn as beginTranscriptTurn} from './transcript.js';
import {type Turn} from './turn.js';
import {type World} from './world.js';

export type RunOptions = {
	/**
	By the model's name in the configuration, arbiters included.
	*/
	readonly models: ReadonlyMap<string, Model>;
	readonly templates: Templates;
	readonly world: World;
	readonly signal: AbortSignal;
	readonly control?: RunControl;

	/**
	The conversation this question belongs to; a new one when left out.
	*/
	readonly conversation?: Conversation;

	/**
	Instead of the strategy the consortium names.
	*/
	readonly strategy?: Strategy;
};

/**
Put one question to a consortium: ask every instance, let the arbiter weigh the answers, and repeat as its strategy decides.

Yields every event and returns the result, which `run-end` carries too. What a model does is an event, never a throw. When `signal` aborts, every open call ends as cancelled and the run ends. Leaving the loop early aborts every request and says nothing more.

@throws UserError before anything is called: an unknown strategy, an option that a model refuses, a budget over unknown prices.
*/
export async function* runConsortium(
	consortium: SavedConsortium,
	prompt: string,
	options: RunOptions,
): AsyncGenerator<RunEvent, RunResult, void> {
	const {models, world} = options;
	const [obstacle] = obstacles(consortium, models);

	if (obstacle) {
		throw obstacle;
	}

	const leaving = new AbortController();

	try {
		const deadline = watchDeadline(
			consortium.limits.timeoutSeconds,
			world,
			leaving.signal,
		);
		const turn = beginTurn(consortium, prompt, {
			...options,
			signal: AbortSignal.any([
				options.signal,
				leaving.signal,
				deadline.signal,
			]),
		});
		const {run, conversation, control} = turn;
		const runId = world.newId();
		let seq = 0;

		const note = (body: RunEventBody): RunEvent => {
			const event = {...body, runId, seq: seq++, t: world.now()};
			foldRun(run, event);
			return event;
		};

		yield note(runStart(turn, runId));
		let ending: Ending | null = null;

		while (ending === null) {
			const step = turn.strategy.next(run);
			ending = endingOf(turn, step, deadline);

			if (ending !== null || step.type === 'stop') {
				continue;
			}

			yield note(decision(turn, step.type, step.reason));

			for await (const body of take(turn, step)) {
				for (const verb of control.takeNotes()) {
					yield note(verb);
				}

				yield note(body);
			}
		}

		yield note(decision(turn, 'stop', ending.reason));
		const {result, finalCallId} = conclude(run, ending, world.now());
		yield note({type: 'run-end', finalCallId, result});

		conversation.previousRunId = runId;

		if (result.answer !== null) {
			conversation.thread.push({question: prompt, answer: result.answer});
		}

		return result;
	} finally {
		leaving.abort(new Abort('person'));
	}
}

function beginTurn(
	consortium: SavedConsortium,
	prompt: string,
	options: RunOptions,
): Turn {
	const {models, templates, world, signal} = options;
	const conversation = options.conversation ?? createConversation(world);
	const instances = instancesOf(consortium);
	conversation.turn++;

	for (const instance of instances) {
		beginTranscriptTurn(conversation.transcriptOf(instance));
	}

	return {
		consortium,
		instances,
		models,
		conversation,
		prompt,
		templates,
		strategy:
			options.strategy ??
			strategyOf(consortium).create({
				consortium,
				templates,
				thread: [...conversation.thread],
			}),
		world,
		control: options.control ?? createRunControl(),
		signal,
		run: emptyRun(),
	};
}

function runStart(turn: Turn, runId: string): RunEventBody {
	const {consortium, instances, conversation, prompt, templates, models} = turn;

	return {
		type: 'run-start',
		conversationId: conversation.id,
		turn: conversation.turn,
		previousRunId: conversation.previousRunId,
		kind: 'ask',
		derivedFrom: null,
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
		simulated: models.values().some(({isSimulated}) => isSimulated),
		seed: fnv1a32(runId),
		templates: Object.fromEntries(
			Object.entries(templates).map(([name, {hash}]) => [name, hash]),
		),
	};
}

function decision(
	{run, strategy}: Turn,
	action: 'ask' | 'judge' | 'stop',
	reason: string,
): RunEventBody {
	return {
		type: 'decision',
		iteration: run.iterations.length,
		strategy: strategy.name,
		action,
		reason,
	};
}

/**
Whether the run is over: because somebody aborted it, because the strategy says so, or because a limit forbids the next step.
*/
function endingOf(turn: Turn, step: Step, deadline: Deadline): Ending | null {
	if (turn.signal.aborted) {
		return {kind: 'aborted', signal: turn.signal, reason: 'The run was ended.'};
	}

	if (step.type === 'stop') {
		return {kind: step.stop, reason: step.reason};
	}

	const {timeoutSeconds, budgetUsd} = turn.consortium.limits;

	if (deadline.isOver()) {
		return {
			kind: 'limit',
			reason: `The time limit of ${timeoutSeconds} s was reached.`,
		};
	}

	if (budgetUsd !== null) {
		const spent = spentUsd(turn.run, turn.models);
		const next = priceOf(turn, step);

		if (spent + next > budgetUsd) {
			return {
				kind: 'limit',
				reason: `The budget of $${budgetUsd} would be exceeded: $${spent.toFixed(4)} so far, and the next calls are expected to cost $${next.toFixed(4)} more.`,
			};
		}
	}

	return null;
}

function priceOf(turn: Turn, step: Exclude<Step, {type: 'stop'}>): number {
	const {models, consortium, instances} = turn;

	const costs =
		step.type === 'ask'
			? step.ask.map(ask => {
					const {transcript, parts} = memberMessages(turn, ask);
					const {model, options} = instances.find(
						({id}) => id === ask.instance,
					)!;
					return forecastUsd(
						models.get(model)!,
						JSON.stringify([ask.system, transcript.messages, parts]).length,
						options['maxTokens'],
					);
				})
			: step.judge.map(({brief}) => {
					const {model, options} = consortium.arbiters[0]!;
					return forecastUsd(
						models.get(model)!,
						turn.templates.arbiter.text.length + brief.message.join('').length,
						options?.['maxTokens'],
					);
				});

	return costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
}

async function* take(
	turn: Turn,
	step: Exclude<Step, {type: 'stop'}>,
): AsyncGenerator<RunEventBody, void, void> {
	const current = turn.run.iterations.at(-1);

	if (step.type === 'judge') {
		for (const judge of step.judge) {
			yield* askArbiter(turn, judge, current!.iteration);
		}

		return;
	}

	let iteration = current?.iteration ?? 0;

	if (!current || current.verdicts.length > 0) {
		iteration++;
		yield {
			type: 'iteration-start',
			iteration,
			instances: step.ask.map(({instance}) => instance),
		};
	}

	const {until} = step;
	const over = new AbortController();
	let isWaiting = false;

	const letGo = async (graceMs: number) => {
		await turn.world.sleep(
			graceMs,
			AbortSignal.any([turn.signal, over.signal]),
		);

		if (!over.signal.aborted) {
			turn.control.letGo('strategy');
		}
	};

	try {
		for await (const body of merge(
			step.ask.map(ask => askMember(turn, ask, iteration)),
		)) {
			yield body;

			if (
				until &&
				!isWaiting &&
				body.type === 'call-end' &&
				answeredCount(turn) >= until.quorum
			) {
				isWaiting = true;
				void letGo(until.graceMs);
			}
		}
	} finally {
		over.abort();
	}
}
