import {Abort} from './abort.js';
import {beginTurn, runStart} from './begin-turn.js';
import {conclude, type Ending} from './conclude.js';
import {type SavedConsortium} from './consortium.js';
import {settle} from './conversation.js';
import {asksOf, type Inheritance} from './derive.js';
import {type RunEvent, type RunEventBody} from './events.js';
import {grantStep, pricesOfAsks} from './grants.js';
import {watchDeadline} from './limits.js';
import {giveBack, type Granted} from './member-call.js';
import {findOut} from './find-out.js';
import {createReach} from './reach.js';
import {type RunResult} from './result.js';
import {missingStep, resumption} from './resume.js';
import {type RunOptions} from './run-options.js';
import {foldRun} from './run-state.js';
import {speak} from './speak.js';
import {type Mark, type Patience, type Step} from './strategy.js';
import {take} from './take-step.js';
import {type Turn} from './turn.js';

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
			{deadline, run: runConsortium},
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
		let patience: Patience | undefined;
		let ending: Ending | null = null;
		let last: Step | null = null;

		while (ending === null) {
			for await (const body of speak(turn, reach, patience)) {
				yield note(body);
			}

			const step: Step = inherited ?? turn.strategy.next(run);
			last = step;
			ending = endingOf(turn, step);

			if (ending !== null || step.type === 'stop') {
				continue;
			}

			const granted = step.type === 'observe' ? [] : grantStep(turn, step);

			if (typeof granted === 'string') {
				ending = {kind: 'limit', reason: granted};
				continue;
			}

			yield note(decision(turn, step));

			if (step.type === 'observe') {
				const found = await findOut(turn, step.observe);

				if (found) {
					yield note({
						type: 'observation',
						iteration: run.iterations.length,
						observation: found,
					});
				}

				continue;
			}

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
		yield note(decision(turn, lastStep(last, ending)));
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
What everyone was asked in the iteration in which a run was broken off; nothing for a new one.
*/
function asksBefore(
	{run, consortium, instances, templates, thread}: Turn,
	{strategy}: Pick<RunOptions, 'strategy'>,
): Inheritance['asks'] {
	const current = run.iterations.at(-1);

	return current
		? asksOf(run, current, {
				context: {consortium, instances, templates, thread},
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

/**
A step as it is told: what was said of an instance already, and stands, is not said again.
*/
function decision(
	turn: Turn,
	{type, reason, marks = [], spared = []}: Step,
): RunEventBody {
	const {run, strategy} = turn;
	const isNew = ({instance, mark, text}: Mark) =>
		(run.marks.get(instance) ?? []).every(
			each => each.mark !== mark || each.text !== text,
		);

	return {
		type: 'decision',
		iteration: run.iterations.length,
		strategy: strategy.name,
		action: type,
		reason,
		marks: marks.filter(each => isNew(each)),
		saved:
			spared.length === 0
				? null
				: {calls: spared.length, usd: pricesOfAsks(turn, spared)},
	};
}

/**
What the strategy ended the run with, or what ended it instead.
*/
function lastStep(last: Step | null, {reason}: Ending): Step {
	return last?.type === 'stop' && last.reason === reason
		? last
		: {type: 'stop', stop: 'exhausted', reason};
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
