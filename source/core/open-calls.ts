import {Abort, type AbortKind} from './abort.js';

/**
The calls of a run that have begun and not ended.
*/
export type OpenCalls = {
	readonly open: (callId: string, kind: 'member' | 'arbiter') => OpenCall;

	/**
	Those of these calls that can be stopped.
	*/
	readonly speaking: (callIds: readonly string[]) => string[];
	readonly members: () => string[];
	readonly stop: (callIds: readonly string[], by: AbortKind) => void;

	/**
	Resolves when a call's end has been told.
	*/
	readonly ended: (callId: string) => Promise<void>;
};

export type OpenCall = {
	/**
	Aborts when this call is stopped.
	*/
	readonly signal: AbortSignal;

	/**
	It has said all it had to say: there is nothing left to stop.
	*/
	readonly finish: () => void;

	/**
	Its end has been told.
	*/
	readonly close: () => void;
};

export function createOpenCalls(): OpenCalls {
	const speaking = new Map<
		string,
		{readonly controller: AbortController; readonly kind: 'member' | 'arbiter'}
	>();
	const ends = new Map<string, PromiseWithResolvers<void>>();

	return {
		open(callId, kind) {
			const controller = new AbortController();
			speaking.set(callId, {controller, kind});
			ends.set(callId, Promise.withResolvers());

			return {
				signal: controller.signal,
				finish() {
					speaking.delete(callId);
				},
				close() {
					speaking.delete(callId);
					ends.get(callId)?.resolve();
					ends.delete(callId);
				},
			};
		},
		speaking: callIds => callIds.filter(callId => speaking.has(callId)),
		members: () =>
			speaking
				.entries()
				.filter(([, {kind}]) => kind === 'member')
				.map(([callId]) => callId)
				.toArray(),
		stop(callIds, by) {
			for (const callId of callIds) {
				speaking.get(callId)?.controller.abort(new Abort(by));
			}
		},
		async ended(callId) {
			await ends.get(callId)?.promise;
		},
	};
}
