import {Abort} from './abort.js';
import {admit} from './admit.js';
import {askArbiter} from './arbiter-call.js';
import {beginTurn, runStart} from './begin-turn.js';
import {conclude, type Ending} from './conclude.js';
import {type SavedConsortium} from './consortium.js';
import {settle} from './conversation.js';
import {asksOf, type Inheritance} from './derive.js';
import {type RunEvent, type RunEventBody} from './events.js';
import {grantStep} from './grants.js';
import {watchDeadline} from './limits.js';
import {answeredCount, giveBack, type Granted} from './member-call.js';
import {merge} from './merge.js';
import {createReach, type Reach} from './reach.js';
import {type RunResult} from './result.js';
import {missingStep, resumption} from './resume.js';
import {type RunOptions} from './run-options.js';
import {callsOf} from './answers.js';
import {foldRun} from './run-state.js';
import {type Step} from './strategy.js';
import {type Turn} from './turn.js';

type Patience = Extract<Step, {type: 'ask'}>['until'];

/**
Put one question to a consortium: ask every instance, let the arbiter weigh the answers, and repeat as its strategy decides.

Yields every event and returns the result, which `run-end` carries too. What a model does is an event, never a throw. When `signal` aborts, every open call ends as cancelled and the run ends. Leaving the loop early aborts every request and says nothing more.

@throws UserError before anything is called: an unknown strategy, an option that a model refuses, a budget over unknown prices, a run that cannot be made again.
*/
export async function* runConsortium(
	consortium: SavedConsortium,
	prompt: string,
	options: RunOptions,
): AsyncGenerator<RunEvent, RunResult, void> {
	const {world, control, from} = options;
	const leaving = new AbortController();

	try {
		const deadline = watchDeadline(
			consortium.limits.timeoutSeconds,
			world,
			leaving.signal,
		);
		const {turn, inheritance} = await beginTurn(
			consortium,
			prompt,
			{
				...options,
				signal: AbortSignal.any([
					options.signal,
					leaving.signal,
					deadline.signal,
				]),
			},
			deadline,
		);
		const {run, inlet} = turn;
		const reach = createReach(turn);
		const runId = run.start ? run.runId : world.newId();

		const note = (body: RunEventBody): RunEvent => {
			const event = {...body, runId, seq: run.nextSeq, t: world.now()};
			foldRun(run, event);
			return event;
		};

		control?.attach(reach.verbs);

		for (const body of beginning(turn, {runId, from, inheritance})) {
			yield note(body);
		}

		const asks = inheritance?.asks ?? asksBefore(turn, options);
		let inherited = inheritance
			? stepOf(inheritance)
			: missingStep(run, turn.strategy, asks);
		let patience: Patience;
		let ending: Ending | null = null;

		while (ending === null) {
			for await (const body of speak(turn, reach, patience)) {
				yield note(body);
			}

			const step: Step = inherited ?? turn.strategy.next(run);
			ending = endingOf(turn, step);

			if (ending !== null || step.type === 'stop') {
				continue;
			}

			const granted = grantStep(turn, step);

			if (typeof granted === 'string') {
				ending = {kind: 'limit', reason: granted};
				continue;
			}

			yield note(decision(turn, step.type, step.reason));

			// Who reached in meanwhile is heard first, and the strategy asked again.
			if (inlet.isEmpty()) {
				take({turn, reach, granted}, step, asks);
				patience = step.type === 'ask' ? step.until : undefined;
				inherited = null;
			} else {
				giveBackAll(turn, granted);
			}
		}

		control?.attach(null);
		yield note(decision(turn, 'stop', ending.reason));
		const {result, finalCallId} = conclude(run, ending, world.now());
		yield note({type: 'run-end', finalCallId, result});
		settle(turn.conversation, result);
		return result;
	} finally {
		control?.attach(null);
		leaving.abort(new Abort('person'));
	}
}

function giveBackAll(turn: Turn, granted: readonly Granted[]): void {
	for (const {callId} of granted) {
		giveBack(turn, callId);
	}
}

