import {type RunEvent} from '../core/events.js';

/**
What happened in the run of a consortium that spoke in this call.
*/
export function eventsInside(
	events: readonly RunEvent[],
	callId: string,
): RunEvent[] {
	return events.flatMap(event =>
		event.type === 'nested' && event.parentCallId === callId
			? [event.event]
			: [],
	);
}
