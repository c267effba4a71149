import {Abort} from './abort.js';
import {type RunEventBody} from './events.js';

/**
The verbs by which a person or a strategy reaches into a run. Each is seen as a `control` event, and its effects as ordinary ones.
*/
export type RunControl = {
	/**
	Stop one call; what it said so far is kept.
	*/
	readonly stop: (callId: string) => void;

	/**
	Stop every instance that still speaks and let the arbiter work with what is there.
	*/
	readonly answerNow: () => void;

	/**
	The same, by a strategy that has heard enough.
	*/
	readonly letGo: (by: 'person' | 'strategy') => void;

	/**
	For the engine: the signal of a call, the moment it is over, and what was done since it last asked.
	*/
	readonly open: (callId: string, isMember: boolean) => AbortSignal;
	readonly close: (callId: string) => void;
	readonly takeNotes: () => readonly RunEventBody[];
};

type OpenCall = {
	readonly controller: AbortController;
	readonly isMember: boolean;
};

/**
The verbs for one run, to be passed to it.

@example
```js
const control = createRunControl();
setTimeout(control.answerNow, 30_000);
await trio.run('Why is the sky blue?', {control});
```
*/
export function createRunControl(): RunControl {
	const calls = new Map<string, OpenCall>();
	let notes: RunEventBody[] = [];

	const abort = (
		ids: readonly string[],
		verb: 'stop' | 'answer-now',
		by: 'person' | 'strategy',
	) => {
		const callIds = ids.filter(id => calls.has(id));

		if (callIds.length === 0) {
			return;
		}

		notes.push({type: 'control', verb, by, callIds});

		for (const id of callIds) {
			calls.get(id)?.controller.abort(new Abort(by));
		}
	};

	const letGo = (by: 'person' | 'strategy') => {
		const members = [...calls].filter(([, {isMember}]) => isMember);
		abort(
			members.map(([id]) => id),
			'answer-now',
			by,
		);
	};

	return {
		stop(callId) {
			abort([callId], 'stop', 'person');
		},
		answerNow() {
			letGo('person');
		},
		letGo,
		open(callId, isMember) {
			const controller = new AbortController();
			calls.set(callId, {controller, isMember});
			return controller.signal;
		},
		close(callId) {
			calls.delete(callId);
		},
		takeNotes() {
			const taken = notes;
			notes = [];
			return taken;
		},
	};
}