/**
What is said before anybody is asked.
*/
function beginning(
	turn: Turn,
	{
		runId,
		from,
		inheritance,
	}: {
		readonly runId: string;
		readonly from: RunOptions['from'];
		readonly inheritance: Inheritance | null;
	},
): readonly RunEventBody[] {
	const {run, consortium} = turn;

	return run.start
		? resumption(run, consortium.limits)
		: [runStart(turn, runId, from), ...(inheritance?.carried ?? [])];
}

/**
All that is said until nobody speaks any more. With patience, the rest are let go when enough have answered.
*/
async function* speak(
	turn: Turn,
	reach: Reach,
	patience: Patience,
): AsyncGenerator<RunEventBody, void, void> {
	const over = new AbortController();
	let isWaiting = false;

	const letGo = async (graceMs: number) => {
		await turn.world.sleep(
			graceMs,
			AbortSignal.any([turn.signal, over.signal]),
		);

		if (!over.signal.aborted) {
			reach.letGo('strategy');
		}
	};

	try {
		for await (const body of merge(turn.inlet)) {
			yield body;

			if (
				patience &&
				!isWaiting &&
				body.type === 'call-end' &&
				answeredCount(turn) >= patience.quorum
			) {
				isWaiting = true;
				void letGo(patience.graceMs);
			}
		}
	} finally {
		over.abort();
	}
}

/**
Let those speak who are next.
*/
function take(
	{
		turn,
		reach,
		granted,
	}: {
		readonly turn: Turn;
		readonly reach: Reach;
		readonly granted: readonly Granted[];
	},
	step: Exclude<Step, {type: 'stop'}>,
	earlier: Inheritance['asks'],
): void {
	const {run, inlet} = turn;

	if (step.type === 'judge') {
		reach.offer(0, []);
		inlet.admit(judge(turn, step.judge, granted));
		return;
	}

	const current = run.iterations.at(-1);
	const isNext = !current || current.verdicts.length > 0;
	const iteration = (current?.iteration ?? 0) + (isNext ? 1 : 0);
	reach.offer(iteration, isNext || earlier.length === 0 ? step.ask : earlier);

	if (isNext) {
		inlet.say({
			type: 'iteration-start',
			iteration,
			instances: step.ask.map(({instance}) => instance),
		});
	}

	admit(
		turn,
		step.ask.map((ask, index) => ({
			ask,
			iteration,
			granted: granted[index]!,
			replaced: isNext ? [] : callsOf(current, ask.instance),
		})),
	);
}

async function* judge(
	turn: Turn,
	judges: Extract<Step, {type: 'judge'}>['judge'],
	granted: readonly Granted[],
): AsyncGenerator<RunEventBody, void, void> {
	const {iteration} = turn.run.iterations.at(-1)!;

	for (const [index, each] of judges.entries()) {
		yield* askArbiter(turn, each, iteration, granted[index]!);
	}
}

/**
What everyone was asked in the iteration in which a run was broken off; nothing for a new one.
*/
function asksBefore(
	{run, consortium, templates, thread}: Turn,
	{strategy}: Pick<RunOptions, 'strategy'>,
): Inheritance['asks'] {
	const current = run.iterations.at(-1);

	return current
		? asksOf(run, current, {
				context: {consortium, templates, thread},
				strategy,
			})
		: [];
}

/**
The first step of a derived run; null when there is nobody to be asked again.
*/
function stepOf({redo}: Inheritance): Step | null {
	const names = redo.map(({instance}) => instance);

	return names.length === 0
		? null
		: {type: 'ask', ask: redo, reason: `Asked again: ${names.join(', ')}.`};
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
Whether the run is over: because somebody aborted it, or because the strategy says so.
*/
function endingOf(turn: Turn, step: Step): Ending | null {
	if (turn.signal.aborted) {
		return {kind: 'aborted', signal: turn.signal, reason: 'The run was ended.'};
	}

	return step.type === 'stop' ? {kind: step.stop, reason: step.reason} : null;
}
