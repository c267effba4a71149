import {cacheUseOf, type CacheFacts, type CacheUse} from '../core/cache-use.js';
import {type CallCache, type RunEvent} from '../core/events.js';
import {type Failure} from '../core/failure.js';
import {type RunResult} from '../core/result.js';
import {type CallPicture, type RunState} from '../core/run-state.js';
import {type Standing} from '../core/transcript.js';
import {costsBySpeaker, type SpeakerCosts} from './run-costs.js';

/**
What the events of a run come to: its result and, of each call, what they tell of it only together. The events themselves hold the rest.
*/
export type RunRecord = {
	/**
	Null while there is none.
	*/
	readonly result: RunResult | null;

	/**
	How each instance stood to the conversation.
	*/
	readonly standings: ReadonlyArray<{
		readonly instance: string;
		readonly standing: Standing;
	}>;
	readonly calls: readonly CallRecord[];
	readonly resumptions: readonly Resumption[];

	/**
	What each speaker took, without what was taken over from another run.
	*/
	readonly costs: readonly SpeakerCosts[];
};

export type CallRecord = {
	readonly callId: string;
	readonly iteration: number;
	readonly speaker: string;
	readonly state: CallPicture['state'];

	/**
	In milliseconds since the Unix epoch.
	*/
	readonly startedAt: number;

	/**
	How long it waited for its place among the requests that may run; null when it never left.
	*/
	readonly queuedMs: number | null;
	readonly firstTokenMs: number | null;

	/**
	Null while it goes on.
	*/
	readonly durationMs: number | null;
	readonly retries: readonly Retry[];
	readonly costUsd: number | null;
	readonly cache: CacheUse & {
		/**
		What was asked of the cache and sent to it; null in logs of before this was known.
		*/
		readonly asked: CallCache | null;
	};
};

/**
An attempt that failed and was made again.
*/
export type Retry = {
	readonly attempt: number;

	/**
	How long it was waited before the next attempt.
	*/
	readonly delayMs: number;

	/**
	Text had streamed and is kept as a broken attempt.
	*/
	readonly startsOver: boolean;
	readonly failure: Failure;
};

export type Resumption = {
	/**
	In milliseconds since the Unix epoch.
	*/
	readonly at: number;

	/**
	How long the run had lain still.
	*/
	readonly pausedMs: number;
};

/**
`earlier` are the calls of other runs that those of this one go on from, by id.
*/
export function recordOf(
	picture: RunState,
	events: readonly RunEvent[],
	earlier: ReadonlyMap<string, CacheFacts>,
): RunRecord {
	const retries = retriesIn(events);
	const facts = new Map<string, CacheFacts>([...earlier, ...picture.calls]);

	return {
		result: picture.result,
		standings: (picture.start?.instances ?? []).map(({id, standing}) => ({
			instance: id,
			standing,
		})),
		calls: picture.calls
			.values()
			.map(call =>
				callRecord(call, retries.get(call.start.callId) ?? [], facts),
			)
			.toArray(),
		resumptions: resumptionsIn(events),
		costs: costsBySpeaker(picture),
	};
}

function callRecord(
	call: CallPicture,
	retries: readonly Retry[],
	facts: ReadonlyMap<string, CacheFacts>,
): CallRecord {
	const {start, state, startedAt, sentAt, firstTokenAt, outcome} = call;

	return {
		callId: start.callId,
		iteration: start.iteration,
		speaker: start.speaker,
		state,
		startedAt,
		queuedMs: sentAt === null ? null : sentAt - startedAt,
		firstTokenMs:
			outcome?.firstTokenMs ??
			(sentAt === null || firstTokenAt === null ? null : firstTokenAt - sentAt),
		durationMs: outcome?.durationMs ?? null,
		retries,
		costUsd: outcome?.costUsd ?? null,
		cache: {asked: start.cache, ...cacheUseOf(call, facts)},
	};
}

/**
The retries of each call, by its id, in their order.
*/
export function retriesIn(events: readonly RunEvent[]): Map<string, Retry[]> {
	const retries = new Map<string, Retry[]>();

	for (const event of events) {
		if (event.type === 'call-retry') {
			const {callId, attempt, delayMs, startsOver, failure} = event;
			retries.set(callId, [
				...(retries.get(callId) ?? []),
				{attempt, delayMs, startsOver, failure},
			]);
		}
	}

	return retries;
}

function resumptionsIn(events: readonly RunEvent[]): Resumption[] {
	return events.flatMap((event, index) =>
		event.type === 'run-resume'
			? [{at: event.t, pausedMs: event.t - (events[index - 1]?.t ?? event.t)}]
			: [],
	);
}
