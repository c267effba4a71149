import {Abort, type AbortKind} from '../core/abort.js';
import {instancesOf} from '../core/consortium.js';
import {type Conversation} from '../core/conversation.js';
import {type RunEvent} from '../core/events.js';
import {createRunControl, type RunControl} from '../core/run-control.js';
import {answersOf, isUsable, type RunState} from '../core/run-state.js';
import {type AppStore} from './app-store.js';
import {latestCall} from './latest-call.js';
import {sentenceOf} from './sentence.js';
import {type RunStore} from './run-store.js';
import {type Choice, type Derived, type Services} from './services.js';
import {type Terminal} from './terminal.js';
import {answerStart} from './transcript.js';
import {turnViewOf} from './turn-view.js';

/**
The run that goes on, the conversation it belongs to, and the verbs by which a person reaches into them.
*/
export type Runner = {
	/**
	Ask. What is sent before the consortium is known, or while a run goes on, waits its turn.
	*/
	readonly send: (prompt: string) => void;

	/**
	Send what has been waiting, if nothing runs.
	*/
	readonly goOn: () => void;
	readonly cancel: (kind?: AbortKind) => void;
	readonly answerNow: () => void;
	readonly stop: (instance: string) => void;

	/**
	Ask these again; without any, all of the last iteration whose answers cannot be used.
	*/
	readonly retry: (instances: readonly string[]) => void;
	readonly swap: (instance: string, model: string) => void;

	/**
	Leave an answer out of the synthesis, or put it back.
	*/
	readonly leaveOut: (instance: string) => void;
	readonly judgeAgain: () => void;
	readonly forget: () => void;

	/**
	What happens to the instances of a consortium that takes over, in a sentence; null before the first question.
	*/
	readonly onSwitch: (choice: Choice) => string | null;

	/**
	Resolves when nothing runs any more.
	*/
	readonly settled: () => Promise<void>;
};

type Going = {
	readonly control: RunControl;
	readonly abort: AbortController;
	readonly ended: Promise<void>;
};

const longRunMs = 10_000;

