import {type MemberAsk} from './asking.js';
import {type RunEventBody} from './events.js';
import {askMember, giveBack, type Granted} from './member-call.js';
import {type CallPicture} from './run-state.js';
import {type Turn} from './turn.js';
import {leadersFor} from './warming.js';

type Admitted = {
	readonly ask: MemberAsk;
	readonly iteration: number;
	readonly granted: Granted;
	readonly replaced: readonly CallPicture[];
};

/**
Let instances speak, all at once but for those that wait until another one has said its first word.
*/
export function admit(turn: Turn, all: readonly Admitted[]): void {
	const leaders = leadersFor(
		turn,
		all.map(({ask}) => ask),
	);
	const begun = new Map(
		[...new Set(leaders.values())].map(leader => [
			leader,
			Promise.withResolvers<void>(),
		]),
	);

	for (const {ask, iteration, granted, replaced} of all) {
		const {instance} = ask;
		const leader = leaders.get(instance);
		const isShared = leader !== undefined || begun.has(instance);
		const events = askMember(turn, ask, iteration, {
			...granted,
			replaced,
			isShared,
		});

		turn.inlet.admit(
			leader === undefined
				? leading(events, () => {
						begun.get(instance)?.resolve();
					})
				: following(turn, events, {
						callId: granted.callId,
						leader: begun.get(leader)!.promise,
					}),
		);
	}
}

/**
Pass events on, and say so when the first word has come, or none will.
*/
async function* leading(
	events: AsyncGenerator<RunEventBody, void, void>,
	onBegun: () => void,
): AsyncGenerator<RunEventBody, void, void> {
	try {
		for await (const event of events) {
			if (event.type === 'call-delta') {
				onBegun();
			}

			yield event;
		}
	} finally {
		onBegun();
	}
}

/**
Wait for the leader, unless somebody wants no more answers meanwhile.
*/
async function* following(
	turn: Turn,
	events: AsyncGenerator<RunEventBody, void, void>,
	{callId, leader}: {readonly callId: string; readonly leader: Promise<void>},
): AsyncGenerator<RunEventBody, void, void> {
	const letGo = new AbortController();
	const signal = AbortSignal.any([letGo.signal, turn.signal]);
	const gone = Promise.withResolvers<void>();
	signal.addEventListener('abort', () => {
		gone.resolve();
	});
	turn.waiting.add(letGo);

	try {
		await Promise.race([leader, gone.promise]);
	} finally {
		turn.waiting.delete(letGo);
	}

	if (signal.aborted) {
		giveBack(turn, callId);
	} else {
		yield* events;
	}
}
