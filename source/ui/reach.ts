import {type RunControl} from '../core/run-control.js';
import {answersOf, isUsable} from '../core/answers.js';
import {type RunState} from '../core/run-state.js';
import {type AppStore} from './app-store.js';
import {latestCall} from './latest-call.js';
import {type Request} from './requests.js';
import {lineOf} from './shown-names.js';
import {type RunStore} from './run-store.js';
import {tell, type Runner} from './runner.js';
import {type Surroundings} from './surroundings.js';
import {isAsked} from './adopt.js';

type Verb = Extract<
	Request,
	{
		readonly type:
			'answer-now' | 'stop' | 'retry' | 'swap' | 'leave-out' | 'judge-again';
	}
>;

type Reached = {
	readonly runner: Runner;
	readonly runs: RunStore;
	readonly store: AppStore;
};

/**
Reach into the run that goes on; when none does, make a run from the last one where that can be done.
*/
export async function reach(
	verb: Verb,
	surroundings: Surroundings,
): Promise<void> {
	const reached: Reached = surroundings;
	const {runner, runs, store} = reached;
	const picture = runs.picture();
	const say = (text: string) => {
		tell(store, text, 'warn');
	};

	switch (verb.type) {
		case 'answer-now': {
			live(
				reached,
				control => control.answerNow(),
				() => {
					say('No run is going on.');
				},
			);
			break;
		}

		case 'stop': {
			const call = latestCall(picture, verb.instance);
			live(
				reached,
				control => call !== null && control.stop(call.start.callId),
				() => {
					say('It is not speaking.');
				},
			);
			break;
		}

		case 'retry': {
			retry(verb.instances, reached);
			break;
		}

		case 'swap': {
			await swap(verb, surroundings);
			break;
		}

		case 'leave-out': {
			leaveOut(verb.instance, reached);
			break;
		}

		case 'judge-again': {
			if (runner.control()) {
				say('The run is still going on.');
			} else {
				runner.derive({kind: 'rearbitrate', redo: []}, run =>
					run.calls.values().some(call => isUsable(call)),
				);
			}

			break;
		}
	}
}

/**
Use a verb on the run that goes on, and say so when it came too late; do something else when no run does.
*/
function live(
	{runner, store}: Reached,
	verb: (control: RunControl) => boolean,
	otherwise: () => void,
): void {
	const control = runner.control();

	if (!control) {
		otherwise();
	} else if (!verb(control)) {
		tell(
			store,
			'Not at this moment: it has ended, the arbiter is at work, or something is being found out. Try again after that.',
			'warn',
		);
	}
}

async function swap(
	verb: Extract<Verb, {type: 'swap'}>,
	reached: Surroundings,
): Promise<void> {
	const {instance, model, isConfirmed} = verb;
	const {runner, runs, store} = reached;
	const speaker = runs
		.picture()
		.start?.instances.find(({id}) => id === instance);

	if (
		speaker &&
		!isConfirmed &&
		(await isAsked(
			[{...speaker, model}],
			{...verb, isConfirmed: true},
			reached,
		))
	) {
		return;
	}

	const what = `${model} answers in its place, for this question only; /edit changes the consortium.${firstEnds(runs.picture(), [instance])}`;

	live(
		reached,
		control => {
			const isDone = control.swap(instance, model);

			if (isDone) {
				tell(store, what);
			}

			return isDone;
		},
		() => {
			runner.derive({kind: 'retry', redo: [{instance, model}]});
			tell(store, what);
		},
	);
}

function retry(named: readonly string[], reached: Reached): void {
	const {runner, runs, store} = reached;
	const instances = named.length > 0 ? named : silentOnes(runs.picture());

	if (instances.length === 0) {
		tell(
			store,
			'Every instance has answered; to ask one again, pick it and press r.',
			'warn',
		);
		return;
	}

	const first = firstEnds(runs.picture(), instances).trim();

	live(
		reached,
		control => {
			const isDone = instances
				.map(instance => control.retry(instance))
				.every(Boolean);

			if (isDone && first !== '') {
				tell(store, first);
			}

			return isDone;
		},
		() => {
			runner.derive({
				kind: 'retry',
				redo: instances.map(instance => ({instance, model: null})),
			});
		},
	);
}

/**
What is waited for before these are asked anew: a consortium that is at work ends with what it has.
*/
function firstEnds(run: RunState, instances: readonly string[]): string {
	return instances
		.flatMap(instance => latestCall(run, instance) ?? [])
		.filter(({nested, outcome}) => nested !== null && outcome === null)
		.map(({start}) => ` First ${lineOf(start.model)} ends with what it has.`)
		.join('');
}

/**
Leave an answer out of the synthesis, or put it back. After a run has ended the mark is for the next judging of its answers.
*/
function leaveOut(instance: string, reached: Reached): void {
	const {runs, store} = reached;
	const call = latestCall(runs.picture(), instance);

	if (!call) {
		tell(store, 'It has not been asked yet.', 'warn');
		return;
	}

	const {isLeftOut, start} = call;
	const {callId} = start;
	live(
		reached,
		control => (isLeftOut ? control.putBack(callId) : control.leaveOut(callId)),
		() => {
			runs.listen({
				type: 'call-mark',
				callId,
				mark: isLeftOut ? 'put-back' : 'left-out',
				reason: 'A person wanted it.',
				// Nothing that is logged: the next event has the number it would have had.
				...placeIn(runs.picture()),
			});
			tell(
				store,
				`It is ${isLeftOut ? 'put back' : 'left out'} when the answers are judged again: /judge`,
			);
		},
	);
}

/**
The instances whose answers of the last iteration cannot be used.
*/
function silentOnes(run: RunState): string[] {
	const iteration = run.iterations.at(-1);

	return iteration
		? answersOf(iteration)
				.filter(
					call => call.outcome !== null && !call.isLeftOut && !isUsable(call),
				)
				.map(({start}) => start.speaker)
		: [];
}

const placeIn = ({runId, nextSeq, lastAt}: RunState) => ({
	runId,
	seq: nextSeq - 1,
	t: lastAt,
});