export function createRunner({
	services,
	store,
	runs,
	terminal,
}: {
	readonly services: Services;
	readonly store: AppStore;
	readonly runs: RunStore;
	readonly terminal: Terminal;
}): Runner {
	let conversation: Conversation | null = null;
	let going: Going | null = null;
	const heard = new Set<string>();

	const tell = (text: string, tone: 'plain' | 'good' | 'warn' | 'bad') => {
		store.dispatch({type: 'told', notice: {text, tone}});
	};

	const listen = (event: RunEvent) => {
		if (event.type === 'run-start') {
			runs.reset();
			store.dispatch({
				type: 'instances',
				instances: event.instances.map(({id}) => id),
			});

			for (const speaker of event.instances) {
				heard.add(speakerKey(speaker));
			}
		}

		runs.listen(event);
	};

	const ask = async (
		prompt: string,
		{control, abort}: Omit<Going, 'ended'>,
		from: Derived | null,
	) => {
		const {choice} = store.state();
		conversation ??= services.newConversation();
		store.dispatch({type: 'began', prompt});
		terminal.title(`${choice!.consortium.name}: ${prompt}`);

		try {
			const result = await services.run(
				{
					consortium: choice!.consortium,
					prompt,
					conversation,
					control,
					signal: abort.signal,
					from,
				},
				listen,
			);
			end(result.status === 'cancelled');

			if (store.state().settings.bell && result.durationMs > longRunMs) {
				terminal.notify(`${result.consortium.name}: ${result.status}`);
			}
		} catch (error) {
			store.dispatch({
				type: 'ended',
				turn: null,
				isCancelled: true,
				top: null,
			});
			// Nothing was asked, so that the question is still to be sent.
			store.dispatch({type: 'returned', text: from ? '' : prompt});
			tell(sentenceOf(error), 'bad');
		}

		terminal.title('');
	};

	const end = (isCancelled: boolean) => {
		const turn = turnViewOf(runs.picture());
		const {turns, columns} = store.state();
		const isAgain = turn !== null && turn.kind !== 'ask';
		const shown = [...(isAgain ? turns.slice(0, -1) : turns), turn!];
		store.dispatch({
			type: 'ended',
			turn,
			isCancelled,
			top: answerStart(shown, columns),
		});
	};

	const start = (prompt: string, from: Derived | null) => {
		const control = createRunControl();
		const abort = new AbortController();
		const ended = ask(prompt, {control, abort}, from).then(() => {
			going = null;
			goOn();
		});
		going = {control, abort, ended};
	};

	const goOn = () => {
		const {choice, queue} = store.state();
		const [next] = queue;

		if (choice && !going && next !== undefined) {
			store.dispatch({type: 'dequeued'});
			start(next, null);
		}
	};

	/**
	A run made from the one before, where there is one.
	*/
	const derive = (
		kind: Derived['kind'],
		redo: Derived['redo'],
		isPossible: (run: RunState) => boolean = () => true,
	) => {
		const run = runs.picture();

		if (!run.result || !isPossible(run)) {
			tell('There is nothing to be done again.', 'warn');
			return;
		}

		start(run.result.prompt, {kind, run, redo});
	};

	/**
	Mark an answer of a run that has ended: a run made from it hears of the mark.
	*/
	const markEnded = (callId: string, mark: 'left-out' | 'put-back') => {
		const {runId} = runs.picture();
		runs.listen({
			type: 'call-mark',
			callId,
			mark,
			reason: 'A person wanted it.',
			runId,
			seq: 0,
			t: 0,
		});
	};

	const reach = (
		verb: (control: RunControl) => boolean,
		otherwise: () => void,
	) => {
		if (!going) {
			otherwise();
		} else if (!verb(going.control)) {
			tell(
				'That is not possible at this moment: it already ended, or the arbiter is at work. Try again when it has spoken.',
				'warn',
			);
		}
	};

	return {
		send(prompt) {
			const {choice} = store.state();

			if (going || !choice) {
				store.dispatch({type: 'queued', text: prompt});
			} else {
				start(prompt, null);
			}
		},
		goOn,
		cancel(kind = 'person') {
			if (going) {
				store.dispatch({type: 'cancelling'});
				going.abort.abort(new Abort(kind));
			}
		},
		answerNow() {
			reach(
				control => control.answerNow(),
				() => {
					tell('No run is going on.', 'warn');
				},
			);
		},
		stop(instance) {
			const call = latestCall(runs.picture(), instance);
			reach(
				control => call !== null && control.stop(call.start.callId),
				() => {
					tell('It is not speaking.', 'warn');
				},
			);
		},
		retry(named) {
			const instances = named.length > 0 ? named : silentOnes(runs.picture());

			if (instances.length === 0) {
				tell('Every instance has answered; pick one and press r.', 'warn');
				return;
			}

			reach(
				control => instances.every(instance => control.retry(instance)),
				() => {
					derive(
						'retry',
						instances.map(instance => ({instance, model: null})),
					);
				},
			);
		},
		swap(instance, model) {
			reach(
				control => control.swap(instance, model),
				() => {
					derive('retry', [{instance, model}]);
				},
			);
		},
		leaveOut(instance) {
			const call = latestCall(runs.picture(), instance);

			if (!call) {
				tell('It has not been asked yet.', 'warn');
				return;
			}

			const {callId} = call.start;
			const {isLeftOut} = call;
			reach(
				control =>
					isLeftOut ? control.putBack(callId) : control.leaveOut(callId),
				() => {
					markEnded(callId, isLeftOut ? 'put-back' : 'left-out');
					tell(
						isLeftOut
							? 'It counts again when the answers are judged again (/judge).'
							: 'It is left out when the answers are judged again (/judge).',
						'plain',
					);
				},
			);
		},
		judgeAgain() {
			if (going) {
				tell('The run is still going on.', 'warn');
			} else {
				derive('rearbitrate', [], run =>
					run.calls.values().some(call => isUsable(call)),
				);
			}
		},
		forget() {
			conversation = null;
			heard.clear();
			runs.reset();
		},
		onSwitch({consortium}) {
			const {turns} = store.state();
			const instances = instancesOf(consortium);
			const known = instances.filter(each => heard.has(speakerKey(each)));
			const {length: fresh} = instances.filter(each => !known.includes(each));

			return turns.length === 0
				? null
				: [
						'The conversation goes on.',
						known.length > 0 &&
							`${counted(known.length)} keep${known.length === 1 ? 's' : ''} what was said.`,
						fresh > 0 &&
							`${counted(fresh)} ${fresh === 1 ? 'is' : 'are'} new to it, and told the questions and final answers so far.`,
					]
						.filter(Boolean)
						.join(' ');
		},
		async settled() {
			await going?.ended;
		},
	};
}

const counted = (count: number) => `${count} instance${count === 1 ? '' : 's'}`;

/**
Who is the same speaker to a conversation.
*/
const speakerKey = ({
	id,
	model,
	system,
}: {
	readonly id: string;
	readonly model: string;
	readonly system: string | null;
}) => JSON.stringify([id, model, system]);

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
