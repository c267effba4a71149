import {Abort} from './abort.js';
import {type MemberAsk} from './asking.js';
import {type RunEventBody} from './events.js';
import {askMember, giveBack, priceOfAsk} from './member-call.js';
import {type Verbs} from './run-control.js';
import {callsOf, latestOf} from './answers.js';
import {type CallPicture} from './run-state.js';
import {modelFor} from './swap.js';
import {instanceOf, type Turn} from './turn.js';

type Control = Extract<RunEventBody, {type: 'control'}>;

/**
How a person, or a strategy, reaches into a run that goes on.
*/
export type Reach = {
	readonly verbs: Verbs;

	/**
	Stop every instance that still speaks.
	*/
	readonly letGo: (by: 'person' | 'strategy') => boolean;

	/**
	From now on these can be asked again; nobody can when the list is empty.
	*/
	readonly offer: (iteration: number, asks: readonly MemberAsk[]) => void;
};

export function createReach(turn: Turn): Reach {
	const {run, calls, inlet, signal} = turn;
	const leftOut = new Map<string, boolean>();
	const coming = new Map<string, AbortController>();
	let offered: {readonly iteration: number; readonly asks: typeof noAsks} = {
		iteration: 0,
		asks: noAsks,
	};

	const stop = (
		verb: Control['verb'],
		callIds: readonly string[],
		by: Control['by'] = 'person',
	) => {
		// Calls whose start is yet to be told are stopped too.
		const told = callIds.filter(callId => run.calls.has(callId));
		inlet.say({type: 'control', verb, by, callIds: told, refusal: null});
		calls.stop(callIds, by);
	};

	const letGo = (by: Control['by']) => {
		const members = calls.members();

		if (members.length + coming.size === 0) {
			return false;
		}

		for (const controller of [...coming.values(), ...turn.waiting]) {
			controller.abort(new Abort(by));
		}

		stop('answer-now', members, by);
		return true;
	};

	const redo = (instance: string, model: string | null) => {
		const {iteration, asks} = offered;
		const ask = asks.find(each => each.instance === instance);
		const picture = run.iterations[iteration - 1];
		const replaced = picture ? callsOf(picture, instance) : [];

		if (
			!ask ||
			replaced.length === 0 ||
			coming.has(instance) ||
			signal.aborted
		) {
			return false;
		}

		const controller = new AbortController();
		coming.set(instance, controller);
		inlet.admit(
			untilStarted(
				askAgain(turn, {ask, iteration, replaced, model}, controller.signal),
				() => {
					if (coming.get(instance) === controller) {
						coming.delete(instance);
					}
				},
			),
		);
		return true;
	};

	const mark = (callId: string, isLeftOut: boolean) => {
		const call = run.calls.get(callId);

		if (
			call?.start.purpose !== 'answer' ||
			(leftOut.get(callId) ?? call.isLeftOut) === isLeftOut
		) {
			return false;
		}

		leftOut.set(callId, isLeftOut);
		inlet.say(
			{
				type: 'control',
				verb: isLeftOut ? 'leave-out' : 'put-back',
				by: 'person',
				callIds: [callId],
				refusal: null,
			},
			{
				type: 'call-mark',
				callId,
				mark: isLeftOut ? 'left-out' : 'put-back',
				reason: isLeftOut ? 'A person left it out.' : 'A person put it back.',
			},
		);
		return true;
	};

	return {
		verbs: {
			stop(callId) {
				const speaking = calls.speaking([callId]);

				if (speaking.length > 0) {
					stop('stop', speaking);
				}

				return speaking.length > 0;
			},
			answerNow: () => letGo('person'),
			retry: instance => redo(instance, null),
			swap: (instance, model) => redo(instance, model),
			leaveOut: callId => mark(callId, true),
			putBack: callId => mark(callId, false),
		},
		letGo,
		offer(iteration, asks) {
			offered = {iteration, asks};
		},
	};
}

const noAsks: readonly MemberAsk[] = [];

/**
Pass events on, and say so when a call has started or none will.
*/
async function* untilStarted(
	events: AsyncGenerator<RunEventBody, void, void>,
	onStart: () => void,
): AsyncGenerator<RunEventBody, void, void> {
	try {
		for await (const event of events) {
			yield event;

			if (event.type === 'call-start') {
				onStart();
			}
		}
	} finally {
		onStart();
	}
}

/**
Ask an instance again in the place of the calls it has made, as another model where one is named. `signal` gives it up before the call has begun.
*/
async function* askAgain(
	turn: Turn,
	again: {
		readonly ask: MemberAsk;
		readonly iteration: number;
		readonly replaced: readonly CallPicture[];
		readonly model: string | null;
	},
	signal: AbortSignal,
): AsyncGenerator<RunEventBody, void, void> {
	const {ask, iteration, replaced, model} = again;
	const {callId} = latestOf(
		turn.run.iterations[iteration - 1]!,
		ask.instance,
	)!.start;
	const instance = instanceOf(turn, ask.instance);
	const speaker = {...instance, model: model ?? instance.model};
	const givenUp = AbortSignal.any([signal, turn.signal]);
	const newId = turn.world.newId();
	let refusal = await missing(turn, speaker, givenUp);
	let usd = 0;

	if (refusal === null) {
		usd = priceOfAsk(turn, ask, {speaker, replaced});
		refusal = turn.allowance.reserve([[newId, usd]]);
	}

	yield {
		type: 'control',
		verb: model === null ? 'retry' : 'swap',
		by: 'person',
		callIds: [callId],
		refusal,
	};

	if (refusal !== null) {
		return;
	}

	try {
		// It may have been asked twice, and the call that stayed is not always the last.
		const made = callsOf(turn.run.iterations[iteration - 1]!, ask.instance);
		const open = turn.calls.speaking(made.map(({start}) => start.callId));
		turn.calls.stop(open, 'person');
		await Promise.all(open.map(async each => turn.calls.ended(each)));

		if (!givenUp.aborted) {
			turn.instances[turn.instances.indexOf(instance)] = speaker;
			yield* askMember(turn, ask, iteration, {
				callId: newId,
				usd,
				replaced: made,
			});
		}
	} finally {
		giveBack(turn, newId);
	}
}

/**
Make sure that the model of a speaker is there.

@returns why it is not, in a sentence; null when it is.
*/
async function missing(
	turn: Turn,
	speaker: Turn['instances'][number],
	signal: AbortSignal,
): Promise<string | null> {
	const {promise, resolve} = Promise.withResolvers<string>();

	const giveUp = () => {
		resolve('The run went on without it.');
	};

	const find = async () => {
		try {
			turn.models.set(
				speaker.model,
				await modelFor(speaker.model, speaker, {
					...turn,
					isSimulated: turn.run.start!.simulated,
				}),
			);
			return null;
		} catch (error) {
			return error instanceof Error ? error.message : String(error);
		}
	};

	signal.addEventListener('abort', giveUp, {once: true});

	try {
		return signal.aborted
			? 'The run went on without it.'
			: await Promise.race([promise, find()]);
	} finally {
		signal.removeEventListener('abort', giveUp);
	}
}
