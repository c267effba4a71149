import {Abort} from './abort.js';
import {limitReached, priceOfStep} from './allowance.js';
import {askArbiter} from './arbiter-call.js';
import {beginTurn, runStart} from './begin-turn.js';
import {conclude, type Ending} from './conclude.js';
import {type SavedConsortium} from './consortium.js';
import {type Inheritance} from './derive.js';
import {type RunEvent, type RunEventBody} from './events.js';
import {watchDeadline} from './limits.js';
import {answeredCount, askMember} from './member-call.js';
import {merge} from './merge.js';
import {createReach, type Reach} from './reach.js';
import {type RunResult} from './result.js';
import {type RunOptions} from './run-options.js';
import {callsOf, foldRun} from './run-state.js';
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
		const runId = world.newId();
		let seq = 0;

		const note = (body: RunEventBody): RunEvent => {
			const event = {...body, runId, seq: seq++, t: world.now()};
			foldRun(run, event);
			return event;
		};

		control?.attach(reach.verbs);
		yield note(runStart(turn, runId, from));
		inlet.say(...(inheritance?.carried ?? []));
		let inherited = inheritance && stepOf(inheritance);
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

			yield note(decision(turn, step.type, step.reason));

			// Who reached in meanwhile is heard first, and the strategy asked again.
			if (inlet.isEmpty()) {
				take(turn, reach, step, inherited ? inheritance : null);
				patience = step.type === 'ask' ? step.until : undefined;
				inherited = null;
			}
		}

		control?.attach(null);
		yield note(decision(turn, 'stop', ending.reason));
		const {result, finalCallId} = conclude(run, ending, world.now());
		yield note({type: 'run-end', finalCallId, result});
		settle(turn, result, from?.run.result ?? null);
		return result;
	} finally {
		control?.attach(null);
		leaving.abort(new Abort('person'));
	}
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
	turn: Turn,
	reach: Reach,
	step: Exclude<Step, {type: 'stop'}>,
	inheritance: Inheritance | null,
): void {
	const {run, inlet} = turn;
	const current = run.iterations.at(-1);

	if (step.type === 'judge') {
		reach.offer(0, []);
		inlet.admit(judge(turn, step.judge, current!.iteration));
		return;
	}

	const isNext = !current || current.verdicts.length > 0;
	const iteration = (current?.iteration ?? 0) + (isNext ? 1 : 0);
	reach.offer(iteration, inheritance?.asks ?? step.ask);

	if (isNext) {
		inlet.say({
			type: 'iteration-start',
			iteration,
			instances: step.ask.map(({instance}) => instance),
		});
	}

	for (const ask of step.ask) {
		const replaced = inheritance ? callsOf(current!, ask.instance) : [];
		inlet.admit(askMember(turn, ask, iteration, replaced));
	}
}

async function* judge(
	turn: Turn,
	judges: Extract<Step, {type: 'judge'}>['judge'],
	iteration: number,
): AsyncGenerator<RunEventBody, void, void> {
	for (const each of judges) {
		yield* askArbiter(turn, each, iteration);
	}
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
Whether the run is over: because somebody aborted it, because the strategy says so, or because a limit forbids the next step.
*/
function endingOf(turn: Turn, step: Step): Ending | null {
	if (turn.signal.aborted) {
		return {kind: 'aborted', signal: turn.signal, reason: 'The run was ended.'};
	}

	if (step.type === 'stop') {
		return {kind: step.stop, reason: step.reason};
	}

	const reason = limitReached(turn, priceOfStep(turn, step));
	return reason === null ? null : {kind: 'limit', reason};
}

/**
Let the conversation know. An answer takes the place of the one that was there for the same question, unless it comes from a run that was cut short, or is degraded where that one was not.
*/
function settle(
	{conversation, prompt}: Turn,
	{runId, answer, status}: RunResult,
	earlier: RunResult | null,
): void {
	const {thread, turn} = conversation;
	const at = thread.findIndex(each => each.turn === turn);
	conversation.previousRunId = runId;

	if (answer === null) {
		return;
	}

	if (at === -1) {
		thread.push({turn, question: prompt, answer});
	} else if (
		status !== 'cancelled' &&
		(status !== 'degraded' || earlier?.status === 'degraded')
	) {
		thread[at] = {turn, question: prompt, answer};
	}
}
